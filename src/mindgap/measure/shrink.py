"""Many touchpoints side by side: pull the noisy ones in, and say which may be the worst."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite, same_shape
from mindgap.measure.errors import BadArgument, BadCounts, TooFewAnswers
from mindgap.measure.normal import checked_level, z_critical

Tau2Method = Literal["reml", "paule-mandel", "dersimonian-laird"]

GRID = 65
HALVINGS = 200
NODES = 640


@dataclass(frozen=True, slots=True, eq=False)
class Shrunk:
    """Posterior of m touchpoints; arrays of shape (m,) in the unit of the values.

    ``centre`` is the common mean, ``tau2`` the variance of the true values around it, ``pull``
    the share (0 to 1) by which each value moved to the centre.
    """

    centre: float
    centre_se: float
    tau2: float
    values: Floats
    ses: Floats
    lows: Floats
    highs: Floats
    pull: Floats
    method: str


def shrink(
    values: ArrayLike,
    variances: ArrayLike,
    *,
    tau2: float | None = None,
    method: Tau2Method = "reml",
    level: float = 0.95,
) -> Shrunk:
    """Empirical Bayes for normal values around a normal mean.

    Parameters
    ----------
    values : array_like, shape (m,)
        Raw scores; for NPS take ``NpsCells.value``.
    variances : array_like, shape (m,)
        Their sampling variances, all > 0; for NPS take ``NpsCells.variance``, which is never 0.
    tau2 : float, optional
        Variance of the true values if known; estimated by ``method`` if left out.
    method : {"reml", "paule-mandel", "dersimonian-laird"}, optional
        How to estimate ``tau2``.

    Returns
    -------
    Shrunk
        Standard errors include the uncertainty of the common mean, not that of ``tau2``.

    Raises
    ------
    TooFewAnswers
        If m < 2.
    BadCounts
        If a variance is not positive or a number not finite.

    References
    ----------
    .. [1] Efron, B., Morris, C. (1975), J. American Statistical Association 70, 311-319.
    .. [2] Viechtbauer, W. (2005), J. Educational and Behavioral Statistics 30, 261-293.
    """
    y, v = _checked(values, variances)
    z = z_critical(checked_level(level))
    t = _tau2(y, v, method) if tau2 is None else float(finite(tau2, negative=False))
    weights = 1 / (v + t)
    centre_variance = 1 / float(weights.sum())
    centre = float(weights @ y) * centre_variance
    pull = v * weights
    posterior = y + pull * (centre - y)
    ses = np.sqrt(t * pull + pull**2 * centre_variance)
    return Shrunk(
        centre=centre,
        centre_se=math.sqrt(centre_variance),
        tau2=t,
        values=posterior,
        ses=ses,
        lows=posterior - z * ses,
        highs=posterior + z * ses,
        pull=pull,
        method=method if tau2 is None else "given",
    )


def between_variance(values: ArrayLike, variances: ArrayLike, *, method: Tau2Method = "reml") -> float:
    """Variance tau2 of the true values around their mean, >= 0; arguments as in `shrink`."""
    y, v = _checked(values, variances)
    return _tau2(y, v, method)


def _checked(values: ArrayLike, variances: ArrayLike) -> tuple[Floats, Floats]:
    y, v = finite(values), finite(variances, negative=False)
    same_shape(y, v)
    if y.ndim != 1:
        raise BadCounts("one row of values needed")
    if (v == 0).any():
        raise BadCounts("variance 0")
    if y.size < 2:
        raise TooFewAnswers(n=y.size, needed=2)
    return y, v


def _tau2(y: Floats, v: Floats, method: str) -> float:
    # In the unit of the data's own spread, so that the search does not depend on the scale.
    unit = float(v.mean() + y.var())
    scaled_y, scaled_v = (y - y.mean()) / math.sqrt(unit), v / unit
    if method == "reml":
        return unit * _reml(scaled_y, scaled_v)
    if method == "paule-mandel":
        return unit * _paule_mandel(scaled_y, scaled_v)
    if method == "dersimonian-laird":
        return unit * _dersimonian_laird(scaled_y, scaled_v)
    raise BadArgument("method", method)


def _reml(y: Floats, v: Floats) -> float:
    """The best of a grid first, because the likelihood may have more than one peak."""
    top = float(np.ptp(y) ** 2 + v.max())
    trial = np.concatenate([[0.0], top * np.logspace(-9, 0, GRID - 1)])
    best = int(np.argmax(_restricted(trial, y, v)))
    low, high = trial[max(best - 1, 0)], trial[min(best + 1, GRID - 1)]
    if _slope(low, y, v) <= 0:
        return float(low)
    # Between the neighbours of the best grid point the slope changes its sign once.
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _slope(middle, y, v) > 0:
            low = middle
        else:
            high = middle
    return float((low + high) / 2)


def _restricted(t: Floats, y: Floats, v: Floats) -> Floats:
    w = 1 / (v + t[:, None])
    total = w.sum(axis=1)
    centre = (w @ y) / total
    squares = (w * (y - centre[:, None]) ** 2).sum(axis=1)
    return np.asarray(np.log(w).sum(axis=1) - np.log(total) - squares, dtype=np.float64)


def _slope(t: float, y: Floats, v: Floats) -> float:
    w = 1 / (v + t)
    rest = y - (w @ y) / w.sum()
    return float((w**2) @ rest**2 - w.sum() + (w**2).sum() / w.sum())


def _excess(t: float, y: Floats, v: Floats) -> float:
    w = 1 / (v + t)
    rest = y - (w @ y) / w.sum()
    return float(w @ rest**2) - (y.size - 1)


def _paule_mandel(y: Floats, v: Floats) -> float:
    low, high = 0.0, float(np.ptp(y) ** 2 * y.size + v.max())
    if _excess(low, y, v) <= 0:
        return 0.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _excess(middle, y, v) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _dersimonian_laird(y: Floats, v: Floats) -> float:
    w = 1 / v
    scale = w.sum() - (w**2).sum() / w.sum()
    return max(0.0, _excess(0.0, y, v) / float(scale))


def among_worst(
    values: ArrayLike,
    ses: ArrayLike,
    *,
    k: int | None = None,
    share: float = 0.1,
    better: Literal["higher", "lower"] = "higher",
) -> Floats:
    """Chance of each touchpoint to be truly among the ``k`` worst.

    Parameters
    ----------
    values, ses : array_like, shape (m,)
        Posterior means and standard errors (>= 0), as in `Shrunk`.
    k : int, optional
        1 <= k <= m; if left out, the worst ``share``, at least one.
    better : {"higher", "lower"}, optional
        Which end is good; with ``lower`` the largest values are the worst.

    Returns
    -------
    ndarray of float64, shape (m,)
        Chances from 0 to 1 that add up to k. Equal touchpoints have equal chances.

    Notes
    -----
    By numerical integration over independent normal posteriors (the number of others below a
    point is Poisson-binomial), not by drawing: the same answer every time, good to about 0.002.
    """
    centre, spread = finite(values), finite(ses, negative=False)
    same_shape(centre, spread)
    m = centre.size
    if m == 0 or centre.ndim != 1:
        raise TooFewAnswers(n=0, needed=1)
    if k is None:
        if not 0 < share <= 1:
            raise BadArgument("share", share)
        k = max(1, math.ceil(share * m - 1e-9))
    if not 1 <= k <= m:
        raise BadArgument("k", k)
    if better not in ("higher", "lower"):
        raise BadArgument("better", better)
    if better == "lower":
        centre = -centre
    # A point without width cannot be integrated over; this much is far below any reading.
    floor = 1e-6 * (float(np.ptp(centre)) + float(spread.max())) or 1.0
    return _chances(centre, np.maximum(spread, floor), k)


def _chances(centre: Floats, spread: Floats, k: int) -> Floats:
    from scipy.special import ndtr, ndtri

    levels = (np.arange(NODES // 4) + 0.5) / (NODES // 4)
    points = np.sort((centre[:, None] + spread[:, None] * ndtri(levels)).ravel())
    picked = np.unique(points[np.linspace(0, points.size - 1, NODES).astype(int)])
    edges = np.concatenate([[-np.inf], picked, [np.inf]])
    upto = np.asarray(ndtr((edges[:, None] - centre) / spread), dtype=np.float64)
    mass = np.diff(upto, axis=0)
    # Half of each slice lies below a point inside it.
    below = (upto[1:] + upto[:-1]) / 2
    counts = _poisson_binomial(below)
    chance = (mass * _fewer_than(k, counts, below)).sum(axis=0)
    return np.asarray(np.clip(chance * (k / chance.sum()), 0.0, 1.0), dtype=np.float64)


def _poisson_binomial(p: Floats) -> Floats:
    """P(c of the m events happen), shape (t, m + 1), from chances of shape (t, m)."""
    t, m = p.shape
    chance = np.zeros((t, m + 1))
    chance[:, 0] = 1.0
    for j in range(m):
        one = p[:, j, None]
        chance[:, 1 : j + 2] = chance[:, 1 : j + 2] * (1 - one) + chance[:, : j + 1] * one
        chance[:, 0] *= 1 - p[:, j]
    return chance


def _fewer_than(k: int, counts: Floats, p: Floats) -> Floats:
    """P(fewer than k of the *other* events happen), for each event; shape (t, m).

    Takes one event out of the distribution again: from below where it is unlikely, from above
    where it is likely, because only so rounding errors shrink.
    """
    m = p.shape[1]
    upward, downward = np.zeros_like(p), np.zeros_like(p)
    total_up, total_down = np.zeros_like(p), np.zeros_like(p)
    likely = p > 0.5
    safe_up, safe_down = np.where(likely, 0.0, p), np.where(likely, p, 1.0)
    for c in range(k):
        upward = (counts[:, c, None] - safe_up * upward) / (1 - safe_up)
        total_up += upward
    for c in range(m - 1, -1, -1):
        downward = (counts[:, c + 1, None] - (1 - safe_down) * downward) / safe_down
        if c < k:
            total_down += downward
    return np.where(likely, total_down, total_up)
