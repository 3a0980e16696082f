"""Picked because it was worst: how much of a rise afterwards is only chance that passes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite, same_shape
from mindgap.measure.errors import BadArgument, BadCounts, TooFewAnswers
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.normal import checked_level, z_critical, z_tail

GRID = 129
POINTS = 2_001


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """What m values say together about the m true levels: ``values`` (m,), ``covariance`` (m, m).

    ``tau`` is the standard deviation of the true levels, averaged over what it may be.
    """

    values: Floats
    covariance: Floats
    tau: float


@dataclass(frozen=True, slots=True)
class Picked:
    """A touchpoint picked for its value, in the unit of the values.

    ``raw`` is its value, ``corrected`` where its true level probably lies, ``bounce`` =
    corrected - raw the step to expect next time if nothing is done. ``if_equal`` is the step the
    worst of so many would make if all were truly equal.
    """

    index: int
    raw: float
    corrected: Estimate
    bounce: float
    if_equal: float


@dataclass(frozen=True, slots=True)
class PickedChange:
    """A before/after of a picked touchpoint, without comparison.

    ``seen`` = after - before = ``picked.bounce`` + ``remaining.value``. ``verdict`` is
    ``explained_by_picking`` or ``not_explained_by_picking``, which may be drift, season or the
    action: what has no comparison is never called verified.
    """

    seen: float
    picked: Picked
    remaining: Estimate
    p: float
    verdict: Literal["explained_by_picking", "not_explained_by_picking"]
    warnings: tuple[str, ...] = (Caution.PICKED,)


def posterior(values: ArrayLike, variances: ArrayLike) -> Posterior:
    """True levels of m touchpoints, given their values and sampling variances, shape (m,).

    As `shrink`, but with the variance between touchpoints averaged over its restricted
    likelihood (flat for its root) instead of taken at its best value: with few or like
    touchpoints the best value is often 0, and then says that nothing can be worse than average.

    Raises
    ------
    TooFewAnswers
        If m < 3.
    BadCounts
        If a variance is not positive or a number not finite.

    References
    ----------
    .. [1] Gelman, A. (2006), Bayesian Analysis 1, 515-534.
    .. [2] Morris, C. N. (1983), J. American Statistical Association 78, 47-55.
    """
    y, v = finite(values), finite(variances, negative=False)
    same_shape(y, v)
    if y.ndim != 1:
        raise BadCounts("one row of values needed")
    if y.size < 3:
        raise TooFewAnswers(n=y.size, needed=3)
    if (v == 0).any():
        raise BadCounts("variance 0")
    taus = np.linspace(0.0, 4 * math.sqrt(float(y.var(ddof=1)) + float(v.min())), GRID)
    weights = 1 / (v + taus[:, None] ** 2)
    total = weights.sum(axis=1)
    centres = (weights @ y) / total
    squares = (weights * (y - centres[:, None]) ** 2).sum(axis=1)
    likely = (np.log(weights).sum(axis=1) - np.log(total) - squares) / 2
    chance = np.exp(likely - likely.max())
    # Ends of the grid count half (trapezoid).
    chance[[0, -1]] /= 2
    chance /= chance.sum()
    pulls = v * weights
    means = y + pulls * (centres[:, None] - y)
    whole = chance @ means
    own = np.diag(chance @ (pulls * taus[:, None] ** 2))
    common = (pulls * (chance / total)[:, None]).T @ pulls
    away = means - whole
    covariance = own + common + (away * chance[:, None]).T @ away
    return Posterior(np.asarray(whole), np.asarray(covariance), float(chance @ taus))


def picked(
    values: ArrayLike,
    variances: ArrayLike,
    *,
    index: int | None = None,
    better: Literal["higher", "lower"] = "higher",
    level: float = 0.95,
) -> Picked:
    """Correct the value of a touchpoint for having been picked out of many.

    Parameters
    ----------
    values, variances : array_like, shape (m,)
        Of all touchpoints that could have been picked, when it was; sampling variances > 0.
    index : int, optional
        Which was picked; the worst if left out.

    Notes
    -----
    The worst of 20 equal touchpoints with 100 answers each lies about 15 NPS points below its
    true level, and is back there next time without anybody doing anything. What the whole
    set says about how far touchpoints differ decides how much of the distance is real.

    Right only if the set is complete: touchpoints left out because they were not bad belong in.

    Examples
    --------
    >>> found = picked([10, 31, 28, 35, 30, 33], [60] * 6)
    >>> found.index, found.bounce > 5
    (0, True)
    """
    checked_level(level)
    if better not in ("higher", "lower"):
        raise BadArgument("better", better)
    levels = posterior(values, variances)
    y, v = finite(values), finite(variances)
    if index is None:
        index = int(np.argmin(y) if better == "higher" else np.argmax(y))
    if not 0 <= index < y.size:
        raise BadArgument("index", index)
    value, se = float(levels.values[index]), math.sqrt(float(levels.covariance[index, index]))
    half = z_critical(level) * se
    corrected = Estimate(value, value - half, value + half, float(y.size), "empirical bayes")
    step = expected_bounce(v)
    return Picked(
        index=index,
        raw=float(y[index]),
        corrected=corrected,
        bounce=value - float(y[index]),
        if_equal=step if better == "higher" else -step,
    )


def picked_change(
    values: ArrayLike,
    variances: ArrayLike,
    *,
    after: float,
    after_variance: float,
    index: int | None = None,
    better: Literal["higher", "lower"] = "higher",
    level: float = 0.95,
) -> PickedChange:
    """What is left of a before/after once the picking is taken out; see `picked`.

    Parameters
    ----------
    after, after_variance : float
        Value of the picked touchpoint afterwards and its sampling variance > 0.
    """
    then = picked(values, variances, index=index, better=better, level=level)
    finite((after, after_variance))
    if not after_variance > 0:
        raise BadArgument("after_variance", after_variance)
    before_se = then.corrected.half_width / z_critical(level)
    se = math.hypot(before_se, math.sqrt(after_variance))
    value = after - then.corrected.value
    half = z_critical(level) * se
    remaining = Estimate(value, value - half, value + half, then.corrected.n, "empirical bayes")
    explained = not remaining.excludes(0)
    return PickedChange(
        seen=after - then.raw,
        picked=then,
        remaining=remaining,
        p=z_tail(value / se),
        verdict="explained_by_picking" if explained else "not_explained_by_picking",
    )


def expected_bounce(variances: ArrayLike) -> float:
    """How far the lowest of m truly equal touchpoints lies below its level, on average, >= 0.

    Parameters
    ----------
    variances : array_like, shape (m,)
        Sampling variances > 0; the result is in the unit whose square they have.

    Examples
    --------
    >>> round(expected_bounce([0.6275 * 1e4 / 100] * 20), 1)
    14.8
    """
    from scipy.special import ndtr

    v = finite(variances, negative=False)
    if v.ndim != 1 or v.size == 0:
        raise TooFewAnswers(n=0, needed=1)
    if (v == 0).any():
        raise BadCounts("variance 0")
    sds = np.sqrt(v)
    reach = 10.0 * float(sds.max())
    depths = np.linspace(-reach, reach, POINTS)
    # Chance that none lies deeper; a mean is the upper end less the area under the distribution.
    none_deeper = np.prod(ndtr(depths[:, None] / sds), axis=1)
    return reach - float(np.trapezoid(none_deeper, depths))
