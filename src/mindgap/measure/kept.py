"""Promises: the share kept while some orders are still open, and which promise could be kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Bools, Floats, finite
from mindgap.measure.errors import BadArgument, NotIdentified
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.proportion import proportion_cells
from mindgap.measure.survival import Outcomes, Survival, survival


@dataclass(frozen=True, slots=True, eq=False)
class KeptCurve:
    """Kept rate (0 to 1) for each candidate promise; arrays of one shape (m,).

    ``value`` is NaN where nothing is known. ``censored`` marks candidates before which orders
    were left open (Kaplan-Meier instead of a plain share), ``short`` those that no order was
    followed up to: there ``value`` is a lower bound and ``high`` is 1.
    """

    candidates: Floats
    value: Floats
    low: Floats
    high: Floats
    n: float
    censored: Bools
    short: Bools


def kept(outcomes: Outcomes, *, level: float = 0.95) -> Estimate:
    """Promise-kept rate: P(lateness <= 0), counting open orders honestly.

    Parameters
    ----------
    outcomes : Outcomes
        Orders by lateness (actual - promised; negative = early). Open orders past their promise
        count as not kept; open orders not yet due are censored.

    Returns
    -------
    Estimate
        0 to 1. Without censoring before the promise: the plain share with Wilson's interval.
        Otherwise Kaplan-Meier with the log-log interval (warning ``censored``); counting the
        completed orders only would overstate the rate. Warning ``follow_up_short`` when no
        order was followed up to the promise: then ``value`` is a lower bound.

    Raises
    ------
    TooFewAnswers
        If there are no orders.
    NotIdentified
        If orders are open, none is due, and none was completed.
    """
    curve = kept_at(outcomes, [0.0], level=level)
    if math.isnan(curve.value[0]):
        raise NotIdentified(what="kept rate", reason="no order is due or done")
    warnings: list[str] = []
    if curve.censored[0]:
        warnings.append(Caution.CENSORED)
    if curve.short[0]:
        warnings.append(Caution.FOLLOW_UP_SHORT)
    method = "kaplan-meier log-log" if curve.censored[0] else "wilson"
    value, low, high = (float(part[0]) for part in (curve.value, curve.low, curve.high))
    return Estimate(value, low, high, curve.n, method, tuple(warnings))


def kept_at(outcomes: Outcomes, candidates: ArrayLike, *, level: float = 0.95) -> KeptCurve:
    """Kept rate if the promise had been each of ``candidates`` ("at most this").

    Parameters
    ----------
    outcomes : Outcomes
        Orders by duration (or by lateness, for candidates counted from the present promise).
    candidates : array_like, shape (m,)
        Same unit as the values of ``outcomes``.

    Raises
    ------
    TooFewAnswers
        If there are no orders.

    Notes
    -----
    At a Kaplan-Meier rate of 0 or 1 Greenwood's variance is 0; Wilson's interval on the orders
    whose outcome is known takes its place.
    """
    at = np.atleast_1d(finite(candidates))
    curve = survival(outcomes, level=level)
    done, left, known_late = _sums(outcomes, at)
    n = outcomes.n
    censored = left > 0
    place = np.searchsorted(curve.values, at, side="right") - 1
    before = place < 0
    place = np.maximum(place, 0)
    value = np.where(before, 0.0, 1 - curve.share[place])
    # Open ones may be so many that nobody is at risk when the promise falls due.
    short = censored & (known_late == 0) & (value < 1)
    known = done + known_late
    wilson = proportion_cells(done, known, level=level)
    plain = ~censored | (value == 0) | (value == 1)
    low = np.where(plain, wilson.low, 1 - curve.high[place])
    high = np.where(plain, wilson.high, 1 - curve.low[place])
    value = np.where(censored, value, wilson.value)
    value = np.where(known > 0, value, np.nan)
    high = np.where(short & (known > 0), 1.0, high)
    return KeptCurve(at, value, low, high, n, censored, short)


def _sums(outcomes: Outcomes, at: Floats) -> tuple[Floats, Floats, Floats]:
    """Completed up to each candidate, left open before it, and known to be beyond it."""
    upto = np.searchsorted(outcomes.values, at, side="right")
    before = np.searchsorted(outcomes.values, at, side="left")
    done = np.concatenate([[0.0], np.cumsum(outcomes.completed)])
    left = np.concatenate([[0.0], np.cumsum(outcomes.still_open)])
    later = done[-1] - done[upto] + left[-1] - left[before]
    # Sums of weights may leave a rounding remainder where nothing remains.
    later = np.where(later > 1e-9 * outcomes.n, later, 0.0)
    return done[upto], left[before], later


def advice(
    outcomes: Outcomes, *, levels: Sequence[float] = (0.9, 0.95, 0.99), level: float = 0.95
) -> tuple[Estimate, ...]:
    """For each of ``levels`` the smallest promise that would be kept that often.

    Parameters
    ----------
    outcomes : Outcomes
        Orders by duration.
    levels : sequence of float
        Kept rates asked for, each between 0 and 1.

    Returns
    -------
    tuple of Estimate
        In the unit of the values: the quantile of the Kaplan-Meier curve, with the interval that
        its log-log band gives. ``value`` is infinity (warning ``not_reached``) when too many are
        open to say; ``high`` is infinity (warning ``open_high``) when the band does not come down.

    Raises
    ------
    TooFewAnswers
        If there are no orders.

    References
    ----------
    .. [1] Brookmeyer, R., Crowley, J. (1982), Biometrics 38, 29-41.
    """
    curve = survival(outcomes, level=level)
    return tuple(_advised(curve, rate, outcomes.n) for rate in levels)


def _advised(curve: Survival, rate: float, n: float) -> Estimate:
    if not 0 < rate < 1:
        raise BadArgument("levels", rate)
    left = 1 - rate
    value = _first(curve.values, curve.share <= left + 1e-12)
    low = _first(curve.values, curve.low <= left)
    high = _first(curve.values, curve.high <= left)
    warnings: list[str] = []
    if math.isinf(value):
        warnings.append(Caution.NOT_REACHED)
    if math.isinf(high):
        warnings.append(Caution.OPEN_HIGH)
    # Where the curve falls to 0 at once the band has no limits; the value bounds itself.
    return Estimate(value, min(low, value), high, n, "brookmeyer-crowley log-log", tuple(warnings))


def _first(values: Floats, reached: Bools) -> float:
    return float(values[np.argmax(reached)]) if reached.any() else math.inf
