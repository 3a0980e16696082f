"""`/c/v1/track` and its relatives, `/c/v1/events`: events of other systems, mapped to interactions."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from mindgap.collect.inbound import events
from mindgap.collect.inbound.contract import NotUnderstood
from mindgap.collect.inbound.mapping import Mapping
from mindgap.collect.lane import receipt, request
from mindgap.collect.lane.receipt import Receipt
from mindgap.collect.lane.request import JSON, Headers, Refused
from mindgap.ground import identity
from mindgap.keep.appender import Item

Taken = tuple[list[Item], list[Receipt]]

STRUCTURED = b"application/cloudevents+json"
BATCHED = b"application/cloudevents-batch+json"
# Not what an event says, but what its envelope needs.
_HEADERS = (b"ce-specversion", b"ce-id", b"ce-source", b"ce-type", b"ce-time", b"ce-subject")


def calls(content: bytes, *, kind: str, organization: int, mapping: Mapping) -> Taken:
    """Calls of Segment's libraries: one of the kind that the path says, or a `batch` of any kinds."""
    found = request.parsed(content)
    if not isinstance(found, dict):
        raise Refused(400, "not_objects", "send one JSON object")
    if kind != "batch":
        return _sorted([_call(found | {"type": kind}, organization, mapping)])
    shared = {name: found[name] for name in ("sentAt", "context") if name in found}
    every = request.several(found.get("batch", []))
    return _sorted(_call(shared | each, organization, mapping) for each in every)


def cloud(content: bytes, headers: Headers, *, organization: int, mapping: Mapping) -> Taken:
    """CloudEvents: structured, batched, or binary with the envelope in headers."""
    kind = request.must_be(headers, (STRUCTURED, BATCHED, JSON))
    found = request.parsed(content)
    if kind == JSON and b"ce-specversion" in headers:
        envelope = {
            name[3:].decode(): headers[name].decode("latin-1") for name in _HEADERS if name in headers
        }
        found = envelope | {"data": found}
    if kind == BATCHED and not isinstance(found, list):
        raise Refused(400, "not_objects", "a batch is a list of JSON objects")
    if kind != BATCHED and not isinstance(found, dict):
        raise Refused(400, "not_objects", "send one JSON object")
    return _sorted(_event(each, organization, mapping) for each in request.several(found))


def _call(call: dict[str, Any], organization: int, mapping: Mapping) -> tuple[Item | None, Receipt]:
    name = _id(organization, "segment", call.get("messageId"))
    try:
        if call.get("type") == "identify":
            # What is known of a person may change: other content is another sending.
            return _packed(
                events.identified(call), organization, _id(organization, "identify", _digest(call))
            )
        happened = events.track(call)
    except NotUnderstood as problem:
        return _unclear(call, organization, "segment", problem)
    if happened is None:
        return None, Receipt(name, "ignored")
    return _happened(happened, organization, name, mapping)


def _event(found: dict[str, Any], organization: int, mapping: Mapping) -> tuple[Item | None, Receipt]:
    try:
        happened = events.cloud_event(found)
    except NotUnderstood as problem:
        return _unclear(found, organization, "cloudevent", problem)
    return _happened(happened, organization, _id(organization, "cloudevent", happened.id), mapping)


def _happened(
    happened: events.Happened, organization: int, name: UUID, mapping: Mapping
) -> tuple[Item | None, Receipt]:
    thing = events.interaction(happened, mapping)
    if thing is None:
        return None, Receipt(name, "ignored")
    return _packed(thing, organization, name)


def _packed(thing: dict[str, Any], organization: int, name: UUID) -> tuple[Item, Receipt]:
    return receipt.packed(thing, organization, name, "events")


def _unclear(
    found: dict[str, Any], organization: int, form: str, problem: NotUnderstood
) -> tuple[Item, Receipt]:
    """Kept whole, for quarantine; the recorder finds that it is no interaction."""
    name = _id(organization, form, _digest(found))
    item, told = _packed({"kind": "interaction", "sent": found, "problem": str(problem)}, organization, name)
    return item, Receipt(name, told.state, str(problem))


def _sorted(every: Iterable[tuple[Item | None, Receipt]]) -> Taken:
    items, receipts = [], []
    for item, told in every:
        receipts.append(told)
        if item is not None:
            items.append(item)
    return items, receipts


def _id(organization: int, form: str, given: object) -> UUID:
    return identity.content_id(str(organization), form, str(given)) if given else identity.uuid7()


def _digest(found: dict[str, Any]) -> str:
    request.must_be_flat(found)
    return msgspec.json.encode(found, order="deterministic").decode()
