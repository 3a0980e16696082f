"""Feishu group robot: notices as rich text, signed with the robot's secret."""

import msgspec

from mindgap.collect.channels import cut, group, replies, texts
from mindgap.collect.channels.contract import (
    NOTICE,
    THROTTLED,
    Account,
    Channel,
    Field,
    Limits,
    Outcome,
    Payload,
    accepted,
    no_reply,
    refused,
    retry,
)
from mindgap.collect.channels.message import Message
from mindgap.collect.channels.signing import base64_hmac
from mindgap.collect.outgoing import Http, OutgoingProblem
from mindgap.ground import clock

_PER_MINUTE = 100
_BYTES = 20_000
_TEXT_BYTES = 15_000
_ENDPOINT = "https://open.feishu.cn"
_THROTTLED = (9499, 11232)
_BAD_ACCOUNT = (19001, 19021, 19022, 19024)


def sign(secret: str, timestamp: str) -> str:
    """The robot's own way: the text is the key and nothing is signed."""
    return base64_hmac(f"{timestamp}\n{secret}", "")


def _render(message: Message, _account: Account) -> Payload:
    line: list[dict[str, str]] = [
        {"tag": "text", "text": cut.to_bytes(group.quiet(message.text), _TEXT_BYTES)},
    ]
    lines = [
        line,
        *([[{"tag": "at", "user_id": name} for name in message.mentions]] if message.mentions else []),
    ]
    if message.link:
        lines.append(
            [{"tag": "a", "text": texts.to_open(message.kind, message.language), "href": message.link}]
        )
    title = cut.to_characters(group.quiet(message.subject), 200)
    return {"msg_type": "post", "content": {"post": {"zh_cn": {"title": title, "content": lines}}}}


def _send(account: Account, payload: Payload, http: Http) -> Outcome:
    body = dict(payload)
    if account["secret"]:
        timestamp = str(int(clock.now().timestamp()))
        body = {"timestamp": timestamp, "sign": sign(account["secret"], timestamp), **payload}
    url = f"{account['endpoint'] or _ENDPOINT}/open-apis/bot/v2/hook/{account['key']}"
    try:
        reply = http.post(url, msgspec.json.encode(body), headers={"content-type": "application/json"})
    except OutgoingProblem as problem:
        return no_reply(problem)
    if outcome := replies.broken(reply):
        return outcome
    answer = replies.json(reply)
    code, words = answer.get("code", answer.get("StatusCode")), str(answer.get("msg", ""))
    if code == 0:
        return accepted()
    if code in _THROTTLED:
        return retry(THROTTLED, words, after=60)
    return replies.mend(f"{code} {words}") if code in _BAD_ACCOUNT else refused(str(code), words)


def _limits(account: Account) -> Limits:
    return Limits(per_minute=account.number("per_minute", _PER_MINUTE), bytes_most=_BYTES)


CHANNEL = Channel(
    code="feishu",
    way="feishu_group",
    kinds=frozenset({NOTICE}),
    addresses=(),
    fields=(
        Field("key", is_secret=True),
        Field("secret", is_secret=True, is_required=False),
        Field("per_minute", kind="number", default=str(_PER_MINUTE)),
        Field("endpoint", is_required=False, kind="url", default=_ENDPOINT),
    ),
    render=_render,
    send=_send,
    limits=_limits,
    is_short=True,
    fold=group.fold,
)
