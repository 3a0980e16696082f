"""`/c/v1/in/<source>/<address>`: messages of other survey tools: genuine, then read, mapped, kept as answers."""

import logging
import time
from dataclasses import dataclass
from typing import Any

import msgspec

from mindgap.collect import beside
from mindgap.collect.beside import Memory
from mindgap.collect.inbound import mapping as mappings
from mindgap.collect.inbound.contract import Message, NotGenuine, NotUnderstood, Source
from mindgap.collect.inbound.mapping import Mapping
from mindgap.collect.inbound.sources import catalog
from mindgap.collect.lane import receipt, request
from mindgap.collect.lane.receipt import Receipt
from mindgap.collect.lane.request import Headers, Refused
from mindgap.ground import clock, identity
from mindgap.keep.appender import Item

# Refused messages are noted here, with the number of their source and never with what they said.
audit = logging.getLogger("mindgap.audit")

_SECONDS = 1.0
_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Open:
    """A source as the lane needs it."""

    id: int
    organization: int
    source: Source
    secret: str
    mapping: Mapping


class Sources:
    """Looks sources up off the event loop and keeps each answer for a second."""

    def __init__(self) -> None:
        self._known: Memory[tuple[str, str], Open | None] = Memory(most=_MOST)
        self._mappings: Memory[int, Mapping] = Memory(most=_MOST)
        self._noted: dict[int, float] = {}

    async def find(self, path: str) -> Open | None:
        """The source of a path below `/c/v1/in/`."""
        kind, _, short = path.partition("/")
        if kind not in catalog() or not short or len(short) > 32:
            return None
        return await self._known.find((kind, short), lambda: _look_up(kind, short))

    async def events(self, organization: int) -> Mapping:
        """How an organization maps the names of events; an empty mapping when it does not."""
        return await self._mappings.find(organization, lambda: _look_up_events(organization))

    async def take(self, found: Open, headers: Headers, content: bytes) -> tuple[list[Item], list[Receipt]]:
        """What to append of a message, when it is genuine."""
        thing = request.parsed(content)
        if not isinstance(thing, dict):
            raise Refused(400, "not_objects", "send one JSON object")
        request.must_be_flat(thing)
        plain = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers.items()}
        message = Message(plain, content, thing)
        try:
            found.source.check(message, found.secret)
        except NotGenuine as problem:
            await self._note(found, str(problem))
            raise Refused(401, "not_genuine", "the signature is missing, wrong, or not of now") from problem
        return _read(found, message)

    async def _note(self, found: Open, words: str) -> None:
        audit.warning("message for inbound source %s not taken: %s", found.id, words)
        # The page of a source shows the last one; a flood of them must not become a flood of writes.
        if self._noted.get(found.id, 0.0) < time.monotonic() - _SECONDS:
            self._noted[found.id] = time.monotonic()
            await beside.ask(lambda: _keep_note(found.id, words))


def _read(found: Open, message: Message) -> tuple[list[Item], list[Receipt]]:
    source = f"inbound:{found.source.code}"
    zone = clock.zone(found.mapping.zone or found.source.zone)
    try:
        told = found.source.read(message, zone)
    except NotUnderstood as problem:
        name = _id(found, message.found)
        thing = {"kind": "answer", "sent": message.found, "problem": str(problem)}
        item, _ = receipt.packed(thing, found.organization, name, source)
        return [item], [Receipt(name, "quarantined", str(problem))]
    if told is None:
        return [], []
    thing = mappings.answer(told, found.mapping)
    # By its content: sent again it is the same arrival, changed it is a correction of the same key.
    item, given = receipt.packed(thing, found.organization, _id(found, thing), source)
    return [item], [given]


def _id(found: Open, thing: dict[str, Any]) -> Any:
    content = msgspec.json.encode(thing, order="deterministic").decode()
    return identity.content_id(str(found.organization), "inbound", found.source.code, content)


def _look_up(kind: str, short: str) -> Open | None:
    from mindgap.collect.channels import vault
    from mindgap.collect.inbound.source import InboundSource

    row = InboundSource.objects.filter(kind=kind, short=short, is_active=True).first()
    if row is None:
        return None
    try:
        mapping = mappings.read(row.mapping)
        return Open(row.pk, row.organization_id, catalog()[kind], row.secret(), mapping)
    except vault.Unreadable:
        audit.exception("the secret of inbound source %s cannot be read; enter it again", kind)
        return None


def _look_up_events(organization: int) -> Mapping:
    from mindgap.collect.inbound.source import EVENTS, InboundSource

    row = InboundSource.objects.filter(organization_id=organization, kind=EVENTS, is_active=True).first()
    return mappings.read(row.mapping) if row else Mapping()


def _keep_note(source: int, words: str) -> None:
    from mindgap.collect.inbound.source import InboundSource

    InboundSource.objects.filter(pk=source).update(refused_at=clock.now(), refused=words[:200])
