"""Formbricks: `responseFinished`, signed as Standard Webhooks demand. Unfinished responses are no answers yet."""

import base64
import binascii
from zoneinfo import ZoneInfo

from mindgap.collect.channels import signing
from mindgap.collect.inbound.contract import Message, NotGenuine, Source, Told, instant, needed, part


def _check(message: Message, secret: str) -> None:
    """HMAC-SHA256 over id, timestamp and body; old ones are refused, and of several signatures one must fit."""
    headers = message.headers
    name, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not name or not signing.is_timely(stamp):
        raise NotGenuine("webhook-timestamp is missing or not of now")
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError) as problem:
        raise NotGenuine("the secret of this source is none of Standard Webhooks") from problem
    right = signing.base64_hmac(key, f"{name}.{stamp}.".encode() + message.body)
    given = headers.get("webhook-signature", "").split()
    if not any(signing.is_same(each.removeprefix("v1,"), right) for each in given if each.startswith("v1,")):
        raise NotGenuine("webhook-signature is not right")


def _read(message: Message, zone: ZoneInfo) -> Told | None:
    found = part(message.found, "data")
    if message.found.get("event") != "responseFinished" and not found.get("finished"):
        return None
    meta, contact = part(found, "meta"), part(found, "contact")
    asked = found.get("createdAt")
    who = contact.get("userId") or part(found, "contactAttributes").get("userId")
    return Told(
        key=f"formbricks:{needed(found, 'surveyId')}:{needed(found, 'id')}",
        answered_at=instant(found.get("updatedAt") or asked, zone, "updatedAt"),
        asked_at=instant(asked, zone, "createdAt") if asked else None,
        values=part(found, "data") | {name: meta[name] for name in ("source", "url") if meta.get(name)},
        identities={"formbricks": str(who)} if who else {},
        language=_language(found.get("language")),
    )


def _language(given: object) -> str:
    return str(given)[:16] if given and given != "default" else ""


SOURCE = Source("formbricks", "Formbricks", True, _check, _read)
