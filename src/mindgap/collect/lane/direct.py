"""Interactions and answers in Mindgap's own words: one object or a list, each with the id its client made."""

from typing import Any
from uuid import UUID

from mindgap.collect.lane import receipt, request
from mindgap.collect.lane.receipt import Receipt
from mindgap.collect.lane.request import Headers, Refused
from mindgap.ground import identity
from mindgap.keep.appender import Item


def items(
    content: bytes, headers: Headers, *, kind: str, organization: int
) -> tuple[list[Item], list[Receipt]]:
    """What to append, and the receipts once it is."""
    every = request.several(request.parsed(content))
    header = headers.get(b"idempotency-key", b"").decode("latin-1")
    packed = [_packed(each, header if len(every) == 1 else "", kind, organization) for each in every]
    return [item for item, _ in packed], [told for _, told in packed]


def _packed(thing: dict[str, Any], header: str, kind: str, organization: int) -> tuple[Item, Receipt]:
    name = _id(thing.pop("id", header))
    thing["kind"] = kind
    thing.setdefault("key", str(name))
    return receipt.packed(thing, organization, name, "api")


def _id(given: object) -> UUID:
    if not given:
        return identity.uuid7()
    try:
        return UUID(str(given))
    except ValueError as problem:
        raise Refused(400, "bad_id", "id is a UUID made by the client, best version 7") from problem
