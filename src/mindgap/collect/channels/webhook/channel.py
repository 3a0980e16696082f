"""Webhook: messages handed to a system of the organization's own, signed as Standard Webhooks 1.0.0 say.

That system sends them as it likes and may report back, signed in the same way: `{"events": [{"kind", "reference",
"address", "code", "words", "is_hard"}]}`.
"""

import base64
import binascii

import msgspec

from mindgap.collect.channels.contract import (
    BOUNCED,
    CLICKED,
    COMPLAINED,
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
from mindgap.collect.channels.replies import wait_of
from mindgap.collect.channels.signing import base64_hmac, is_same, is_timely
from mindgap.collect.outgoing import Http, OutgoingProblem, Reply
from mindgap.ground import clock

_KINDS = frozenset({DELIVERED, BOUNCED, FAILED, COMPLAINED, OPTED_OUT, CLICKED})
_MOST = 20_000
_SIGNATURES_MOST = 10
# Between the ten attempts: 0 s, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.
_DELAYS = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)


class _Reported(msgspec.Struct):
    kind: str
    reference: str = ""
    address: str = ""
    code: str = ""
    words: str = ""
    is_hard: bool = False


class _Report(msgspec.Struct):
    events: list[_Reported] = []


def sign(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    """The header `webhook-signature` for a body; the secret is `whsec_` and base64, or any text."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = secret.encode()
    return f"v1,{base64_hmac(key, f'{message_id}.{timestamp}.'.encode() + body)}"


def signatures(account: Account, message_id: str, timestamp: str, body: bytes) -> str:
    """The header while a secret is being changed: signed with both, so that the receiver may change when it likes."""
    secrets = [secret for name in ("secret", "previous_secret") if (secret := account[name])]
    return " ".join(sign(secret, message_id, timestamp, body) for secret in secrets)


def _render(message: Message, _account: Account) -> Payload:
    first = message.first
    return {
        "type": f"message.{message.kind}",
        "timestamp": clock.now().isoformat(),
        "data": {
            "reference": message.reference,
            "to": message.to,
            "language": message.language,
            "subject": message.subject,
            "text": message.text,
            "link": message.link,
            "question": first.text if first else "",
            "answers": [{"label": option.label, "link": option.link} for option in first.options]
            if first
            else [],
            "sender": message.sender,
            "organization": message.organization,
            "unsubscribe": message.unsubscribe,
            "preferences": message.preferences,
            "values": message.values,
        },
    }


def _send(account: Account, payload: Payload, http: Http) -> Outcome:
    body = msgspec.json.encode(payload)
    if len(body) > _MOST:
        return refused("too_large", f"a webhook carries at most {_MOST} bytes")
    name, timestamp = payload["data"]["reference"], str(int(clock.now().timestamp()))
    headers = {
        "content-type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": timestamp,
        "webhook-signature": signatures(account, name, timestamp, body),
    }
    try:
        return _outcome(http.post(account["url"], body, headers=headers))
    except OutgoingProblem as problem:
        return no_reply(problem)


def _outcome(reply: Reply) -> Outcome:
    """Only 2xx is a success; a redirect is none (F2)."""
    if 200 <= reply.status < 300:
        try:
            return accepted(str(msgspec.json.decode(reply.body).get("id", "")))
        except (msgspec.DecodeError, AttributeError):
            return accepted()
    wait = wait_of(reply)
    if reply.status == 429:
        return retry(THROTTLED, "HTTP 429", after=wait)
    if reply.status == 410:
        return refused("gone", "the receiver wants no more; the account is switched off", is_closed=True)
    return retry(f"http_{reply.status}", "", after=wait)


def _receive(account: Account, callback: Callback) -> Received:
    given = callback.headers
    name, timestamp = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not is_timely(timestamp):
        raise NotGenuine("not of now")
    right = signatures(account, name, timestamp, callback.body).split()
    # Several signatures stand there, and here, while a secret is being changed.
    given_ones = given.get("webhook-signature", "").split()[:_SIGNATURES_MOST]
    if not any(is_same(ours, theirs) for ours in right for theirs in given_ones):
        raise NotGenuine("wrong signature")
    try:
        report = msgspec.json.decode(callback.body, type=_Report)
    except msgspec.MsgspecError as problem:
        raise NotGenuine("not a report") from problem
    return Received(
        tuple(
            Event(each.kind, "", each.reference, each.address, each.code, each.words, each.is_hard)
            for each in report.events
            if each.kind in _KINDS
        )
    )


def _limits(account: Account) -> Limits:
    return Limits(per_minute=account.number("per_minute", 0), bytes_most=_MOST)


CHANNEL = Channel(
    code="webhook",
    way="email",
    kinds=frozenset({INVITATION, NOTICE}),
    addresses=("email", "phone", "wecom", "alipay", "crm"),
    fields=(
        Field("url", kind="url"),
        Field("secret", is_secret=True),
        # The one before, while receivers change to the new one; empty when all have.
        Field("previous_secret", is_secret=True, is_required=False),
        Field("per_minute", is_required=False, kind="number"),
    ),
    render=_render,
    send=_send,
    limits=_limits,
    receive=_receive,
    is_repeatable=True,
    at_once=50,
    delays=_DELAYS,
)
