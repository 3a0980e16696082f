"""Receipt: what whoever sent something is told of it, once it is stored."""

from typing import Any
from uuid import UUID

import msgspec

from mindgap.collect.lane.request import must_be_flat
from mindgap.keep import incoming
from mindgap.keep.appender import Item

encode = msgspec.json.Encoder().encode


class Receipt(msgspec.Struct, omit_defaults=True):
    """`state` is `kept`, or `quarantined` with the reason why the recorder will not count it, or `ignored`."""

    id: UUID
    state: str
    reason: str = ""


def packed(thing: dict[str, Any], organization: int, name: UUID, source: str) -> tuple[Item, Receipt]:
    """A thing as it came, with its `kind`, ready to be appended, and its receipt."""
    receipt = _judged(thing, name)
    return Item(organization, name, thing["kind"], source, encode(thing)), receipt


def _judged(thing: dict[str, Any], name: UUID) -> Receipt:
    try:
        msgspec.convert(thing, incoming.Incoming)
    except (msgspec.ValidationError, RecursionError) as problem:
        must_be_flat(thing)
        return Receipt(name, "quarantined", str(problem))
    return Receipt(name, "kept")
