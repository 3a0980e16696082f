"""The recorder: reads arrivals in order and keeps the record and the tail of the facts true to them.

Everything a batch makes, and the cursor's move past it, is one transaction. Two recorders may run: a batch is
prepared without any lock, and of two that prepared the same one only the first to move the cursor writes it.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from uuid import UUID

from django.db import DataError, IntegrityError, transaction

from mindgap.ground import clock
from mindgap.keep import appender, batch, bulk, ledger, reader
from mindgap.keep.arrival import Tally
from mindgap.keep.batch import Batch, Given, Memory, Verdict
from mindgap.keep.reader import Arrived, Position, Reader, Stretch

READER = "record"
BATCH = 5_000
# Kinds that make nothing of the record itself; each has a reader of its own.
_PASSED_OVER = ("submission",)

_reader = Reader(READER)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording did. `known`: the same content had come before. True when there was any arrival."""

    arrivals: int = 0
    new_interactions: int = 0
    changed_interactions: int = 0
    new_answers: int = 0
    changed_answers: int = 0
    new_customers: int = 0
    changed_customers: int = 0
    known: int = 0
    quarantined: int = 0
    readings: int = 0

    def __bool__(self) -> bool:
        return self.arrivals > 0

    def __add__(self, other: "Recorded") -> "Recorded":
        return Recorded(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


def run_batch(*, limit: int = BATCH) -> Recorded:
    """Record the next arrivals; nothing when none wait, or when another recorder was faster."""
    return _record(limit) or Recorded()


def catch_up(*, limit: int | None = None) -> Recorded:
    """Record all arrivals that are there when this is called, at most about `limit`.

    What another recorder took meanwhile is not in the sum; `tallies` counts by source, whoever recorded.
    """
    total = Recorded()
    for _ in _reader.chase():
        if limit is not None and total.arrivals >= limit:
            break
        total += run_batch(limit=BATCH if limit is None else min(BATCH, limit - total.arrivals))
    return total


def position() -> Position:
    """How far the record is."""
    return _reader.position()


def hold_still() -> None:
    """Let no recorder write before the caller's transaction ends: no customer is merged away meanwhile."""
    if bulk.is_postgres():
        bulk.fetch("select 1 from keep_cursor where reader = %s for share", [READER])


def tallies(organization_id: int, source: str) -> dict[str, Tally]:
    """What became of all arrivals of one source so far, by kind."""
    return {each.kind: each for each in Tally.objects.filter(organization_id=organization_id, source=source)}


class DryRun:
    """Says what would become of items if they were appended and recorded; writes nothing.

    One object for all that belongs together (an import): a key that comes twice is new only once.
    """

    def __init__(self, organization_id: int) -> None:
        self._organization = organization_id
        self._memory = Memory(organization_id)
        self._ids: set[UUID] = set()
        # Numbers that the arrivals might get; they only have to differ.
        self._seq = reader.last().seq

    def judge(self, items: Sequence[tuple[UUID, str, str, bytes]]) -> list[Verdict]:
        """The verdict on each of the next `(id, kind, source, body)` items."""
        there = self._ids | appender.appended([item[0] for item in items])
        fresh: list[Given] = []
        places: list[int] = []
        now = clock.now()
        for id_, kind, source, body in items:
            # Appended before, in the record or among these: appending it again is no arrival.
            places.append(-1 if id_ in there else len(fresh))
            if id_ not in there:
                there.add(id_)
                self._seq += 1
                fresh.append(Given(self._seq, kind, source, now, body))
        self._ids |= there
        verdicts = [
            *Batch(self._organization, fresh, memory=self._memory).prepare().verdicts,
            Verdict(batch.KNOWN),
        ]
        return [verdicts[place] for place in places]


def classify(organization_id: int, items: Sequence[tuple[UUID, str, str, bytes]]) -> list[Verdict]:
    """`DryRun.judge` for many items that are given at once."""
    run = DryRun(organization_id)
    return [
        verdict
        for start in range(0, len(items), BATCH)
        for verdict in run.judge(items[start : start + BATCH])
    ]


def _record(limit: int) -> Recorded | None:
    """One batch in one transaction; None when another recorder moved the cursor first."""
    stretch = _reader.batch(limit)
    if not stretch:
        return Recorded()
    try:
        return _write(stretch)
    except (DataError, IntegrityError):
        # Some row is one that the database will not hold: find it by halves, so that the others get through.
        if len(stretch.arrivals) == 1:
            return _set_aside(stretch)
        return _record(len(stretch.arrivals) // 2)


def _write(stretch: Stretch) -> Recorded | None:
    grouped: dict[int, list[Given]] = defaultdict(list)
    for arrival in stretch.arrivals:
        if arrival.kind not in _PASSED_OVER:
            grouped[arrival.organization].append(_given(arrival))
    batches = [Batch(organization, given).prepare() for organization, given in grouped.items()]
    with transaction.atomic():
        if not _reader.advance(stretch):
            return None
        for each in batches:
            ledger.write(each)
    return sum((_recorded(each) for each in batches), Recorded())


def _set_aside(stretch: Stretch) -> Recorded | None:
    (arrival,) = stretch.arrivals
    refused = Batch(arrival.organization, [_given(arrival)]).refuse(
        "not_storable", "the database cannot hold a value of this row; correct it and send it again"
    )
    with transaction.atomic():
        if not _reader.advance(stretch):
            return None
        ledger.write(refused)
    return _recorded(refused)


def _given(arrival: Arrived) -> Given:
    return Given(arrival.seq, arrival.kind, arrival.source, arrival.raw_received, arrival.body)


def _recorded(done: Batch) -> Recorded:
    counted: Counter[tuple[str, str]] = Counter()
    for (_source, kind, state), count in done.counts.items():
        counted[kind, state] += count
        counted["", state] += count
    return Recorded(
        arrivals=len(done.verdicts),
        new_interactions=counted["interaction", batch.NEW],
        changed_interactions=counted["interaction", batch.CHANGED],
        new_answers=counted["answer", batch.NEW],
        changed_answers=counted["answer", batch.CHANGED],
        new_customers=counted["customer", batch.NEW],
        changed_customers=counted["customer", batch.CHANGED],
        known=counted["", batch.KNOWN],
        quarantined=counted["", batch.REFUSED],
        readings=len(done.readings),
    )
