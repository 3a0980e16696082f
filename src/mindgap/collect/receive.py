"""The one door: every import, channel and API hands its incoming things over here, and gets a receipt for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import msgspec

from mindgap.ground import identity
from mindgap.keep import appender, batch, incoming
from mindgap.keep.models import Organization

_KINDS: dict[type, str] = {
    incoming.Interaction: "interaction",
    incoming.Answer: "answer",
    incoming.Customer: "customer",
}


class Parcel(NamedTuple):
    """A thing's key, the id of its arrival, the body that is kept, and what tells its content apart."""

    key: str
    id: UUID
    kind: str
    body: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Receipts:
    """The ids under which things are kept, in their order, and how many of them had not been kept before."""

    ids: tuple[UUID, ...]
    new: int


def parcel(organization: Organization, thing: incoming.Incoming, *, id: UUID | None = None) -> Parcel:  # noqa: A002
    """Pack a thing: under the client's id, else under the one that follows from organization, kind, key and content."""
    packed = pack(organization, _KINDS[type(thing)], thing.key, incoming.write(thing))
    return packed if id is None else packed._replace(id=id)


def pack(organization: Organization, kind: str, key: str, body: bytes) -> Parcel:
    """Pack a body that is written already."""
    content = batch.digest_of(body)
    return Parcel(key, identity.content_id(organization.code, kind, key, content), kind, body, content)


def receive(organization: Organization, parcels: Sequence[Parcel], *, source: str) -> Receipts:
    """Append all, durably, in one transaction; the receipts are given only after the commit.

    The same thing sent again gets the same receipt. `source` says which way they came, at most 64 characters.
    """
    items = [(each.id, each.kind, source[:64], each.body) for each in parcels]
    appended = appender.append(organization.pk, items)
    return Receipts(tuple(each.id for each in parcels), appended.new)


def digest(thing: object) -> str:
    """A short name for any plain object's content."""
    return batch.digest_of(msgspec.json.encode(thing, order="deterministic"))
