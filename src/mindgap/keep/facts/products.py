"""Sums of products: all that drivers need to know of the readings, without any row leaving this floor.

Readings are put side by side, one *row* per interaction (per answer where there is no interaction, or per customer),
with the mean of each term's values. Rows are those whose outcome, the first term, is known; where every term is they
are summed, the others are counted.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mindgap.keep.facts import pivot, snapshot
from mindgap.keep.facts.errors import BadQuestion, FactsMissing
from mindgap.keep.facts.pivot import Rows, rows
from mindgap.keep.facts.question import Per, ProductsQuestion, Question, Term
from mindgap.keep.facts.snapshot import File, Snapshot
from mindgap.keep.facts.statement import Scales

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Numbers that the sums of one answer may hold: 128 MB.
_MOST_NUMBERS = 2**24
# So many rows tell near which numbers the values lie.
_SOME = 1024
_CACHE_BYTES = 32 * 2**20
# Files with so few readings are added to sums that are known already, rather than everything summed anew.
_FEW = 500_000
_TRIES = 3


@dataclass(frozen=True, slots=True, eq=False)
class Products:
    """Sums over complete rows, per cell of `by` and per block of customers; values in steps of their measures.

    Columns are the terms, then the crossed ones (p in all). What stands in `about` was taken from every value before
    it was summed, so that large values with a small spread lose no digits.

    Attributes
    ----------
    by : columns of the cells
    keys : shape (cells, len(by)), NaN where nothing is known; one cell without `by`
    n : complete rows, shape (cells, blocks)
    sums : shape (cells, blocks, p)
    cross : shape (cells, blocks, p, p)
    about : shape (p,)
    known : which terms are known in each missing pattern that occurs, shape (patterns, terms)
    rows : rows with that pattern, shape (cells, patterns)
    """

    by: tuple[str, ...]
    keys: Floats
    n: Ints
    sums: Floats
    cross: Floats
    about: Floats
    known: NDArray[np.bool_]
    rows: Ints

    @property
    def bytes(self) -> int:
        return sum(each.nbytes for each in (self.keys, self.n, self.sums, self.cross, self.known, self.rows))


def products(
    question: Question,
    terms: Sequence[Term],
    *,
    crossed: Sequence[tuple[int, int]] = (),
    blocks: int = 1,
    per: Per = "interaction",
) -> Products:
    """Sums and sums of products of the terms over the rows that the question's readings make.

    `question.measures` and `weighted` are not used: the terms say what is read. `blocks` spreads the rows over so many
    blocks, all rows of a customer in one (rows of unknown customers by themselves), for a bootstrap by customers.
    """
    asked = ProductsQuestion(question, tuple(terms), tuple(crossed), blocks, per)
    scales = Scales.of(asked.reading)
    for attempt in range(_TRIES):
        now = snapshot.now(question.organization)
        try:
            return _memory.ask(asked, scales, now)
        except FactsMissing:
            # A file was replaced and swept between the look at the manifest and the reading of it.
            if attempt == _TRIES - 1:
                raise
    raise AssertionError("unreachable")


def sum_afresh(asked: ProductsQuestion, scales: Scales, now: Snapshot) -> Products:
    """The same from the readings of a snapshot, owing nothing to what is remembered."""
    summed = _Sums(asked)
    for portion in rows(asked, scales, now):
        summed.add(portion)
    return summed.products()


def forget() -> None:
    """Drop every remembered answer."""
    _memory.clear()


@dataclass(frozen=True, slots=True)
class _Held:
    """An answer at a moment, and beneath it what files that never change say: their leaves and their sums."""

    moment: tuple[int, int]
    whole: Products
    leaves: frozenset[int]
    closed: Products

    @property
    def bytes(self) -> int:
        return sum(each.bytes for each in {id(each): each for each in (self.whole, self.closed)}.values())


class _Memory:
    """Answers of this process, the least recently asked forgotten first.

    Sums are additive over rows, and rows change only where something new was read. So the closed files are summed
    once; then the rows to which new readings belong are taken out as they were and put in as they are.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[ProductsQuestion, Scales], _Held] = OrderedDict()

    def ask(self, asked: ProductsQuestion, scales: Scales, now: Snapshot) -> Products:
        key, moment = (asked, scales), (now.version, now.position)
        with self._lock:
            found = self._held.get(key)
            if found is not None and found.moment == moment:
                self._held.move_to_end(key)
                return found.whole
        made = _made(asked, scales, now, found)
        with self._lock:
            self._held[key] = made
            self._held.move_to_end(key)
            while len(self._held) > 1 and sum(each.bytes for each in self._held.values()) > _CACHE_BYTES:
                self._held.popitem(last=False)
        return made.whole

    def clear(self) -> None:
        with self._lock:
            self._held.clear()


_memory = _Memory()


def _made(asked: ProductsQuestion, scales: Scales, now: Snapshot, held: _Held | None) -> _Held:
    leaves: frozenset[int] = frozenset().union(*(file.leaves for file in now.files))
    old, added = _divided(now, held)
    if held is None or old is None:
        closed, old, added = sum_afresh(asked, scales, replace(now, tail=())), now.files, ()
        kept = leaves
    else:
        closed, kept = held.closed, held.leaves
    fresh = pivot.keys(asked, scales, replace(now, files=tuple(added)))
    whole = closed
    if fresh.size:
        changed = _Sums(asked, closed)
        for portion in rows(asked, scales, replace(now, files=tuple(old), tail=()), only=fresh):
            changed.add(portion, sign=-1)
        for portion in rows(asked, scales, now, only=fresh):
            changed.add(portion)
        whole = changed.products()
    return _Held((now.version, now.position), whole, kept, closed)


def _divided(now: Snapshot, held: _Held | None) -> tuple[tuple[File, ...] | None, tuple[File, ...]]:
    """The files whose sums are known and those that came since; None where the known sums are of no more use."""
    if held is None:
        return None, ()
    added = tuple(file for file in now.files if not file.leaves & held.leaves)
    old = tuple(file for file in now.files if file.leaves <= held.leaves)
    same = frozenset().union(*(file.leaves for file in old)) == held.leaves
    grown = sum(file.rows for file in added)
    if (
        not same
        or len(old) + len(added) < len(now.files)
        or grown > max(_FEW, sum(file.rows for file in old) // 4)
    ):
        return None, ()
    return old, added


class _Sums:
    """What the batches seen so far come to."""

    def __init__(self, asked: ProductsQuestion, start: Products | None = None) -> None:
        self._asked = asked
        self._about: Floats | None = None
        self._cells: dict[tuple[float | None, ...], int] = {} if asked.question.by else {(): 0}
        self._n: list[Ints] = []
        self._sums: list[Floats] = []
        self._cross: list[Floats] = []
        self._patterns: list[dict[int, int]] = []
        if start is not None:
            self._go_on(start)
        self._grow()

    def _go_on(self, start: Products) -> None:
        """Begin with sums made before, about the same numbers."""
        if start.n.any():
            self._about = start.about
        keys = [tuple(None if np.isnan(each) else each for each in row) for row in start.keys.tolist()]
        self._cells = {key: place for place, key in enumerate(keys)}
        self._n, self._sums, self._cross = (
            list(start.n.copy()),
            list(start.sums.copy()),
            list(start.cross.copy()),
        )
        masks = [sum(int(known) << j for j, known in enumerate(row)) for row in start.known.tolist()]
        self._patterns = [dict(zip(masks, row, strict=True)) for row in start.rows.tolist()]

    def add(self, portion: Rows, *, sign: int = 1) -> None:
        """Add some rows, or take them out again (`sign` -1)."""
        terms = len(self._asked.terms)
        known = ~np.isnan(portion.values)
        cells = self._cells_of(portion.by)
        self._count(cells, known, sign)
        whole = known.all(axis=0)
        if not whole.any():
            return
        wide = np.empty((int(whole.sum()), self._asked.width))
        wide[:, :terms] = portion.values[:, whole].T
        for place, (i, j) in enumerate(self._asked.crossed, start=terms):
            wide[:, place] = wide[:, i] * wide[:, j]
        if self._about is None:
            self._about = np.round(np.median(wide[:_SOME], axis=0))
        wide -= self._about
        groups = cells[whole] * self._asked.blocks + self._blocks_of(portion.owners[whole])
        self._multiply(wide, groups, sign)

    def products(self) -> Products:
        """The sums of all batches; without cells from which all was taken out."""
        asked = self._asked
        self._tidy()
        cells, p, terms = len(self._cells), asked.width, len(asked.terms)
        masks = sorted({mask for each in self._patterns for mask in each})
        known = np.array([[bool(mask >> j & 1) for j in range(terms)] for mask in masks], dtype=bool)
        return Products(
            by=asked.question.by,
            keys=np.array(list(self._cells), dtype=np.float64).reshape(cells, len(asked.question.by)),
            n=np.array(self._n, dtype=np.int64).reshape(cells, asked.blocks),
            sums=np.array(self._sums).reshape(cells, asked.blocks, p),
            cross=np.array(self._cross).reshape(cells, asked.blocks, p, p),
            about=np.zeros(p) if self._about is None else self._about,
            known=known.reshape(len(masks), terms),
            rows=np.array(
                [[each.get(mask, 0) for mask in masks] for each in self._patterns], dtype=np.int64
            ).reshape(cells, len(masks)),
        )

    def _tidy(self) -> None:
        self._patterns = [{mask: n for mask, n in each.items() if n} for each in self._patterns]
        there = [place for place, each in enumerate(self._patterns) if each or not self._asked.question.by]
        names = list(self._cells)
        self._cells = {names[place]: i for i, place in enumerate(there)}
        self._n, self._sums = [self._n[place] for place in there], [self._sums[place] for place in there]
        self._cross, self._patterns = (
            [self._cross[place] for place in there],
            [self._patterns[place] for place in there],
        )

    def _cells_of(self, by: Floats) -> Ints:
        """The place of each row's cell; new cells get the next places."""
        places = np.zeros(len(by), dtype=np.int64)
        if not self._asked.question.by:
            return places
        for column in by.T:
            distinct, place = np.unique(column, return_inverse=True)
            places = np.unique(places * distinct.size + place, return_inverse=True)[1]
        _, first = np.unique(places, return_index=True)
        found = [tuple(None if np.isnan(each) else each for each in by[row].tolist()) for row in first]
        for key in found:
            self._cells.setdefault(key, len(self._cells))
        self._grow()
        return np.array([self._cells[key] for key in found], dtype=np.int64)[places]

    def _grow(self) -> None:
        asked, p = self._asked, self._asked.width
        if len(self._cells) * asked.blocks * p * p > _MOST_NUMBERS:
            raise BadQuestion("by", "so many cells, blocks and terms cannot be held at once; ask for fewer")
        while len(self._n) < len(self._cells):
            self._n.append(np.zeros(asked.blocks, dtype=np.int64))
            self._sums.append(np.zeros((asked.blocks, p)))
            self._cross.append(np.zeros((asked.blocks, p, p)))
            self._patterns.append({})

    def _count(self, cells: Ints, known: NDArray[np.bool_], sign: int) -> None:
        masks = np.zeros(cells.size, dtype=np.int64)
        for j, column in enumerate(known):
            masks |= column.astype(np.int64) << j
        patterns, place = np.unique(masks, return_inverse=True)
        width = patterns.size
        counts = np.bincount(cells * width + place, minlength=len(self._cells) * width)
        for at in np.flatnonzero(counts).tolist():
            held, mask = self._patterns[at // width], int(patterns[at % width])
            held[mask] = held.get(mask, 0) + sign * int(counts[at])

    def _multiply(self, near: Floats, groups: Ints, sign: int) -> None:
        order = np.argsort(groups, kind="stable")
        near, groups = near[order], groups[order]
        edges = [*np.flatnonzero(np.diff(groups, prepend=-1)).tolist(), groups.size]
        for start, end in pairwise(edges):
            cell, block = divmod(int(groups[start]), self._asked.blocks)
            part = near[start:end]
            self._n[cell][block] += sign * (end - start)
            self._sums[cell][block] += sign * part.sum(axis=0)
            self._cross[cell][block] += sign * (part.T @ part)

    def _blocks_of(self, owners: Ints) -> Ints:
        """The block of each row: that of its customer, scattered so that neighbours do not go together."""
        if self._asked.blocks == 1:
            return np.zeros(owners.size, dtype=np.int64)
        mixed = owners.astype(np.uint64)
        # The finalizer of SplitMix64 (Steele, Lea and Flood 2014).
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        mixed ^= mixed >> np.uint64(31)
        found: Any = mixed % np.uint64(self._asked.blocks)
        return np.asarray(found, dtype=np.int64)
