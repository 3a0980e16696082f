"""Robots of Feishu and DingTalk: signature, fields, failures that come with HTTP 200."""

import base64
import hashlib
import hmac
import json

import pytest
from tests.collect.channels.conftest import Receiver, Request, opened

from mindgap.collect.channels.dingtalk.channel import CHANNEL as DINGTALK
from mindgap.collect.channels.feishu.channel import CHANNEL as FEISHU
from mindgap.collect.channels.message import Message
from mindgap.collect.outgoing import Http
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
