"""The same customers asked twice: the step in their NPS or in their mean."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite, same_shape
from mindgap.measure.counts import Counts
from mindgap.measure.errors import BadCounts, TooFewAnswers
from mindgap.measure.estimate import Caution, Difference
from mindgap.measure.normal import checked_level, t_critical, t_tail, z_tail

EXACT_PAIRS = 500


def nps_paired(steps: Counts, *, level: float = 0.95) -> Difference:
    """The step in NPS of the same customers asked twice.

    Parameters
    ----------
    steps : Counts
        Per customer the class after minus the class before, with detractor -1, passive 0 and
        promoter 1; so values -2, -1, 0, 1, 2.

    Returns
    -------
    Difference
        ``value``, ``low``, ``high`` in points; ``n_a`` = ``n_b`` = customers asked twice. ``p``
        is exact under random signs up to 500 changed customers, then that of the score test.

    Raises
    ------
    TooFewAnswers
        If n < 2.
    BadCounts
        If a value is not one of the five steps.

    Notes
    -----
    The interval is a t interval after adding half an answer at each of -1 and +1, so that a
    sample in which nobody changed still has width.
    """
    if steps.n < 2:
        raise TooFewAnswers(n=steps.n, needed=2)
    if not np.isin(steps.values[steps.counts > 0], (-2, -1, 0, 1, 2)).all():
        raise BadCounts("steps are -2, -1, 0, 1, 2")
    padded = steps + Counts([0.5, 0.5], values=[-1, 1])
    half = t_critical(checked_level(level), steps.n) * math.sqrt(padded.variance / padded.n)
    value = steps.mean
    low = min(max(padded.mean - half, -2.0), value)
    high = max(min(padded.mean + half, 2.0), value)
    p, test = _paired_test(steps)
    warnings = (Caution.ALL_EQUAL,) if steps.is_constant else ()
    n, method = steps.n, f"{test}, padded t interval"
    return Difference(100 * value, 100 * low, 100 * high, p, n, n, method, warnings)


def _paired_test(steps: Counts) -> tuple[float, str]:
    ones = steps.between(-1, -1) + steps.between(1, 1)
    twos = steps.between(-2, -2) + steps.between(2, 2)
    total = float(steps.counts @ steps.values)
    if ones + twos == 0:
        return 1.0, "exact sign test"
    whole = float(ones).is_integer() and float(twos).is_integer()
    if not whole or ones + twos > EXACT_PAIRS:
        return z_tail(total / math.sqrt(ones + 4 * twos)), "paired score test"
    # Under no change each changed customer is as likely to go up as down by the same step.
    single = _coin_tosses(int(ones))
    double = np.zeros(2 * int(twos) + 1)
    double[::2] = _coin_tosses(int(twos))
    chance = np.convolve(single, double)
    sums = 2 * np.arange(chance.size) - (ones + 2 * twos)
    return min(1.0, float(chance[np.abs(sums) >= abs(total) - 0.5].sum())), "exact sign test"


def _coin_tosses(n: int) -> Floats:
    from scipy.special import gammaln

    k = np.arange(n + 1)
    logs = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) - n * math.log(2)
    return np.exp(np.asarray(logs, dtype=np.float64))


def mean_paired(a: ArrayLike, b: ArrayLike, *, level: float = 0.95) -> Difference:
    """The step in the mean from ``a`` to ``b``, two scores of the same respondents, by paired t.

    Parameters
    ----------
    a, b : array_like, shape (n,)
        One row per respondent, same order, same unit.

    Returns
    -------
    Difference
        In the unit of the scores; ``n_a`` = ``n_b`` = n.

    Raises
    ------
    TooFewAnswers
        If n < 2.
    BadCounts
        If a score is not finite or the shapes differ.

    Notes
    -----
    When everybody moved by the same step the sample shows no spread: the interval has no width,
    ``p`` is that of the exact sign test, and the warning ``all_equal`` says so.

    Examples
    --------
    >>> mean_paired([3, 4, 5, 4], [4, 4, 7, 5]).value
    1.0
    """
    before, after = finite(a), finite(b)
    same_shape(before, after)
    if before.ndim != 1:
        raise BadCounts("one score per respondent needed")
    n = before.size
    if n < 2:
        raise TooFewAnswers(n=n, needed=2)
    steps = after - before
    size = float(np.abs(before).max()) + float(np.abs(after).max())
    return step_of_moments(float(steps.mean()), float(steps.var(ddof=1)), n=n, size=size, level=level)


def step_of_moments(value: float, variance: float, *, n: float, size: float, level: float) -> Difference:
    """The paired step from its mean, its variance (divisor n - 1) and n >= 2; ``size`` is that of the scores."""
    spread = math.sqrt(max(variance, 0.0))
    # Steps that differ by rounding only are equal.
    if spread <= 1e-12 * size:
        p = min(1.0, 2.0 ** (1 - n)) if value != 0 else 1.0
        return Difference(value, value, value, p, n, n, "exact sign test", (Caution.ALL_EQUAL,))
    se = spread / math.sqrt(n)
    half = t_critical(checked_level(level), n - 1) * se
    return Difference(value, value - half, value + half, t_tail(value / se, n - 1), n, n, "paired t")
