"""Aliyun: text messages by a registered template (`SendSms`, version 2017-05-25, RPC signature 1.0)."""

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

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
from mindgap.collect.channels.signing import base64_hmac
from mindgap.collect.outgoing import Http, OutgoingProblem
from mindgap.ground import clock

_ENDPOINT = "https://dysmsapi.aliyuncs.com"
# One number gets so many; the provider refuses more.
_PER_PERSON_DAY = 10
_NO_SUCH_NUMBER = "isv.MOBILE_NUMBER_ILLEGAL"
_BAD_ACCOUNT = (
    "isv.OUT_OF_SERVICE", "isv.PRODUCT_UN_SUBSCRIPT", "isv.PRODUCT_UNSUBSCRIBE", "isv.ACCOUNT_NOT_EXISTS",
    "isv.ACCOUNT_ABNORMAL", "isv.AMOUNT_NOT_ENOUGH", "isv.DAY_LIMIT_CONTROL", "isp.RAM_PERMISSION_DENY",
    "SignatureDoesNotMatch", "InvalidAccessKeyId.NotFound", "InvalidAccessKeyId.Inactive", "Forbidden.RAM",
)  # fmt: skip
_HOUR = 3600


def sign(parameters: Mapping[str, str], secret: str, *, method: str = "POST") -> str:
    """The signature of a request: its parameters in order, encoded as RFC 3986 says, under the secret and `&`."""
    query = "&".join(f"{_encode(name)}={_encode(parameters[name])}" for name in sorted(parameters))
    return base64_hmac(f"{secret}&", f"{method}&{_encode('/')}&{_encode(query)}", "sha1")


def _encode(text: str) -> str:
    return quote(text, safe="-_.~")


def _render(message: Message, account: Account) -> Payload:
    number = sms.number(message, account)
    text = sms.from_template(message, account)
    return {
        "PhoneNumbers": number.removeprefix("+86").removeprefix("+"),
        "SignName": sms.signature(account),
        "TemplateCode": account["template_code"],
        "TemplateParam": msgspec.json.encode(facts.filled(account["template_facts"], message)).decode(),
        # Comes back with the report; the provider does not compare it.
        "OutId": message.reference,
        "segments": sms.counted(text),
    }


def _send(account: Account, payload: Payload, http: Http) -> Outcome:
    parameters = {
        **{name: value for name, value in payload.items() if name != "segments"},
        "Action": "SendSms",
        "Version": "2017-05-25",
        "RegionId": account["region"] or "cn-hangzhou",
        "Format": "JSON",
        "AccessKeyId": account["key_id"],
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": str(uuid.uuid4()),
        "Timestamp": clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    parameters["Signature"] = sign(parameters, account["key_secret"])
    headers = {"content-type": "application/x-www-form-urlencoded"}
    try:
        reply = http.post(
            f"{account['endpoint'] or _ENDPOINT}/", urlencode(parameters).encode(), headers=headers
        )
    except OutgoingProblem as problem:
        return no_reply(problem)
    return replies.broken(reply) or _outcome(replies.json(reply))


def _outcome(answer: dict[str, Any]) -> Outcome:
    code, words = str(answer.get("Code", "")), str(answer.get("Message", ""))
    if code == "OK":
        return accepted(str(answer.get("BizId", "")))
    if code.startswith("Throttling"):
        return retry(THROTTLED, words, after=60)
    if code == "isv.BUSINESS_LIMIT_CONTROL":
        # Of this number: so many a minute, an hour, a day.
        return retry(code, words, after=_HOUR)
    if code in _BAD_ACCOUNT:
        return replies.mend(f"{code} {words}")
    return refused(code, words, is_bounce=code == _NO_SUCH_NUMBER)


def _receive(account: Account, callback: Callback) -> Received:
    """Reports (`SmsReport`) and answers (`SmsUp`), pushed as a JSON list. The provider signs neither."""
    sms.check_token(account, callback)
    try:
        told = msgspec.json.decode(callback.body)
    except msgspec.DecodeError as problem:
        raise NotGenuine("not JSON") from problem
    rows = [row for row in told if isinstance(row, dict)] if isinstance(told, list) else []
    events = tuple(event for row in rows if (event := _event(row)))
    return Received(events, '{"code":0,"msg":"接收成功"}'.encode(), "application/json")


def _event(row: dict[str, Any]) -> Event | None:
    number = str(row.get("phone_number", ""))
    if "content" in row:
        stop = sms.is_stop(str(row["content"]))
        return Event(OPTED_OUT, address=number, words=str(row["content"])[:100]) if stop else None
    if "success" not in row:
        return None
    kind = DELIVERED if row["success"] in (True, "true") else FAILED
    return Event(
        kind,
        provider_id=str(row.get("biz_id", "")),
        reference=str(row.get("out_id") or ""),
        code="" if kind == DELIVERED else str(row.get("err_code", "")),
        words=str(row.get("err_msg", ""))[:500],
    )


def _limits(account: Account) -> Limits:
    return Limits(
        per_minute=account.number("per_minute", 0),
        per_person_day=_PER_PERSON_DAY,
        characters_most=sms.CHARACTERS_MOST,
    )


CHANNEL = Channel(
    code="aliyun_sms",
    way="sms",
    kinds=frozenset({INVITATION, NOTICE}),
    addresses=("phone",),
    fields=(
        Field("key_id"),
        Field("key_secret", is_secret=True),
        Field("sign_name"),
        Field("template_code"),
        Field("template_facts", kind="lines"),
        Field("template_text", is_required=False, kind="lines"),
        sms.MARKETING,
        sms.COUNTRY,
        sms.TOKEN,
        sms.PER_MINUTE,
        Field("region", is_required=False, default="cn-hangzhou"),
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
