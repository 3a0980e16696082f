"""WeCom against a receiver that checks what the provider documents: token, fields, lengths, `errcode` (§5.2)."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from tests.collect.channels.conftest import CUT, Receiver, Request, opened, reference

from mindgap.collect.channels import cut, group
from mindgap.collect.channels.contract import Callback, NotGenuine
from mindgap.collect.channels.deliver import hand_over, run_next
from mindgap.collect.channels.delivery import Delivery
from mindgap.collect.channels.message import Message
from mindgap.collect.channels.wecom import api, sealed
from mindgap.collect.channels.wecom_app.channel import CHANNEL as APP
from mindgap.collect.channels.wecom_contact.channel import CHANNEL as CONTACT
from mindgap.collect.channels.wecom_robot.channel import CHANNEL as ROBOT
from mindgap.collect.outgoing import Http
from mindgap.ground import clock


class Provider:
    """The provider: hands out tokens, takes messages with the newest one only, and checks the limits it states."""

    def __init__(self, receiver: Receiver) -> None:
        self.tokens, self.messages, self.codes, self.extra = [], [], [], {}
        self.expires = 7200
        receiver.answer = self.answer
        api._tokens.clear()

    def answer(self, request: Request):
        if request.path == "/cgi-bin/gettoken":
            assert set(request.query) == {"corpid", "corpsecret"}
            self.tokens.append(f"token{len(self.tokens) + 1}")
            return self.reply(access_token=self.tokens[-1], expires_in=self.expires)
        body = json.loads(request.body)
        if "key" not in request.query and request.query["access_token"] != self.tokens[-1]:
            return self.reply(42001, "access_token expired")
        if self.codes:
            code = self.codes.pop(0)
            if code == CUT:
                return CUT
            if code:
                return self.reply(code, "no")
        self.check(body)
        self.messages.append(body)
        return self.reply(msgid="m1", **self.extra)

    @staticmethod
    def check(body) -> None:
        kind = body.get("msgtype")
        if kind == "text":
            assert len(body["text"].get("content", "").encode()) <= 2048
        if kind == "markdown":
            assert len(body["markdown"]["content"].encode()) <= 4096
        if kind == "template_card":
            card = body["template_card"]
            assert card["card_type"] == "text_notice"
            assert card["card_action"]["type"] == 1
            assert card["card_action"]["url"].startswith("https://")
            assert len(card["source"]["desc"]) <= 13
            assert 1 <= len(card["main_title"]["title"]) <= 26
            assert len(card["sub_title_text"]) <= 112

    @staticmethod
    def reply(errcode: int = 0, errmsg: str = "ok", **more):
        return 200, json.dumps({"errcode": errcode, "errmsg": errmsg, **more}).encode(), {}


@pytest.fixture
def provider(receiver: Receiver) -> Provider:
    return Provider(receiver)


def message(**more) -> Message:
    given = {
        "reference": "r" * 32,
        "to": "wangqing",
        "subject": "[严重] 承诺未兑现 · 配送，这个标题比允许的二十六个字符还要长一些",
        "text": "说好五天，等了一周。" * 30,
        "link": "https://shop.example/cases/1",
        "sender": "人民广场旗舰店客户体验管理中心",
        "organization": "商店",
        "language": "zh-hans",
    }
    return Message(**(given | more))


def app(receiver: Receiver, **more: str):
    return opened("wecom_app", corp_id="ww1", agent_id="1000002", secret="s", endpoint=receiver.url, **more)


def send(channel, account, http, said=None):
    return channel.send(account, channel.render(said or message(), account), http)


def test_a_card_reaches_the_member_within_the_lengths_of_its_parts(provider, receiver, http: Http) -> None:
    outcome = send(APP, app(receiver), http)
    assert (outcome.state, outcome.provider_id) == ("accepted", "m1")
    (body,) = provider.messages
    assert (body["touser"], body["agentid"], body["enable_duplicate_check"]) == ("wangqing", 1000002, 1)


def test_a_token_is_kept_until_it_expires(provider, receiver, http: Http) -> None:
    start = clock.now()
    for minutes in (0, 60, 110):
        with clock.frozen(start + timedelta(minutes=minutes)):
            assert send(APP, app(receiver), http).state == "accepted"
    assert len(provider.tokens) == 1
    with clock.frozen(start + timedelta(minutes=116)):
        send(APP, app(receiver), http)
    assert len(provider.tokens) == 2


@pytest.mark.parametrize("code", [40014, 42001])
def test_a_token_that_is_over_is_replaced_once(provider, receiver, http: Http, code: int) -> None:
    provider.codes = [code]
    assert send(APP, app(receiver), http).state == "accepted"
    assert len(provider.tokens) == 2
    provider.codes = [code, code]
    assert send(APP, app(receiver), http).code == "bad_credentials"
    assert (len(provider.tokens), len(provider.messages)) == (3, 1)


@pytest.mark.parametrize(
    ("code", "state", "said"),
    [
        (45009, "retry", "throttled"),
        (-1, "retry", "-1"),
        (40001, "retry", "bad_credentials"),
        (40058, "refused", "40058"),
    ],
)
def test_http_200_with_an_errcode_is_a_failure(provider, receiver, http: Http, code, state, said) -> None:
    provider.codes = [code]
    outcome = send(APP, app(receiver), http)
    assert (outcome.state, outcome.code, provider.messages) == (state, said, [])


def test_a_member_that_is_not_there_is_a_dead_address(provider, receiver, http: Http) -> None:
    provider.extra = {"invaliduser": "zhang|wangqing"}
    outcome = send(APP, app(receiver), http)
    assert (outcome.state, outcome.is_bounce) == ("refused", True)


def test_a_reply_cut_off_leaves_the_end_open(provider, receiver, http: Http) -> None:
    provider.codes = [CUT]
    outcome = send(APP, app(receiver), http)
    assert (outcome.state, outcome.is_open) == ("retry", True)


def test_a_mass_message_waits_for_an_employee_and_keeps_the_daily_limit(
    provider, receiver, http: Http
) -> None:
    ours = opened(
        "wecom_contact", corp_id="ww1", secret="s", employee="li", endpoint=receiver.url, per_person_day="2"
    )
    assert send(CONTACT, ours, http, message(to="wmXX")).state == "accepted"
    (body,) = provider.messages
    assert (body["chat_type"], body["external_userid"], body["sender"]) == ("single", ["wmXX"], "li")
    assert body["attachments"][0]["link"]["url"] == "https://shop.example/cases/1"
    assert len(body["attachments"][0]["link"]["title"].encode()) <= 128
    given = CONTACT.limits(ours)
    assert (given.needs_confirmation, given.per_person_day) == (True, 2)
    provider.extra = {"fail_list": ["wmXX"]}
    assert send(CONTACT, ours, http, message(to="wmXX")).state == "refused"


def robot(receiver: Receiver, **more: str):
    return opened("wecom_robot", key="k", endpoint=receiver.url, **more)


def test_a_group_notice_is_cut_by_bytes_and_keeps_its_link(provider, receiver, http: Http) -> None:
    said = message(text="质量问题😀" * 900)
    assert send(ROBOT, robot(receiver), http, said).state == "accepted"
    content = provider.messages[0]["markdown"]["content"]
    assert 4080 <= len(content.encode()) <= 4096
    assert content.endswith("(https://shop.example/cases/1)")
    assert "�" not in content


@pytest.mark.parametrize(
    "hostile",
    ["<@all>", "<@wangqing>", '<font color="warning">x</font>', "[free](https://evil.example)", "@all"],
)
def test_words_of_customers_call_nobody_and_link_nowhere(
    provider, receiver, http: Http, hostile: str
) -> None:
    """F8."""
    send(ROBOT, robot(receiver), http, message(subject=hostile, text=hostile, link=""))
    content = provider.messages[0]["markdown"]["content"]
    assert "<" not in content
    assert "](" not in content
    assert "@all" not in content


def test_people_are_called_in_a_second_message(provider, receiver, http: Http) -> None:
    send(ROBOT, robot(receiver), http, message(mentions=("wangqing",)))
    assert provider.messages[1]["text"]["mentioned_list"] == ["wangqing"]
    assert ROBOT.limits(robot(receiver, may_mention="1")).per_minute == 10
    provider.codes = [0, 45009]
    assert send(ROBOT, robot(receiver), http, message(mentions=("wangqing",))).state == "accepted"


@pytest.mark.django_db
def test_what_is_more_than_twenty_a_minute_becomes_one_digest(
    provider, receiver, http: Http, account
) -> None:
    over = account("wecom_robot", key="k", endpoint=receiver.url)
    start = clock.now()
    with clock.frozen(start):
        for number in range(50):
            hand_over(
                over,
                Message(reference=reference(), kind="notice", language="zh-hans", subject=f"工单 {number}"),
            )
        while run_next(http=http):
            """Until nothing is due."""
    assert len(provider.messages) == 20
    digest = provider.messages[-1]["markdown"]["content"]
    assert all(f"工单 {number}" in digest for number in range(19, 50))
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    with clock.frozen(start + timedelta(seconds=30)):
        late = hand_over(over, Message(reference=reference(), kind="notice", subject="late"))
        while run_next(http=http):
            """Until nothing is due."""
    late.refresh_from_db()
    assert (late.state, late.next_at, len(provider.messages)) == (
        "waiting",
        start + timedelta(seconds=60),
        20,
    )
    with clock.frozen(start + timedelta(seconds=61)):
        run_next(http=http)
    assert len(provider.messages) == 21


@pytest.mark.parametrize("text", ["质量", "𠮷野家", "👩‍👩‍👧‍👦 family", "e\u0301clair", "a" * 30])
@pytest.mark.parametrize("most", range(4, 20))
def test_no_character_is_cut_in_two(text: str, most: int) -> None:
    short = cut.to_bytes(text, most)
    assert len(short.encode()) <= most
    kept = short.removesuffix("…")
    assert text.startswith(kept)
    assert not kept.endswith("\u200d")
    assert not text[len(kept) :].startswith(("\u0301", "\u200d", "\ufe0f"))


def test_a_digest_names_everybody_who_was_to_be_called() -> None:
    folded = group.fold([message(mentions=("a",)), message(mentions=("b", "a"))])
    assert folded.mentions == ("a", "b")


# The example of the provider's documentation for receiving messages.
KEYS = {
    "corp_id": "wx5823bf96d3bd56c7",
    "token": "QDG6eK",
    "aes_key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
}
ECHO = {
    "msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    "timestamp": "1409659589",
    "nonce": "263014780",
    "echostr": "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
}


def test_the_documented_example_is_decrypted() -> None:
    ours = opened("wecom_contact", secret="s", **KEYS)
    with clock.frozen(datetime.fromtimestamp(1409659589, UTC)):
        assert CONTACT.receive(ours, Callback(method="GET", query=ECHO)).body == b"1616140317555161061"


@pytest.mark.parametrize(
    ("changed", "minutes"),
    [({"msg_signature": "0" * 40}, 0), ({"nonce": "1"}, 0), ({"echostr": "AAAA"}, 0), ({}, 6), ({}, -6)],
)
def test_a_report_that_is_not_the_providers_or_not_of_now_is_not_taken(changed, minutes) -> None:
    """F9."""
    ours = opened("wecom_contact", secret="s", **KEYS)
    with (
        clock.frozen(datetime.fromtimestamp(1409659589, UTC) + timedelta(minutes=minutes)),
        pytest.raises(NotGenuine),
    ):
        CONTACT.receive(ours, Callback(method="GET", query=ECHO | changed))


def test_a_report_for_another_company_is_not_taken() -> None:
    ours = opened("wecom_contact", secret="s", **(KEYS | {"corp_id": "another"}))
    with pytest.raises(NotGenuine, match="another company"):
        sealed.open_(ours, Callback(method="GET", query=ECHO), check_time=False)
