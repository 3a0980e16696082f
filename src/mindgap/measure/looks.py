"""Looking before the planned date: what it costs, and bounds that pay for it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite, same_shape
from mindgap.measure.errors import BadArgument, BadCounts, TooFewAnswers
from mindgap.measure.estimate import Estimate
from mindgap.measure.normal import checked_level, z_critical

Spending = Literal["obrien-fleming", "pocock"]
"""How the error is spent: ``obrien-fleming`` hardly any early on, ``pocock`` about evenly."""
GoalVerdict = Literal["attained", "missed", "open"]

NODES = 96
WIDEST = 10.0
MOST = 200


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """How many standard errors are needed at each of k looks; arrays of shape (k,).

    ``shares`` are the parts of the planned answers then there, ``spent`` the two-sided error
    spent up to each look.
    """

    shares: Floats
    bounds: Floats
    spent: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Goal:
    """Whether a goal was attained, by the looks so far; arrays of shape (k,).

    ``verdict``: ``attained`` at ``look`` (0 = first), ``missed`` when it is surely out of reach or
    the planned date passed without, ``open`` before that. ``lows`` and ``highs`` hold together
    over all looks.
    """

    verdict: GoalVerdict
    look: int | None
    lows: Floats
    highs: Floats
    bounds: Floats


def peeking(looks: int, *, level: float = 0.95) -> float:
    """Chance of at least one false alarm in ``looks`` equally spaced looks at the plain bound.

    Examples
    --------
    >>> [round(peeking(k), 3) for k in (1, 2, 5, 20)]
    [0.05, 0.083, 0.142, 0.248]
    """
    _looks(looks)
    shares = np.arange(1, looks + 1) / looks
    return float(_crossed(shares, np.full(looks, z_critical(checked_level(level))))[-1])


def even_bounds(looks: int, *, shape: Spending = "pocock", level: float = 0.95) -> Bounds:
    """Classical bounds for a number of equally spaced looks that is fixed beforehand.

    Pocock: the same bound at every look. O'Brien and Fleming: falling with the root of the look.

    References
    ----------
    .. [1] Pocock, S. J. (1977), Biometrika 64, 191-199.
    .. [2] O'Brien, P. C., Fleming, T. R. (1979), Biometrics 35, 549-556.

    Examples
    --------
    >>> even_bounds(5).bounds.round(3).tolist()
    [2.413, 2.413, 2.413, 2.413, 2.413]
    """
    _looks(looks)
    _shape(shape)
    from scipy.optimize import brentq

    alpha = 1 - checked_level(level)
    shares = np.arange(1, looks + 1) / looks
    pattern = np.ones(looks) if shape == "pocock" else shares**-0.5
    bounds = pattern * float(brentq(lambda c: _crossed(shares, c * pattern)[-1] - alpha, 0, WIDEST))
    return Bounds(shares, bounds, _crossed(shares, bounds))


def spending_bounds(
    shares: ArrayLike, *, spending: Spending = "obrien-fleming", level: float = 0.95
) -> Bounds:
    """Bounds for looks at any times, by a spending function.

    Parameters
    ----------
    shares : array_like, shape (k,)
        Part of the planned answers there at each look so far, rising, 0 < share <= 1.
    spending : {"obrien-fleming", "pocock"}, optional
        How much of the error may be spent by when.
    level : float, optional
        Of the interval at the end, two-sided.

    Returns
    -------
    Bounds
        In standard errors. A later look does not change the earlier bounds.

    Raises
    ------
    BadArgument
        If shares do not rise, or leave 0 to 1.

    Notes
    -----
    When to look must not depend on what was seen. O'Brien-Fleming costs next to nothing at the
    planned date (2.03 instead of 1.96 with five looks) and hardly ever stops early; Pocock stops
    early more often and costs more at the end.

    References
    ----------
    .. [1] Lan, K. K. G., DeMets, D. L. (1983), Biometrika 70, 659-663.
    .. [2] Jennison, C., Turnbull, B. W. (2000), Group Sequential Methods, ch. 7 and 19.

    Examples
    --------
    >>> spending_bounds([0.2, 0.4, 0.6, 0.8, 1.0]).bounds.round(3).tolist()
    [4.877, 3.357, 2.68, 2.29, 2.031]
    """
    _shape(spending)
    times = finite(shares)
    if times.ndim != 1 or times.size == 0 or times.size > MOST:
        raise BadArgument("shares", shares)
    if times[0] <= 0 or times[-1] > 1 or (np.diff(times) <= 0).any():
        raise BadArgument("shares", shares)
    spent = _spent(times, spending, 1 - checked_level(level))
    bounds = np.empty_like(times)
    front = _Front()
    for i, time in enumerate(times):
        bounds[i] = _bound(front, float(time), within=1 - float(spent[i]))
        front = front.past(float(time), float(bounds[i]))
    return Bounds(times, bounds, spent)


def goal(
    values: ArrayLike,
    ses: ArrayLike,
    *,
    target: float,
    shares: ArrayLike = (1.0,),
    better: Literal["higher", "lower"] = "higher",
    spending: Spending = "obrien-fleming",
    level: float = 0.95,
) -> Goal:
    """Whether the goal is attained: surely at or beyond ``target``, not only by the point.

    Parameters
    ----------
    values, ses : array_like, shape (k,)
        Estimate and standard error at each look so far, all answers up to then.
    target : float
        The goal, in the unit of the values.
    shares : array_like, shape (k,)
        Part of the planned answers then there; 1 is the planned date. Left out: one look, then.
    better : {"higher", "lower"}, optional
        Which side of the target is good.

    Raises
    ------
    TooFewAnswers
        If there is no look.
    BadCounts
        If a standard error is not positive, or shapes differ.

    Notes
    -----
    Attained at the first look whose lower limit (upper, where lower is better) reaches the
    target. Half of 1 - level is the chance to call a goal attained that is only just not.

    Examples
    --------
    >>> goal([34, 41], [6, 4], target=30, shares=[0.5, 1.0]).verdict
    'attained'
    """
    centre, errors, times = finite(values), finite(ses, negative=False), finite(shares)
    same_shape(centre, errors, times)
    if centre.size == 0:
        raise TooFewAnswers(n=0, needed=1)
    if not (errors > 0).all():
        raise BadCounts("standard error 0")
    if better not in ("higher", "lower"):
        raise BadArgument("better", better)
    aim = float(finite(target))
    bounds = spending_bounds(times, spending=spending, level=level).bounds
    lows, highs = centre - bounds * errors, centre + bounds * errors
    good, bad = (lows >= aim, highs < aim) if better == "higher" else (highs <= aim, lows > aim)
    verdict: GoalVerdict = "missed" if times[-1] >= 1 else "open"
    look: int | None = None
    # What came first counts; later looks do not take it back.
    for i in range(centre.size):
        if good[i] or bad[i]:
            verdict, look = ("attained" if good[i] else "missed"), i
            break
    return Goal(verdict, look, lows, highs, bounds)


def any_time(value: float, *, variance: float, n: float, planned: float, level: float = 0.95) -> Estimate:
    """An interval that stays right however often one looks, and whenever one stops.

    Parameters
    ----------
    value, variance, n : float
        Mean so far, variance of one answer, and answers so far, n >= 2.
    planned : float
        Number of answers at which the interval shall be tightest, fixed beforehand.

    Notes
    -----
    The chance that the true value is outside at any time at all is 1 - level, for many answers
    (look first at 50 or more). At the planned number it is about half as wide again as the
    interval for one look. For a dashboard that everybody looks at every day.

    References
    ----------
    .. [1] Robbins, H. (1970), Annals of Mathematical Statistics 41, 1397-1409.
    .. [2] Waudby-Smith, I. et al. (2024), Annals of Statistics 52, 2613-2640.

    Examples
    --------
    >>> round(any_time(0.2, variance=0.6, n=400, planned=400).half_width, 3)
    0.118
    """
    finite((value, variance, n))
    alpha = 1 - checked_level(level)
    if n < 2:
        raise TooFewAnswers(n=n, needed=2)
    if variance < 0:
        raise BadArgument("variance", variance)
    if not (math.isfinite(planned) and planned >= 2):
        raise BadArgument("planned", planned)
    strength = (-2 * math.log(alpha) + math.log(-2 * math.log(alpha)) + 1) / planned
    grown = n * strength + 1
    half = math.sqrt(variance * 2 * grown / (n * n * strength) * math.log(math.sqrt(grown) / alpha))
    return Estimate(value, value - half, value + half, n, "confidence sequence")


def _looks(looks: int) -> None:
    if not 1 <= looks <= MOST:
        raise BadArgument("looks", looks)


def _shape(shape: str) -> None:
    if shape not in ("obrien-fleming", "pocock"):
        raise BadArgument("spending", shape)


def _spent(times: Floats, spending: str, alpha: float) -> Floats:
    from scipy.special import ndtr

    if spending == "pocock":
        return np.asarray(alpha * np.log1p((math.e - 1) * times), dtype=np.float64)
    # Each side spends its half.
    return np.asarray(4 * ndtr(-z_critical(1 - alpha / 2) / np.sqrt(times)), dtype=np.float64)


def _bound(front: _Front, time: float, *, within: float) -> float:
    """The bound that so many have not crossed up to ``time``."""
    from scipy.optimize import brentq

    # So little may be spent early that no bound within reach is wide enough.
    if front.within(time, WIDEST) <= within:
        return WIDEST
    return float(brentq(lambda bound: front.within(time, bound) - within, 0, WIDEST))


def _crossed(shares: Floats, bounds: Floats) -> Floats:
    """Chance to have crossed by each look."""
    front, gone = _Front(), []
    for time, bound in zip(shares, bounds, strict=True):
        gone.append(1 - front.within(float(time), float(bound)))
        front = front.past(float(time), float(bound))
    return np.array(gone)


class _Front:
    """Where the process may stand that has not crossed yet: weights at quadrature points."""

    def __init__(self, time: float = 0.0, points: Floats | None = None, mass: Floats | None = None) -> None:
        self.time = time
        self.points = np.zeros(1) if points is None else points
        self.mass = np.ones(1) if mass is None else mass

    def within(self, time: float, bound: float) -> float:
        """Chance not to have crossed at any look up to ``time``, with ``bound`` there."""
        from scipy.special import ndtr

        sd, edge = math.sqrt(time - self.time), bound * math.sqrt(time)
        inside = ndtr((edge - self.points) / sd) - ndtr((-edge - self.points) / sd)
        return float(self.mass @ inside)

    def past(self, time: float, bound: float) -> _Front:
        """Those left after the look at ``time``."""
        sd, edge = math.sqrt(time - self.time), bound * math.sqrt(time)
        at, weight = (part * edge for part in _nodes())
        steps = (at[:, None] - self.points) / sd
        density = np.exp(-(steps**2) / 2) @ self.mass / (sd * math.sqrt(2 * math.pi))
        return _Front(time, at, density * weight)


@lru_cache(maxsize=1)
def _nodes() -> tuple[Floats, Floats]:
    points, weights = np.polynomial.legendre.leggauss(NODES)
    return finite(points), finite(weights)
