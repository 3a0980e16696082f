"""Intervals from replicates, for many figures at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats
from mindgap.measure.errors import BadArgument, TooFewAnswers
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.gram import GramStack
from mindgap.measure.normal import checked_level, z_critical

FEW_UNITS = 20
"""With fewer units than this the replicates are too alike for the interval to be trusted."""


def limits(
    point: Floats, replicates: Floats, *, level: float, jackknife: Floats | None = None
) -> tuple[Floats, Floats]:
    """Lower and upper limits of k figures.

    Parameters
    ----------
    point : ndarray, shape (k,)
    replicates : ndarray, shape (b, k)
    level : float
    jackknife : ndarray, shape (u, k), optional
        The figures with one unit left out at a time: the limits are then bias corrected and
        accelerated (BCa), otherwise percentiles.

    Returns
    -------
    tuple of ndarray, shape (k,) each
        Widened to hold the point where resampling moved all replicates to one side of it.

    References
    ----------
    .. [1] Efron, B. (1987), J. American Statistical Association 82, 171-185, eq. 2.3.
    """
    tail = (1 - checked_level(level)) / 2
    if jackknife is None:
        low, high = np.quantile(replicates, [tail, 1 - tail], axis=0)
        return np.minimum(low, point), np.maximum(high, point)
    from scipy.special import ndtr, ndtri

    b = len(replicates)
    below = (replicates < point).mean(axis=0) + (replicates == point).mean(axis=0) / 2
    bias = ndtri(np.clip(below, 1 / (b + 1), b / (b + 1)))
    away = jackknife.mean(axis=0) - jackknife
    cubes, squares = (away**3).sum(axis=0), (away**2).sum(axis=0)
    bend = np.divide(cubes, 6 * squares**1.5, out=np.zeros_like(cubes), where=squares > 0)
    found = []
    for z in (-z_critical(level), z_critical(level)):
        moved = bias + z
        at = ndtr(bias + moved / np.maximum(1 - bend * moved, 1e-3))
        found.append([np.quantile(replicates[:, k], at[k]) for k in range(point.size)])
    return np.minimum(found[0], point), np.maximum(found[1], point)


def estimate(
    point: float,
    replicates: Floats,
    *,
    level: float,
    n: float,
    units: int,
    method: str = "bootstrap percentile",
) -> Estimate:
    """One figure with its percentile interval; ``replicates`` has shape (b,)."""
    low, high = limits(np.array([point]), replicates[:, None], level=level)
    return Estimate(point, float(low[0]), float(high[0]), n, method, few(units))


def few(units: int) -> tuple[str, ...]:
    """The caution due when so few units were resampled."""
    return (Caution.FEW_BLOCKS,) if units < FEW_UNITS else ()


def se(replicates: Floats) -> Floats:
    """Standard deviation over the replicates, shape (k,); 0 with fewer than two."""
    if len(replicates) < 2:
        return np.zeros(replicates.shape[1:])
    return np.asarray(replicates.std(axis=0, ddof=1), dtype=np.float64)


def units_of(
    answers: ArrayLike | GramStack,
    *,
    rng: np.random.Generator,
    names: Sequence[str] | None,
    clusters: ArrayLike | None,
    weights: ArrayLike | None,
) -> GramStack:
    """What is resampled: the blocks given, or rows or clusters of rows."""
    if isinstance(answers, GramStack):
        if names is not None or clusters is not None or weights is not None:
            raise BadArgument("answers", "blocks bring their own names, clusters and weights")
        units = answers
    else:
        units = GramStack.of_units(answers, rng=rng, names=names, clusters=clusters, weights=weights)
    if len(units) < 2:
        raise TooFewAnswers(n=len(units), needed=2)
    return units
