"""Readings put side by side: one row per interaction, answer or customer, one column per term.

The engine finds the rows, which are those whose outcome (the first term) is known. The values of the other terms are
then written to their places batch by batch, which costs less time and memory than a pivot inside the engine.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mindgap.keep.facts import source
from mindgap.keep.facts.question import ProductsQuestion, Term
from mindgap.keep.facts.snapshot import Snapshot
from mindgap.keep.facts.statement import Scales, Statement, Writer, needed, quoted

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Numbers that are held side by side at once: 64 MB.
_MOST_NUMBERS = 2**23
_BATCH = 250_000
_RUNS = 256
# Keys of three kinds in one number, told apart by what is left after division by 3.
_KINDS = 3
_INTERACTION = "case when interaction <> 0 then interaction * 3 else answer * 3 + 1 end"
_OWNER = "customer * 3 + 2"
# What was taken back leaves its row; only rows in which something was taken back are looked at twice.
_NET = (
    "touched as (select distinct k from reading where s < 0),"
    " net as (select * from reading where k not in (select k from touched)"
    " union all select * replace (cast(s as tinyint) as s) from"
    " (select * exclude (s), sum(s) as s from reading where k in (select k from touched) group by all)"
    " where s <> 0)"
)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Some rows: whose they are, their cells and values.

    `owners` has shape (rows,), `by` (rows, columns of by) and `values` (terms, rows), NaN where nothing is known.
    """

    owners: Ints
    by: Floats
    values: Floats


def rows(
    asked: ProductsQuestion, scales: Scales, now: Snapshot, *, only: Ints | None = None
) -> Iterator[Rows]:
    """All rows of a snapshot, in portions; or only those with these keys (`keys`)."""
    if only is None:
        yield from _rows(asked, scales, now, None)
        return
    # Kinds apart: then the ids of each lie close together, and most of the files need not be read.
    for kind in range(_KINDS):
        wanted = only[only % _KINDS == kind]
        if wanted.size:
            yield from _rows(asked, scales, now, wanted)


def keys(asked: ProductsQuestion, scales: Scales, now: Snapshot) -> Ints:
    """The keys of all rows to which the readings of a snapshot belong."""
    relation = source.Relation(asked.reading, _columns(asked), now)
    if relation.is_empty:
        return np.empty(0, dtype=np.int64)
    writer = Writer(asked.reading, scales)
    sql = f"select distinct {_key(asked)} as k from {{source}} where {writer.test()}"  # noqa: S608
    return np.asarray(relation.ask(Statement(sql, tuple(writer.parameters)))["k"].to_numpy(), dtype=np.int64)


def _columns(asked: ProductsQuestion) -> set[str]:
    return {*needed(asked.reading), "touchpoint", "customer", "interaction", "answer"}


def _rows(asked: ProductsQuestion, scales: Scales, now: Snapshot, only: Ints | None) -> Iterator[Rows]:
    relation = source.Relation(asked.reading, _columns(asked), now)
    if relation.is_empty:
        return
    if only is not None:
        relation.beside("wanted", pa.table({"k": only}))
    found = relation.ask(_outcomes(asked, scales, only, is_corrected=relation.is_corrected))
    keys, owners, outcome = (np.asarray(found[name].to_numpy()) for name in ("k", "owner", "t0"))
    by = _floats(found, [f"by{i}" for i in range(len(asked.question.by))])
    order = np.argsort(keys)
    keys, owners, outcome, by = keys[order], owners[order], outcome[order], by[order]
    most = max(1, _MOST_NUMBERS // len(asked.terms))
    for start in range(0, keys.size, most):
        part = slice(start, start + most)
        values = np.empty((len(asked.terms), keys[part].size))
        values[0] = outcome[part]
        if len(asked.terms) > 1:
            is_all = keys.size <= most
            _fill(
                values,
                keys[part],
                asked,
                relation.stream(_others(asked, scales, keys[part], only, is_all=is_all), rows=_BATCH),
            )
        yield Rows(owners[part], by[part], values)


def _outcomes(asked: ProductsQuestion, scales: Scales, only: Ints | None, *, is_corrected: bool) -> Statement:
    """The rows: key, owner, cell and outcome."""
    outcome, reading = asked.terms[0], replace(asked.reading, measures=(asked.terms[0].measure,))
    writer = Writer(reading, scales)
    tests = [writer.test(), *_among(asked, only)]
    if outcome.touchpoint is not None:
        tests.append(f"touchpoint = {int(outcome.touchpoint)}")
    columns = [f"{_key(asked)} as k", f"case when customer <> 0 then {_OWNER} else 0 end as c"]
    columns += [f"{writer.column(name)} as b{i}" for i, name in enumerate(asked.question.by)]
    columns += [f"{writer.column(outcome.column)} as v", "sign as s"]
    read = f"select {', '.join(columns)} from {{source}} where {' and '.join(tests)}"  # noqa: S608
    made = ["k", "case when max(c) <> 0 then max(c) else k end as owner"]
    made += [f"max(b{i}) as by{i}" for i in range(len(asked.question.by))]
    if is_corrected:
        known = "filter (where v is not null)"
        made.append(f"cast(sum(s * cast(v as double)) {known} / sum(s) {known} as double) as t0")
        sql = f"with reading as materialized ({read}), {_NET} select {', '.join(made)} from net"  # noqa: S608
    else:
        made.append("avg(v) as t0")
        sql = f"with reading as ({read}) select {', '.join(made)} from reading"  # noqa: S608
    return Statement(f"{sql} group by k having t0 is not null", tuple(writer.parameters))


def _others(
    asked: ProductsQuestion, scales: Scales, keys: Ints, only: Ints | None, *, is_all: bool
) -> Statement:
    """The readings of all terms but the first."""
    terms = asked.terms[1:]
    measures = tuple(sorted({term.measure for term in terms}))
    writer = Writer(replace(asked.reading, measures=measures), scales)
    tests = [writer.test(), *_among(asked, only)]
    if not is_all:
        tests.append(f"k between {int(keys[0])} and {int(keys[-1])}")
    names = dict.fromkeys(term.column for term in terms)
    columns = [f"{_key(asked)} as k", "measure", "touchpoint", "sign as s"]
    columns += [f"{writer.column(name)} as {quoted('v_' + name)}" for name in names]
    sql = f"select {', '.join(columns)} from {{source}} where {' and '.join(tests)}"  # noqa: S608
    return Statement(sql, tuple(writer.parameters))


def _among(asked: ProductsQuestion, only: Ints | None) -> list[str]:
    """Tests that let only these keys, all of one kind, through; the range first, which skips whole parts of files."""
    if only is None:
        return []
    least, most = int(only.min()) // _KINDS, int(only.max()) // _KINDS
    kind = int(only[0]) % _KINDS
    ranges = {
        0: f"interaction between {least} and {most} and interaction <> 0",
        1: f"interaction = 0 and answer between {least} and {most}",
        2: f"customer between {least} and {most} and customer <> 0",
    }
    return [ranges[kind], f"{_key(asked)} in (select k from wanted)"]  # noqa: S608


def _key(asked: ProductsQuestion) -> str:
    if asked.per == "interaction":
        return _INTERACTION
    return f"case when customer <> 0 then {_OWNER} else {_INTERACTION} end"


def _fill(values: Floats, keys: Ints, asked: ProductsQuestion, readings: Iterator[pa.RecordBatch]) -> None:
    """The means of the terms after the first, each at the place of its row."""
    values[1:] = 0.0
    counts = np.zeros(values.shape)
    place_of = _Places(keys)
    by_measure: dict[int, list[tuple[int, Term]]] = {}
    for j, term in enumerate(asked.terms[1:], start=1):
        by_measure.setdefault(term.measure, []).append((j, term))
    for batch in readings:
        read = _Batch(batch, place_of)
        for measure, part in read.runs():
            for j, term in by_measure[measure]:
                at, value, sign = read.known(term, part)
                np.add.at(values[j], at, value * sign)
                np.add.at(counts[j], at, sign)
    with np.errstate(invalid="ignore", divide="ignore"):
        values[1:] /= counts[1:]
    values[1:][counts[1:] == 0] = np.nan


class _Batch:
    """Some readings, those of one measure one after the other."""

    def __init__(self, batch: pa.RecordBatch, place_of: "_Places") -> None:
        self._measures = batch.column("measure").to_numpy()
        # Closed files are in order of the measures already, the tail is not.
        if np.count_nonzero(np.diff(self._measures)) > _RUNS:
            batch = batch.take(pa.array(np.argsort(self._measures, kind="stable")))
            self._measures = batch.column("measure").to_numpy()
        self._batch = batch
        self._places = place_of(batch.column("k").to_numpy())
        self._signs = batch.column("s").to_numpy().astype(np.float64)

    def runs(self) -> Iterator[tuple[int, slice]]:
        """Each measure with the places of its readings."""
        edges = np.flatnonzero(np.diff(self._measures)) + 1
        for start, end in pairwise([0, *edges.tolist(), self._measures.size]):
            yield int(self._measures[start]), slice(start, end)

    def known(self, term: Term, part: slice) -> tuple[NDArray[np.int32], Floats, Floats]:
        """Rows, values and signs of the readings that say something of a term."""
        length = part.stop - part.start
        column = self._batch.column(f"v_{term.column}").slice(part.start, length)
        value = np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)
        places, signs = self._places[part], self._signs[part]
        there = places >= 0
        if column.null_count:
            there &= ~np.isnan(value)
        if term.touchpoint is not None:
            there &= self._batch.column("touchpoint").to_numpy()[part] == term.touchpoint
        return (places, value, signs) if there.all() else (places[there], value[there], signs[there])


class _Places:
    """Where each of the keys (in rising order) stands; -1 for one that is none of them."""

    def __init__(self, keys: Ints) -> None:
        self._keys, self._first, self._table = keys, int(keys[0]), None
        span = int(keys[-1]) - self._first + 1
        # Keys follow each other closely, as a rule: then a table is the fastest way.
        if span <= 64 * keys.size + _BATCH:
            self._table = np.full(span, -1, dtype=np.int32)
            self._table[keys - self._first] = np.arange(keys.size, dtype=np.int32)

    def __call__(self, wanted: Ints) -> NDArray[np.int32]:
        if self._table is None:
            near = np.minimum(np.searchsorted(self._keys, wanted), self._keys.size - 1)
            return np.where(self._keys[near] == wanted, near, -1).astype(np.int32)
        offset = wanted - self._first
        inside = (offset >= 0) & (offset < self._table.size)
        if inside.all():
            return self._table[offset]
        return np.where(inside, self._table[np.where(inside, offset, 0)], np.int32(-1))


def _floats(table: pa.Table, names: Sequence[str]) -> Floats:
    columns: list[Any] = [table[name].cast(pa.float64()).to_numpy() for name in names]
    return np.column_stack(columns) if columns else np.empty((table.num_rows, 0))
