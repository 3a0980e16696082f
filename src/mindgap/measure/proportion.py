"""Shares: one, many, and two against each other."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite, same_shape
from mindgap.measure.difference import mover
from mindgap.measure.errors import BadCounts, TooFewAnswers
from mindgap.measure.estimate import Caution, Difference, Estimate
from mindgap.measure.normal import checked_level, z_critical, z_tail
from mindgap.measure.sample import finite_correction

SMALL_EXPECTED = 5
LARGEST_EXACT = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class ProportionCells:
    """The shares of many cells at once, 0 to 1; NaN where a cell has no answers."""

    value: Floats
    low: Floats
    high: Floats
    n: Floats


def proportion(
    successes: float, n: float, *, level: float = 0.95, population: float | None = None
) -> Estimate:
    """A share with Wilson's interval.

    Parameters
    ----------
    successes, n : float
        0 <= successes <= n; fractions allowed (weighted answers).
    population : float, optional
        Size of the finite population the respondents are a random sample of.

    Returns
    -------
    Estimate
        ``value``, ``low``, ``high`` from 0 to 1.

    Raises
    ------
    TooFewAnswers
        If n = 0.
    BadCounts
        If successes < 0 or > n.

    References
    ----------
    .. [1] Wilson, E. B. (1927), J. American Statistical Association 22, 209-212.

    Examples
    --------
    >>> proportion(8, 10).high < 0.95
    True
    """
    finite((successes, n), negative=False)
    if n == 0:
        raise TooFewAnswers(n=0, needed=1)
    if successes > n:
        raise BadCounts("more successes than answers")
    correction = finite_correction(n, population=population)
    if correction == 0:
        return Estimate(successes / n, successes / n, successes / n, n, "census")
    cells = proportion_cells(successes / correction**2, n / correction**2, level=level)
    return Estimate(successes / n, float(cells.low), float(cells.high), n, "wilson")


def proportion_cells(successes: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> ProportionCells:
    """`proportion` of many cells; two arrays of one shape."""
    hits, totals = finite(successes, negative=False), finite(n, negative=False)
    same_shape(hits, totals)
    if (hits > totals * (1 + 1e-12)).any():
        raise BadCounts("more successes than answers")
    z2 = z_critical(checked_level(level)) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.minimum(hits / totals, 1.0)
        centre = (hits + z2 / 2) / (totals + z2)
        half = np.sqrt(z2 * (value * (1 - value) * totals + z2 / 4)) / (totals + z2)
    # At 0 and 1 the limits are exact; rounding must not move them off the share itself.
    low = np.where(hits == 0, 0.0, np.minimum(centre - half, value))
    high = np.where(value == 1, 1.0, np.maximum(centre + half, value))
    empty = totals == 0
    return ProportionCells(value, np.where(empty, np.nan, low), np.where(empty, np.nan, high), totals)


def proportion_difference(
    successes_a: float, n_a: float, successes_b: float, n_b: float, *, level: float = 0.95
) -> Difference:
    """The step in a share from group ``a`` to group ``b`` (different customers).

    Returns
    -------
    Difference
        ``value`` = share of b - share of a, -1 to 1, with Newcombe's interval. ``p`` is that of
        the pooled z test, or of Fisher's exact test when an expected count is below five.

    References
    ----------
    .. [1] Newcombe, R. G. (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    a = proportion(successes_a, n_a, level=level)
    b = proportion(successes_b, n_b, level=level)
    low, high = mover(a, b)
    p, test, warnings = _test(successes_a, n_a, successes_b, n_b)
    method = f"{test}, newcombe interval"
    return Difference(b.value - a.value, low, high, p, n_a, n_b, method, warnings)


def _test(x_a: float, n_a: float, x_b: float, n_b: float) -> tuple[float, str, tuple[str, ...]]:
    hits, total = x_a + x_b, n_a + n_b
    pooled = hits / total
    se = math.sqrt(max(pooled * (1 - pooled), 0.0) * (1 / n_a + 1 / n_b))
    p = z_tail((x_b / n_b - x_a / n_a) / se) if se > 0 else 1.0
    if min(n_a, n_b) * min(pooled, 1 - pooled) >= SMALL_EXPECTED:
        return p, "pooled z test", ()
    whole = all(float(x).is_integer() for x in (x_a, n_a, x_b, n_b))
    if whole and total <= LARGEST_EXACT:
        return fisher_exact(int(x_a), int(n_a), int(x_b), int(n_b)), "fisher exact test", ()
    return p, "pooled z test", (Caution.SMALL_EXPECTED,)


def fisher_exact(x_a: int, n_a: int, x_b: int, n_b: int) -> float:
    """Two-sided p-value of Fisher's exact test: all tables no likelier than the one seen."""
    from scipy.special import gammaln

    hits, total = x_a + x_b, n_a + n_b
    x = np.arange(max(0, hits - n_b), min(hits, n_a) + 1, dtype=np.float64)

    def log_choose(n: float, k: Floats) -> Floats:
        return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1), dtype=np.float64)

    logs = log_choose(n_a, x) + log_choose(n_b, hits - x)
    chance = np.exp(logs - log_choose(total, np.asarray(hits, dtype=np.float64)))
    seen = chance[x_a - int(x[0])]
    # Tables as likely as the one seen count in full; rounding must not drop one of them.
    return min(1.0, float(chance[chance <= seen * (1 + 1e-7)].sum()))
