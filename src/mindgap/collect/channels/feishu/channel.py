"""Feishu group robot: notices as rich text, signed with the robot's secret."""

from mindgap.collect.channels import cut, group, replies, texts
from mindgap.collect.channels.contract import Account, Field, Outcome, Payload
from mindgap.collect.channels.message import Message
from mindgap.collect.channels.signing import base64_hmac
from mindgap.collect.outgoing import Http, Reply
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
    return group.post(http, url, body, judge=_outcome)


def _outcome(reply: Reply) -> Outcome:
    # Older robots answer in capitals.
    code = "code" if "code" in replies.json(reply) else "StatusCode"
    return group.by_code(reply, code=code, words="msg", throttled=_THROTTLED, wrong=_BAD_ACCOUNT)


CHANNEL = group.channel(
    code="feishu",
    way="feishu_group",
    fields=(
        Field("key", is_secret=True),
        Field("secret", is_secret=True, is_required=False),
        Field("endpoint", is_required=False, kind="url", default=_ENDPOINT),
    ),
    render=_render,
    send=_send,
    per_minute=_PER_MINUTE,
    bytes_most=_BYTES,
)
