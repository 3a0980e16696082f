"""Appending arrivals: one durable transaction for many items, and only then the receipt.

`append` is for those who hold a batch (imports); `Writer` is for those who hold one item each and wait (the public
lane): many callers share one transaction, which begins as soon as the one before is done. There an item may claim
places of which there are only so many.
"""

import asyncio
import threading
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import chain
from pathlib import Path
from queue import Full
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DataError, IntegrityError, OperationalError, connection, transaction

from mindgap.ground import clock
from mindgap.keep import bulk, claim
from mindgap.keep.claim import Claim
from mindgap.keep.turn import Turns

__all__ = ["AppendResult", "Claim", "Full", "Item", "Outcome", "Writer", "append"]

# How long `Writer.close` waits for the last commit.
_CLOSE_SECONDS = 30.0
# Rows up to which PostgreSQL gets them one by one: turning columns of one into arrays costs as much again.
_FEW = 4
_UNNESTED = (
    "insert into keep_arrival (organization_id, id, kind, source, body, received_at)"
    " select a, b, c, d, e, %s from unnest(%b::bigint[], %b::uuid[], %s::text[], %s::text[], %b::bytea[])"
    " as given (a, b, c, d, e) on conflict (id) do nothing"
)
_TRIES, _DEADLOCK = 3, "40P01"
# Rows in one statement of SQLite. Between statements a thread must ask for Python's lock again, which it may get
# milliseconds later when others are busy: a statement for each row made the slowest of 64 wait most of a second.
_ROWS = 100


class Item(NamedTuple):
    """One thing to append: the body is an `incoming.Incoming` as JSON, the id is made by the client.

    Its claims are taken together with it, once for an id: sent again, it claims nothing more.
    """

    organization: int
    id: UUID
    kind: str
    source: str
    body: bytes
    claims: tuple[Claim, ...] = ()


class Outcome(NamedTuple):
    """What became of a hand-over: `kept` items are in the record. When a claim was `exhausted`, nothing was appended."""

    kept: int
    exhausted: str = ""


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
        new = _insert([Item(organization_id, *item) for item in items])
    return AppendResult(new, len(items) - new)


def appended(ids: Iterable[UUID]) -> set[UUID]:
    """Those of the ids under which something has been appended."""
    if bulk.is_postgres():
        return {row[0] for row in bulk.fetch("select id from keep_arrival where id = any(%s)", [list(ids)])}
    sql = f"select id from keep_arrival where {bulk.among('id')}"  # noqa: S608
    return {UUID(row[0]) for row in bulk.fetch(sql, [bulk.listed(each.hex for each in ids)])}


def _append_again(hand_overs: Sequence[list[Item]]) -> list[Outcome]:
    """`_append`, once more when another process held rows of this one and this one rows of the other.

    That happens when both get the same ids at the same time in another order. PostgreSQL then undoes one of the two.
    """
    for _ in range(_TRIES):
        connection.ensure_connection()
        try:
            return _append(hand_overs)
        except OperationalError as problem:
            if getattr(problem.__cause__, "sqlstate", "") != _DEADLOCK:
                raise
    return _append(hand_overs)


def _append(hand_overs: Sequence[list[Item]]) -> list[Outcome]:
    """Append hand-overs in one transaction, each whole or, when a claim of it is exhausted, not at all."""
    outcomes = [Outcome(len(items)) for items in hand_overs]
    claiming = [place for place, items in enumerate(hand_overs) if any(item.claims for item in items)]
    if not claiming:
        with connection.wrap_database_errors:
            _insert(list(chain.from_iterable(hand_overs)))
        return outcomes
    with transaction.atomic(), connection.wrap_database_errors:
        apart = set(claiming)
        _insert([item for place, items in enumerate(hand_overs) if place not in apart for item in items])
        exhausted = _append_claiming([hand_overs[place] for place in claiming])
    for place, name in zip(claiming, exhausted, strict=True):
        if name:
            outcomes[place] = Outcome(0, name)
    return outcomes


def _append_claiming(hand_overs: Sequence[list[Item]]) -> list[str]:
    """Append those whose claims are met, first come, first served; the exhausted claim of each, or an empty text."""
    items = [item for each in hand_overs for item in each]
    used = claim.hold((item.organization, wanted.name) for item in items for wanted in item.claims)
    before = dict(used)
    there = appended(item.id for item in items)
    seen, accepted, exhausted = set(there), list[Item](), list[str]()
    for each in hand_overs:
        taking, name = _taking([item for item in each if item.id not in seen], used)
        exhausted.append(name)
        if not name:
            for wanted, count in taking.items():
                used[wanted] += count
            seen.update(item.id for item in each)
            accepted += each
    if _insert(accepted) != len(seen) - len(there):
        # Another process appended one of the ids at this moment, under other claims. Nothing was taken: try again.
        raise IntegrityError("an id was appended by somebody else at the same time")
    claim.take({name: count for name, count in used.items() if count != before[name]})
    return exhausted


def _taking(items: Sequence[Item], used: dict[claim.Name, int]) -> tuple[Counter[claim.Name], str]:
    """What the items of one hand-over take, and the first claim that is exhausted."""
    taking: Counter[claim.Name] = Counter()
    for item in {item.id: item for item in items}.values():
        for wanted in item.claims:
            name = (item.organization, wanted.name)
            if used[name] + taking[name] >= wanted.limit:
                return taking, wanted.name
            taking[name] += 1
    return taking, ""


def _insert(items: Sequence[Item]) -> int:
    """Insert what is not there yet, all of it or nothing, and with no transaction around it durably so."""
    if not items:
        return 0
    now = clock.now()
    raw: Any = connection.connection
    if bulk.is_postgres():
        return _insert_planned(raw, items, now)
    stamp = bulk.instant(now)
    pieces = [items[start : start + _ROWS] for start in range(0, len(items), _ROWS)]
    if len(pieces) == 1:
        # One statement is a transaction by itself.
        return _insert_rows(raw, items, stamp)
    with transaction.atomic(savepoint=False):
        return sum(_insert_rows(raw, piece, stamp) for piece in pieces)


def _insert_planned(raw: Any, items: Sequence[Item], now: datetime) -> int:
    """By a statement that is planned once for a connection, with the values apart from it and as they are.

    Written into the statement they would cost twice as much. Django, which also serves poolers that forget plans, would
    have each statement planned anew.
    """
    import psycopg

    if len(items) <= _FEW:
        sql = _listing(len(items))
        values: list[Any] = [value for item in items for value in (*item[:5], now)]
    else:
        sql = _UNNESTED
        values = [now, *(list(column) for column in list(zip(*items, strict=True))[:5])]
    raw.prepare_threshold = 0
    try:
        return int(psycopg.Cursor(raw).execute(sql, values, prepare=True).rowcount)
    finally:
        raw.prepare_threshold = None


@cache
def _listing(rows: int) -> str:
    marks = ", ".join(["(%b, %b, %s, %s, %b, %s)"] * rows)
    return (
        "insert into keep_arrival (organization_id, id, kind, source, body, received_at)"  # noqa: S608
        f" values {marks} on conflict (id) do nothing"
    )


def _insert_rows(raw: Any, items: Sequence[Item], stamp: str) -> int:
    values: list[Any] = []
    for item in items:
        values += (item.organization, item.id.hex, item.kind, item.source, item.body, stamp)
    return int(raw.execute(_statement(len(items)), values).rowcount)


@cache
def _statement(rows: int) -> str:
    marks = ", ".join(["(?, ?, ?, ?, ?, ?)"] * rows)
    return (
        "insert into keep_arrival (organization_id, id, kind, source, body, received_at)"  # noqa: S608
        f" values {marks} on conflict (id) do nothing"
    )


_Waiting = tuple[list[Item], "Future[Outcome] | asyncio.Future[Outcome]"]


class Writer:
    """One thread with one connection that appends what others hand over, many hand-overs in one transaction.

    At most `limit` items wait; more raise `queue.Full`. A future is done after the commit; it fails when the database
    refused, and then nothing of that hand-over was acknowledged: the client sends it again. Writers of several processes
    at one file of SQLite take turns.
    """

    def __init__(self, *, limit: int = 10_000) -> None:
        self._limit = limit
        self._waiting: deque[_Waiting] = deque()
        self._items = 0
        self._closing = False
        self._changed = threading.Condition()
        self._turns: Turns | None = None
        self._thread = threading.Thread(target=self._run, name="arrivals", daemon=True)
        self._thread.start()

    def put(self, items: Sequence[Item]) -> "Future[Outcome]":
        """Hand items over: all are appended, or none because the place that one claims is taken."""
        future: Future[Outcome] = Future()
        self._queue(list(items), future)
        return future

    def hand_over(self, items: Sequence[Item]) -> "asyncio.Future[Outcome]":
        """`put` for those who wait in an event loop, which hears of a whole batch at once: it must run here."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._queue(list(items), future)
        return future

    def close(self) -> None:
        """Commit what is waiting, then stop."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(_CLOSE_SECONDS)

    def _queue(self, items: list[Item], future: "Future[Outcome] | asyncio.Future[Outcome]") -> None:
        with self._changed:
            if self._closing:
                raise Full("the writer is closing")
            # A hand-over larger than the limit passes when nothing else waits, else it never could.
            if self._items and self._items + len(items) > self._limit:
                raise Full(f"{self._items} items are waiting")
            self._waiting.append((items, future))
            self._items += len(items)
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closing:
                    self._changed.wait()
                if not self._waiting:
                    break
            # Whatever comes in until it is this one's turn goes into the same transaction.
            try:
                with self._turn():
                    self._commit(self._take())
            except OSError as problem:
                # No lock is to be had there: nothing was appended, and those who come later try again.
                futures = [future for _items, future in self._take()]
                _tell(futures, [problem] * len(futures))
        connection.close()
        if self._turns:
            self._turns.close()

    def _take(self) -> list[_Waiting]:
        """All that waits. A caller that gave up before its turn is passed over; one that gives up later is too late."""
        with self._changed:
            batch, self._waiting, self._items = list(self._waiting), deque(), 0
        return [each for each in batch if _still_waits(each[1])]

    def _commit(self, batch: list[_Waiting]) -> None:
        if not batch:
            return
        futures = [future for _items, future in batch]
        try:
            outcomes = _append_again([items for items, _future in batch])
        except (DataError, IntegrityError) as problem:
            # One bad hand-over must not fail its neighbours: each gets a transaction of its own.
            if len(batch) == 1:
                _tell(futures, [problem])
                return
            for each in batch:
                self._commit([each])
        except Exception as problem:  # noqa: BLE001 - whatever it was, nothing was acknowledged
            # Perhaps the connection itself is broken: the next batch opens a new one.
            connection.close()
            _tell(futures, [problem] * len(futures))
        else:
            _tell(futures, outcomes)

    def _turn(self) -> AbstractContextManager[None]:
        if bulk.is_postgres():
            return nullcontext()
        if self._turns is None:
            self._turns = Turns(Path(connection.settings_dict["NAME"]))
        return self._turns.taken()


def _still_waits(future: "Future[Outcome] | asyncio.Future[Outcome]") -> bool:
    if isinstance(future, Future):
        return future.set_running_or_notify_cancel()
    return not future.cancelled()


def _tell(
    futures: Sequence["Future[Outcome] | asyncio.Future[Outcome]"], ends: Sequence[Outcome | Exception]
) -> None:
    """Tell each what became of it; an event loop is woken once for all that wait in it."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Outcome], Outcome | Exception]]] = {}
    for future, end in zip(futures, ends, strict=True):
        if isinstance(future, asyncio.Future):
            loops.setdefault(future.get_loop(), []).append((future, end))
        else:
            _settle(future, end)
    for loop, told in loops.items():
        # A loop that has ended has nobody left who waits.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle_all, told)


def _settle_all(told: Sequence[tuple["asyncio.Future[Outcome]", Outcome | Exception]]) -> None:
    for future, end in told:
        if not future.done():
            _settle(future, end)


def _settle(future: "Future[Outcome] | asyncio.Future[Outcome]", end: Outcome | Exception) -> None:
    if isinstance(end, Exception):
        future.set_exception(end)
    else:
        future.set_result(end)
