"""Tencent Cloud: text messages by a registered template (`SendSms`, version 2021-01-11, TC3-HMAC-SHA256)."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from mindgap.collect.channels import facts, replies, sms
from mindgap.collect.channels.contract import (
    DELIVERED,
    FAILED,
    INVITATION,
    NOTICE,
    OPTED_OUT,
    THROTTLED,
    Account,
    Callback,
    Channel,
    Event,
    Field,
    Limits,
    NotGenuine,
    Outcome,
    Payload,
    Received,
    accepted,
    no_reply,
    refused,
    retry,
)
from mindgap.collect.channels.message import Message
from mindgap.collect.channels.signing import hex_hmac, hex_sha256
from mindgap.collect.outgoing import Http, OutgoingProblem
from mindgap.ground import clock

_ENDPOINT = "https://sms.tencentcloudapi.com"
_TYPE = "application/json; charset=utf-8"
_HOUR = 3600


def canonical(body: bytes, *, host: str) -> str:
    """The request as it is signed."""
    return f"POST\n/\n\ncontent-type:{_TYPE}\nhost:{host}\n\ncontent-type;host\n{hex_sha256(body)}"


def sign(body: bytes, *, host: str, service: str, key_id: str, secret: str, seconds: int) -> str:
    """The header `Authorization` for a POST of JSON at an instant, in seconds since 1970."""
    day = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
    scope = f"{day}/{service}/tc3_request"
    text = f"TC3-HMAC-SHA256\n{seconds}\n{scope}\n{hex_sha256(canonical(body, host=host))}"
    key = f"TC3{secret}".encode()
    for part in (day, service, "tc3_request"):
        key = bytes.fromhex(hex_hmac(key, part))
    return (
        f"TC3-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders=content-type;host,"
        f" Signature={hex_hmac(key, text)}"
    )


def _render(message: Message, account: Account) -> Payload:
    text = sms.from_template(message, account)
    return {
        "PhoneNumberSet": [sms.number(message, account)],
        "SmsSdkAppId": account["app_id"],
        "SignName": sms.signature(account),
        "TemplateId": account["template_code"],
        # The template has {1}, {2} …: the lines are in that order.
        "TemplateParamSet": list(facts.filled(account["template_facts"], message).values()),
        "SessionContext": message.reference,
        "segments": sms.counted(text),
    }


def _send(account: Account, payload: Payload, http: Http) -> Outcome:
    url = account["endpoint"] or _ENDPOINT
    body = msgspec.json.encode({name: value for name, value in payload.items() if name != "segments"})
    seconds = int(clock.now().timestamp())
    place = urlsplit(url)
    headers = {
        "content-type": _TYPE,
        "x-tc-action": "SendSms",
        "x-tc-version": "2021-01-11",
        "x-tc-region": account["region"] or "ap-guangzhou",
        "x-tc-timestamp": str(seconds),
        "authorization": sign(
            body, host=place.netloc, service="sms", key_id=account["key_id"],
            secret=account["key_secret"], seconds=seconds,
        ),
    }  # fmt: skip
    try:
        reply = http.post(f"{url}/", body, headers=headers)
    except OutgoingProblem as problem:
        return no_reply(problem)
    if outcome := replies.broken(reply):
        return outcome
    answer = replies.json(reply).get("Response", {})
    if error := answer.get("Error"):
        return _outcome(str(error.get("Code", "")), str(error.get("Message", "")))
    status: dict[str, Any] = next(iter(answer.get("SendStatusSet") or ()), {})
    if status.get("Code") == "Ok":
        return accepted(str(status.get("SerialNo", "")))
    return _outcome(str(status.get("Code", "")), str(status.get("Message", "")))


def _outcome(code: str, words: str) -> Outcome:
    if code.startswith("RequestLimitExceeded"):
        return retry(THROTTLED, words, after=60)
    if code.startswith("LimitExceeded.PhoneNumber"):
        return retry(code, words, after=_HOUR)
    if code.startswith(("InternalError", "LimitExceeded.DeliveryFrequencyLimit")):
        return retry(code, words)
    if code.startswith(
        ("AuthFailure", "UnauthorizedOperation", "FailedOperation.InsufficientBalance", "LimitExceeded")
    ):
        return replies.mend(f"{code} {words}")
    is_bounce = code == "InvalidParameterValue.IncorrectPhoneNumber"
    return refused(code or "unknown", words, is_bounce=is_bounce)


def _receive(account: Account, callback: Callback) -> Received:
    """Reports and answers, pushed as JSON: a list of reports, or one answer."""
    sms.check_token(account, callback)
    try:
        told = msgspec.json.decode(callback.body)
    except msgspec.DecodeError as problem:
        raise NotGenuine("not JSON") from problem
    rows = [row for row in (told if isinstance(told, list) else [told]) if isinstance(row, dict)]
    events = tuple(event for row in rows if (event := _event(row)))
    return Received(events, b'{"result":0,"errmsg":"OK"}', "application/json")


def _event(row: dict[str, Any]) -> Event | None:
    number = f"+{row.get('nationcode', '')}{row.get('mobile', '')}"
    if "text" in row:
        stop = sms.is_stop(str(row["text"]))
        return Event(OPTED_OUT, address=number, words=str(row["text"])[:100]) if stop else None
    if "report_status" not in row:
        return None
    kind = DELIVERED if row["report_status"] == "SUCCESS" else FAILED
    code = "" if kind == DELIVERED else str(row.get("errmsg", ""))
    return Event(kind, provider_id=str(row.get("sid", "")), code=code, words=str(row.get("description", "")))


def _limits(account: Account) -> Limits:
    return Limits(per_minute=account.number("per_minute", 0), characters_most=sms.CHARACTERS_MOST)


CHANNEL = Channel(
    code="tencent_sms",
    way="sms",
    kinds=frozenset({INVITATION, NOTICE}),
    addresses=("phone",),
    fields=(
        Field("key_id"),
        Field("key_secret", is_secret=True),
        Field("app_id"),
        Field("sign_name"),
        Field("template_code"),
        Field("template_facts", kind="lines"),
        Field("template_text", is_required=False, kind="lines"),
        sms.MARKETING,
        sms.COUNTRY,
        sms.TOKEN,
        sms.PER_MINUTE,
        Field("region", is_required=False, default="ap-guangzhou"),
        Field("endpoint", is_required=False, kind="url", default=_ENDPOINT),
    ),
    render=_render,
    send=_send,
    limits=_limits,
    receive=_receive,
    is_short=True,
    reads=sms.from_template,
    encoding=sms.ENCODING,
    is_registered=True,
)
