"""Appending arrivals: one durable transaction for many items, and only then the receipt.

`append` is for those who hold a batch (imports); `Writer` is for those who hold one item each and wait (the public
lane): many callers share one transaction, which begins as soon as the one before is done.
"""

import threading
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Full
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DataError, IntegrityError, connection, transaction

from mindgap.ground import clock
from mindgap.keep import bulk

__all__ = ["AppendResult", "Full", "Item", "Writer", "append"]

# How long `Writer.close` waits for the last commit.
_CLOSE_SECONDS = 30.0


class Item(NamedTuple):
    """One thing to append: the body is an `incoming.Incoming` as JSON, the id is made by the client."""

    organization: int
    id: UUID
    kind: str
    source: str
    body: bytes


@dataclass(frozen=True, slots=True)
class AppendResult:
    """How many items were new, and how many had been appended before."""

    new: int
    known: int


def append(organization_id: int, items: Sequence[tuple[UUID, str, str, bytes]]) -> AppendResult:
    """Append `(id, kind, source, body)` items durably, in one transaction; an id that is there is left alone."""
    if not items:
        return AppendResult(0, 0)
    with transaction.atomic(), connection.wrap_database_errors:
        new = _insert(Item(organization_id, *item) for item in items)
    return AppendResult(new, len(items) - new)


def _insert(items: Iterable[Item]) -> int:
    now = clock.now()
    raw: Any = connection.connection
    if bulk.is_postgres():
        columns = list(zip(*items, strict=True))
        cursor = raw.execute(
            "insert into keep_arrival (organization_id, id, kind, source, body, received_at)"
            " select a, b, c, d, e, %s from unnest(%s::bigint[], %s::uuid[], %s::text[], %s::text[], %s::bytea[])"
            " as given (a, b, c, d, e) on conflict (id) do nothing",
            [now, *(list(column) for column in columns)],
        )
        return int(cursor.rowcount)
    stamp = bulk.instant(now)
    rows = [(item.organization, item.id.hex, item.kind, item.source, item.body, stamp) for item in items]
    cursor = raw.executemany(
        "insert into keep_arrival (organization_id, id, kind, source, body, received_at) values (?, ?, ?, ?, ?, ?)"
        " on conflict (id) do nothing",
        rows,
    )
    return int(cursor.rowcount)


class Writer:
    """One thread with one connection that appends what others hand over, many hand-overs in one transaction.

    At most `limit` items wait; more raise `queue.Full`. A future of `put` is done after the commit; it fails when
    the database refused, and then nothing of that hand-over was acknowledged: the client sends it again.
    """

    def __init__(self, *, limit: int = 10_000) -> None:
        self._limit = limit
        self._waiting: deque[tuple[list[Item], Future[int]]] = deque()
        self._items = 0
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="arrivals", daemon=True)
        self._thread.start()

    def put(self, items: Sequence[Item]) -> "Future[int]":
        """Hand items over; the future gives how many are in the record now, which is all of them."""
        future: Future[int] = Future()
        with self._changed:
            if self._closing:
                raise Full("the writer is closing")
            # A hand-over larger than the limit passes when nothing else waits, else it never could.
            if self._items and self._items + len(items) > self._limit:
                raise Full(f"{self._items} items are waiting")
            self._waiting.append((list(items), future))
            self._items += len(items)
            self._changed.notify()
        return future

    def close(self) -> None:
        """Commit what is waiting, then stop."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(_CLOSE_SECONDS)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closing:
                    self._changed.wait()
                batch, self._waiting, self._items = list(self._waiting), deque(), 0
            if not batch:
                connection.close()
                return
            # A caller that gave up before its turn is passed over; one that gives up later is too late.
            self._commit([each for each in batch if each[1].set_running_or_notify_cancel()])

    def _commit(self, batch: list[tuple[list[Item], "Future[int]"]]) -> None:
        if not batch:
            return
        try:
            connection.ensure_connection()
            with transaction.atomic(), connection.wrap_database_errors:
                _insert(item for items, _future in batch for item in items)
        except (DataError, IntegrityError) as problem:
            # One bad hand-over must not fail its neighbours: each gets a transaction of its own.
            if len(batch) == 1:
                batch[0][1].set_exception(problem)
                return
            for each in batch:
                self._commit([each])
        except Exception as problem:  # noqa: BLE001 - whatever it was, nothing was acknowledged
            # Perhaps the connection itself is broken: the next batch opens a new one.
            connection.close()
            for _items, future in batch:
                future.set_exception(problem)
        else:
            for items, future in batch:
                future.set_result(len(items))
