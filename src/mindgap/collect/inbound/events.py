"""Events: calls as Segment's libraries make them, and CloudEvents; by a mapping of their names to interactions."""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from mindgap.collect.inbound.contract import NotUnderstood, as_text, instant, needed, part
from mindgap.collect.inbound.mapping import Event, Mapping, number
from mindgap.ground import clock

# A device whose clock is further off than this is corrected by it.
_SKEW = timedelta(minutes=1)
_UTC = ZoneInfo("UTC")
# Calls that say where somebody was, and nothing that Mindgap keeps.
_SAYS_NOTHING = ("page", "screen", "group", "alias")


@dataclass(frozen=True, slots=True)
class Happened:
    """An event, wherever it came from. `id` names this event for ever; the same one sent twice is one."""

    id: str
    name: str
    at: datetime
    properties: dict[str, Any]
    identities: dict[str, str]
    subject: str = ""


def track(call: dict[str, Any]) -> Happened | None:
    """A `track` call; None for calls of which nothing is kept."""
    kind = str(call.get("type", "track"))
    if kind in _SAYS_NOTHING:
        return None
    if kind != "track":
        raise NotUnderstood("type is none of those known")
    return Happened(
        needed(call, "messageId"), needed(call, "event"), _at(call), part(call, "properties"), people(call)
    )


def people(call: dict[str, Any]) -> dict[str, str]:
    """Who a call of Segment's is about, by kind of identity."""
    traits = part(part(call, "context"), "traits") | part(call, "traits")
    found = {
        "user": call.get("userId"),
        "anonymous": call.get("anonymousId"),
        "email": traits.get("email"),
        "phone": traits.get("phone"),
    }
    return {kind: as_text(value) for kind, value in found.items() if value}


def identified(call: dict[str, Any]) -> dict[str, Any]:
    """An `identify` call as a customer."""
    traits = part(call, "traits")
    known = {"email", "phone", "name", "language"}
    attributes = {name: as_text(value) for name, value in traits.items() if name not in known}
    person: dict[str, Any] = {"identities": people(call)}
    person |= {name: as_text(traits[name]) for name in ("name", "language") if traits.get(name)}
    person["attributes"] = {name: text for name, text in attributes.items() if text}
    key = as_text(call.get("userId") or call.get("anonymousId"))
    return {"kind": "customer", "key": f"segment:{key}", "customer": person}


def cloud_event(found: dict[str, Any]) -> Happened:
    """A CloudEvent 1.0: in structured form, or put together from the headers of the binary one."""
    if found.get("specversion") != "1.0":
        raise NotUnderstood("specversion must be 1.0")
    at = instant(found["time"], _UTC, "time") if found.get("time") else clock.now()
    return Happened(
        f"{needed(found, 'source')}\x1f{needed(found, 'id')}",
        needed(found, "type"),
        at,
        _data(found),
        {},
        as_text(found.get("subject")),
    )


def interaction(happened: Happened, mapping: Mapping) -> dict[str, Any] | None:
    """The interaction of an event, not yet checked; None when events without a mapping are ignored.

    Without a mapping the name of the event is tried as the code of a touchpoint.
    """
    event = mapping.events.get(happened.name)
    if event is None:
        if mapping.other_events == "ignore":
            return None
        event = Event(re.sub(r"[^a-z0-9]+", "_", happened.name.lower()).strip("_"))
    found, taken = happened.properties, set[str]()

    def value(name: str) -> Any:
        taken.add(name)
        return found.get(name) if name else None

    def text(name: str) -> str:
        return as_text(value(name))

    identities = happened.identities | {kind: text(name) for kind, name in event.customer.items()}
    identities = {kind: told for kind, told in identities.items() if told}
    body = {
        "kind": "interaction",
        "key": text(event.key) or happened.subject or happened.id.replace("\x1f", " "),
        "touchpoint": event.touchpoint,
        "started_at": value(event.started) or happened.at,
        "customer": {"identities": identities} if identities else None,
        "promise": event.promise,
        "due_at": value(event.due),
        "promised": number(value(event.promised), {}, 0),
        "experienced_at": value(event.experienced_at),
        "experienced": number(value(event.experienced), {}, 0),
        "revenue": text(event.revenue),
        "cost": text(event.cost),
        "currency": text(event.currency),
        "unit": text(event.unit),
        "channel": text(event.channel),
        "segments": {code: told for code, name in event.segments.items() if (told := text(name))},
    }
    body["attributes"] = {
        name: told for name, value in found.items() if name not in taken and (told := as_text(value))
    }
    return {name: told for name, told in body.items() if told not in ("", None, {})}


def _at(call: dict[str, Any]) -> datetime:
    """When it happened: by our clock, where the device's own is off and it says when it sent."""
    now = clock.now()
    stamp = call.get("originalTimestamp") or call.get("timestamp")
    if not stamp:
        return now
    at = instant(stamp, _UTC, "timestamp")
    if not call.get("sentAt"):
        return at
    skew = now - instant(call["sentAt"], _UTC, "sentAt")
    return at + skew if abs(skew) > _SKEW else at


def _data(found: dict[str, Any]) -> dict[str, Any]:
    data = found.get("data")
    if data is None and isinstance(found.get("data_base64"), str):
        try:
            data = msgspec.json.decode(base64.b64decode(found["data_base64"], validate=True))
        except (binascii.Error, msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as problem:
            raise NotUnderstood("data_base64 is no JSON") from problem
    if data is None:
        return {}
    return data if isinstance(data, dict) else {"data": data}
