"""Alipay: template messages of a mini-program, signed with RSA2; each answers one form or one payment.

Only who has just sent a form (`form_id`) or paid (`trade_no`) can be written to, and only for some days.
"""

import base64
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from mindgap.collect.channels import cut, facts, replies
from mindgap.collect.channels.contract import (
    INVITATION,
    Account,
    CannotRender,
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
from mindgap.collect.outgoing import Http, OutgoingProblem
from mindgap.ground import clock

_ENDPOINT = "https://openapi.alipay.com"
_METHOD = "alipay.open.app.mini.templatemessage.send"
_ANSWER = _METHOD.replace(".", "_") + "_response"
_SIGNED = re.compile(rb'"' + _ANSWER.encode() + rb'"\s*:\s*(\{.*\})\s*,\s*"sign"\s*:\s*"([^"]+)"', re.DOTALL)
_VALUE_MOST = 200
_WINDOW_HOURS = 7 * 24
_BAD_ACCOUNT = ("40001", "40002", "40006")


def sign(parameters: Mapping[str, str], private_key: str) -> str:
    """The signature of a request: the parameters that have a value, in order, under SHA256withRSA."""
    text = "&".join(
        f"{name}={parameters[name]}" for name in sorted(parameters) if parameters[name] and name != "sign"
    )
    key = _private(private_key)
    return base64.b64encode(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()


def is_signed(body: bytes, public_key: str) -> bool:
    """Whether a reply was signed with the provider's key: over its inner object, byte for byte."""
    found = _SIGNED.search(body)
    if not found:
        return False
    key = serialization.load_pem_public_key(_pem(public_key, "PUBLIC KEY"))
    if not isinstance(key, rsa.RSAPublicKey):
        return False
    try:
        key.verify(base64.b64decode(found[2]), found[1], padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def _private(text: str) -> rsa.RSAPrivateKey:
    """A key as the provider's tool hands it out: base64 in one line, PKCS#8 or PKCS#1, or as PEM."""
    for label in ("PRIVATE KEY", "RSA PRIVATE KEY"):
        try:
            key = serialization.load_pem_private_key(_pem(text, label), None)
        except (ValueError, TypeError):
            continue
        if isinstance(key, rsa.RSAPrivateKey):
            return key
    raise CannotRender("bad_key", "the private key cannot be read")


def _pem(text: str, label: str) -> bytes:
    if "-----BEGIN" in text:
        return text.encode()
    plain = "".join(text.split())
    lines = "\n".join(plain[start : start + 64] for start in range(0, len(plain), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n".encode()


def _render(message: Message, account: Account) -> Payload:
    answered = message.trigger.get("form_id") or message.trigger.get("trade_no")
    if not answered:
        raise CannotRender("no_trigger", "needs the form or the payment that it answers")
    data = {
        name: {"value": cut.to_characters(text, _VALUE_MOST)}
        for name, text in facts.filled(account["template_facts"], message).items()
    }
    # The page of the mini-program opens our link in its web view.
    page = account["page"] + ("&" if "?" in account["page"] else "?") + urlencode({"url": message.link})
    return {
        "to_user_id": message.to,
        "form_id": answered,
        "user_template_id": account["template_code"],
        "page": page,
        "data": data,
    }


def _send(account: Account, payload: Payload, http: Http) -> Outcome:
    # The provider's clock is that of China.
    here = clock.now() + timedelta(hours=8)
    parameters = {
        "app_id": account["app_id"],
        "method": _METHOD,
        "format": "JSON",
        "charset": "utf-8",
        "sign_type": "RSA2",
        "timestamp": here.strftime("%Y-%m-%d %H:%M:%S"),
        "version": "1.0",
        "biz_content": msgspec.json.encode(payload).decode(),
    }
    try:
        parameters["sign"] = sign(parameters, account["private_key"])
    except CannotRender as problem:
        return replies.mend(str(problem))
    headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    try:
        reply = http.post(
            f"{account['endpoint'] or _ENDPOINT}/gateway.do", urlencode(parameters).encode(), headers=headers
        )
    except OutgoingProblem as problem:
        return no_reply(problem)
    if outcome := replies.broken(reply):
        return outcome
    if account["public_key"] and not is_signed(reply.body, account["public_key"]):
        return retry("unsigned_reply", "the reply is not signed by the provider", is_open=True)
    return _outcome(replies.json(reply))


def _outcome(reply: dict[str, Any]) -> Outcome:
    answer = reply.get(_ANSWER) or reply.get("error_response") or {}
    code, sub = str(answer.get("code", "")), str(answer.get("sub_code", ""))
    words = str(answer.get("sub_msg") or answer.get("msg") or "")
    if code == "10000":
        return accepted(str(answer.get("msg_id", "")))
    if code == "20000" or sub in ("isp.unknow-error", "SYSTEM_ERROR", "aop.unknow-error"):
        return retry(sub or code, words)
    if code in _BAD_ACCOUNT and sub.startswith(
        ("isv.invalid-s", "isv.invalid-app", "isv.missing-s", "isv.insufficient")
    ):
        return replies.mend(f"{sub} {words}")
    return refused(sub or code or "unknown", words)


def _limits(_account: Account) -> Limits:
    return Limits(window_hours=_WINDOW_HOURS)


CHANNEL = Channel(
    code="alipay",
    way="alipay",
    kinds=frozenset({INVITATION}),
    addresses=("alipay",),
    fields=(
        Field("app_id"),
        Field("private_key", is_secret=True, kind="lines"),
        Field("public_key", is_required=False, kind="lines"),
        Field("template_code"),
        Field("template_facts", kind="lines"),
        Field("page"),
        Field("endpoint", is_required=False, kind="url", default=_ENDPOINT),
    ),
    render=_render,
    send=_send,
    limits=_limits,
    is_short=True,
    is_registered=True,
)
