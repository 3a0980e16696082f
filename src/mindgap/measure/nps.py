"""Net Promoter Score: one score, many cells, and two groups."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite, same_shape
from mindgap.measure.counts import Counts
from mindgap.measure.errors import BadArgument, BadCounts, TooFewAnswers
from mindgap.measure.estimate import Difference, Estimate
from mindgap.measure.normal import checked_level, z_critical
from mindgap.measure.sample import finite_correction
from mindgap.measure.scale import LIKELIHOOD

NpsMethod = Literal["score", "adjusted"]
"""``score`` inverts the score test; ``adjusted`` adds (3/4, 3/2, 3/4) answers to a Wald interval."""

PSEUDO = (0.75, 1.5, 0.75)
ROUNDS = 60
TINY = 1e-13
SLICE = 4096


@dataclass(frozen=True, slots=True, eq=False)
class NpsCells:
    """The scores of many cells at once; all arrays have one shape and are in points.

    ``variance`` is the adjusted Wald variance in points squared, never 0, for shrinking. Cells
    without answers hold NaN except in ``n``; cells with one answer have an interval (very wide).
    """

    value: Floats
    low: Floats
    high: Floats
    n: Floats
    variance: Floats
    method: str


@dataclass(frozen=True, slots=True, eq=False)
class NpsDifferences:
    """Steps from a to b of many pairs at once; arrays of one shape, in points except ``p``."""

    value: Floats
    low: Floats
    high: Floats
    p: Floats
    n_a: Floats
    n_b: Floats


def classes(counts: Counts) -> tuple[float, float, float]:
    """Numbers of detractors (0 to 6), passives (7, 8) and promoters (9, 10).

    BadCounts if an answer is not a whole number from 0 to 10: an invalid answer is no passive.
    """
    LIKELIHOOD.check(counts)
    return counts.between(0, 6), counts.between(7, 8), counts.between(9, 10)


def nps(
    counts: Counts,
    *,
    level: float = 0.95,
    method: NpsMethod = "score",
    population: float | None = None,
) -> Estimate:
    """Net Promoter Score with a confidence interval.

    Parameters
    ----------
    counts : Counts
        Answers per value 0..10.
    level : float, optional
        Confidence level, 0 < level < 1.
    method : {"score", "adjusted"}, optional
        ``score`` (default) stays near its level from n = 5 on; ``adjusted`` falls short (0.89 at
        n = 10) when hardly anybody is passive.
    population : float, optional
        Size of the finite population the respondents are a random sample of.

    Returns
    -------
    Estimate
        ``value``, ``low``, ``high`` in points, -100 to 100; ``n`` answers used.

    Raises
    ------
    TooFewAnswers
        If n < 2. The caller decides what to show; no silent NaN.
    BadCounts
        If an answer is not a whole number from 0 to 10.

    Notes
    -----
    Share of 9..10 minus share of 0..6, in points. The score interval is that of Tango for the
    difference of paired shares, with detractors and promoters as the discordant pairs. A design
    effect is given by ``counts.scaled(1 / deff)``.
    Reference values: tests/measure/reference/scores.json.

    References
    ----------
    .. [1] Tango, T. (1998), Statistics in Medicine 17, 891-908.
    .. [2] Rocks, B. (2016), The American Statistician 70(4), 365-372.

    Examples
    --------
    >>> nps(Counts([0, 0, 0, 0, 0, 0, 10, 20, 20, 30, 20])).value
    40.0
    """
    _enough(counts)
    three = classes(counts)
    n = sum(three)
    value = 100 * (three[2] - three[0]) / n
    correction = finite_correction(n, population=population)
    if correction == 0:
        return Estimate(value, value, value, n, "census")
    # n answers of a finite population are worth n / correction^2 of an endless one.
    cells = nps_cells(*(np.float64(c) / correction**2 for c in three), level=level, method=method)
    low, high = min(float(cells.low), value), max(float(cells.high), value)
    return Estimate(value, low, high, n, method)


def nps_cells(
    detractors: ArrayLike,
    passives: ArrayLike,
    promoters: ArrayLike,
    *,
    level: float = 0.95,
    method: NpsMethod = "score",
) -> NpsCells:
    """`nps` of many cells: three arrays of one shape (counts, fractions allowed).

    NaN marks cells without answers, because one empty cell must not hide the others.
    """
    det, pas, pro = (finite(part, negative=False) for part in (detractors, passives, promoters))
    same_shape(det, pas, pro)
    z = z_critical(checked_level(level))
    n = det + pas + pro
    with np.errstate(invalid="ignore", divide="ignore"):
        value = 100 * (pro - det) / n
    centre, variance = _adjusted(det, pas, pro)
    if method == "score":
        high = _upper_limit(det, pro, n, z)
        low = -_upper_limit(pro, det, n, z)
    elif method == "adjusted":
        half = z * np.sqrt(variance)
        low, high = np.maximum(centre - half, -1), np.minimum(centre + half, 1)
    else:
        raise BadArgument("method", method)
    # Rounding, and the adjusted centre pulled towards 0, must not push the score out of it.
    low, high = np.minimum(100 * low, value), np.maximum(100 * high, value)
    # An empty cell's value is NaN already, and minimum and maximum hand it on.
    return NpsCells(value, low, high, n, np.where(n > 0, 1e4 * variance, np.nan), method)


def nps_difference(a: Counts, b: Counts, *, level: float = 0.95) -> Difference:
    """The step in NPS from group ``a`` to group ``b`` (different customers).

    Returns
    -------
    Difference
        ``value`` = NPS of b - NPS of a, ``low``, ``high`` in points, -200 to 200. ``p`` is that
        of the pooled score test, the interval joins the two score intervals (MOVER): the plain
        Wald test rejects far too often when the groups differ in size.

    Raises
    ------
    TooFewAnswers
        If either n < 2.
    BadCounts
        If an answer is not a whole number from 0 to 10.

    References
    ----------
    .. [1] Zou, G. Y., Donner, A. (2008), Statistics in Medicine 27, 1693-1702, eq. 3.
    """
    _enough(a)
    _enough(b)
    cells = nps_differences(classes(a), classes(b), level=level)
    value, low, high, p = (float(x) for x in (cells.value, cells.low, cells.high, cells.p))
    return Difference(value, low, high, p, a.n, b.n, "pooled score test, mover interval")


def nps_differences(a: ArrayLike, b: ArrayLike, *, level: float = 0.95) -> NpsDifferences:
    """`nps_difference` of many pairs of cells.

    Parameters
    ----------
    a, b : array_like, shape (..., 3)
        Detractors, passives and promoters before and after (or of two groups).

    Returns
    -------
    NpsDifferences
        Arrays of shape (...), NaN where a side has no answers.
    """
    before, after = finite(a, negative=False), finite(b, negative=False)
    same_shape(before, after)
    if before.shape[-1:] != (3,):
        raise BadCounts("three classes per cell needed")
    from_a = nps_cells(*np.moveaxis(before, -1, 0), level=level)
    to_b = nps_cells(*np.moveaxis(after, -1, 0), level=level)
    value = to_b.value - from_a.value
    down = np.hypot(to_b.value - to_b.low, from_a.high - from_a.value)
    up = np.hypot(to_b.high - to_b.value, from_a.value - from_a.low)
    p = _pooled_p(before, after, value)
    return NpsDifferences(value, value - down, value + up, p, from_a.n, to_b.n)


def _pooled_p(before: Floats, after: Floats, value: Floats) -> Floats:
    from scipy.special import erfc

    both = before + after
    with np.errstate(invalid="ignore", divide="ignore"):
        det, _, pro = np.moveaxis(both / both.sum(axis=-1, keepdims=True), -1, 0)
        spread = np.maximum(det + pro - (pro - det) ** 2, 0.0)
        se = 100 * np.sqrt(spread * (1 / before.sum(axis=-1) + 1 / after.sum(axis=-1)))
        p = erfc(np.abs(value) / se / math.sqrt(2))
    # Without any spread all answers of both sides are of one class: no sign of a difference.
    certain = (spread < 1e-12) & ~np.isnan(value)
    return np.where(certain, 1.0, np.asarray(p, dtype=np.float64))


def _enough(counts: Counts) -> None:
    if counts.n < 2:
        raise TooFewAnswers(n=counts.n, needed=2)


def _adjusted(det: Floats, pas: Floats, pro: Floats) -> tuple[Floats, Floats]:
    det, pas, pro = det + PSEUDO[0], pas + PSEUDO[1], pro + PSEUDO[2]
    n = det + pas + pro
    centre = (pro - det) / n
    return centre, ((pro + det) / n - centre**2) / n


def _upper_limit(det: Floats, pro: Floats, n: Floats, z: float) -> Floats:
    """Largest true difference (shares) that the score test does not reject; all cells at once."""
    flat = [np.ravel(part) for part in (det, pro, n)]
    limit = np.empty(flat[0].size)
    # Slices that stay in the processor's cache are three times as fast as whole columns.
    for start in range(0, limit.size, SLICE):
        piece = slice(start, start + SLICE)
        limit[piece] = _upper_limit_of_slice(*(part[piece] for part in flat), z=z)
    return limit.reshape(det.shape)


def _upper_limit_of_slice(det: Floats, pro: Floats, n: Floats, *, z: float) -> Floats:
    """By Newton's steps between the score and 1, halving where a step would leave that range.

    The test statistic falls as the trial value rises, so there is one crossing. A cell without
    answers comes out as 1.
    """
    some = np.where(n > 0, n, 1.0)
    det, pro = det / some, pro / some
    value = np.where(n > 0, pro - det, 1.0)
    both, lead, bound = det + pro, 2 - pro + det, z * z / some
    low, high = value, np.ones_like(value)
    trial = np.minimum(value + np.sqrt(bound), (value + 1) / 2)
    for _ in range(ROUNDS):  # pragma: no branch - about nine rounds; the limit is a safety belt
        # Four times the detractors' share that is likeliest among those with this difference.
        line = lead * trial - both
        root = np.sqrt(np.maximum(line * line + 8 * det * trial * (1 - trial), 0.0))
        variance = (root - line) / 2 + trial * (1 - trial)
        excess = (trial - value) ** 2 - bound * variance
        beyond = excess > 0
        high, low = np.where(beyond, trial, high), np.where(beyond, low, trial)
        bend = (line * lead + 4 * det * (1 - 2 * trial)) / np.maximum(root, 1e-12)
        slope = 2 * (trial - value) - bound * ((bend - lead) / 2 + 1 - 2 * trial)
        following = trial - excess / np.where(slope == 0, 1.0, slope)
        inside = (following > low - TINY) & (following < high + TINY)
        following = np.where(inside, np.clip(following, low, high), (low + high) / 2)
        moved = np.abs(following - trial).max(initial=0.0)
        trial = following
        if moved < TINY:
            break
    return np.asarray(trial, dtype=np.float64)
