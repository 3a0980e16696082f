"""Changes of whole units compared: one or a few where something was done, others where not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Bools, Floats, finite
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.normal import checked_level, t_critical, t_tail, z_critical, z_tail
from mindgap.measure.shrink import between_variance
from mindgap.measure.track import Track, mask

FEW = 10
ALL_CHOICES = 5_000


@dataclass(frozen=True, slots=True)
class Compared:
    """The effect of a change, in the unit of the measure.

    ``effect`` = ``moved`` (change of the treated) - ``drift`` (weighted change of the
    comparison units). ``wander`` is the standard deviation by which units drift apart without
    any cause, beyond the chance of their answers; it is part of ``se``. ``df`` is infinite when
    nothing had to be estimated.
    """

    effect: Estimate
    se: float
    df: float
    p: float
    moved: float
    drift: float
    wander: float
    units: int


def compare_changes(
    before: Track,
    after: Track,
    *,
    treated: ArrayLike,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> Compared:
    """Difference in differences from one sample per unit before and after.

    Parameters
    ----------
    before, after : Track
        m units in one order; different customers before and after.
    treated : array_like
        Mask or places of the treated units.
    weights : array_like, shape (m,), optional
        Weights >= 0 of the comparison units (those of treated units are not looked at); by
        precision if left out.

    Raises
    ------
    TooFewAnswers
        If a treated unit has no answers, or fewer than one comparison unit has (``needed`` = 1).
    BadArgument, BadCounts
        If ``treated`` does not fit, a weight is negative or all are 0.

    Notes
    -----
    Works with one treated unit, where clustered standard errors do not: how far units wander
    apart is learnt from the comparison units (REML) and held to be the same for the treated.
    With one comparison unit that cannot be learnt; the interval then holds chance of the answers
    only and a warning says so. What strikes all units alike cancels out.

    References
    ----------
    .. [1] Donald, S. G., Lang, K. (2007), Rev. Economics and Statistics 89, 221-233.

    Examples
    --------
    >>> before = Track.share([50, 60, 58, 62], [100] * 4)
    >>> after = Track.share([70, 62, 61, 65], [100] * 4)
    >>> round(compare_changes(before, after, treated=[0]).effect.value, 3)
    0.173
    """
    checked_level(level)
    chosen, other = sides(before, after, treated=treated)
    change = after.values - before.values
    noise = before.variances + after.variances
    if not (noise[chosen | other] > 0).all():
        raise NotIdentified(what="standard error", reason="no_spread")
    wander2 = between_variance(change[other], noise[other]) if other.sum() > 1 else 0.0
    share = comparison_weights(weights, 1 / (noise + wander2), other)
    mine = chosen / chosen.sum()
    moved, drift = float(mine[chosen] @ change[chosen]), float(share[other] @ change[other])
    contrast = np.where(chosen, mine, -share)
    return judged(
        moved=moved,
        drift=drift,
        answers=float((contrast[chosen | other] ** 2 * noise[chosen | other]).sum()),
        wander2=wander2,
        contrast=contrast,
        typical=float(noise[other].mean()),
        units=int(other.sum()),
        n=float((before.ns + after.ns)[chosen | other].sum()),
        level=level,
    )


def judged(
    *,
    moved: float,
    drift: float,
    answers: float,
    wander2: float,
    contrast: Floats,
    typical: float,
    units: int,
    n: float,
    level: float,
) -> Compared:
    """The comparison, from the parts of its variance: chance of answers, and wandering of units."""
    value = moved - drift
    spread = float(contrast @ contrast)
    se = math.sqrt(answers + spread * wander2)
    warnings = (Caution.FEW_CLUSTERS,) if units < FEW else ()
    df = math.inf
    if units > 1:
        # The wandering was estimated from units - 1 changes (Satterthwaite); chance was counted.
        unsure = spread * (wander2 + typical)
        df = (units - 1) * max(1.0, se**2 / unsure) ** 2
    critical = z_critical(level) if math.isinf(df) else t_critical(level, df)
    p = z_tail(value / se) if math.isinf(df) else t_tail(value / se, df)
    effect = Estimate(value, value - critical * se, value + critical * se, n, "compared changes", warnings)
    return Compared(effect, se, df, p, moved, drift, math.sqrt(wander2), units)


def sides(before: Track, after: Track, *, treated: ArrayLike) -> tuple[Bools, Bools]:
    """Masks of treated and of comparison units that have answers before and after."""
    if before.size != after.size:
        raise BadCounts("shapes differ")
    chosen = mask(treated, size=before.size, name="treated")
    there = (before.ns > 0) & (after.ns > 0) & ~np.isnan(before.variances + after.variances)
    if not chosen.any():
        raise BadArgument("treated", treated)
    if not there[chosen].all():
        raise TooFewAnswers(n=0, needed=1)
    other = there & ~chosen
    if not other.any():
        raise TooFewAnswers(n=0, needed=1)
    return chosen, other


def comparison_weights(weights: ArrayLike | None, precision: Floats, other: Bools) -> Floats:
    """Weights of shape (m,) that add up to 1 over the comparison units, 0 elsewhere."""
    given = np.where(other, precision if weights is None else finite(weights), 0.0)
    if given.shape != other.shape:
        raise BadCounts("shapes differ")
    if (given < 0).any() or given.sum() == 0:
        raise BadArgument("weights", weights)
    return np.asarray(given / given.sum())


def permutation_p(
    changes: ArrayLike,
    *,
    treated: ArrayLike,
    rng: np.random.Generator | None = None,
    draws: int = 4_999,
) -> float:
    """Two-sided p-value of no effect, had any other units been the treated ones.

    Parameters
    ----------
    changes : array_like, shape (m,)
        Change of each unit, treated and comparison.
    treated : array_like
        Mask or places of the treated units, at least one and not all.
    rng : numpy.random.Generator, optional
        Needed when there are more than 5,000 choices of units; below that all are tried.

    Notes
    -----
    Supposes that units are alike but for the treatment. With one treated among m units p is
    never below 1 / m: 20 units are needed for 0.05.

    Examples
    --------
    >>> permutation_p([9, 1, 2, 0, 1], treated=[0])
    0.2
    """
    moved = finite(changes)
    if moved.ndim != 1:
        raise BadCounts("one change per unit needed")
    chosen = mask(treated, size=moved.size, name="treated")
    k, m = int(chosen.sum()), moved.size
    if not 0 < k < m:
        raise BadArgument("treated", treated)
    if math.comb(m, k) <= ALL_CHOICES:
        picked = np.array(list(combinations(range(m), k)))
    elif rng is None:
        raise BadArgument("rng", None)
    else:
        drawn = rng.permuted(np.tile(np.arange(m), (draws, 1)), axis=1)[:, :k]
        picked = np.vstack([np.flatnonzero(chosen), drawn])
    # The treated sum decides, because the whole sum is the same for every choice.
    away = np.abs(moved[picked].sum(axis=1) - k * moved.mean())
    seen = abs(float(moved[chosen].sum()) - k * float(moved.mean()))
    return float((away >= seen - 1e-9 * (1 + seen)).mean())
