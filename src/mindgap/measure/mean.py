"""Means, quantiles and the 0 to 100 index, from counts."""

from __future__ import annotations

import math

import numpy as np

from mindgap.measure.counts import Counts
from mindgap.measure.errors import BadArgument, TooFewAnswers
from mindgap.measure.estimate import Caution, Difference, Estimate
from mindgap.measure.normal import checked_level, t_critical, t_tail, z_critical
from mindgap.measure.sample import finite_correction
from mindgap.measure.scale import Scale


def mean(
    counts: Counts,
    *,
    scale: Scale | None = None,
    level: float = 0.95,
    population: float | None = None,
) -> Estimate:
    """Arithmetic mean with a t interval.

    Parameters
    ----------
    counts : Counts
        Any values.
    scale : Scale, optional
        If given, answers are checked against it, the interval stays on it, and a sample of
        equal answers still gets an honest width (see Notes).
    population : float, optional
        Size of the finite population the respondents are a random sample of.

    Returns
    -------
    Estimate
        In the unit of the values.

    Raises
    ------
    TooFewAnswers
        If n < 2.

    Notes
    -----
    When all answers are equal the sample shows no spread and the t interval has no width. With a
    scale, up to z^2 / (n + z^2) of the population (Wilson's limit for 0 of n) may answer at an
    end of the scale, and the interval says so; without one the warning is all there is.
    """
    if scale is not None:
        scale.check(counts)
    spread = counts.variance
    value, n = counts.mean, counts.n
    if spread == 0 or counts.is_constant:
        return _constant(value, n, scale=scale, level=level)
    correction = finite_correction(n, population=population)
    half = t_critical(checked_level(level), n - 1) * math.sqrt(spread / n) * correction
    low, high = value - half, value + half
    if scale is not None:
        low, high = max(low, scale.low), min(high, scale.high)
    return Estimate(value, low, high, n, "t" if correction > 0 else "census")


def _constant(value: float, n: float, *, scale: Scale | None, level: float) -> Estimate:
    low = high = value
    z2 = z_critical(checked_level(level)) ** 2
    if scale is not None:
        unseen = z2 / (n + z2)
        low -= unseen * (value - scale.low)
        high += unseen * (scale.high - value)
    return Estimate(value, low, high, n, "t", (Caution.ALL_EQUAL,))


def mean_difference(a: Counts, b: Counts, *, level: float = 0.95) -> Difference:
    """The step in the mean from group ``a`` to group ``b`` (different customers), by Welch.

    Raises
    ------
    TooFewAnswers
        If either n < 2.

    Notes
    -----
    When both groups are constant Welch's test does not exist; p is then that of Fisher's exact
    test on the two values, and the warning says that the interval has no width.

    References
    ----------
    .. [1] Welch, B. L. (1947), Biometrika 34, 28-35.
    """
    part_a, part_b = a.variance / a.n, b.variance / b.n
    value = b.mean - a.mean
    se2 = part_a + part_b
    if se2 == 0:
        return _constant_difference(value, a.n, b.n)
    df = se2**2 / (part_a**2 / (a.n - 1) + part_b**2 / (b.n - 1))
    se = math.sqrt(se2)
    half = t_critical(checked_level(level), df) * se
    p = t_tail(value / se, df)
    warnings = (Caution.ALL_EQUAL,) if a.is_constant or b.is_constant else ()
    return Difference(value, value - half, value + half, p, a.n, b.n, "welch", warnings)


def _constant_difference(value: float, n_a: float, n_b: float) -> Difference:
    p = 1.0
    if value != 0:
        whole_a, whole_b = math.floor(n_a), math.floor(n_b)
        # One table only is as extreme, or two when the groups are equally large.
        p = min(1.0, (1 + (whole_a == whole_b)) / math.comb(whole_a + whole_b, whole_a))
    return Difference(value, value, value, p, n_a, n_b, "fisher exact", (Caution.ALL_EQUAL,))


def index(counts: Counts, scale: Scale, *, level: float = 0.95) -> Estimate:
    """Mean answer on 0 (worst end of the scale) to 100 (best end), with a t interval."""
    at = mean(counts, scale=scale, level=level)
    low, high = sorted((scale.index(at.low), scale.index(at.high)))
    return Estimate(scale.index(at.value), low, high, at.n, at.method, at.warnings)


def quantile(counts: Counts, q: float, *, level: float = 0.95) -> Estimate:
    """Quantile ``q`` (0 < q < 1) with a distribution-free interval.

    Parameters
    ----------
    counts : Counts
        Any values; for weighted counts ranks are those of the weights.
    q : float
        0.5 for the median, 0.9 for "nine of ten are below".

    Returns
    -------
    Estimate
        ``value`` is the smallest answer with at least a share ``q`` at or below it. ``low`` and
        ``high`` are order statistics, so they need no shape of the distribution. With too few
        answers a limit is infinite and a warning (``open_low``, ``open_high``) says so.

    Raises
    ------
    TooFewAnswers
        If n < 1.

    References
    ----------
    .. [1] Conover, W. J. (1999), Practical Nonparametric Statistics, 3rd ed., section 3.2.
    """
    if not 0 < q < 1:
        raise BadArgument("q", q)
    checked_level(level)
    n = math.floor(counts.n + 1e-9)
    if n < 1:
        raise TooFewAnswers(n=counts.n, needed=1)
    lower, upper = _ranks(n, q, level)
    warnings: list[str] = []
    stretch = counts.n / n
    low, high = -math.inf, math.inf
    if lower >= 1:
        low = counts.at_rank(lower * stretch)
    else:
        warnings.append(Caution.OPEN_LOW)
    if upper <= n:
        high = counts.at_rank(upper * stretch)
    else:
        warnings.append(Caution.OPEN_HIGH)
    value = counts.quantile(q)
    return Estimate(value, low, high, counts.n, "order statistics", tuple(warnings))


def _ranks(n: int, q: float, level: float) -> tuple[int, int]:
    """Ranks r, s with P(x_(r) <= quantile <= x_(s)) >= level, equal tails; 0 or n + 1 if none."""
    from scipy.special import bdtr

    tail = (1 - level) / 2
    # P(at most k answers lie below the quantile), for all k around the middle.
    reach = math.ceil(z_critical(level) * 2 * math.sqrt(n * q * (1 - q)) + 10)
    k = np.arange(max(0, math.floor(n * q) - reach), min(n, math.ceil(n * q) + reach) + 1)
    below = bdtr(k.astype(np.float64), n, q)
    # x_(r) > quantile happens when fewer than r answers are at or below it.
    fit_low = k[below <= tail]
    lower = int(fit_low[-1]) + 1 if fit_low.size else 0
    fit_high = k[below >= 1 - tail]
    upper = int(fit_high[0]) + 1
    return lower, upper
