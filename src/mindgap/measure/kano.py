"""Kano: what must be there, what pays off step by step, what delights, and what leaves cold."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, Ints, finite, same_shape
from mindgap.measure.errors import BadArgument, BadCounts, TooFewAnswers
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.normal import checked_level
from mindgap.measure.proportion import proportion

UNDECIDED = "undecided"
ATTRACTIVE, PERFORMANCE, MUST_BE, INDIFFERENT = "attractive", "performance", "must_be", "indifferent"
REVERSE, QUESTIONABLE = "reverse", "questionable"
CATEGORIES = (ATTRACTIVE, PERFORMANCE, MUST_BE, INDIFFERENT, REVERSE, QUESTIONABLE)
# Rows: answer if the feature is there; columns: if it is not; both from "I like it" to "I dislike it".
TABLE = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
LETTERS = "AOMIRQ"
# The same five answers as numbers, so that the ends weigh more than the lukewarm middle.
THERE = np.array([4.0, 2.0, 0.0, -1.0, -2.0])
NOT_THERE = np.array([-2.0, -1.0, 0.0, 2.0, 4.0])
EDGE = 2.0
LEAST_STRENGTH = 0.06
FONG = 1.65


@dataclass(frozen=True, slots=True)
class KanoCounts:
    """Respondents per category; numbers >= 0, fractions allowed when weighted."""

    attractive: float = 0
    performance: float = 0
    must_be: float = 0
    indifferent: float = 0
    reverse: float = 0
    questionable: float = 0

    def __post_init__(self) -> None:
        finite(self.row, negative=False)

    @property
    def row(self) -> tuple[float, ...]:
        """The six counts in the order of ``CATEGORIES``."""
        return tuple(getattr(self, name) for name in CATEGORIES)

    @property
    def n(self) -> float:
        """All respondents."""
        return float(sum(self.row))

    def __add__(self, other: KanoCounts) -> KanoCounts:
        if not isinstance(other, KanoCounts):
            return NotImplemented
        return KanoCounts(*(a + b for a, b in zip(self.row, other.row, strict=True)))


@dataclass(frozen=True, slots=True)
class Kano:
    """Category of a feature.

    ``category`` is one of the six names or "undecided"; ``leading`` and ``second`` the two
    commonest. ``difference`` (respondents) must reach ``needed`` (Fong), and ``strength``, the
    same as a share, 0.06. ``shares`` in the order attractive, performance, must_be,
    indifferent, reverse, questionable. ``better`` (0 to 1) and ``worse`` (-1 to 0) are None
    when nobody is in the first four categories.
    """

    category: str
    leading: str
    second: str
    difference: float
    needed: float
    strength: float
    shares: tuple[Estimate, ...]
    better: Estimate | None
    worse: Estimate | None
    n: float


@dataclass(frozen=True, slots=True)
class KanoContinuous:
    """Mean scores -2 to 4: ``there`` if the feature is there, ``absent`` if it is not.

    ``category``: attractive, performance, must_be, indifferent, or "undecided" when an interval
    crosses the line 2 between them.
    """

    there: Estimate
    absent: Estimate
    category: str
    n: int


def kano_counts(
    functional: ArrayLike, dysfunctional: ArrayLike, *, counts: ArrayLike | None = None
) -> KanoCounts:
    """Pairs of answers sorted into the six categories by the standard table.

    Parameters
    ----------
    functional, dysfunctional : array_like of int, shape (n,)
        Answers if the feature is there, and if it is not: 1 "I like it", 2 "it must be so",
        3 "neutral", 4 "I can live with it", 5 "I dislike it".
    counts : array_like of int, shape (n,), optional
        How many gave each pair; one each if left out.

    Raises
    ------
    BadCounts
        If an answer is none of 1..5 or the shapes differ.

    References
    ----------
    .. [1] Berger, C. et al. (1993), Center for Quality of Management J. 2(4), 3-36.

    Examples
    --------
    >>> kano_counts([1, 1, 3, 3], [3, 5, 5, 3])
    KanoCounts(attractive=1.0, performance=1.0, must_be=1.0, indifferent=1.0, reverse=0.0, questionable=0.0)
    """
    table = _table(functional, dysfunctional, counts)
    totals = dict.fromkeys(LETTERS, 0.0)
    for i, row in enumerate(TABLE):
        for j, letter in enumerate(row):
            totals[letter] += float(table[i, j])
    return KanoCounts(*(totals[letter] for letter in LETTERS))


def _table(functional: ArrayLike, dysfunctional: ArrayLike, counts: ArrayLike | None) -> Ints:
    there, absent = finite(functional), finite(dysfunctional)
    same_shape(there, absent)
    if there.ndim != 1 or not np.isin([there, absent], (1, 2, 3, 4, 5)).all():
        raise BadCounts("answers are 1, 2, 3, 4, 5")
    places = (there.astype(np.int64) - 1) * 5 + absent.astype(np.int64) - 1
    number = np.ones_like(there) if counts is None else finite(counts, negative=False)
    same_shape(there, number)
    return np.bincount(places, weights=number, minlength=25).astype(np.int64).reshape(5, 5)


def kano(counts: KanoCounts, *, level: float = 0.95) -> Kano:
    """Category, better and worse coefficients with Wilson's intervals.

    Parameters
    ----------
    counts : KanoCounts
        As `kano_counts` gives.

    Returns
    -------
    Kano
        ``better`` = (A + O) / (A + O + M + I): share whom having it would please; ``worse`` =
        -(O + M) / (A + O + M + I): share whom lacking it would annoy.

    Raises
    ------
    TooFewAnswers
        If there are no respondents.

    Notes
    -----
    A feature is "undecided" when the two commonest categories are too close: Fong's test at
    two-sided 10 %, |a - b| < 1.65 sqrt((a + b)(2n - a - b) / 2n), or a lead below 6 % of
    respondents. An undecided feature often means two customer groups: look at segments. The
    method asks what people say they would feel; it says nothing on how important it is.

    References
    ----------
    .. [1] Fong, D. (1996), Center for Quality of Management J. 5(3), 21-23.
    .. [2] Lee, M. C., Newcomb, J. F. (1997), Quality Management J. 4(3), 95-106 (strength).

    Examples
    --------
    >>> kano(KanoCounts(60, 40, 10, 30, 3, 2)).category
    'attractive'
    """
    n = counts.n
    if n == 0:
        raise TooFewAnswers(n=0, needed=1)
    ranked = sorted(zip(counts.row, CATEGORIES, strict=True), key=lambda pair: -pair[0])
    (a, leading), (b, second) = ranked[0], ranked[1]
    needed = FONG * math.sqrt((a + b) * (2 * n - a - b) / (2 * n))
    strength = (a - b) / n
    clear = a - b >= needed and strength >= LEAST_STRENGTH
    row = (counts.attractive, counts.performance, counts.must_be, counts.indifferent)
    kept = float(sum(row))
    better = worse = None
    if kept > 0:
        better = proportion(row[0] + row[1], kept, level=level)
        lacking = proportion(row[1] + row[2], kept, level=level)
        worse = replace(lacking, value=-lacking.value, low=-lacking.high, high=-lacking.low)
    return Kano(
        category=leading if clear else UNDECIDED,
        leading=leading,
        second=second,
        difference=a - b,
        needed=needed,
        strength=strength,
        shares=tuple(proportion(min(one, n), n, level=level) for one in counts.row),
        better=better,
        worse=worse,
        n=n,
    )


def kano_continuous(
    functional: ArrayLike,
    dysfunctional: ArrayLike,
    *,
    rng: np.random.Generator,
    counts: ArrayLike | None = None,
    draws: int = 2000,
    level: float = 0.95,
) -> KanoContinuous:
    """Mean Kano scores with bootstrap intervals.

    Parameters
    ----------
    functional, dysfunctional, counts : array_like of int, shape (n,)
        As in `kano_counts`.
    rng : numpy.random.Generator
        Source of chance; the same state gives the same interval.
    draws : int, optional
        Bootstrap samples, at least 100.

    Returns
    -------
    KanoContinuous
        Warning ``all_equal`` on a mean whose answers are all one: its interval has no width.

    Raises
    ------
    TooFewAnswers
        If n < 2.
    BadCounts, BadArgument

    Notes
    -----
    Uses all answers where the table keeps only the commonest category, so it is steadier for
    small samples; contradictory pairs pull the means to the middle instead of being dropped.
    Percentile intervals are somewhat short below about 20 respondents.

    References
    ----------
    .. [1] DuMouchel, W. (1993), in Berger et al., Center for Quality of Management J. 2(4), 18-19.

    Examples
    --------
    >>> found = kano_continuous([1, 1, 2, 1], [5, 4, 5, 5], rng=np.random.default_rng(1))
    >>> found.there.value, found.absent.value
    (3.5, 3.5)
    """
    table = _table(functional, dysfunctional, counts)
    n = int(table.sum())
    if n < 2:
        raise TooFewAnswers(n=n, needed=2)
    if draws < 100:
        raise BadArgument("draws", draws)
    tail = (1 - checked_level(level)) / 2
    redrawn = rng.multinomial(n, table.ravel() / n, size=draws).reshape(draws, 5, 5)
    there = _scored(table.sum(axis=1), redrawn.sum(axis=2), THERE, tail)
    absent = _scored(table.sum(axis=0), redrawn.sum(axis=1), NOT_THERE, tail)
    category = UNDECIDED
    if there.excludes(EDGE) and absent.excludes(EDGE):
        pleases, annoys = there.value > EDGE, absent.value > EDGE
        category = (
            (PERFORMANCE if annoys else ATTRACTIVE) if pleases else (MUST_BE if annoys else INDIFFERENT)
        )
    return KanoContinuous(there, absent, category, n)


def _scored(counts: Ints, redrawn: Ints, scores: Floats, tail: float) -> Estimate:
    n = int(counts.sum())
    value = float(counts @ scores / n)
    low, high = np.quantile(redrawn @ scores / n, [tail, 1 - tail])
    warnings = (Caution.ALL_EQUAL,) if (counts > 0).sum() == 1 else ()
    return Estimate(
        value, min(float(low), value), max(float(high), value), n, "percentile bootstrap", warnings
    )
