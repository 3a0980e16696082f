"""Twilio: text messages with words of our own; reports and answers come back signed."""

import base64
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from mindgap.collect.channels import replies, segments, sms
from mindgap.collect.channels.contract import (
    BOUNCED,
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
from mindgap.collect.channels.signing import base64_hmac, is_same
from mindgap.collect.outgoing import Http, OutgoingProblem

_ENDPOINT = "https://api.twilio.com"
_BAD_ACCOUNT = (20003, 20005, 20404, 21606, 21659, 30002)
_NO_SUCH_NUMBER = (21211, 21214, 21217, 21614)
_STOPPED = 21610
_THROTTLED = (20429, 14107, 30001, 63038)
# Of a number that was lost for good, in a report.
_DEAD = ("30005", "30006")


def sign(url: str, form: dict[str, str], token: str) -> str:
    """The header `X-Twilio-Signature`: the address and the sorted fields under the account's token."""
    return base64_hmac(token, url + "".join(name + form[name] for name in sorted(form)), "sha1")


def _render(message: Message, account: Account) -> Payload:
    text = sms.own_text(message, account)
    sender = account["sender_number"]
    field = "MessagingServiceSid" if sender.startswith("MG") else "From"
    payload = {"To": sms.number(message, account), field: sender, "Body": text}
    if account.callback.startswith("https://"):
        payload["StatusCallback"] = account.callback
    return {"form": payload, "segments": segments.count(text).count}


def _send(account: Account, payload: Payload, http: Http) -> Outcome:
    name = quote(account["account_sid"], safe="")
    url = f"{account['endpoint'] or _ENDPOINT}/2010-04-01/Accounts/{name}/Messages.json"
    pair = f"{account['account_sid']}:{account['auth_token']}"
    headers = {
        "authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
        "content-type": "application/x-www-form-urlencoded",
    }
    try:
        reply = http.post(url, urlencode(payload["form"]).encode(), headers=headers)
    except OutgoingProblem as problem:
        return no_reply(problem)
    return replies.broken(reply) or _outcome(reply.status, replies.json(reply))


def _outcome(status: int, answer: dict[str, Any]) -> Outcome:
    if status in (200, 201):
        return accepted(str(answer.get("sid", "")))
    code, words = answer.get("code"), str(answer.get("message", ""))
    if code in _THROTTLED:
        return retry(THROTTLED, words, after=60)
    if code in _BAD_ACCOUNT or status in (401, 403):
        return replies.mend(f"{code} {words}")
    # Whoever answered STOP is held back by the provider as well; the address is as good as dead to us.
    return refused(str(code), words, is_bounce=code in _NO_SUCH_NUMBER or code == _STOPPED)


def _receive(account: Account, callback: Callback) -> Received:
    form = dict(parse_qsl(callback.body.decode("utf-8", "replace"), keep_blank_values=True))
    query = f"?{urlencode(callback.query)}" if callback.query else ""
    right = sign(f"{account.callback}{query}", form, account["auth_token"])
    if not is_same(right, callback.headers.get("x-twilio-signature", "")):
        raise NotGenuine("wrong signature")
    if form.get("AccountSid", account["account_sid"]) != account["account_sid"]:
        raise NotGenuine("for another account")
    event = _event(form)
    return Received((event,) if event else (), b"<Response/>", "text/xml")


def _event(form: dict[str, str]) -> Event | None:
    name, status = form.get("MessageSid", ""), form.get("MessageStatus", "")
    if "Body" in form and not status:
        is_stop = form.get("OptOutType", "").upper() == "STOP" or sms.is_stop(form["Body"])
        return Event(OPTED_OUT, address=form.get("From", ""), words=form["Body"][:100]) if is_stop else None
    if status == "delivered":
        return Event(DELIVERED, provider_id=name)
    if status in ("undelivered", "failed"):
        code = form.get("ErrorCode", "")
        return Event(BOUNCED if code in _DEAD else FAILED, provider_id=name, code=code, is_hard=code in _DEAD)
    return None


def _limits(account: Account) -> Limits:
    return Limits(per_minute=account.number("per_minute", 0), characters_most=sms.CHARACTERS_MOST)


CHANNEL = Channel(
    code="twilio_sms",
    way="sms",
    kinds=frozenset({INVITATION, NOTICE}),
    addresses=("phone",),
    fields=(
        Field("account_sid"),
        Field("auth_token", is_secret=True),
        Field("sender_number"),
        Field("sign_name", is_required=False),
        Field("suffix", is_required=False),
        sms.MARKETING,
        sms.COUNTRY,
        sms.PER_MINUTE,
        Field("endpoint", is_required=False, kind="url", default=_ENDPOINT),
    ),
    render=_render,
    send=_send,
    limits=_limits,
    receive=_receive,
    is_short=True,
    reads=sms.own_text,
)
