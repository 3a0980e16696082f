"""Weights: make the answers look like the customers, and say what that costs in certainty."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, Ints, finite, same_shape
from mindgap.measure.errors import BadArgument, BadCounts, BadMargins, NotConverged, TooFewAnswers
from mindgap.measure.estimate import Estimate
from mindgap.measure.normal import checked_level, t_critical

TRIM_ROUNDS = 50


@dataclass(frozen=True, slots=True, eq=False)
class Margin:
    """One column of which the population is known.

    ``codes``: ints 0..k-1, shape (n,), the category of each answer; ``totals``: shape (k,), the
    population's number (or share) in each category.
    """

    codes: ArrayLike
    totals: ArrayLike


@dataclass(frozen=True, slots=True, eq=False)
class Raked:
    """Weights of shape (n,) that reproduce the margins; what to show beside any weighted figure.

    ``trimmed`` counts the answers held at a limit, ``distance`` is the largest relative miss of
    a margin that is left (0 but for rounding unless trimmed).
    """

    weights: Floats
    smallest: float
    largest: float
    effective_n: float
    rounds: int
    trimmed: int
    distance: float


def rake(
    margins: Sequence[Margin],
    *,
    base: ArrayLike | None = None,
    trim: tuple[float, float] | None = None,
    tolerance: float = 1e-10,
    max_rounds: int = 1000,
) -> Raked:
    """Weights whose sums per category equal the margins (iterative proportional fitting).

    Parameters
    ----------
    margins : sequence of Margin
        At least one; all totals are scaled to the sum of the first.
    base : array_like, shape (n,), optional
        Design weights to start from, > 0; all 1 if left out.
    trim : (float, float), optional
        Smallest and largest weight allowed, as multiples of the mean weight. Trimmed weights
        may miss the margins a little; ``distance`` says how far.
    tolerance : float, optional
        Largest relative miss of a margin at which to stop.

    Returns
    -------
    Raked

    Raises
    ------
    BadMargins
        If a category has a total but no answers, or margins do not share their sum's meaning
        (negative, not finite, codes without a total).
    NotConverged
        If the margins contradict each other in this sample.

    References
    ----------
    .. [1] Deming, W. E., Stephan, F. F. (1940), Annals of Mathematical Statistics 11, 427-444.
    """
    if not margins:
        raise BadArgument("margins", margins)
    codes, totals = _margins(margins)
    start = np.ones(codes[0].size) if base is None else finite(base, negative=False)
    if start.shape != codes[0].shape or start.size == 0 or not (start > 0).all():
        raise BadCounts("one base weight above 0 per answer needed")
    _check_support(codes, totals)
    fit = _Cells(codes, totals, tolerance=tolerance, max_rounds=max_rounds)
    weights, rounds = fit.fitted(start)
    trimmed = 0
    if trim is not None:
        weights, rounds, trimmed = _trimmed(fit, weights, trim, rounds)
    return Raked(
        weights=weights,
        smallest=float(weights.min()),
        largest=float(weights.max()),
        effective_n=effective_n(weights),
        rounds=rounds,
        trimmed=trimmed,
        distance=fit.distance(weights),
    )


def _margins(margins: Sequence[Margin]) -> tuple[list[Ints], list[Floats]]:
    codes: list[Ints] = []
    totals: list[Floats] = []
    for place, margin in enumerate(margins):
        row, wanted = np.asarray(margin.codes), np.asarray(margin.totals, dtype=np.float64)
        if row.ndim != 1 or row.dtype.kind not in "iu" or row.shape != np.shape(margins[0].codes):
            raise BadMargins("one whole code per answer needed", margin=place)
        if wanted.ndim != 1 or not np.isfinite(wanted).all() or (wanted < 0).any() or wanted.sum() <= 0:
            raise BadMargins("totals must be finite, not negative, not all 0", margin=place)
        if row.size and (row.min() < 0 or row.max() >= wanted.size):
            raise BadMargins("a code has no total", margin=place)
        codes.append(row.astype(np.int64))
        totals.append(wanted * (totals[0].sum() / wanted.sum() if totals else 1.0))
    return codes, totals


def _check_support(codes: list[Ints], totals: list[Floats]) -> None:
    for place, (row, wanted) in enumerate(zip(codes, totals, strict=True)):
        answers = np.bincount(row, minlength=wanted.size)
        if ((answers == 0) & (wanted > 0)).any():
            raise BadMargins("a category of the population has no answers", margin=place)
        if ((answers > 0) & (wanted == 0)).any():
            raise BadMargins("answers in a category the population does not have", margin=place)


class _Cells:
    """The cross-classification of all margins: raking needs its cells, not the answers.

    All answers of a cell are multiplied alike, so a million answers cost as little as the cells.
    """

    def __init__(self, codes: list[Ints], totals: list[Floats], *, tolerance: float, max_rounds: int) -> None:
        key = np.zeros(codes[0].size, dtype=np.int64)
        for row, wanted in zip(codes, totals, strict=True):
            # Renumbered after each margin, so that many margins cannot overflow the key.
            key = _renumbered(key * wanted.size + row)
        self.key = key
        first = np.zeros(int(key.max()) + 1, dtype=np.int64)
        first[key] = np.arange(key.size)
        self.codes = [row[first] for row in codes]
        self.totals = totals
        self.tolerance = tolerance
        self.max_rounds = max_rounds

    def fitted(self, weights: Floats) -> tuple[Floats, int]:
        """The weights, each cell multiplied until all margins agree; and the rounds it took."""
        before: Floats = np.bincount(self.key, weights=weights).astype(np.float64)
        cells = before.copy()
        distance = math.inf
        for done in range(1, self.max_rounds + 1):
            for row, wanted in zip(self.codes, self.totals, strict=True):
                have = np.bincount(row, weights=cells, minlength=wanted.size)
                # A category without answers has a total of 0 and is not looked up.
                cells *= (wanted / np.where(have > 0, have, 1.0))[row]
            distance = self._distance(cells)
            if distance <= self.tolerance:
                return weights * (cells / before)[self.key], done
        raise NotConverged(rounds=self.max_rounds, distance=distance)

    def distance(self, weights: Floats) -> float:
        """Largest relative miss of a margin."""
        return self._distance(np.bincount(self.key, weights=weights).astype(np.float64))

    def _distance(self, cells: Floats) -> float:
        worst = 0.0
        for row, wanted in zip(self.codes, self.totals, strict=True):
            have = np.bincount(row, weights=cells, minlength=wanted.size)
            there = wanted > 0
            worst = max(worst, float(np.abs(have[there] / wanted[there] - 1).max()))
        return worst


def _renumbered(key: Ints) -> Ints:
    top = int(key.max()) + 1
    if top > 4 * key.size + 1024:
        return np.unique(key, return_inverse=True)[1].astype(np.int64)
    there = np.zeros(top, dtype=bool)
    there[key] = True
    return (np.cumsum(there) - 1)[key].astype(np.int64)


def _trimmed(fit: _Cells, weights: Floats, trim: tuple[float, float], rounds: int) -> tuple[Floats, int, int]:
    """Cut and rake in turn; the last step is a cut, so the limits hold for certain."""
    lowest, highest = trim
    if not 0 <= lowest < 1 < highest:
        raise BadArgument("trim", trim)
    mean = float(weights.mean())
    low, high = lowest * mean, highest * mean
    for _ in range(TRIM_ROUNDS):
        if weights.min() >= low * (1 - 1e-9) and weights.max() <= high * (1 + 1e-9):
            break
        weights, more = fit.fitted(np.clip(weights, low, high))
        rounds += more
    weights = np.clip(weights, low, high)
    near = 1e-6
    held = (weights <= low * (1 + near)) | (weights >= high * (1 - near))
    return weights, rounds, int(held.sum())


def effective_n(weights: ArrayLike) -> float:
    """Kish's effective number of answers, (sum w)^2 / sum w^2; 0 without weights.

    It knows the weights only: answers clustered by customer or store need `calibrated_mean`.
    """
    given = finite(weights, negative=False)
    squares = float((given**2).sum())
    return float(given.sum()) ** 2 / squares if squares > 0 else 0.0


def design_effect(estimate_variance: float, *, spread: float, n: float) -> float:
    """How many times larger a variance is than that of ``n`` plain answers with this ``spread``.

    ``counts.scaled(1 / design_effect(...))`` then gives intervals at the effective n. Multiply
    ``spread`` / n by `mindgap.measure.finite_correction` squared first if the former has it.
    """
    if not (estimate_variance >= 0 and spread > 0 and n > 0):
        raise BadArgument("design effect", (estimate_variance, spread, n))
    return estimate_variance / (spread / n)


def calibrated_mean(
    answers: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    base: ArrayLike | None = None,
    margins: Sequence[Margin] = (),
    clusters: ArrayLike | None = None,
    population: float | None = None,
    level: float = 0.95,
) -> Estimate:
    """Weighted mean with a linearised standard error that knows of raking and clusters.

    Parameters
    ----------
    answers : array_like, shape (n,)
    weights : array_like, shape (n,), optional
        For example ``Raked.weights``; all 1 if left out.
    base : array_like, shape (n,), optional
        The design weights raking started from; all 1 if left out.
    margins : sequence of Margin, optional
        The margins the weights were raked to: what they explain is no longer uncertain.
    clusters : array_like, shape (n,), optional
        Customer or store of each answer; every answer its own if left out.
    population : float, optional
        Number of clusters in a finite population.

    Returns
    -------
    Estimate
        t interval with clusters - 1 degrees of freedom; ``n`` answers; the standard error is
        ``half_width / t_critical``, or ask `calibrated_se`.

    Raises
    ------
    TooFewAnswers
        If there are fewer than 2 clusters.
    """
    value, se, groups, n = _linearised(
        answers, weights, base=base, margins=margins, clusters=clusters, population=population
    )
    half = t_critical(checked_level(level), groups - 1) * se
    return Estimate(value, value - half, value + half, n, "linearised t")


def calibrated_se(
    answers: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    base: ArrayLike | None = None,
    margins: Sequence[Margin] = (),
    clusters: ArrayLike | None = None,
    population: float | None = None,
) -> float:
    """The standard error of `calibrated_mean`; same arguments.

    References
    ----------
    .. [1] Deville, J.-C., Sarndal, C.-E. (1992), J. American Statistical Association 87,
       376-382, eq. 3.4.
    """
    return _linearised(
        answers, weights, base=base, margins=margins, clusters=clusters, population=population
    )[1]


def _linearised(
    answers: ArrayLike,
    weights: ArrayLike | None,
    *,
    base: ArrayLike | None,
    margins: Sequence[Margin],
    clusters: ArrayLike | None,
    population: float | None,
) -> tuple[float, float, int, float]:
    y = finite(answers)
    w = np.ones_like(y) if weights is None else finite(weights, negative=False)
    start = np.ones_like(y) if base is None else finite(base, negative=False)
    same_shape(y, w, start)
    if y.ndim != 1 or (y.size and w.sum() <= 0):
        raise BadCounts("one row of answers with weights needed")
    group = np.arange(y.size) if clusters is None else np.unique(clusters, return_inverse=True)[1]
    if group.shape != y.shape:
        raise BadCounts("shapes differ")
    groups = int(group.max()) + 1 if y.size else 0
    if groups < 2:
        raise TooFewAnswers(n=groups, needed=2)
    total = float(w.sum())
    value = float(w @ y) / total
    influence = (y - value) / total
    if margins:
        influence = _unexplained(influence, start, margins)
    sums = np.bincount(group, weights=w * influence, minlength=groups)
    variance = groups / (groups - 1) * float(((sums - sums.mean()) ** 2).sum())
    if population is not None:
        if not population >= groups:
            raise BadArgument("population", population)
        variance *= 1 - groups / population
    return value, math.sqrt(variance), groups, float(y.size)


def _unexplained(influence: Floats, w: Floats, margins: Sequence[Margin]) -> Floats:
    """Residuals of a weighted regression on the categories of all margins."""
    codes, _ = _margins(margins)
    if codes[0].shape != influence.shape:
        raise BadCounts("shapes differ")
    starts = np.cumsum([0] + [int(row.max()) + 1 for row in codes])
    width = int(starts[-1])
    gram, moment = np.zeros((width, width)), np.zeros(width)
    columns = [row + start for row, start in zip(codes, starts[:-1], strict=True)]
    for one in columns:
        moment += np.bincount(one, weights=w * influence, minlength=width)
        for other in columns:
            pairs = np.bincount(one * width + other, weights=w, minlength=width * width)
            gram += pairs.reshape(width, width)
    # The categories of each margin add up to one column, so the matrix has no inverse.
    slopes = np.linalg.lstsq(gram, moment, rcond=None)[0]
    return influence - sum((slopes[one] for one in columns), np.zeros_like(influence))
