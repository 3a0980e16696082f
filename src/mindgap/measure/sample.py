"""How many answers are needed, what so many can show, and what a small population changes."""

from __future__ import annotations

import math

from mindgap.measure.errors import BadArgument
from mindgap.measure.normal import checked_level, z_critical

WORST_NPS_VARIANCE = 1.0
"""Variance of one answer coded -1, 0, 1 when half are promoters and half detractors."""
WORST_SHARE_VARIANCE = 0.25


def nps_variance(*, promoters: float, detractors: float) -> float:
    """Variance of one answer coded -1, 0, 1, from the two shares (0 to 1)."""
    if not (promoters >= 0 and detractors >= 0 and promoters + detractors <= 1):
        raise BadArgument("shares", (promoters, detractors))
    return promoters + detractors - (promoters - detractors) ** 2


def finite_correction(n: float, *, population: float | None) -> float:
    """Factor on the standard error, sqrt((N - n) / (N - 1)); 1 for an endless population.

    Right only when the respondents are a random sample of the ``population``; it does not cure
    non-response. BadArgument if the population is smaller than the sample.
    """
    if population is None:
        return 1.0
    if not population >= max(n, 1):
        raise BadArgument("population", population)
    return 0.0 if population <= 1 else math.sqrt(max(population - n, 0) / (population - 1))


def answers_for_margin(
    margin: float, *, variance: float, level: float = 0.95, population: float | None = None
) -> int:
    """Answers needed for an interval of value +/- ``margin``.

    Parameters
    ----------
    margin : float
        Half-width > 0, in the unit whose square ``variance`` has (a share, not points).
    variance : float
        Of one answer; `nps_variance`, `WORST_NPS_VARIANCE`, `WORST_SHARE_VARIANCE` help.
    population : float, optional
        Size of a finite population.

    References
    ----------
    .. [1] Cochran, W. G. (1977), Sampling Techniques, 3rd ed., eq. 4.2 and 4.4.

    Examples
    --------
    >>> answers_for_margin(0.05, variance=nps_variance(promoters=0.6, detractors=0.15))
    842
    """
    _positive("margin", margin)
    _positive("variance", variance)
    n = z_critical(checked_level(level)) ** 2 * variance / margin**2
    if population is not None:
        _positive("population", population)
        # The correction in the same form as `finite_correction`: n (N - 1) / (N - n) = n endless.
        n = n / (1 + (n - 1) / population)
    return math.ceil(n - 1e-9)


def answers_to_detect(
    difference: float, *, sd: float, level: float = 0.95, power: float = 0.8, ratio: float = 1.0
) -> int:
    """Answers per group ``a`` needed to notice a true ``difference`` between two groups.

    Group b has ``ratio`` times as many. ``difference`` and ``sd`` (of one answer) in one unit.
    """
    _positive("difference", abs(difference))
    _positive("sd", sd)
    _positive("ratio", ratio)
    n = (1 + 1 / ratio) * (_reach(level=level, power=power) * sd / difference) ** 2
    return math.ceil(n - 1e-9)


def detectable(n_a: float, n_b: float, *, sd: float, level: float = 0.95, power: float = 0.8) -> float:
    """Smallest true difference that groups of ``n_a`` and ``n_b`` answers notice with ``power``."""
    _positive("n_a", n_a)
    _positive("n_b", n_b)
    _positive("sd", sd)
    return _reach(level=level, power=power) * sd * math.sqrt(1 / n_a + 1 / n_b)


def margin_of(n: float, *, variance: float, level: float = 0.95) -> float:
    """Half-width to expect from ``n`` answers, large-sample."""
    _positive("n", n)
    _positive("variance", variance)
    return z_critical(level) * math.sqrt(variance / n)


def _reach(*, level: float, power: float) -> float:
    if not 0.5 <= power < 1:
        raise BadArgument("power", power)
    one_sided = z_critical(2 * power - 1) if power > 0.5 else 0.0
    return z_critical(level) + one_sided


def _positive(name: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0):
        raise BadArgument(name, value)
