"""The recorder: reads arrivals in order and keeps the record and the tail of the facts true to them.

Everything a batch makes, and the cursor's move past it, is one transaction. Two recorders may run: a batch is
prepared without any lock, and of two that prepared the same one only the first to move the cursor writes it.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DataError, IntegrityError, transaction

from mindgap.ground import clock
from mindgap.keep import batch, bulk, ledger
from mindgap.keep.arrival import Tally
from mindgap.keep.batch import Batch, Given, Memory, Verdict

READER = "record"
BATCH = 5_000

# How long `catch_up` waits, without progress, for a slower transaction or another recorder.
_PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.02


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


class Position(NamedTuple):
    """A place among the arrivals."""

    transaction: int
    seq: int


def run_batch(*, limit: int = BATCH) -> Recorded:
    """Record the next arrivals; nothing when none wait, or when another recorder was faster."""
    return _record(limit) or Recorded()


def catch_up(*, limit: int | None = None) -> Recorded:
    """Record all arrivals that are there when this is called, at most about `limit`.

    What another recorder took meanwhile is not in the sum; `tallies` counts by source, whoever recorded.
    """
    target, total, here, waited = _last(), Recorded(), position(), 0.0
    while (limit is None or total.arrivals < limit) and here < target and waited < _PATIENCE_SECONDS:
        done = run_batch(limit=BATCH if limit is None else min(BATCH, limit - total.arrivals))
        total += done
        before, here = here, position()
        if here > before:
            waited = 0.0
        else:
            time.sleep(_PAUSE_SECONDS)
            waited += _PAUSE_SECONDS
    return total


def position() -> Position:
    """How far the record is."""
    rows = bulk.fetch('select "transaction", seq from keep_cursor where reader = %s', [READER])
    return Position(*rows[0]) if rows else Position(0, 0)


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
        self._seq = _last().seq

    def judge(self, items: Sequence[tuple[UUID, str, str, bytes]]) -> list[Verdict]:
        """The verdict on each of the next `(id, kind, source, body)` items."""
        there = self._ids | _appended([item[0] for item in items])
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
    start = position()
    arrivals = _waiting(start, limit)
    if not arrivals:
        return Recorded()
    try:
        return _write(start, arrivals)
    except (DataError, IntegrityError):
        # Some row is one that the database will not hold: find it by halves, so that the others get through.
        if len(arrivals) == 1:
            return _set_aside(start, arrivals[0])
        return _record(len(arrivals) // 2)


# An arrival as read: transaction, seq, organization and the rest of `Given`.
_Arrival = tuple[Any, ...]


def _waiting(start: Position, limit: int) -> list[_Arrival]:
    columns = '"transaction", organization_id, seq, kind, source, received_at, body'
    if bulk.is_postgres():
        # A transaction that is still running may hold an earlier number: nothing at or above it is read yet.
        sql = (
            f'select {columns} from keep_arrival where ("transaction", seq) > (%s, %s)'  # noqa: S608
            ' and "transaction" < pg_snapshot_xmin(pg_current_snapshot())::text::bigint'
            ' order by "transaction", seq limit %s'
        )
        return bulk.fetch(sql, [*start, limit])
    sql = f"select {columns} from keep_arrival where seq > %s order by seq limit %s"  # noqa: S608
    return bulk.fetch(sql, [start.seq, limit])


def _write(start: Position, arrivals: Sequence[_Arrival]) -> Recorded | None:
    grouped: dict[int, list[Given]] = defaultdict(list)
    for arrival in arrivals:
        grouped[arrival[1]].append(_given(arrival))
    batches = [Batch(organization, given).prepare() for organization, given in grouped.items()]
    with transaction.atomic():
        if not _move(start, _position(arrivals[-1])):
            return None
        for each in batches:
            ledger.write(each)
    return sum((_recorded(each) for each in batches), Recorded())


def _set_aside(start: Position, arrival: _Arrival) -> Recorded | None:
    refused = Batch(arrival[1], [_given(arrival)]).refuse(
        "not_storable", "the database cannot hold a value of this row; correct it and send it again"
    )
    with transaction.atomic():
        if not _move(start, _position(arrival)):
            return None
        ledger.write(refused)
    return _recorded(refused)


def _given(arrival: _Arrival) -> Given:
    _transaction, _organization, seq, kind, source, received_at, body = arrival
    return Given(seq, kind, source, received_at, bytes(body))


def _position(arrival: _Arrival) -> Position:
    return Position(arrival[0], arrival[2])


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


def _move(start: Position, end: Position) -> bool:
    """Move the cursor; False when it no longer stands where it stood."""
    now = bulk.instant(clock.now())
    bulk.execute(
        'insert into keep_cursor (reader, "transaction", seq, moved_at) values (%s, 0, 0, %s) on conflict do nothing',
        [READER, now],
    )
    moved = bulk.execute(
        'update keep_cursor set "transaction" = %s, seq = %s, moved_at = %s'
        ' where reader = %s and "transaction" = %s and seq = %s',
        [*end, now, READER, *start],
    )
    return moved == 1


def _last() -> Position:
    if bulk.is_postgres():
        sql = 'select "transaction", seq from keep_arrival order by "transaction" desc, seq desc limit 1'
    else:
        sql = "select 0, seq from keep_arrival order by seq desc limit 1"
    rows = bulk.fetch(sql)
    return Position(*rows[0]) if rows else Position(0, 0)


def _appended(ids: Iterable[UUID]) -> set[UUID]:
    if bulk.is_postgres():
        return {row[0] for row in bulk.fetch("select id from keep_arrival where id = any(%s)", [list(ids)])}
    sql = f"select id from keep_arrival where {bulk.among('id')}"  # noqa: S608
    return {UUID(row[0]) for row in bulk.fetch(sql, [bulk.listed(each.hex for each in ids)])}
