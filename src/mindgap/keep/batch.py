"""Batch: some arrivals of one organization on their way into the record.

1. `prepare` reads: it decodes, checks, looks up what the record knows, and works out rows and readings.
2. `write` writes it all, inside the transaction that moves the cursor. Between the two no other batch may have
   been written: the cursor is the proof.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from mindgap.ground import clock
from mindgap.keep import bulk, incoming, readings, rows, transcript
from mindgap.keep.expectation import PLACES
from mindgap.keep.people import People
from mindgap.keep.registry import Needs, Registry
from mindgap.keep.rows import AnswerRow, ExpectationRow, InteractionRow
from mindgap.keep.transcript import Refused

NEW, CHANGED, KNOWN, REFUSED = "new", "changed", "known", "quarantined"

_INHERITED = ("touchpoint", "channel", "unit", "customer")
_READING = ("organization_id", "sign", *readings.COLUMNS)
_QUARANTINE = (
    "organization_id", "kind", "source", "line", "reason", "words", '"column"', "raw", "digest", "state", "created_at",
)  # fmt: skip


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
        self.verdicts: list[Verdict] = []
        self.readings: list[tuple[Any, ...]] = []
        self._interactions: dict[int, InteractionRow] = {}
        self._stored_interactions: dict[int, InteractionRow] = {}
        self._interaction_ids: dict[str, int] = {}
        self._answers: dict[int, AnswerRow] = {}
        self._stored_answers: dict[int, AnswerRow] = {}
        self._answer_ids: dict[str, int] = {}
        self._statements: dict[int, list[ExpectationRow]] = {}
        self._touched_interactions: set[int] = set()
        self._touched_answers: set[int] = set()

    def prepare(self) -> "Batch":
        """Work out what becomes of every arrival, writing nothing but codes that nobody had declared."""
        items = [_decode(given.body) for given in self.given]
        accepted = [item for item in items if not isinstance(item, Refused)]
        self.registry = Registry(self.organization)
        needs = Needs()
        for item in accepted:
            transcript.needs(item, needs)
        self.registry.learn(needs, create=self.memory is None)
        self._find(accepted)
        self.people.find(item.customer for item in accepted if item.customer is not None)
        for given, item in zip(self.given, items, strict=True):
            self.verdicts.append(self._take(given, item))
        if self.memory is None:
            self._find_dependents()
            self._link()
            self._read()
        return self

    def refuse(self, reason: str, words: str) -> "Batch":
        """Instead of `prepare`: refuse every arrival."""
        self.verdicts = [Verdict(REFUSED, reason, words) for _ in self.given]
        return self

    def write(self) -> None:
        """Write rows, readings, quarantine and tallies."""
        self.people.write_new()
        self._write_rows(
            "keep_interaction", rows.INTERACTION, self._interactions, self._stored_interactions, rows.interaction_values
        )
        self._write_rows("keep_answer", rows.ANSWER, self._answers, self._stored_answers, rows.answer_values)
        self._write_expectations()
        self.people.write_merged()
        bulk.insert("keep_reading", _READING, self.readings)
        self._write_quarantine()
        self._write_tallies()
        if self.readings:
            bulk.execute(
                "insert into keep_factversion (organization_id, version, closed_to, tail_since) values (%s, 0, 0, %s)"
                " on conflict (organization_id) do update"
                " set tail_since = coalesce(keep_factversion.tail_since, excluded.tail_since)",
                [self.organization, bulk.instant(clock.now())],
            )

    @property
    def counts(self) -> Counter[tuple[str, str, str]]:
        """How many arrivals there were by source, kind and state."""
        sides = ([given.source for given in self.given], [given.kind for given in self.given])
        return Counter(zip(*sides, [verdict.state for verdict in self.verdicts], strict=True))

    def _find(self, items: Iterable[incoming.Incoming]) -> None:
        """Load the stored rows that have the keys of these items, or are named by them."""
        interaction_keys: set[str] = set()
        answer_keys: set[str] = set()
        for item in items:
            if isinstance(item, incoming.Interaction):
                interaction_keys.add(item.key)
            elif isinstance(item, incoming.Answer):
                answer_keys.add(item.key)
                interaction_keys.add(item.interaction)
        self._load_interactions("key", interaction_keys - {""})
        self._load_answers("key", answer_keys)

    def _take(self, given: Given, item: "incoming.Incoming | Refused") -> Verdict:
        if isinstance(item, Refused):
            return Verdict(REFUSED, item.reason, item.words, item.column)
        try:
            if not isinstance(item, _KINDS.get(given.kind, ())):
                raise Refused("wrong_kind", f"this is no {given.kind}; send it as what it is", "kind")
            state = self._accept(given, item)
        except Refused as refused:
            return Verdict(REFUSED, refused.reason, refused.words, refused.column)
        return _VERDICTS[state]

    def _accept(self, given: Given, item: incoming.Incoming) -> str:
        if isinstance(item, incoming.Customer):
            return self.people.settle(item.customer, arrival=given.seq, seen=bulk.read_instant(given.received_at))[1]
        digest = digest_of(given.body)
        is_interaction = isinstance(item, incoming.Interaction)
        ids = self._interaction_ids if is_interaction else self._answer_ids
        kept: dict[int, Any] = self._interactions if is_interaction else self._answers
        id_ = ids.get(item.key)
        before = self._digest(given.kind, item.key) or (kept[id_].digest if id_ is not None else None)
        if before == digest:
            return KNOWN
        state = NEW if before is None else CHANGED
        id_ = given.seq if id_ is None else id_
        row: InteractionRow | AnswerRow
        if isinstance(item, incoming.Interaction):
            row = transcript.interaction(item, id_=id_, digest=digest, registry=self.registry)
            self._touched_interactions.add(id_)
        else:
            row, self._statements[id_] = transcript.answer(item, id_=id_, digest=digest, registry=self.registry)
            self._touched_answers.add(id_)
        if item.customer is not None:
            seen = bulk.read_instant(given.received_at)
            row.customer, _ = self.people.settle(item.customer, arrival=given.seq, seen=seen)
            if row.customer is None:
                row.segments = {**item.customer.segments, **row.segments}
        ids[item.key] = id_
        kept[id_] = row
        if self.memory is not None:
            self.memory.digests[given.kind, item.key] = digest
        return state

    def _digest(self, kind: str, key: str) -> str | None:
        """The digest that a dry run saw last for a key."""
        return None if self.memory is None else self.memory.digests.get((kind, key))

    def _find_dependents(self) -> None:
        """Load what else this batch changes: waiting and linked answers, and whatever a changed customer has."""
        new = {row.key for id_, row in self._interactions.items() if id_ not in self._stored_interactions}
        self._load_answers("awaits", new)
        changed = self._touched_interactions & self._stored_interactions.keys()
        self._load_answers("interaction_id", changed)
        restated = self.people.restated
        self._load_answers("customer_id", restated)
        self._load_interactions("customer_id", restated)
        linked = {row.interaction for row in self._stored_answers.values() if row.interaction is not None}
        self._load_interactions("id", linked - self._interactions.keys())
        kept = (self._interactions, self._stored_interactions, self._answers, self._stored_answers)
        self.people.load(row.customer for table in kept for row in table.values())  # type: ignore[attr-defined]
        people = (*self.people.stored.values(), *self.people.now.values())
        pairs = {pair for person in people for pair in person.segments.items()}
        for table in kept:
            for row in table.values():  # type: ignore[attr-defined]
                pairs.update(row.segments.items())
        self.registry.learn_values(pairs, create=True)

    def _link(self) -> None:
        """Let answers find their interactions and take from them what they do not say themselves."""
        changed = {
            id_: (self._stored_interactions[id_], self._interactions[id_])
            for id_ in self._touched_interactions & self._stored_interactions.keys()
        }
        restated = self.people.restated
        for id_, row in self._interactions.items():
            final = self.people.final(row.customer)
            if row.customer in restated or final != row.customer:
                self._touched_interactions.add(id_)
                self._set(self._interactions, self._stored_interactions, id_, customer=final)
        for id_, row in self._answers.items():
            given: dict[str, Any] = {}
            if row.awaits and row.awaits in self._interaction_ids:
                there = self._interactions[self._interaction_ids[row.awaits]]
                given = {name: getattr(there, name) for name in _INHERITED if getattr(row, name) is None}
                given |= {"interaction": there.id, "awaits": ""}
            elif row.interaction in changed and row is self._stored_answers.get(id_):
                before, after = changed[row.interaction]
                for name in _INHERITED:
                    if getattr(row, name) == getattr(before, name) != getattr(after, name):
                        given[name] = getattr(after, name)
                self._touched_answers.add(id_)
            customer = given.get("customer", row.customer)
            if row.customer in restated or self.people.final(customer) != row.customer:
                given["customer"] = self.people.final(customer)
            if given:
                self._set(self._answers, self._stored_answers, id_, **given)
                self._touched_answers.add(id_)

    def _set(self, table: dict[int, Any], stored: dict[int, Any], id_: int, **given: Any) -> None:
        row = table[id_]
        if row is stored.get(id_):
            row = table[id_] = copy(row)
        for name, value in given.items():
            setattr(row, name, value)

    def _read(self) -> None:
        """The readings to add, and those to take back."""
        people = self.people
        for id_ in sorted(self._touched_interactions):
            row, before = self._interactions[id_], self._stored_interactions.get(id_)
            old = before and readings.of_interaction(before, people.stored_segments(before.customer), self.registry)
            self._net(old or [], readings.of_interaction(row, people.segments(row.customer), self.registry))
        for id_ in sorted(self._touched_answers):
            answer, was = self._answers[id_], self._stored_answers.get(id_)
            there = self._interactions.get(answer.interaction or 0)
            then = self._stored_interactions.get(was.interaction or 0) if was else None
            old = was and readings.of_answer(was, then, people.stored_segments(was.customer), self.registry)
            new = readings.of_answer(answer, there, people.segments(answer.customer), self.registry)
            self._net(old or [], new)

    def _net(self, old: list[readings.Reading], new: list[readings.Reading]) -> None:
        if not old:
            self.readings += [(self.organization, 1, *reading) for reading in new]
            return
        gone = [reading for reading in old if reading not in new]
        come = [reading for reading in new if reading not in old]
        self.readings += [(self.organization, -1, *reading) for reading in gone]
        self.readings += [(self.organization, 1, *reading) for reading in come]

    def _load_interactions(self, column: str, values: set[Any]) -> None:
        for row in self._load(rows.interactions, column, values):
            if row.id not in self._stored_interactions:
                self._stored_interactions[row.id] = row
                self._interactions.setdefault(row.id, row)
                self._interaction_ids[row.key] = row.id

    def _load_answers(self, column: str, values: set[Any]) -> None:
        for row in self._load(rows.answers, column, values):
            if row.id not in self._stored_answers:
                self._stored_answers[row.id] = row
                self._answers.setdefault(row.id, row)
                self._answer_ids[row.key] = row.id

    def _load(self, select: Any, column: str, values: set[Any]) -> Iterator[Any]:
        if values:
            # Said twice so that the partial index of those that wait can be used.
            test = bulk.among(column, text=column in ("key", "awaits"))
            test = f"awaits <> '' and {test}" if column == "awaits" else test
            yield from select(self.organization, test, bulk.listed(values))

    def _write_rows(
        self, table: str, columns: tuple[str, ...], now: dict[int, Any], stored: dict[int, Any], values: Any
    ) -> None:
        new = (row for id_, row in now.items() if id_ not in stored)
        changed = (row for id_, row in now.items() if id_ in stored and row is not stored[id_] and row != stored[id_])
        bulk.insert(table, ("organization_id", *columns), ((self.organization, *values(row)) for row in new))
        bulk.update(table, columns[1:], (values(row) for row in changed))

    def _write_expectations(self) -> None:
        again = [(id_ * PLACES, id_ * PLACES + PLACES) for id_ in self._statements if id_ in self._stored_answers]
        bulk.many("delete from keep_expectation where id >= %s and id < %s", again)
        made = []
        for id_, statements in self._statements.items():
            answer = self._answers[id_]
            for said in statements:
                whose = (said.id, answer.customer, answer.interaction, answer.touchpoint)
                made.append((self.organization, *whose, *rows.expectation_values(said)[4:]))
        bulk.insert("keep_expectation", ("organization_id", *rows.EXPECTATION), made)
        linked = [
            (row.customer, row.interaction, row.touchpoint, id_ * PLACES, id_ * PLACES + PLACES)
            for id_ in self._touched_answers - self._statements.keys()
            if (row := self._answers[id_]) != self._stored_answers.get(id_)
        ]
        bulk.many(
            "update keep_expectation set customer_id = %s, interaction_id = %s, touchpoint_id = %s"
            " where id >= %s and id < %s",
            linked,
        )

    def _write_quarantine(self) -> None:
        now = bulk.instant(clock.now())
        refused = (
            (
                self.organization, given.kind, given.source, None, verdict.reason, verdict.words.replace("\x00", "�"),
                verdict.column.replace("\x00", "�")[:200], _raw(given.body),
                digest_of(f"{given.kind}\n{given.source}\n".encode() + given.body), "open", now,
            )
            for given, verdict in zip(self.given, self.verdicts, strict=True)
            if verdict.state == REFUSED
        )  # fmt: skip
        bulk.insert_missing("keep_quarantine", _QUARANTINE, refused)

    def _write_tallies(self) -> None:
        counted: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        order = (NEW, CHANGED, KNOWN, REFUSED)
        for (source, kind, state), count in self.counts.items():
            counted[source, kind][order.index(state)] = count
        bulk.many(
            "insert into keep_tally (organization_id, source, kind, new, changed, known, quarantined)"
            " values (%s, %s, %s, %s, %s, %s, %s) on conflict (organization_id, source, kind) do update set"
            " new = keep_tally.new + excluded.new, changed = keep_tally.changed + excluded.changed,"
            " known = keep_tally.known + excluded.known, quarantined = keep_tally.quarantined + excluded.quarantined",
            ((self.organization, *key, *counts) for key, counts in counted.items()),
        )


def digest_of(body: bytes) -> str:
    """What tells two contents apart."""
    return blake2b(body, digest_size=16).hexdigest()


def _decode(body: bytes) -> "incoming.Incoming | Refused":
    if b"\\u0000" in body:
        return Refused("control_character", "the text holds a NUL character; remove it")
    try:
        item = incoming.read(body)
        transcript.check(item)
    except Refused as refused:
        return refused
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        return Refused("unreadable", f"{problem}; correct the field and send it again")
    return item


def _raw(body: bytes) -> str:
    """The body as JSON that any database can hold."""
    try:
        msgspec.json.decode(body)
        text = body.decode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        text = bulk.json({"body": body.decode(errors="replace").replace("\x00", "�")})
    return text.replace("\\u0000", "�")
