"""Robots of Feishu, DingTalk, Slack and Teams: fields, failures that come with HTTP 200, nobody called by a customer (F8)."""

import base64
import hashlib
import hmac
import json

import pytest
from tests.collect.channels.conftest import Receiver, Request, opened

from mindgap.collect.channels.dingtalk.channel import CHANNEL as DINGTALK
from mindgap.collect.channels.feishu.channel import CHANNEL as FEISHU
from mindgap.collect.channels.message import Message
from mindgap.collect.channels.slack.channel import CHANNEL as SLACK
from mindgap.collect.channels.teams.channel import CHANNEL as TEAMS
from mindgap.collect.outgoing import Guard, Http
from mindgap.ground import clock

SAID = Message(
    reference="r" * 32, kind="notice", language="zh-hans", subject="工单", text="<at user_id=all> 晚了" * 900,
    link="https://shop.example/cases/1", mentions=("ou_1",),
)  # fmt: skip


def _is_of_now(seconds: float) -> bool:
    return abs(clock.now().timestamp() - seconds) < 60


def feishu(request: Request):
    body = json.loads(request.body)
    key = f"{body['timestamp']}\nsecret".encode()
    assert body["sign"] == base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    assert _is_of_now(int(body["timestamp"]))
    assert request.path == "/open-apis/bot/v2/hook/k"
    assert len(request.body) <= 20_000
    lines = body["content"]["post"]["zh_cn"]["content"]
    assert lines[-1] == [{"tag": "a", "text": "打开查看", "href": "https://shop.example/cases/1"}]
    assert lines[1] == [{"tag": "at", "user_id": "ou_1"}]
    assert "<at" not in lines[0][0]["text"]
    return 200, b'{"code":0,"msg":"success"}', {}


def dingtalk(request: Request):
    text = f"{request.query['timestamp']}\nsecret".encode()
    assert (
        request.query["sign"] == base64.b64encode(hmac.new(b"secret", text, hashlib.sha256).digest()).decode()
    )
    assert _is_of_now(int(request.query["timestamp"]) / 1000)
    assert (request.path, request.query["access_token"]) == ("/robot/send", "k")
    body = json.loads(request.body)
    assert len(request.body) <= 20_000
    assert body["at"]["atUserIds"] == ["ou_1"]
    assert "@ou_1" in body["markdown"]["text"]
    return 200, b'{"errcode":0,"errmsg":"ok"}', {}


ROBOTS = [("feishu", FEISHU, feishu), ("dingtalk", DINGTALK, dingtalk)]


@pytest.mark.parametrize(("code", "channel", "provider"), ROBOTS)
def test_a_notice_is_signed_and_fits(code, channel, provider, receiver: Receiver, http: Http) -> None:
    receiver.answer = provider
    ours = opened(code, key="k", secret="secret", endpoint=receiver.url)
    assert channel.send(ours, channel.render(SAID, ours), http).state == "accepted"


@pytest.mark.parametrize(
    ("code", "channel", "body", "said"),
    [
        ("feishu", FEISHU, b'{"code":9499,"msg":"too many request"}', ("retry", "throttled")),
        ("feishu", FEISHU, b'{"code":19021,"msg":"sign match fail"}', ("retry", "bad_credentials")),
        ("feishu", FEISHU, b'{"code":19999,"msg":"?"}', ("refused", "19999")),
        ("dingtalk", DINGTALK, b'{"errcode":130101,"errmsg":"send too fast"}', ("retry", "throttled")),
        ("dingtalk", DINGTALK, b'{"errcode":310000,"errmsg":"sign not match"}', ("retry", "bad_credentials")),
        ("dingtalk", DINGTALK, b"<html>", ("retry", "not_json")),
    ],
)
def test_a_failure_with_http_200_is_a_failure(
    code, channel, body, said, receiver: Receiver, http: Http
) -> None:
    receiver.answer = lambda request: (200, body, {})
    ours = opened(code, key="k", endpoint=receiver.url)
    outcome = channel.send(ours, channel.render(SAID, ours), http)
    assert (outcome.state, outcome.code) == said


# What customers write to call everybody, to forge a link, to break out of a card.
NASTY = (
    "<!channel> <@U123> <https://evil.example|Pay here> @all @所有人 [Pay](https://evil.example) *bold* _i_ `x`\n"
    "<at>everyone</at> # title\r\nBcc: x\u202eevil"
)


def _said(text: str = NASTY) -> Message:
    return Message(
        reference="r" * 32,
        kind="notice",
        subject=f"Alert {text}",
        text=text,
        link="https://shop.example/cases/1/",
    )


def test_slack_gets_plain_text_and_a_button(receiver: Receiver, http: Http) -> None:
    receiver.answer = lambda request: (200, b"ok", {})
    ours = opened("slack", url=f"{receiver.url}/services/T/B/x")
    assert SLACK.send(ours, SLACK.render(_said(), ours), http).state == "accepted"
    body = json.loads(receiver.asked[0].body)
    head, section, actions = body["blocks"]
    assert [each["text"]["type"] for each in (head, section)] == ["plain_text", "plain_text"]
    assert "<" not in body["text"]
    assert "\u202e" not in json.dumps(body, ensure_ascii=False)
    assert "@all" not in json.dumps(body, ensure_ascii=False)
    assert "](" not in section["text"]["text"]
    assert actions["elements"][0]["url"] == "https://shop.example/cases/1/"
    assert actions["elements"][0]["text"]["text"] == "Open it"
    assert (body["link_names"], len(head["text"]["text"]) <= 150) == (False, True)


def test_teams_gets_a_card_in_which_nothing_is_markdown(receiver: Receiver, http: Http) -> None:
    receiver.answer = lambda request: (202, b"", {})
    ours = opened("teams", url=f"{receiver.url}/workflows/1?sig=x")
    assert TEAMS.send(ours, TEAMS.render(_said(), ours), http).state == "accepted"
    card = json.loads(receiver.asked[0].body)["attachments"][0]["content"]
    texts = [each["text"] for each in card["body"]]
    assert not any("<at" in each or "](" in each.replace("\\]", "") for each in texts)
    assert any("\\*bold\\*" in each for each in texts)
    assert card["actions"] == [
        {"type": "Action.OpenUrl", "title": "Open it", "url": "https://shop.example/cases/1/"}
    ]
    assert receiver.asked[0].query == {"sig": "x"}


@pytest.mark.parametrize("channel", [SLACK, TEAMS])
def test_long_words_are_cut_to_what_the_place_takes(channel) -> None:
    ours = opened(channel.code, url="https://x.example/")
    payload = channel.render(_said("很慢" * 20_000), ours)
    assert len(json.dumps(payload, ensure_ascii=False).encode()) <= 40_000 if channel is SLACK else 28_000


@pytest.mark.parametrize(
    ("channel", "status", "body", "said"),
    [
        (SLACK, 200, b"invalid_blocks", ("refused", "not_ok")),
        (SLACK, 429, b"", ("retry", "throttled")),
        (SLACK, 403, b"invalid_token", ("retry", "bad_credentials")),
        (SLACK, 404, b"no_service", ("retry", "bad_credentials")),
        (SLACK, 400, b"invalid_payload", ("refused", "http_400")),
        (SLACK, 302, b"", ("refused", "http_302")),
        (SLACK, 500, b"", ("retry", "http_500")),
        (TEAMS, 200, b"failed with error: HTTP error 429", ("retry", "throttled")),
        (TEAMS, 200, b"1", ("accepted", "")),
        (TEAMS, 404, b"", ("retry", "bad_credentials")),
        (TEAMS, 400, b"bad", ("refused", "http_400")),
        (TEAMS, 502, b"", ("retry", "http_502")),
    ],
)
def test_slack_and_teams_say_what_came_of_it(
    channel, status, body, said, receiver: Receiver, http: Http
) -> None:
    receiver.answer = lambda request: (status, body, {"Retry-After": "7"})
    ours = opened(channel.code, url=f"{receiver.url}/x")
    outcome = channel.send(ours, channel.render(_said(), ours), http)
    assert (outcome.state, outcome.code) == said
    if outcome.code == "throttled":
        assert outcome.retry_after == 7


@pytest.mark.parametrize("channel", [SLACK, TEAMS])
def test_nothing_is_sent_into_the_own_network_by_a_robot(channel, receiver: Receiver) -> None:
    """F1."""
    ours = opened(channel.code, url=f"{receiver.url}/x")
    outcome = channel.send(ours, channel.render(_said(), ours), Http(Guard()))
    assert (outcome.code, receiver.asked) == ("blocked_address", [])


def test_what_would_be_too_much_leaves_as_one_digest() -> None:
    folded = SLACK.fold([_said("one"), _said("two")])
    assert (folded.subject, folded.text.count("\n- ")) == ("2 messages", 1)
