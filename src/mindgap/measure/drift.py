"""Has the expectation itself moved: over periods, between waves, and by what happened since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mindgap.measure.arrays import Floats, finite, same_shape
from mindgap.measure.counts import Counts
from mindgap.measure.errors import BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Difference, Estimate
from mindgap.measure.linear import Errors, linear
from mindgap.measure.mean import mean, mean_difference
from mindgap.measure.paired import mean_paired


@dataclass(frozen=True, slots=True)
class Trend:
    """A level over time: ``slope`` in units of the score per unit of time, ``p`` that it is 0.

    ``change`` is the slope over the whole time seen. ``levels`` are pairs of a period and its
    mean, with a t interval that takes its answers as independent; None for a single answer.
    ``curved`` is the p-value that the straight line misses the period means (None with two).
    """

    slope: Estimate
    p: float
    change: Estimate
    levels: tuple[tuple[float, Estimate | None], ...]
    curved: float | None


@dataclass(frozen=True, slots=True)
class WaveStep:
    """The step from one wave to the next: of ``everyone``, and of those asked in both.

    ``same`` is None with fewer than two customers in both waves; ``n_same`` counts them.
    """

    everyone: Difference
    same: Difference | None
    n_same: int


@dataclass(frozen=True, slots=True)
class Remembered:
    """How an expectation asked afterwards differs from one asked before.

    ``shift`` = after - before. ``pull`` is by how much the remembered expectation rises per
    step of experience, at the same expectation before; 0 if memory is not coloured by it. None
    when no experience is given.
    """

    shift: Difference
    pull: Estimate | None


def trend(
    values: ArrayLike,
    periods: ArrayLike,
    *,
    counts: ArrayLike | None = None,
    customers: ArrayLike | None = None,
    level: float = 0.95,
) -> Trend:
    """Trend of an expectation level (or any other score) over periods or waves.

    Parameters
    ----------
    values : array_like, shape (n,)
        Scores.
    periods : array_like, shape (n,)
        When, as numbers in any unit of time.
    counts : array_like, shape (n,), optional
        How many answers each row stands for (distinct values of a period, say).
    customers : array_like, shape (n,), optional
        Who answered; needed when the same customers answer again, else limits are wrong, too
        narrow or too wide.

    Returns
    -------
    Trend
        Interval with HC3 errors, or CR1 clustered by customer.

    Raises
    ------
    TooFewAnswers
        If n < 3, or there are fewer than two customers.
    NotIdentified
        If all answers are of one period.
    BadCounts
        If a number is not finite or the shapes differ.

    Notes
    -----
    Who answers changes from wave to wave: a moving mean of expectation may be other customers,
    not other expectations. Compare with `wave_step` on the same customers. A falling
    expectation closes a gap as well as a better experience does, but is bad news. With
    ``curved`` small, look at the levels instead of the slope.

    Examples
    --------
    >>> found = trend([5, 6, 6, 7, 7, 8], [1, 1, 2, 2, 3, 3])
    >>> round(found.slope.value, 6), round(found.change.value, 6)
    (1.0, 2.0)
    """
    y, at = finite(values), finite(periods)
    w = np.ones_like(y) if counts is None else finite(counts, negative=False)
    same_shape(y, at, w)
    if y.ndim != 1:
        raise BadCounts("one period per answer needed")
    there = w > 0
    who = None if customers is None else np.asarray(customers)
    if who is not None and who.shape != y.shape:
        raise BadCounts("one customer per answer needed")
    y, at, w, who = y[there], at[there], w[there], None if who is None else who[there]
    distinct = np.unique(at)
    if w.sum() < 3:
        raise TooFewAnswers(n=float(w.sum()), needed=3)
    if distinct.size < 2:
        raise NotIdentified(what="trend", reason="all answers are of one period")
    # Counted from the first period: years as numbers would cost digits.
    start, span = float(distinct[0]), float(distinct[-1] - distinct[0])
    since = (at - start) / span
    fit = linear(y, {"since": since}, counts=w, clusters=who, errors=_errors(since, w, 2))
    whole = fit.estimate("since", level=level)
    slope = Estimate(
        whole.value / span, whole.low / span, whole.high / span, whole.n, whole.method, whole.warnings
    )
    return Trend(
        slope=slope,
        p=fit.p("since"),
        change=whole,
        levels=tuple((float(one), _level(y[at == one], w[at == one], level)) for one in distinct),
        curved=_curved(y, since, w, who),
    )


def _errors(since: Floats, w: Floats, k: int) -> Errors:
    """HC3, unless a single answer alone makes up one of as many periods as coefficients."""
    periods, places = np.unique(since, return_inverse=True)
    alone = float(np.bincount(places, weights=w).min()) < 2
    return "classic" if periods.size <= k and alone else "hc3"


def _level(y: Floats, w: Floats, level: float) -> Estimate | None:
    return mean(Counts.observed(y, w), level=level) if w.sum() >= 2 else None


def _curved(y: Floats, since: Floats, w: Floats, who: NDArray[Any] | None) -> float | None:
    if np.unique(since).size < 3 or w.sum() < 4:
        return None
    terms = {"since": since, "square": since**2}
    return linear(y, terms, counts=w, clusters=who, errors=_errors(since, w, 3)).p("square")


def wave_step(
    a: ArrayLike,
    b: ArrayLike,
    *,
    customers_a: ArrayLike | None = None,
    customers_b: ArrayLike | None = None,
    level: float = 0.95,
) -> WaveStep:
    """The step in the mean from wave ``a`` to wave ``b``, some customers being in both.

    Parameters
    ----------
    a, b : array_like, shape (n_a,) and (n_b,)
        One score per customer and wave.
    customers_a, customers_b : array_like, same shapes, optional
        Who answered. Left out: different customers (Welch).

    Returns
    -------
    WaveStep
        ``everyone`` clustered by customer when both lists of customers are given.

    Raises
    ------
    TooFewAnswers
        If a wave has fewer than two answers.
    BadCounts
        If a number is not finite, shapes differ, or a customer answers twice in a wave.

    Notes
    -----
    If everyone moved and the same customers did not, other people were asked.

    Examples
    --------
    >>> found = wave_step([5, 6, 7], [6, 6, 8], customers_a=["a", "b", "c"], customers_b=["a", "b", "d"])
    >>> found.n_same, found.same.value
    (2, 0.5)
    """
    first, second = finite(a), finite(b)
    if first.ndim != 1 or second.ndim != 1:
        raise BadCounts("one score per customer needed")
    for wave in (first, second):
        if wave.size < 2:
            raise TooFewAnswers(n=wave.size, needed=2)
    welch = mean_difference(Counts.observed(first), Counts.observed(second), level=level)
    if customers_a is None or customers_b is None:
        return WaveStep(welch, None, 0)
    who_a, who_b = np.asarray(customers_a), np.asarray(customers_b)
    if who_a.shape != first.shape or who_b.shape != second.shape:
        raise BadCounts("one customer per answer needed")
    if np.unique(who_a).size < who_a.size or np.unique(who_b).size < who_b.size:
        raise BadCounts("a customer answers twice in a wave")
    _, at_a, at_b = np.intersect1d(who_a, who_b, return_indices=True)
    shared = int(at_a.size)
    same = mean_paired(first[at_a], second[at_b], level=level) if shared >= 2 else None
    if shared == 0 or (np.ptp(first) == 0 and np.ptp(second) == 0):
        return WaveStep(welch, same, shared)
    wave = np.repeat([0.0, 1.0], [first.size, second.size])
    fit = linear(np.append(first, second), {"wave": wave}, clusters=np.append(who_a, who_b))
    at = fit.estimate("wave", level=level)
    everyone = Difference(
        at.value, at.low, at.high, fit.p("wave"), first.size, second.size, at.method, at.warnings
    )
    return WaveStep(everyone, same, shared)


def remembered(
    before: ArrayLike,
    after: ArrayLike,
    *,
    experienced: ArrayLike | None = None,
    level: float = 0.95,
) -> Remembered:
    """Contamination: the expectation remembered afterwards against the one stated before.

    Parameters
    ----------
    before, after : array_like, shape (n,)
        The same customers' expectation, asked before and after the experience, one scale.
    experienced : array_like, shape (n,), optional
        What they got, same customers.

    Returns
    -------
    Remembered
        ``shift`` by paired t; ``pull`` by least squares of after on before and experience,
        HC3 interval.

    Raises
    ------
    TooFewAnswers
        If n < 2, or n < 4 with experience.
    NotIdentified
        If experience and the expectation before are collinear or have no spread.
    BadCounts
        If a number is not finite or the shapes differ.

    Notes
    -----
    Memory mostly moves towards what happened, which makes gaps asked afterwards too small.
    When ``pull`` is clearly above 0 do not mix gaps asked before and after. Where different
    customers were asked before and after, compare with `wave_step` without customers. Noise in
    the answer before lets ``pull`` look larger than it is.

    Examples
    --------
    >>> remembered([5, 6, 7, 6], [5, 5, 6, 6]).shift.value
    -0.5
    """
    first, second = finite(before), finite(after)
    same_shape(first, second)
    shift = mean_paired(first, second, level=level)
    if experienced is None:
        return Remembered(shift, None)
    got = finite(experienced)
    same_shape(first, got)
    fit = linear(second, {"before": first, "experienced": got})
    return Remembered(shift, fit.estimate("experienced", level=level))
