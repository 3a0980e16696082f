"""DingTalk group robot: notices as Markdown, signed with the robot's secret, at most 20 a minute."""

from urllib.parse import urlencode

from mindgap.collect.channels import cut, group
from mindgap.collect.channels.contract import Account, Field, Outcome, Payload
from mindgap.collect.channels.message import Message
from mindgap.collect.channels.signing import base64_hmac
from mindgap.collect.outgoing import Http, Reply
from mindgap.ground import clock

_PER_MINUTE = 20
_BYTES = 20_000
_TEXT_BYTES = 15_000
_ENDPOINT = "https://oapi.dingtalk.com"
_THROTTLED = (130101, 130102, 410100)
_BAD_ACCOUNT = (300001, 310000, 400013, 400101)
# Whoever sends too often is shut out for ten minutes.
_SHUT_OUT_SECONDS = 600


def sign(secret: str, milliseconds: str) -> str:
    return base64_hmac(secret, f"{milliseconds}\n{secret}")


def _render(message: Message, _account: Account) -> Payload:
    # Whoever is called has to stand in the text as well.
    called = "".join(f" @{group.quiet(name)}" for name in message.mentions)
    text = group.markdown(message, most=_TEXT_BYTES) + called
    title = cut.to_characters(group.quiet(message.subject or message.text), 60)
    return {
        "msgtype": "markdown",
        "markdown": {"title": title, "text": text},
        "at": {"atUserIds": list(message.mentions), "isAtAll": False},
    }


def _send(account: Account, payload: Payload, http: Http) -> Outcome:
    query = {"access_token": account["key"]}
    if account["secret"]:
        milliseconds = str(clock.milliseconds())
        query |= {"timestamp": milliseconds, "sign": sign(account["secret"], milliseconds)}
    url = f"{account['endpoint'] or _ENDPOINT}/robot/send?{urlencode(query)}"
    return group.post(http, url, payload, judge=_outcome)


def _outcome(reply: Reply) -> Outcome:
    return group.by_code(
        reply,
        code="errcode",
        words="errmsg",
        throttled=_THROTTLED,
        wrong=_BAD_ACCOUNT,
        after=_SHUT_OUT_SECONDS,
    )


CHANNEL = group.channel(
    code="dingtalk",
    way="dingtalk_group",
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
