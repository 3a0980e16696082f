"""Difference in differences: what changed where something was done, less what changed elsewhere."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Bools, Floats, Ints, finite
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.least_squares import grouped, least_squares
from mindgap.measure.normal import checked_level, t_critical, t_tail

FEW = 10
ALL_SIGNS = 12
"""Up to so many clusters every combination of signs is tried instead of drawn."""
WEBB = np.sqrt([0.5, 1.0, 1.5])


@dataclass(frozen=True, slots=True)
class Did:
    """The effect of a change, in the unit of the answers.

    ``effect`` with interval, its standard error ``se``, ``t`` with ``df`` degrees of freedom and
    two-sided ``p``; ``moved`` is the change of the treated, ``drift`` that of the comparison, at
    equal covariates, so that effect = moved - drift. ``clusters`` is None when rows count singly.
    """

    effect: Estimate
    se: float
    t: float
    df: int
    p: float
    moved: float
    drift: float
    clusters: int | None


def did(
    y: ArrayLike,
    *,
    treated: ArrayLike,
    after: ArrayLike,
    cluster: ArrayLike | None = None,
    covariates: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> Did:
    """Difference in differences from single answers.

    Parameters
    ----------
    y : array_like, shape (n,)
        Answers.
    treated, after : array_like of bool, shape (n,)
        Whether the row belongs to a touchpoint (unit) where something was done, and to the time
        after it, in both groups.
    cluster : array_like, shape (n,), optional
        Labels of what chance strikes together: the unit where the change was made by unit, the
        customer where customers answer more than once. Standard errors are then CR1 with
        t(G - 1); classical if left out.
    covariates : array_like, shape (n, c), optional
        Columns to hold equal.
    weights : array_like, shape (n,), optional
        Weight of each row, > 0; of comparison units, to make them resemble the treated ones.

    Raises
    ------
    TooFewAnswers
        Unless n exceeds the number of coefficients.
    NotIdentified
        If one of the four groups is empty or a covariate follows from others (``coefficients``),
        if no answer differs from its fit, or if all treated or all comparison rows are of one
        cluster (``standard error``): then take `compare_changes`.

    Notes
    -----
    Right if the treated would have drifted as the comparison did; that cannot be proven, only
    made doubtful by what happened before (`parallel`). Does not correct for having picked the
    treated because they were bad: see `picked` and `trial`. Below 10 clusters the interval is
    rough: take `wild_p`, or with one treated unit `permutation_p`.

    References
    ----------
    .. [1] Wooldridge, J. M., Introductory Econometrics, example 13.3.
    .. [2] Bertrand, M., Duflo, E., Mullainathan, S. (2004), Quarterly J. Economics 119, 249-275.

    Examples
    --------
    >>> y = [7, 8, 7, 8, 6, 7, 9, 10]
    >>> found = did(y, treated=[0, 0, 0, 0, 1, 1, 1, 1], after=[0, 0, 1, 1, 0, 0, 1, 1])
    >>> round(found.effect.value, 6), found.df
    (3.0, 4)
    """
    checked_level(level)
    outcome, design, was_treated = _design(y, treated=treated, after=after, covariates=covariates)
    n = outcome.size
    fit = least_squares(outcome, design, weights=weights)
    if fit.is_exact:
        raise NotIdentified(what="standard error", reason="no_spread")
    clusters, df, method = None, fit.df, "ols"
    warnings: tuple[str, ...] = ()
    if cluster is None:
        variance = float(fit.classical[3, 3])
    else:
        labels = grouped(cluster, n=n)
        clusters = int(labels.max()) + 1
        _two_sides(labels, was_treated)
        variance = float(fit.clustered(labels)[3, 3])
        df, method = clusters - 1, "cr1"
        warnings = (Caution.FEW_CLUSTERS,) if clusters < FEW else ()
    se = math.sqrt(variance)
    value = float(fit.coefficients[3])
    half = t_critical(level, df) * se
    drift = float(fit.coefficients[1])
    effect = Estimate(value, value - half, value + half, float(n), f"did, {method}", warnings)
    return Did(effect, se, value / se, df, t_tail(value / se, df), drift + value, drift, clusters)


def wild_p(
    y: ArrayLike,
    *,
    treated: ArrayLike,
    after: ArrayLike,
    cluster: ArrayLike,
    rng: np.random.Generator,
    covariates: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    draws: int = 999,
) -> float:
    """Two-sided p-value of no effect for few clusters, by the wild cluster bootstrap.

    Arguments and errors as in `did`; ``draws`` >= 99. The null hypothesis is imposed. Up to 12
    clusters all sign combinations are tried, and p is a multiple of 2^(1 - G): with 5 clusters
    never below 0.0625. Beyond, Webb's six-point weights are drawn.

    Notes
    -----
    With one or two treated clusters it hardly ever rejects: take `permutation_p`.

    References
    ----------
    .. [1] Cameron, A. C., Gelbach, J. B., Miller, D. L. (2008), Rev. Economics and Statistics 90, 414-427.
    .. [2] Webb, M. D. (2014), Queen's Economics Department working paper 1315.
    """
    if draws < 99:
        raise BadArgument("draws", draws)
    outcome, design, was_treated = _design(y, treated=treated, after=after, covariates=covariates)
    fit = least_squares(outcome, design, weights=weights)
    if fit.is_exact:
        raise NotIdentified(what="standard error", reason="no_spread")
    labels = grouped(cluster, n=outcome.size)
    _two_sides(labels, was_treated)
    null = least_squares(outcome, np.delete(design, 3, axis=1), weights=weights)
    number = int(labels.max()) + 1
    # The effect's own column with all others taken out: b = x'y / x'x for whatever y is drawn.
    own = fit.design @ fit.bread[:, 3] / fit.bread[3, 3]
    pulls = np.bincount(labels, weights=own * null.residuals, minlength=number)
    crossed = np.zeros((number, fit.design.shape[1]))
    np.add.at(crossed, labels, fit.design * null.residuals[:, None])
    column = np.zeros_like(crossed)
    np.add.at(column, labels, fit.design * own[:, None])
    # Score of cluster g as drawn: its own residuals less what the new fit takes up.
    scores = np.diag(pulls) - column @ fit.bread @ crossed.T
    signs = _signs(number, rng=rng, draws=draws)
    # The first row is the sample itself, so rounding cannot make it differ from its own like.
    sums, meats = np.abs(signs @ pulls), ((signs @ scores.T) ** 2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(meats > 0, sums / np.sqrt(meats), np.inf)
    return float((statistic >= statistic[0] * (1 - 1e-9)).mean())


def _design(
    y: ArrayLike, *, treated: ArrayLike, after: ArrayLike, covariates: ArrayLike | None
) -> tuple[Floats, Floats, Bools]:
    outcome = finite(y)
    flags = [finite(given) for given in (treated, after)]
    if outcome.ndim != 1 or any(flag.shape != outcome.shape for flag in flags):
        raise BadCounts("shapes differ")
    for name, flag in zip(("treated", "after"), flags, strict=True):
        if not np.isin(flag, (0, 1)).all():
            raise BadArgument(name, "neither 0 nor 1")
    was_treated, was_after = flags
    columns = [np.ones_like(outcome), was_after, was_treated, was_treated * was_after]
    if covariates is not None:
        more = finite(covariates)
        if more.shape[:1] != outcome.shape or more.ndim > 2:
            raise BadCounts("shapes differ")
        columns.append(more)
    return outcome, np.column_stack(columns), was_treated == 1


def _two_sides(labels: Ints, was_treated: Bools) -> None:
    """Where whole clusters are treated, one cluster on a side shows nothing of its chance."""
    sides = [np.unique(labels[side]) for side in (was_treated, ~was_treated)]
    nested = np.intersect1d(sides[0], sides[1]).size == 0
    if nested and min(side.size for side in sides) < 2:
        raise NotIdentified(what="standard error", reason="one_cluster")


def _signs(number: int, *, rng: np.random.Generator, draws: int) -> Floats:
    if number <= ALL_SIGNS:
        bits = (np.arange(2**number)[:, None] >> np.arange(number)) & 1
        return np.asarray(1.0 - 2.0 * bits)
    drawn = rng.choice(np.concatenate([-WEBB, WEBB]), size=(draws, number))
    return np.vstack([np.ones(number), drawn])
