"""Halo: are the drivers many things, or one general impression asked about many times?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats
from mindgap.measure.bootstrap import estimate, few, units_of
from mindgap.measure.errors import BadArgument
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.gram import GramStack
from mindgap.measure.subset import COLLINEAR, asked

FIRST_SHARE = 0.6
"""From this share of the first component on, one impression may stand for all drivers."""
INFLATION = 5.0
"""From this variance inflation on, a coefficient is mostly about the other drivers."""


@dataclass(frozen=True, slots=True)
class Halo:
    """How much p drivers move together, and what they say beyond that.

    Attributes
    ----------
    first_share : Estimate
        Share of the drivers' standardised variance on their first component, 1/p to 1.
    mean_correlation : Estimate
        Average correlation between two drivers.
    inflation : tuple of float
        Per driver, how many times its coefficient's variance is larger than with unrelated
        drivers; infinite if others determine it.
    common_r2 : Estimate
        R-squared of the outcome on each person's mean (standardised) answer alone.
    beyond_r2 : Estimate
        What the separate drivers add to that: R-squared of all less ``common_r2``, >= 0.
    """

    names: tuple[str, ...]
    n: float
    first_share: Estimate
    mean_correlation: Estimate
    inflation: tuple[float, ...]
    common_r2: Estimate
    beyond_r2: Estimate
    method: str
    warnings: tuple[str, ...] = ()


def halo(
    answers: ArrayLike | GramStack,
    *,
    outcome: str,
    rng: np.random.Generator,
    names: Sequence[str] | None = None,
    chosen: Sequence[str] | None = None,
    clusters: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    replicates: int = 500,
    level: float = 0.95,
) -> Halo:
    """Whether a driver analysis of these answers can tell the drivers apart.

    Arguments and errors as `mindgap.measure.drivers`; BadArgument with fewer than 2 drivers.

    Returns
    -------
    Halo
        With caution "halo" if the first component holds 60 % or more, or some coefficient's
        variance is inflated five times or more.

    Notes
    -----
    What it means: who is pleased ticks high everywhere, and who answers driver and outcome in
    one sitting carries the mood of the moment into both. Then every driver "goes with" the
    outcome, bars become near equal, and ``common_r2`` (the general impression alone) is nearly
    all there is; only ``beyond_r2`` is about this driver rather than that. It cannot tell a
    real common cause from a habit of answering. When not to use it: as a correction; nothing
    is subtracted from the shares. Better is an outcome measured later or by another source.

    References
    ----------
    .. [1] Podsakoff, P. M. et al. (2003), J. Applied Psychology 88, 879-903.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> mood = rng.normal(size=(200, 1))
    >>> found = halo(mood + 0.3 * rng.normal(size=(200, 4)), outcome="x4", rng=rng)
    >>> round(found.first_share.value, 1), [str(code) for code in found.warnings]
    (0.9, ['halo'])
    """
    units = units_of(answers, rng=rng, names=names, clusters=clusters, weights=weights)
    whole = units.total()
    labels, matrix, warnings = asked(whole, outcome=outcome, drivers=chosen)
    if len(labels) < 2:
        raise BadArgument("drivers", labels)
    units = units.pick([*labels, outcome])
    point = _figures(GramStack.of([units.total()]))[0]
    again = _figures(units.resampled(rng, replicates))
    first, mean, common, beyond = (
        estimate(float(point[k]), again[:, k], level=level, n=whole.n, units=len(units)) for k in range(4)
    )
    inflation = _inflation(matrix[:-1, :-1])
    if first.value >= FIRST_SHARE or max(inflation) >= INFLATION:
        warnings = (*warnings, Caution.HALO)
    return Halo(
        names=labels,
        n=whole.n,
        first_share=first,
        mean_correlation=mean,
        inflation=inflation,
        common_r2=common,
        beyond_r2=beyond,
        method="bootstrap percentile",
        warnings=(*warnings, *few(len(units))),
    )


def _figures(stack: GramStack) -> Floats:
    """Per entry: first share, mean correlation, R-squared of the mean, and what is beyond."""
    r = stack.correlations()
    among, beside = r[:, :-1, :-1], r[:, :-1, -1]
    p = among.shape[1]
    first = np.linalg.eigvalsh(among)[:, -1] / p
    whole = among.sum(axis=(1, 2))
    # The mean of exactly opposite drivers has no spread and explains nothing.
    common = np.divide(beside.sum(axis=1) ** 2, whole, out=np.zeros(len(r)), where=whole > COLLINEAR)
    inverse = np.linalg.pinv(among, rcond=COLLINEAR, hermitian=True)
    r2 = np.einsum("bi,bij,bj->b", beside, inverse, beside)
    return np.stack([first, (whole - p) / (p * (p - 1)), common, np.clip(r2 - common, 0, None)], axis=1)


def _inflation(among: Floats) -> tuple[float, ...]:
    """1 / (1 - R-squared of a driver on the others)."""
    found = []
    for j in range(len(among)):
        rest = np.delete(np.arange(len(among)), j)
        slopes = np.linalg.pinv(among[np.ix_(rest, rest)], rcond=COLLINEAR, hermitian=True) @ among[rest, j]
        left = 1 - float(slopes @ among[rest, j])
        found.append(1 / left if left > COLLINEAR else float("inf"))
    return tuple(found)
