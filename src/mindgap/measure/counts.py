"""A distribution as a table of counts: all that a score, its interval and its test need."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite
from mindgap.measure.errors import BadArgument, BadCounts, TooFewAnswers


@dataclass(frozen=True, slots=True, eq=False, init=False)
class Counts:
    """How many answers have each value.

    Parameters
    ----------
    counts : array_like
        Non-negative numbers, one per value; fractions are allowed when answers are weighted.
    values : array_like, optional
        The values, any order, repeats are added up; 0, 1, 2 ... if left out.

    Attributes
    ----------
    values, counts : ndarray of float64, shape (k,)
        Sorted distinct values and their counts; read-only. Values counted zero times are kept.

    Raises
    ------
    BadCounts
        If a count is negative, or anything is not a finite number, or the shapes differ.

    Examples
    --------
    >>> Counts([2, 0, 1]).mean
    0.6666666666666666
    >>> (Counts.of({5: 3}) + Counts.of({4: 1})).n
    4.0
    """

    values: Floats
    counts: Floats

    def __init__(self, counts: ArrayLike, *, values: ArrayLike | None = None) -> None:
        numbers = finite(counts, negative=False)
        given = finite(np.arange(numbers.size) if values is None else values)
        if numbers.ndim != 1 or given.shape != numbers.shape:
            raise BadCounts("one count per value needed")
        distinct, where = np.unique(given, return_inverse=True)
        merged = np.bincount(where, weights=numbers, minlength=distinct.size)
        # -0.0 would print as a value of its own.
        distinct = distinct + 0.0
        distinct.flags.writeable = merged.flags.writeable = False
        object.__setattr__(self, "values", distinct)
        object.__setattr__(self, "counts", merged)

    @classmethod
    def of(cls, table: Mapping[float, float]) -> Counts:
        """From ``{value: count}``."""
        return cls(list(table.values()), values=list(table))

    @classmethod
    def likert(cls, counts: ArrayLike, start: int = 0) -> Counts:
        """From counts of the consecutive values start, start + 1, ..."""
        numbers = finite(counts, negative=False)
        return cls(numbers, values=np.arange(start, start + numbers.size, dtype=np.float64))

    @classmethod
    def observed(cls, answers: ArrayLike, weights: ArrayLike | None = None) -> Counts:
        """From single answers, shape (n,), optionally with a weight each."""
        values = finite(answers)
        ones = np.ones_like(values) if weights is None else finite(weights, negative=False)
        return cls(ones, values=values)

    def __add__(self, other: Counts) -> Counts:
        if not isinstance(other, Counts):
            return NotImplemented
        return Counts(
            np.concatenate([self.counts, other.counts]),
            values=np.concatenate([self.values, other.values]),
        )

    def _present(self) -> tuple[Floats, Floats]:
        there = self.counts > 0
        return self.values[there], self.counts[there]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Counts):
            return NotImplemented
        mine, theirs = self._present(), other._present()
        return all(np.array_equal(a, b) for a, b in zip(mine, theirs, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(part.tobytes() for part in self._present()))

    def scaled(self, factor: float) -> Counts:
        """All counts times ``factor`` >= 0: the shares stay, the certainty changes.

        With factor 1 / design effect every interval of this package is that of the effective n.
        """
        return Counts(self.counts * float(finite(factor)), values=self.values)

    def negated(self) -> Counts:
        """The same answers with the sign of their values changed (for lower-is-better gaps)."""
        return Counts(self.counts, values=-self.values)

    def between(self, low: float = -math.inf, high: float = math.inf) -> float:
        """Number of answers with low <= value <= high."""
        return float(self.counts[(self.values >= low) & (self.values <= high)].sum())

    @property
    def n(self) -> float:
        """Number of answers (sum of weights)."""
        return float(self.counts.sum())

    @property
    def mean(self) -> float:
        """Arithmetic mean; TooFewAnswers if n = 0."""
        if self.n <= 0:
            raise TooFewAnswers(n=self.n, needed=1)
        return float(self.counts @ self.values / self.n)

    @property
    def variance(self) -> float:
        """Sample variance with divisor n - 1; TooFewAnswers unless n >= 2."""
        if self.n < 2:
            raise TooFewAnswers(n=self.n, needed=2)
        # Two passes: values may be large against their spread (seconds since a far start).
        return float(self.counts @ (self.values - self.mean) ** 2 / (self.n - 1))

    @property
    def is_constant(self) -> bool:
        """Whether all answers have one value (also true without answers)."""
        return int((self.counts > 0).sum()) <= 1

    def quantile(self, q: float) -> float:
        """Smallest value that a share of at least ``q`` does not exceed (inverse of the ECDF).

        Always an observed value. TooFewAnswers if n = 0, BadArgument unless 0 <= q <= 1.
        """
        if not 0 <= q <= 1:
            raise BadArgument("q", q)
        return self.at_rank(q * self.n)

    def at_rank(self, rank: float) -> float:
        """The value at ``rank`` (1 = smallest, n = largest) among the sorted answers."""
        values, counts = self._present()
        if values.size == 0:
            raise TooFewAnswers(n=0, needed=1)
        upto = np.cumsum(counts)
        # A rank computed as q * n may exceed the whole number it stands for by rounding.
        place = np.searchsorted(upto, rank * (1 - 1e-12), side="left")
        return float(values[min(int(place), values.size - 1)])
