"""Batch: some arrivals of one organization on their way into the record.

`Batch.prepare` decodes, checks, looks up what the record knows, and works out rows and readings; `ledger.write`
writes them, inside the transaction that moves the cursor. Between the two no other batch may have been written: the
cursor is the proof.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from mindgap.keep import bulk, incoming, readings, rows, transcript
from mindgap.keep.people import People
from mindgap.keep.registry import Needs, Registry
from mindgap.keep.rows import AnswerRow, ExpectationRow, InteractionRow
from mindgap.keep.shelf import Shelf
from mindgap.keep.transcript import Refused

NEW, CHANGED, KNOWN, REFUSED = "new", "changed", "known", "quarantined"

_INHERITED = ("touchpoint", "channel", "unit", "customer")


class Given(NamedTuple):
    """An arrival as it was read."""

    seq: int
    kind: str
    source: str
    received_at: Any
    body: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one item; a refused one carries its reason, words and column."""

    state: str
    reason: str = ""
    words: str = ""
    column: str = ""


_KINDS = {"interaction": incoming.Interaction, "answer": incoming.Answer, "customer": incoming.Customer}
_VERDICTS = {state: Verdict(state) for state in (NEW, CHANGED, KNOWN)}


class Memory:
    """What a dry run has seen in its earlier batches, which wrote nothing."""

    def __init__(self, organization: int) -> None:
        self.people = People(organization)
        # (kind, key) -> digest.
        self.digests: dict[tuple[str, str], str] = {}


class Batch:
    """One organization's part of the arrivals; `verdicts` has one entry for each, in order."""

    def __init__(self, organization: int, given: Sequence[Given], *, memory: Memory | None = None) -> None:
        self.organization = organization
        self.given = given
        self.memory = memory
        self.people = memory.people if memory else People(organization)
        self.interactions: Shelf[InteractionRow] = Shelf(organization, rows.interactions)
        self.answers: Shelf[AnswerRow] = Shelf(organization, rows.answers)
        # Answer -> the expectations stated in it.
        self.statements: dict[int, list[ExpectationRow]] = {}
        self.verdicts: list[Verdict] = []
        # (sign, *readings.COLUMNS)
        self.readings: list[tuple[Any, ...]] = []

    def prepare(self) -> "Batch":
        """Work out what becomes of every arrival, writing nothing but codes that nobody had declared."""
        items = [_decode(given) for given in self.given]
        accepted = [item for item in items if not isinstance(item, Refused)]
        self.registry = Registry(self.organization)
        needs = Needs()
        for item in accepted:
            transcript.needs(item, needs)
        self.registry.learn(needs, create=self.memory is None)
        self._find(accepted)
        for given, found in zip(self.given, items, strict=True):
            self.verdicts.append(self._take(given, found))
        if self.memory is None:
            self._find_dependents()
            self._link()
            self._read()
        return self

    def refuse(self, reason: str, words: str) -> "Batch":
        """Instead of `prepare`: refuse every arrival."""
        self.verdicts = [Verdict(REFUSED, reason, words) for _ in self.given]
        return self

    @property
    def counts(self) -> Counter[tuple[str, str, str]]:
        """How many arrivals there were by source, kind and state."""
        sides = ([given.source for given in self.given], [given.kind for given in self.given])
        return Counter(zip(*sides, [verdict.state for verdict in self.verdicts], strict=True))

    def _find(self, items: Sequence[incoming.Incoming]) -> None:
        """Have at hand what the record knows of these items: by key, by name, by identity."""
        answers = [item for item in items if isinstance(item, incoming.Answer)]
        keys = {item.key for item in items if isinstance(item, incoming.Interaction)}
        keys.update(answer.interaction for answer in answers if answer.interaction)
        self.interactions.load("key", keys)
        self.answers.load("key", {answer.key for answer in answers})
        self.people.find(item.customer for item in items if item.customer is not None)

    def _take(self, given: Given, item: "incoming.Incoming | Refused") -> Verdict:
        if isinstance(item, Refused):
            return Verdict(REFUSED, item.reason, item.words, item.column)
        try:
            return _VERDICTS[self._accept(given, item)]
        except Refused as refused:
            return Verdict(REFUSED, refused.reason, refused.words, refused.column)

    def _accept(self, given: Given, item: incoming.Incoming) -> str:
        if isinstance(item, incoming.Customer):
            return self.people.settle(
                item.customer, arrival=given.seq, seen=bulk.read_instant(given.received_at)
            )[1]
        digest = digest_of(given.body)
        is_answer = isinstance(item, incoming.Answer)
        there = self.answers.get(item.key) if is_answer else self.interactions.get(item.key)
        before = self._seen(given.kind, item.key) or (there.digest if there is not None else None)
        if before == digest:
            return KNOWN
        id_ = given.seq if there is None else there.id
        if isinstance(item, incoming.Answer):
            row, statements = transcript.answer(item, id_=id_, digest=digest, registry=self.registry)
            self._own(row, item, given)
            self.answers.put(row)
            self.statements[id_] = statements
        else:
            interaction = transcript.interaction(item, id_=id_, digest=digest, registry=self.registry)
            self._own(interaction, item, given)
            self.interactions.put(interaction)
        if self.memory is not None:
            self.memory.digests[given.kind, item.key] = digest
        return NEW if before is None else CHANGED

    def _own(
        self, row: InteractionRow | AnswerRow, item: incoming.Interaction | incoming.Answer, given: Given
    ) -> None:
        """Give a row its customer."""
        if item.customer is None:
            return
        seen = bulk.read_instant(given.received_at)
        row.customer, _ = self.people.settle(item.customer, arrival=given.seq, seen=seen)
        if row.customer is None:
            row.segments = {**item.customer.segments, **row.segments}

    def _seen(self, kind: str, key: str) -> str | None:
        """The digest that a dry run saw last for a key."""
        return None if self.memory is None else self.memory.digests.get((kind, key))

    def _find_dependents(self) -> None:
        """Have at hand what else changes: waiting and linked answers, and whatever a changed customer has."""
        interactions, answers, people = self.interactions, self.answers, self.people
        answers.load("awaits", [row.key for row in interactions.new()])
        answers.load("interaction_id", interactions.touched & interactions.stored.keys())
        answers.load("customer_id", people.restated)
        interactions.load("customer_id", people.restated)
        linked = {row.interaction for row in answers.stored.values() if row.interaction is not None}
        interactions.load("id", linked - interactions.now.keys())
        for shelf in (interactions, answers):
            people.load(row.customer for row in shelf.rows())
            self.registry.learn_values(
                {pair for row in shelf.rows() for pair in row.segments.items()}, create=True
            )
        everybody = (*people.stored.values(), *people.now.values())
        self.registry.learn_values({pair for row in everybody for pair in row.segments.items()}, create=True)

    def _link(self) -> None:
        """Let answers find their interactions and take from them what they do not say themselves."""
        interactions, people = self.interactions, self.people
        changed = {
            id_: (interactions.stored[id_], interactions.now[id_])
            for id_ in interactions.touched & interactions.stored.keys()
        }
        for id_, interaction in interactions.now.items():
            final = people.final(interaction.customer)
            if interaction.customer in people.restated or final != interaction.customer:
                interactions.set(id_, customer=final)
        for id_, row in self.answers.now.items():
            given: dict[str, Any] = {}
            there = interactions.get(row.awaits) if row.awaits else None
            if there is not None:
                given = {name: getattr(there, name) for name in _INHERITED if getattr(row, name) is None}
                given |= {"interaction": there.id, "awaits": ""}
            elif row.interaction in changed and row is self.answers.stored.get(id_):
                self.answers.touched.add(id_)
                given = _inherited_anew(row, *changed[row.interaction])
            customer = people.final(given.get("customer", row.customer))
            if row.customer in people.restated or customer != row.customer:
                given["customer"] = customer
            if given:
                self.answers.set(id_, **given)

    def _read(self) -> None:
        """The readings to add, and those to take back."""
        people, registry, interactions = self.people, self.registry, self.interactions
        for id_ in sorted(interactions.touched):
            before, row = interactions.stored.get(id_), interactions.now[id_]
            old: list[readings.Reading] = []
            if before is not None:
                old = readings.of_interaction(before, people.stored_segments(before.customer), registry)
            self._net(old, readings.of_interaction(row, people.segments(row.customer), registry))
        for id_ in sorted(self.answers.touched):
            was, answer = self.answers.stored.get(id_), self.answers.now[id_]
            old = []
            if was is not None:
                then = interactions.stored.get(was.interaction or 0)
                old = readings.of_answer(was, then, people.stored_segments(was.customer), registry)
            there = interactions.now.get(answer.interaction or 0)
            self._net(old, readings.of_answer(answer, there, people.segments(answer.customer), registry))

    def _net(self, old: list[readings.Reading], new: list[readings.Reading]) -> None:
        if not old:
            self.readings += [(1, *reading) for reading in new]
            return
        self.readings += [(-1, *reading) for reading in old if reading not in new]
        self.readings += [(1, *reading) for reading in new if reading not in old]


def _inherited_anew(row: AnswerRow, before: InteractionRow, after: InteractionRow) -> dict[str, Any]:
    """What an answer took from its interaction and takes again, now that it is another."""
    return {
        name: getattr(after, name)
        for name in _INHERITED
        if getattr(row, name) == getattr(before, name) != getattr(after, name)
    }


def digest_of(body: bytes) -> str:
    """What tells two contents apart."""
    return blake2b(body, digest_size=16).hexdigest()


def _decode(given: Given) -> "incoming.Incoming | Refused":
    if b"\\u0000" in given.body:
        return Refused("control_character", "the text holds a NUL character; remove it")
    try:
        item = incoming.read(given.body)
        transcript.check(item)
    except Refused as refused:
        return refused
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        return Refused("unreadable", f"{problem}; correct the field and send it again")
    if not isinstance(item, _KINDS.get(given.kind, ())):
        return Refused("wrong_kind", f"this is no {given.kind}; send it as what it is", "kind")
    return item
