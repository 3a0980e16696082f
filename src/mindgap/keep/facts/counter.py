"""Counting: what the closed files say, remembered, and what the tail adds to it.

Counts are additive and closed files never change. So the answer of the files stays true; when files are added only
they are counted, and a new reading costs the counting of a few rows of the tail.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from mindgap.keep.facts import engine, snapshot, source, store
from mindgap.keep.facts.addition import Sum
from mindgap.keep.facts.errors import FactsMissing
from mindgap.keep.facts.handcount import handcount
from mindgap.keep.facts.question import Question
from mindgap.keep.facts.snapshot import File, Snapshot
from mindgap.keep.facts.statement import Scales, Statement, fits_rollup, needed, statement
from mindgap.keep.facts.table import CountTable, nothing, summed

_CACHE_BYTES = 64 * 2**20
_TRIES = 3

Key = tuple[Question, Scales]


@dataclass(frozen=True, slots=True)
class Counted:
    """An answer and what it was counted from: files by their leaves, and the tail up to a position."""

    version: int
    leaves: frozenset[int]
    closed: Sum
    position: int
    tail: pa.Table
    whole: CountTable

    @property
    def bytes(self) -> int:
        tables = (self.closed.table, self.tail, self.whole.table)
        return int(sum(table.nbytes for table in {id(table): table for table in tables}.values()))


class Memory:
    """Answers of this process, the least recently asked forgotten first."""

    def __init__(self, most: int = _CACHE_BYTES) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._held: OrderedDict[Key, Counted] = OrderedDict()
        self._bytes = 0

    def find(self, key: Key) -> Counted | None:
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def keep(self, key: Key, counted: Counted) -> None:
        with self._lock:
            gone = self._held.pop(key, None)
            self._bytes += counted.bytes - (gone.bytes if gone else 0)
            self._held[key] = counted
            while self._bytes > self._most:
                _, oldest = self._held.popitem(last=False)
                self._bytes -= oldest.bytes

    def clear(self) -> None:
        with self._lock:
            self._held.clear()
            self._bytes = 0


_memory = Memory()


def counts(question: Question) -> CountTable:
    """How many readings there are, by the columns of the question.

    Exact at the moment of asking: every reading that was committed before is in it, once.
    """
    question = question.plain
    key = (question, Scales.of(question))
    for attempt in range(_TRIES):
        now = snapshot.now(question.organization)
        try:
            counted = _counted(key, now, _memory.find(key))
        except FactsMissing:
            # A file was replaced and swept between the look at the manifest and the reading of it.
            if attempt == _TRIES - 1:
                raise
            continue
        _memory.keep(key, counted)
        return counted.whole
    raise AssertionError("unreachable")


def count_afresh(question: Question, now: Snapshot, *, rollups: bool = False) -> CountTable:
    """The same from the readings of a snapshot, owing nothing to what is remembered (nor to rollups)."""
    key = (question.plain, Scales.of(question))
    tables = [
        count_files(key, now.files, rollups=rollups),
        *(count_table(key, chunk.table) for chunk in now.tail),
    ]
    return CountTable(summed(tables, question.by, is_weighted=question.weighted), question.by)


def forget() -> None:
    """Drop every remembered answer."""
    _memory.clear()


def _counted(key: Key, now: Snapshot, held: Counted | None) -> Counted:
    question = key[0]
    if held is not None and held.version == now.version and held.position == now.position:
        return held
    if held is not None and held.version == now.version:
        closed, leaves = held.closed, held.leaves
    else:
        closed, leaves = _closed(key, now, held)
    tail = _tail(key, now, held)
    return Counted(
        now.version, leaves, closed, now.position, tail, CountTable(closed.plus(tail), question.by)
    )


def _closed(key: Key, now: Snapshot, held: Counted | None) -> tuple[Sum, frozenset[int]]:
    """What the files say: counted from those alone that came since, where the others hold what was counted."""
    question = key[0]
    leaves: frozenset[int] = frozenset().union(*(file.leaves for file in now.files))
    if held is not None and held.leaves <= leaves:
        new = leaves - held.leaves
        added = [file for file in now.files if file.leaves <= new]
        if sum(len(file.leaves) for file in added) == len(new):
            if not added:
                return held.closed, leaves
            return _sum(question, held.closed.plus(count_files(key, added))), leaves
    return _sum(question, count_files(key, now.files)), leaves


def _sum(question: Question, counted: pa.Table) -> Sum:
    return Sum(counted, question.by, is_weighted=question.weighted)


def _tail(key: Key, now: Snapshot, held: Counted | None) -> pa.Table:
    question = key[0]
    chunks: Sequence[snapshot.Chunk] | None = None
    tables = []
    if held is not None and held.version == now.version:
        chunks = now.after(held.position)
        tables = [held.tail] if chunks is not None else []
    if chunks is None:
        chunks = now.tail
    if not chunks:
        return tables[0] if tables else nothing(question.by, is_weighted=question.weighted)
    tables += [handcount(*key, chunk.table) for chunk in chunks]
    return summed(tables, question.by, is_weighted=question.weighted)


def count_table(key: Key, readings: pa.Table) -> pa.Table:
    """Counts of readings in memory, by the engine."""
    question, scales = key
    table = source.select(needed(question), readings.column_names, "readings")
    made = statement(question, scales, count="sum(sign)")
    return _clean(engine.run(made.sql.format(source=table), made.parameters, tables={"readings": readings}))


def count_files(key: Key, files: Sequence[File], *, rollups: bool = True) -> pa.Table:
    """Counts of the readings in closed files; from their rollups where those hold enough."""
    question = key[0]
    files = source.within(files, question.since, question.until)
    rolled = rollups and fits_rollup(question)
    from_rollup = [file for file in files if rolled and file.rollup]
    from_readings = [file for file in files if not (rolled and file.rollup)]
    counted = [nothing(question.by, is_weighted=question.weighted)]
    if from_rollup:
        counted.append(_count_rollups(key, from_rollup))
    if from_readings:
        counted.append(_count_readings(key, from_readings))
    return counted[-1] if len(counted) < 3 else summed(counted, question.by, is_weighted=question.weighted)


def _count_rollups(key: Key, files: Sequence[File]) -> pa.Table:
    question, scales = key
    names = [str(store.folder() / file.rollup) for file in files]
    made = statement(question, scales, count="sum(n)")
    return _read(made, source.PARQUET, [names])


def _count_readings(key: Key, files: Sequence[File]) -> pa.Table:
    question, scales = key
    is_exact = not any(file.has_corrections for file in files)
    made = statement(question, scales, count="count(*)" if is_exact else "sum(sign)")
    return _read(made, *source.of_files(needed(question), files))


def _read(made: Statement, relation: str, names: list[list[str]]) -> pa.Table:
    with source.missing_told():
        return _clean(engine.run(made.sql.format(source=relation), [*names, *made.parameters]))


def _clean(counted: pa.Table) -> pa.Table:
    """Without groups that come to nothing: what was added and taken back."""
    import pyarrow.compute as pc

    if counted.num_rows == 1 and counted["n"].null_count:
        # A sum over no rows.
        return counted.slice(0, 0)
    return counted.filter(pc.not_equal(counted["n"], 0))
