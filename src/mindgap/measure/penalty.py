"""Penalty and reward: what hurts when it is bad, and what pays when it is good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite, same_shape
from mindgap.measure.errors import BadArgument, BadCounts
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.linear import LinearFit, linear

Factor = Literal["basic", "performance", "excitement", "undecided"]
LEAST = 5


@dataclass(frozen=True, slots=True)
class PenaltyReward:
    """One attribute, in steps of the outcome against customers who rate it middling.

    ``penalty`` is the effect of a low rating (mostly negative), ``reward`` that of a high one;
    None when too few rated it so. ``asymmetry`` = reward + penalty: negative when the penalty
    is the larger. ``low`` and ``high`` count the respondents behind them.
    """

    name: str
    penalty: Estimate | None
    reward: Estimate | None
    asymmetry: Estimate | None
    factor: Factor
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class PenaltyRewards:
    """All attributes of one regression, in the order given, and what it explains."""

    attributes: tuple[PenaltyReward, ...]
    r2: Estimate
    n: float
    warnings: tuple[str, ...] = ()


def penalty_reward(
    ratings: Mapping[str, ArrayLike],
    outcome: ArrayLike,
    *,
    low: float,
    high: float,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> PenaltyRewards:
    """Penalty-reward contrasts: basic, performance and excitement factors.

    Parameters
    ----------
    ratings : mapping of str to array_like, shape (n,)
        Ratings of the attributes on one scale, higher = better.
    outcome : array_like, shape (n,)
        Overall satisfaction or loyalty of the same respondents.
    low, high : float
        A rating <= low is low, one >= high is high; those between are the reference.
    clusters : array_like, shape (n,), optional
        Customer of each row, if customers answered more than once.

    Returns
    -------
    PenaltyRewards
        Effects from one least-squares fit on all low and high dummies, with HC3 (or
        cluster-robust) intervals. Warning ``few_in_category`` when a dummy has fewer than five
        respondents, or all of them but five; it is left out, its customers join the reference,
        and the attribute is "undecided".

    Raises
    ------
    TooFewAnswers
        If there are not more respondents than dummies.
    NotIdentified
        If ratings are collinear (two attributes always rated alike).
    BadArgument
        If low >= high, or there is no attribute.
    BadCounts
        If a number is not finite or the shapes differ.

    Notes
    -----
    "basic": low ratings hurt and hurt more than high ones please; "excitement": high ratings
    please, and more than low ones hurt; "performance": both effects are there and their sizes
    cannot be told apart; "undecided": all else. With many attributes most are undecided at the
    sample sizes of surveys: show the intervals. The answer depends on where low and high are
    cut; say where. Attributes rated by the same person in the same minute share a halo.

    References
    ----------
    .. [1] Brandt, D. R. (1988), J. Services Marketing 2, 35-41.
    .. [2] Matzler, K., Sauerwein, E. (2002), Int. J. Service Industry Management 13, 314-332.

    Examples
    --------
    >>> rated, overall = [1, 3, 5] * 5, [2, 4, 4, 1, 4, 4, 1, 5, 4, 2, 4, 5, 1, 4, 4]
    >>> found = penalty_reward({"easy": rated}, overall, low=2, high=4).attributes[0]
    >>> round(found.penalty.value, 2), found.factor
    (-2.8, 'basic')
    """
    if not low < high:
        raise BadArgument("low", low)
    if not ratings:
        raise BadArgument("ratings", ())
    y = finite(outcome)
    rated = {name: finite(column) for name, column in ratings.items()}
    same_shape(y, *rated.values())
    if y.ndim != 1:
        raise BadCounts("one rating per respondent needed")
    dummies: dict[str, Floats] = {}
    for place, column in enumerate(rated.values()):
        dummies[f"{place} low"] = (column <= low).astype(np.float64)
        dummies[f"{place} high"] = (column >= high).astype(np.float64)
    used = {key: dummy for key, dummy in dummies.items() if LEAST <= dummy.sum() <= y.size - LEAST}
    fit = linear(y, used, clusters=clusters)
    found = tuple(
        _contrast(
            name,
            fit,
            (f"{place} low", f"{place} high"),
            (int(dummies[f"{place} low"].sum()), int(dummies[f"{place} high"].sum())),
            level=level,
        )
        for place, name in enumerate(rated)
    )
    warnings = (*fit.warnings, *((Caution.FEW_IN_CATEGORY,) if len(used) < len(dummies) else ()))
    return PenaltyRewards(found, fit.r2_estimate(level=level), fit.n, warnings)


def _contrast(
    name: str, fit: LinearFit, keys: tuple[str, str], sizes: tuple[int, int], *, level: float
) -> PenaltyReward:
    penalty, reward = (fit.estimate(key, level=level) if key in fit.names else None for key in keys)
    asymmetry = None
    factor: Factor = "undecided"
    if penalty is not None and reward is not None:
        asymmetry = fit.estimate(dict.fromkeys(keys, 1.0), level=level)
        factor = _factor(penalty, reward, asymmetry)
    return PenaltyReward(name, penalty, reward, asymmetry, factor, *sizes)


def _factor(penalty: Estimate, reward: Estimate, asymmetry: Estimate) -> Factor:
    hurts, pleases = penalty.high < 0, reward.low > 0
    if hurts and asymmetry.high < 0:
        return "basic"
    if pleases and asymmetry.low > 0:
        return "excitement"
    if hurts and pleases:
        return "performance"
    return "undecided"
