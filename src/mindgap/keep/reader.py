"""Reader: goes through the arrivals in order, behind a cursor of its own.

1. `batch` gives the next arrivals, never past a transaction that has yet to commit.
2. The caller works out what to do, without any lock.
3. In one transaction it calls `advance` and writes what it worked out. Of two that prepared the same stretch only
   the first advances; the other gets False and writes nothing.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from mindgap.ground import clock
from mindgap.keep import bulk

# So many arrivals are looked through at once by a reader that takes only some of them.
_SPAN = 20_000
_PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.02


class Position(NamedTuple):
    """A place among the arrivals."""

    transaction: int
    seq: int


START = Position(0, 0)


class Arrived(NamedTuple):
    """An arrival as it was read; what costs time to convert is converted when it is asked for."""

    transaction: int
    seq: int
    organization: int
    raw_id: Any
    kind: str
    source: str
    raw_received: Any
    body: bytes

    @property
    def position(self) -> Position:
        return Position(self.transaction, self.seq)

    @property
    def id(self) -> UUID:
        return self.raw_id if isinstance(self.raw_id, UUID) else UUID(self.raw_id)

    @property
    def received_at(self) -> datetime:
        when = bulk.read_instant(self.raw_received)
        assert when is not None
        return when


@dataclass(frozen=True, slots=True)
class Stretch:
    """The way from one place to another, and the arrivals on it that the reader takes; perhaps none of them.

    True when there is any way to go.
    """

    start: Position
    end: Position
    arrivals: tuple[Arrived, ...] = ()

    def __bool__(self) -> bool:
        return self.end != self.start


class Reader:
    """A reader by name. It takes arrivals of the given kinds and sources (none: all of them).

    `behind` names another reader that must have been there first, so that its work can be relied on.
    """

    def __init__(
        self, name: str, *, kinds: Sequence[str] = (), sources: Sequence[str] = (), behind: str = ""
    ) -> None:
        self.name = name
        self._behind = behind
        self._wanted = [
            (column, list(values)) for column, values in (("kind", kinds), ("source", sources)) if values
        ]

    def position(self) -> Position:
        """How far this reader is."""
        return position(self.name)

    def batch(self, limit: int) -> Stretch:
        """The next arrivals, at most `limit`; false when nothing has come in."""
        start = self.position()
        if not self._wanted and not self._behind:
            return _stretch(start, *_after(start), limit)
        end = self._end(start)
        if end == start:
            return Stretch(start, start)
        where, parameters = _between(start, end)
        for column, values in self._wanted:
            where += f" and {bulk.among(column, text=True)}"
            parameters.append(bulk.listed(values))
        found = _stretch(start, where, parameters, limit)
        # All of the span was looked through, unless the limit cut it short.
        return found if len(found.arrivals) == limit else Stretch(start, end, found.arrivals)

    def advance(self, stretch: Stretch) -> bool:
        """Move past a stretch, in the caller's transaction; False when another has moved since it was read."""
        now = bulk.instant(clock.now())
        bulk.execute(
            'insert into keep_cursor (reader, "transaction", seq, moved_at) values (%s, 0, 0, %s)'
            " on conflict do nothing",
            [self.name, now],
        )
        moved = bulk.execute(
            'update keep_cursor set "transaction" = %s, seq = %s, moved_at = %s'
            ' where reader = %s and "transaction" = %s and seq = %s',
            [*stretch.end, now, self.name, *stretch.start],
        )
        return moved == 1

    def chase(self) -> Iterator[None]:
        """Once for each batch to run, until this reader is where the arrivals end when this is called.

        It gives up when it has not moved for 30 seconds: then a slower transaction, or another reader, holds it up.
        """
        goal = position(self._behind) if self._behind else last()
        here, waited = self.position(), 0.0
        while here < goal and waited < _PATIENCE_SECONDS:
            yield
            before, here = here, self.position()
            if here > before:
                waited = 0.0
            else:
                time.sleep(_PAUSE_SECONDS)
                waited += _PAUSE_SECONDS

    def _end(self, start: Position) -> Position:
        """The end of the span to look through."""
        where, parameters = _between(start, position(self._behind)) if self._behind else _after(start)
        span = f'select "transaction", seq from keep_arrival where {where} order by {_order()} limit {_SPAN}'  # noqa: S608
        rows = bulk.fetch(f"select * from ({span}) as span order by {_order('desc')} limit 1", parameters)  # noqa: S608
        return Position(*rows[0]) if rows else start


def position(reader: str) -> Position:
    """How far a reader is."""
    rows = bulk.fetch('select "transaction", seq from keep_cursor where reader = %s', [reader])
    return Position(*rows[0]) if rows else START


def last() -> Position:
    """The place of the newest arrival."""
    rows = bulk.fetch(f'select "transaction", seq from keep_arrival order by {_order("desc")} limit 1')  # noqa: S608
    return Position(*rows[0]) if rows else START


def _stretch(start: Position, where: str, parameters: list[Any], limit: int) -> Stretch:
    columns = '"transaction", seq, organization_id, id, kind, source, received_at, body'
    sql = f"select {columns} from keep_arrival where {where} order by {_order()} limit {int(limit)}"  # noqa: S608
    arrivals = tuple(Arrived._make((*row[:-1], bytes(row[-1]))) for row in bulk.fetch(sql, parameters))
    return Stretch(start, arrivals[-1].position if arrivals else start, arrivals)


# On SQLite, which has one writer, the sequence alone is the order, and the only index.
def _after(start: Position) -> tuple[str, list[Any]]:
    if bulk.is_postgres():
        # A transaction that is still running may hold an earlier number: nothing at or above it is read yet.
        running = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        return f'("transaction", seq) > (%s, %s) and "transaction" < {running}', [*start]
    return "seq > %s", [start.seq]


def _between(start: Position, end: Position) -> tuple[str, list[Any]]:
    if bulk.is_postgres():
        return '("transaction", seq) > (%s, %s) and ("transaction", seq) <= (%s, %s)', [*start, *end]
    return "seq > %s and seq <= %s", [start.seq, end.seq]


def _order(direction: str = "asc") -> str:
    return f'"transaction" {direction}, seq {direction}' if bulk.is_postgres() else f"seq {direction}"
