"""How many customers stay, group by group: shares, times kept, and the test between groups."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mindgap.measure.arrays import Floats
from mindgap.measure.difference import mover
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution, Difference, Estimate
from mindgap.measure.kept import kept_at
from mindgap.measure.normal import checked_level, t_critical, z_critical, z_tail
from mindgap.measure.survival import Outcomes, survival

# Beyond this many standard errors a level differs from 1 by less than floats can say.
FURTHEST_Z = 8.0
NEAREST_Z = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class LogRank:
    """Log-rank test of equal curves: chi-square ``statistic`` with ``df`` and its ``p``.

    ``observed`` and ``expected`` (shape (k,)) are customers lost in each group, and how many
    would have been lost if all groups were alike; ``n`` customers in all.
    """

    statistic: float
    df: int
    p: float
    observed: Floats
    expected: Floats
    n: float
    method: str
    warnings: tuple[str, ...] = ()


def retention(outcomes: Outcomes, *, at: float, level: float = 0.95) -> Estimate:
    """Share of customers who are still there after a time, 0 to 1, counting open ends honestly.

    Parameters
    ----------
    outcomes : Outcomes
        Customers by duration: ``completed`` = left then, ``still_open`` = last seen as customers.
    at : float
        Time, in the unit of the durations.

    Returns
    -------
    Estimate
        Kaplan-Meier with the log-log interval (warning ``censored``), or the plain share with
        Wilson's interval when everybody was followed that long. Warning ``follow_up_short``: at
        that time nobody was followed any more; ``value`` is an upper bound, ``low`` is 0.

    Raises
    ------
    TooFewAnswers
        If there are no customers.
    NotIdentified
        If all customers were last seen before ``at`` and none was lost.

    Notes
    -----
    Dropping customers who are not followed long enough, or counting them as kept, both give a
    wrong share; here each counts for as long as it was seen. This needs that those lost from
    sight are like the others: it fails when accounts are closed to view *because* they leave.

    References
    ----------
    .. [1] Kaplan, E. L., Meier, P. (1958), J. American Statistical Association 53, 457-481.

    Examples
    --------
    >>> round(retention(Outcomes([1, 2, 5], completed=[2, 3, 0], still_open=[0, 0, 5]), at=2).value, 3)
    0.5
    """
    _checked(outcomes)
    curve = kept_at(outcomes, [at], level=level)
    if math.isnan(curve.value[0]):
        raise NotIdentified(what="retention", reason="nobody was followed that long")
    warnings: list[str] = []
    if curve.censored[0]:
        warnings.append(Caution.CENSORED)
    if curve.short[0]:
        warnings.append(Caution.FOLLOW_UP_SHORT)
    method = "kaplan-meier log-log" if curve.censored[0] else "wilson"
    value, low, high = (1 - float(part[0]) for part in (curve.value, curve.high, curve.low))
    return Estimate(value, min(low, value), max(high, value), curve.n, method, tuple(warnings))


def retention_difference(
    a: Outcomes, b: Outcomes, *, at: float, by_chance: bool = False, level: float = 0.95
) -> Difference:
    """The step in `retention` at one time from group ``a`` to group ``b`` (different customers).

    Parameters
    ----------
    by_chance : bool, optional
        Whether chance decided who is in which group, as in a trial. If not, the result carries
        the warning ``association``, with which `roi` does not take it for an effect.

    Returns
    -------
    Difference
        ``value`` = share kept of b - share kept of a, -1 to 1. The interval recovers the
        variances from the two intervals; ``p`` is one minus the level at which it touches 0.

    Raises
    ------
    TooFewAnswers, NotIdentified
        As in `retention`; NotIdentified also if one group was not followed until ``at``.

    Notes
    -----
    Promoters who stay longer than detractors are an association: they may be older customers,
    or on longer contracts. It says what could be at stake, not what raising the score would win.

    References
    ----------
    .. [1] Zou, G. Y., Donner, A. (2008), Statistics in Medicine 27, 1693-1702, eq. 3.
    """

    def sides(at_level: float) -> tuple[Estimate, Estimate]:
        return retention(a, at=at, level=at_level), retention(b, at=at, level=at_level)

    return _step(sides, level=level, what="retention difference", by_chance=by_chance)


def rmst(outcomes: Outcomes, *, horizon: float, level: float = 0.95) -> Estimate:
    """Mean time kept within a horizon (restricted mean survival time).

    Parameters
    ----------
    outcomes : Outcomes
        As in `retention`; durations >= 0.
    horizon : float
        > 0, and no longer than the longest follow-up (unless all were lost before).

    Returns
    -------
    Estimate
        0 to ``horizon``, in the unit of the durations: the area under the Kaplan-Meier curve,
        with Greenwood's variance and a t interval on the logit scale of its share of the horizon
        (the plain normal interval covers too little below 200 customers). Warning ``all_equal``
        when nobody was lost or all at once: the width is then that of Wilson's limit for 0 of n,
        because the sample shows no spread.

    Raises
    ------
    TooFewAnswers
        If there are no customers.
    NotIdentified
        If nobody was followed until the horizon; choose a shorter one.

    Notes
    -----
    "Of the first 365 days, 290 on average": needs no proportional hazards and is understood
    without training. It says nothing about what happens after the horizon.

    References
    ----------
    .. [1] Royston, P., Parmar, M. K. B. (2013), BMC Medical Research Methodology 13, 152.

    Examples
    --------
    >>> rmst(Outcomes([2, 4], completed=[1, 1]), horizon=4).value
    3.0
    """
    from scipy.special import expit

    _checked(outcomes)
    if not 0 < horizon < math.inf:
        raise BadArgument("horizon", horizon)
    z = z_critical(checked_level(level))
    value, variance = _area(outcomes, horizon)
    if variance > 0:
        share, df = value / horizon, max(outcomes.n - 1, 1.0)
        se = math.sqrt(variance * outcomes.n / df) / horizon
        logit, half = math.log(share / (1 - share)), t_critical(level, df) * se / (share * (1 - share))
        low, high = (horizon * float(expit(logit + side * half)) for side in (-1, 1))
        return Estimate(value, low, high, outcomes.n, "kaplan-meier area, logit t")
    unseen = z**2 / (outcomes.n + z**2)
    low, high = value * (1 - unseen), value + unseen * (horizon - value)
    method = "kaplan-meier area, wilson"
    return Estimate(value, low, high, outcomes.n, method, (Caution.ALL_EQUAL,))


def rmst_difference(
    a: Outcomes, b: Outcomes, *, horizon: float, by_chance: bool = False, level: float = 0.95
) -> Difference:
    """The step in `rmst` from group ``a`` to group ``b``: how much longer b's customers stay.

    Parameters, interval and p-value as in `retention_difference`; the same errors as `rmst`.
    """

    def sides(at_level: float) -> tuple[Estimate, Estimate]:
        return rmst(a, horizon=horizon, level=at_level), rmst(b, horizon=horizon, level=at_level)

    return _step(sides, level=level, what="difference of time kept", by_chance=by_chance)


def log_rank(groups: Sequence[Outcomes]) -> LogRank:
    """Test that customers of all groups leave at the same rate at every age.

    Parameters
    ----------
    groups : sequence of Outcomes
        Two or more, each with customers.

    Raises
    ------
    BadArgument
        With fewer than two groups.
    TooFewAnswers
        If a group has no customers.
    NotIdentified
        If nobody was lost, or only when one group alone was still followed.

    Notes
    -----
    Looks at the whole curve. It is weak against curves that cross; then compare the time kept.

    References
    ----------
    .. [1] Peto, R., Peto, J. (1972), J. Royal Statistical Society A 135, 185-207.
    """
    if len(groups) < 2:
        raise BadArgument("groups", len(groups))
    for outcomes in groups:
        _checked(outcomes)
    values = np.unique(np.concatenate([outcomes.values for outcomes in groups]))
    lost = np.array([_lost(outcomes, values) for outcomes in groups])
    at_risk = np.array([_at_risk(outcomes, values) for outcomes in groups])
    total, leaving = at_risk.sum(axis=0), lost.sum(axis=0)
    busy = leaving > 0
    share = at_risk[:, busy] / total[busy]
    d, n = leaving[busy], total[busy]
    expected = (share * d).sum(axis=1)
    observed = lost.sum(axis=1)
    scale = np.where(n > 1, d * np.maximum(n - d, 0) / np.maximum(n - 1, 1e-300), 0.0)
    spread = np.diag((share * scale).sum(axis=1)) - (share * scale) @ share.T
    # The groups' differences add up to zero, so one of them says nothing.
    step, inner = (observed - expected)[:-1], spread[:-1, :-1]
    if np.linalg.matrix_rank(inner, tol=1e-10 * max(float(d.sum()), 1e-300), hermitian=True) < len(step):
        raise NotIdentified(what="log-rank test", reason="no losses while groups were followed together")
    statistic = float(step @ np.linalg.solve(inner, step))
    df = len(groups) - 1
    return LogRank(
        statistic, df, _chi2_tail(statistic, df), observed, expected, float(_n(groups)), "log-rank"
    )


def _checked(outcomes: Outcomes) -> None:
    if outcomes.n == 0:
        raise TooFewAnswers(n=0, needed=1)
    if (outcomes.values < 0).any():
        raise BadCounts("negative duration")


def _n(groups: Sequence[Outcomes]) -> float:
    return sum(outcomes.n for outcomes in groups)


def _step(
    sides: Callable[[float], tuple[Estimate, Estimate]], *, level: float, what: str, by_chance: bool
) -> Difference:
    a, b = sides(checked_level(level))
    own = () if by_chance else (Caution.ASSOCIATION,)
    warnings = tuple(dict.fromkeys((*a.warnings, *b.warnings, *own)))
    if Caution.FOLLOW_UP_SHORT in warnings:
        raise NotIdentified(what=what, reason="a group was not followed that long")
    low, high = mover(a, b)
    value = b.value - a.value
    p = _touching(sides, value)
    method = f"{a.method}; {b.method}" if a.method != b.method else a.method
    return Difference(value, low, high, p, a.n, b.n, f"variance recovery ({method})", warnings)


def _touching(sides: Callable[[float], tuple[Estimate, Estimate]], value: float) -> float:
    """One minus the level at which the interval of the difference just touches zero."""
    from scipy.optimize import brentq

    def limit(z: float) -> float:
        low, high = mover(*sides(1 - z_tail(z)))
        return low if value > 0 else -high

    if limit(FURTHEST_Z) > 0:
        return z_tail(FURTHEST_Z)
    # Next to z = 0 the interval is the value itself, unless that is nothing but rounding.
    if limit(NEAREST_Z) <= 0:
        return 1.0
    return z_tail(float(brentq(limit, NEAREST_Z, FURTHEST_Z, xtol=1e-8)))


def _area(outcomes: Outcomes, horizon: float) -> tuple[float, float]:
    """Area under the curve up to the horizon, and its variance."""
    curve = survival(outcomes)
    seen = curve.values[outcomes.completed + outcomes.still_open > 0]
    if horizon > seen[-1] and curve.share[-1] > 0:
        raise NotIdentified(what="mean time kept", reason="nobody was followed until the horizon")
    inside = curve.values < horizon
    edges = np.concatenate([[0.0], curve.values[inside], [horizon]])
    pieces = np.concatenate([[1.0], curve.share[inside]]) * np.diff(edges)
    # What lies to the right of each value: a loss there moves just that part of the curve.
    right = np.cumsum(pieces[::-1])[::-1][1:]
    lost, at_risk = outcomes.completed[inside], curve.at_risk[inside]
    moves = (lost > 0) & (right > 0)
    lost, at_risk, right = lost[moves], at_risk[moves], right[moves]
    return float(pieces.sum()), float((right**2 * lost / (at_risk * (at_risk - lost))).sum())


def _lost(outcomes: Outcomes, values: Floats) -> Floats:
    lost = np.zeros(values.size)
    lost[np.searchsorted(values, outcomes.values)] = outcomes.completed
    return lost


def _at_risk(outcomes: Outcomes, values: Floats) -> Floats:
    left = np.cumsum((outcomes.completed + outcomes.still_open)[::-1])[::-1]
    return np.append(left, 0.0)[np.searchsorted(outcomes.values, values)]


def _chi2_tail(statistic: float, df: int) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(df, max(statistic, 0.0)))
