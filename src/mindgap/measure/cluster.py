"""People answer more than once: intervals that count customers (and units), not answers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mindgap.measure.cluster_fit import ClusterFit, cluster_fit, cluster_step
from mindgap.measure.cluster_sums import ClusterSums
from mindgap.measure.errors import BadArgument, BadCounts
from mindgap.measure.estimate import Caution, Difference, Estimate
from mindgap.measure.normal import checked_level, t_critical, t_tail, z_critical
from mindgap.measure.nps import nps_cells
from mindgap.measure.proportion import proportion_cells

USUAL = 0.95
"""The level at which p is read off an interval, whatever level is shown."""


@dataclass(frozen=True, slots=True)
class Clustered:
    """An estimate that knows its clusters.

    ``se`` in the unit of the estimate, ``clusters`` per way of clustering, ``df`` degrees of
    freedom of the t interval. ``design_effect`` is how many times larger the variance is than
    that of as many answers of as many people; ``effective_n`` = n / design effect. Both are None
    where all answers are equal (nothing to compare) or no sums of squares were given.
    """

    estimate: Estimate
    se: float
    clusters: tuple[int, ...]
    df: float
    design_effect: float | None
    effective_n: float | None


def mean_clustered(sums: ClusterSums, *, level: float = 0.95) -> Clustered:
    """Mean (or mean gap) with a cluster-robust t interval, in the unit of the values.

    Parameters
    ----------
    sums : ClusterSums
        With one way of clustering (customers) or two (customers and units).

    Raises
    ------
    TooFewAnswers
        If there are fewer than 2 clusters in a way.

    Notes
    -----
    What it means: each customer is one witness, however often they speak; the interval is that
    for another sample of customers (and units). Variance: CR1, clusters / (clusters - 1) times
    the sum of squared cluster residuals; for two ways that of customers + that of units - that
    of pairs, and the larger of the first two where that is not positive. t with (smallest number
    of clusters - 1) degrees of freedom. When not to use it: with fewer than ten clusters it is
    too short (warning ``few_clusters``), more so if one of them holds most answers.
    Reference: tests/measure/reference/cluster.json.

    References
    ----------
    .. [1] Liang, K.-Y., Zeger, S. L. (1986), Biometrika 73, 13-22.
    .. [2] Cameron, A. C., Gelbach, J. B., Miller, D. L. (2011), J. of Business & Economic
       Statistics 29, 238-249, eq. 2.7.

    Examples
    --------
    >>> found = mean_clustered(ClusterSums([2, 1, 3], [12, 9, 15], squares=[74, 81, 75]))
    >>> found.estimate.value, found.clusters, round(found.se, 3)
    (6.0, (3,), 0.866)
    """
    fit = cluster_fit(sums)
    se = math.sqrt(fit.variance)
    half = t_critical(checked_level(level), fit.df) * se
    warnings = fit.warnings
    if se == 0:
        warnings += (Caution.ALL_EQUAL,)
    estimate = Estimate(fit.value, fit.value - half, fit.value + half, fit.n, "cluster-robust t", warnings)
    return _result(estimate, fit, se=se)


def nps_clustered(sums: ClusterSums, *, level: float = 0.95) -> Clustered:
    """NPS in points with a score interval at the effective number of answers.

    Parameters
    ----------
    sums : ClusterSums
        From `ClusterSums.of_classes`: values -1 (detractor), 0, 1 (promoter) with squares.

    Raises
    ------
    TooFewAnswers
        If there are fewer than 2 clusters in a way.
    BadCounts
        If the sums are not those of values -1, 0, 1.

    Notes
    -----
    n is divided by the design effect (never by less than 1) and by the square of t / z, because
    the design effect is itself estimated from few clusters; so the interval stays within -100 to
    100 and is honest where nearly all answers are alike. When all are of one class, each
    customer counts as one answer.

    References
    ----------
    .. [1] Korn, E. L., Graubard, B. I. (1998), Survey Methodology 24, 193-201.

    Examples
    --------
    >>> found = nps_clustered(ClusterSums.of_classes([0, 2, 0, 1], [1, 1, 0, 0], [2, 0, 1, 2]))
    >>> found.estimate.value, found.clusters, found.estimate.low < 0
    (20.0, (4,), True)
    """
    fit = cluster_fit(_within(sums, share=False))
    estimate = _nps_estimate(fit, level)
    return _result(estimate, fit, se=100 * math.sqrt(fit.variance))


def proportion_clustered(sums: ClusterSums, *, level: float = 0.95) -> Clustered:
    """Share (0 to 1) with Wilson's interval at the effective number of answers.

    Parameters, errors and notes as `nps_clustered`, with sums from `ClusterSums.of_hits`.

    Examples
    --------
    >>> proportion_clustered(ClusterSums.of_hits([3, 0, 1], [4, 1, 3])).estimate.value
    0.5
    """
    fit = cluster_fit(_within(sums, share=True))
    estimate = _proportion_estimate(fit, level)
    return _result(estimate, fit, se=math.sqrt(fit.variance))


def mean_clustered_difference(a: ClusterSums, b: ClusterSums, *, level: float = 0.95) -> Difference:
    """The step in the mean from ``a`` to ``b``; customers (and units) may be in both.

    Parameters
    ----------
    a, b : ClusterSums
        With the same ways of clustering. A label that occurs in both is the same customer or
        unit, and what they have in common is taken into account; so give labels.

    Returns
    -------
    Difference
        t interval; degrees of freedom after Satterthwaite, at most all clusters - 1.

    Raises
    ------
    TooFewAnswers
        If there are fewer than 2 clusters in a way on a side.
    BadArgument
        If ``a`` and ``b`` do not have the same ways of clustering.

    Notes
    -----
    Without any spread on both sides p is that of Fisher's exact test of the clusters (as if no
    customer were in both), and the warning says that the interval has no width.

    Examples
    --------
    >>> before = ClusterSums.of_answers([5, 6, 2, 9], customers=["ann", "ann", "bo", "chen"])
    >>> after = ClusterSums.of_answers([7, 4, 9], customers=["ann", "bo", "chen"])
    >>> round(mean_clustered_difference(before, after).value, 3)
    1.167
    """
    fits = cluster_fit(a), cluster_fit(b)
    step = cluster_step(*fits, a=a, b=b)
    value = fits[1].value - fits[0].value
    warnings = tuple(dict.fromkeys(fits[0].warnings + fits[1].warnings))
    if step.variance == 0:
        p = 1.0
        if value != 0:
            one, two = (min(fit.clusters) for fit in fits)
            p = min(1.0, (1 + (one == two)) / math.comb(one + two, one))
        none = (*warnings, Caution.ALL_EQUAL)
        return Difference(value, value, value, p, fits[0].n, fits[1].n, "fisher exact of clusters", none)
    se = math.sqrt(step.variance)
    half = t_critical(checked_level(level), step.df) * se
    p = t_tail(value / se, step.df)
    method = "cluster-robust t"
    return Difference(value, value - half, value + half, p, fits[0].n, fits[1].n, method, warnings)


def nps_clustered_difference(a: ClusterSums, b: ClusterSums, *, level: float = 0.95) -> Difference:
    """The step in NPS (points) from ``a`` to ``b``; customers (and units) may be in both.

    Parameters and errors as `mean_clustered_difference` and `nps_clustered`.

    Notes
    -----
    The interval joins the two of `nps_clustered` (MOVER), with the correlation that common
    customers give; p is that at which the 95 % interval, stretched by t, would reach 0.

    References
    ----------
    .. [1] Zou, G. Y. (2007), Psychological Methods 12, 399-413, eq. 15.

    Examples
    --------
    >>> before = ClusterSums.of_classes([2, 1, 1], [1, 1, 0], [0, 0, 1])
    >>> after = ClusterSums.of_classes([0, 1, 0], [1, 0, 1], [1, 1, 1])
    >>> round(nps_clustered_difference(before, after).value, 1)
    76.2
    """
    return _moved(_within(a, share=False), _within(b, share=False), of=_nps_estimate, unit=100, level=level)


def proportion_clustered_difference(a: ClusterSums, b: ClusterSums, *, level: float = 0.95) -> Difference:
    """The step in a share (0 to 1) from ``a`` to ``b``; otherwise as `nps_clustered_difference`.

    Examples
    --------
    >>> before, after = ClusterSums.of_hits([1, 0], [2, 2]), ClusterSums.of_hits([2, 1], [2, 2])
    >>> proportion_clustered_difference(before, after).value
    0.5
    """
    return _moved(
        _within(a, share=True), _within(b, share=True), of=_proportion_estimate, unit=1, level=level
    )


def _result(estimate: Estimate, fit: ClusterFit, *, se: float) -> Clustered:
    effect = fit.variance / fit.plain if fit.plain else None
    # Clusters that all have the same mean: more is known than from as many strangers.
    effective = fit.n / effect if effect else (None if effect is None else math.inf)
    return Clustered(estimate, se, fit.clusters, fit.df, effect, effective)


def _within(sums: ClusterSums, *, share: bool) -> ClusterSums:
    """The sums; BadCounts unless they can be those of values -1, 0, 1 (for a share of 0, 1)."""
    if sums.squares is None:
        raise BadArgument("squares", None)
    slack = 1e-9 * sums.n
    bad = (sums.squares > sums.n + slack) | (np.abs(sums.total) > sums.squares + slack)
    if bad.any() or (share and (np.abs(sums.total - sums.squares) > slack).any()):
        raise BadCounts("off the scale")
    return sums


def _worth(fit: ClusterFit, level: float) -> float:
    """Factor on the counts, so that an interval of plain answers is that of the clusters."""
    strength = (z_critical(level) / t_critical(level, fit.df)) ** 2
    if not fit.plain:
        return min(1.0, min(fit.clusters) / fit.n) * strength
    return strength / max(1.0, fit.variance / fit.plain)


def _nps_estimate(fit: ClusterFit, level: float) -> Estimate:
    worth, squares = _worth(fit, checked_level(level)), fit.squares or 0.0
    total = fit.value * fit.n
    three = (max(squares - total, 0.0) / 2, max(fit.n - squares, 0.0), max(squares + total, 0.0) / 2)
    cells = nps_cells(*(np.float64(part * worth) for part in three), level=level)
    value = 100 * fit.value
    low, high = min(float(cells.low), value), max(float(cells.high), value)
    return Estimate(value, low, high, fit.n, "score at effective n", _alike(fit))


def _proportion_estimate(fit: ClusterFit, level: float) -> Estimate:
    worth = _worth(fit, checked_level(level))
    cells = proportion_cells(fit.value * fit.n * worth, fit.n * worth, level=level)
    low, high = min(float(cells.low), fit.value), max(float(cells.high), fit.value)
    return Estimate(fit.value, low, high, fit.n, "wilson at effective n", _alike(fit))


def _alike(fit: ClusterFit) -> tuple[str, ...]:
    return fit.warnings if fit.plain else (*fit.warnings, Caution.ALL_EQUAL)


def _moved(
    a: ClusterSums, b: ClusterSums, *, of: Callable[[ClusterFit, float], Estimate], unit: float, level: float
) -> Difference:
    fits = cluster_fit(a), cluster_fit(b)
    step = cluster_step(*fits, a=a, b=b)
    value = unit * (fits[1].value - fits[0].value)
    low, high = _joined(of(fits[0], level), of(fits[1], level), step.correlation)
    p = 1.0
    if value != 0:
        down, up = low, high
        if level != USUAL:
            down, up = _joined(of(fits[0], USUAL), of(fits[1], USUAL), step.correlation)
        reach = value - down if value > 0 else up - value
        p = t_tail(abs(value) / reach * t_critical(USUAL, step.df), step.df)
    warnings = tuple(dict.fromkeys(_alike(fits[0]) + _alike(fits[1])))
    method = "mover interval at effective n"
    return Difference(value, low, high, p, fits[0].n, fits[1].n, method, warnings)


def _joined(a: Estimate, b: Estimate, correlation: float) -> tuple[float, float]:
    """Limits of b - a by variance recovery, for two estimates that go together."""
    value = b.value - a.value
    down, up = (b.value - b.low, a.high - a.value), (b.high - b.value, a.value - a.low)

    def reach(x: float, y: float) -> float:
        return math.sqrt(max(x * x + y * y - 2 * correlation * x * y, 0.0))

    return value - reach(*down), value + reach(*up)
