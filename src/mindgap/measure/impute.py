"""Missing answers: filled in several times over, and the results pooled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Bools, Floats, Ints, finite, same_shape
from mindgap.measure.bootstrap import few, limits, se
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Estimate
from mindgap.measure.gram import Gram, GramStack
from mindgap.measure.lmg import lmg_shares
from mindgap.measure.normal import checked_level, t_critical, z_critical
from mindgap.measure.subset import asked

LEAST_COPIES = 20
"""Fewer copies leave intervals and p-values to the chance of the imputation."""
_RIDGE = 1e-5
"""Added to the variances, as a share of 1, so that columns that repeat each other do no harm."""


@dataclass(frozen=True, slots=True, eq=False)
class Imputed:
    """Completed tables.

    ``tables`` has shape (m, n, p); what was observed is the same in all, ``missing`` (p,) is the
    share of each column that was not.
    """

    tables: Floats
    missing: Floats
    n: int
    method: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pooled:
    """One figure pooled over m completed tables.

    ``variance`` is the total (T), ``df`` the degrees of freedom of its t interval (infinite for
    normal), ``fmi`` the share of the information about it that is missing, 0 to 1.
    """

    estimate: Estimate
    variance: float
    df: float
    fmi: float
    m: int


@dataclass(frozen=True, slots=True)
class PooledShares:
    """LMG shares of the variance of an outcome, and R-squared, pooled over completed tables."""

    outcome: str
    names: tuple[str, ...]
    shares: tuple[Pooled, ...]
    r2: Pooled
    n: float
    method: str
    warnings: tuple[str, ...] = ()


def impute(
    rows: ArrayLike,
    *,
    rng: np.random.Generator,
    m: int = 20,
    rounds: int = 10,
    donors: int = 5,
    not_applicable: ArrayLike | None = None,
) -> Imputed:
    """Fill in missing answers by chained predictive mean matching, m times.

    Parameters
    ----------
    rows : array_like, shape (n, p)
        Answers; NaN where one is missing. Put the outcome and all drivers in.
    m : int, optional
        Completed tables, at least 20.
    rounds : int, optional
        Times each column is filled in anew, given the others.
    donors : int, optional
        A missing answer is taken from one of so many people with the nearest prediction, so
        only answers that somebody gave appear.
    not_applicable : array_like of bool, shape (n, p), optional
        Where the question did not apply. There is no answer behind it to be guessed.

    Returns
    -------
    Imputed

    Raises
    ------
    NotIdentified
        If something is marked not applicable, or a column has no answer at all.
    TooFewAnswers
        If a column has fewer than p + 2 answers.
    BadCounts
        If a number is infinite or the shapes do not fit.
    BadArgument
        If m < 20, or rounds or donors < 1.

    Notes
    -----
    What it means: every completed table is one way the answers might have been, and how much
    results differ between them is how much the gaps matter. It is right if who left the
    question out is told by the other answers ("missing at random"), which cannot be tested.
    When not to use it: when the touchpoint was not used. Analyse by journey, those who used it.

    References
    ----------
    .. [1] van Buuren, S. (2018), Flexible Imputation of Missing Data, 2nd ed., sections 3.4, 4.5.
    .. [2] Little, R. J. A. (1988), J. Business & Economic Statistics 6, 287-296.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rows = rng.normal(size=(50, 1)) + rng.normal(size=(50, 3))
    >>> rows[::5, 1] = np.nan
    >>> found = impute(rows, rng=rng)
    >>> found.tables.shape, found.missing.tolist()
    ((20, 50, 3), [0.0, 0.2, 0.0])
    """
    if m < LEAST_COPIES or rounds < 1 or donors < 1:
        raise BadArgument("m, rounds, donors", (m, rounds, donors))
    table, gaps = _gappy(rows, not_applicable)
    n, p = table.shape
    observed = n - gaps.sum(axis=0)
    if n and (observed == 0).any():
        raise NotIdentified(what="imputation", reason="a question without answers")
    if observed.min() < p + 2:
        raise TooFewAnswers(n=float(observed.min()), needed=p + 2)
    # In units of each column's own spread, so that the ridge means the same everywhere.
    middle, spread = np.nanmean(table, axis=0), np.nanstd(table, axis=0)
    unit = np.where(spread > 0, spread, 1.0)
    known = (table - middle) / unit
    order = [int(j) for j in np.argsort(gaps.sum(axis=0), kind="stable") if gaps[:, j].any()]
    tables = np.empty((m, n, p))
    for copy in range(m):
        tables[copy] = _chain(known, gaps, order, rounds=rounds, donors=donors, rng=rng)
    tables = np.where(gaps, tables * unit + middle, table)
    return Imputed(tables, gaps.mean(axis=0), n, "predictive mean matching")


def pool(
    values: ArrayLike, variances: ArrayLike, *, df: float = math.inf, level: float = 0.95, n: float = 0
) -> Pooled:
    """Rubin's rules with the degrees of freedom of Barnard and Rubin.

    Parameters
    ----------
    values, variances : array_like, shape (m,)
        The figure and its sampling variance from each completed table.
    df : float, optional
        Degrees of freedom if nothing had been missing, > 0.
    n : float, optional
        Answers used, handed on.

    Raises
    ------
    TooFewAnswers
        If m < 2.
    BadCounts, BadArgument
        If a number is not finite, a variance negative, or ``df`` not positive.

    References
    ----------
    .. [1] Barnard, J., Rubin, D. B. (1999), Biometrika 86, 948-955, eqs. 3-5.

    Examples
    --------
    >>> found = pool([10, 12, 11, 13, 14], [4.0, 4.2, 4.1, 4.0, 4.2], df=100)
    >>> round(found.variance, 2), round(found.df, 1), round(found.fmi, 2)
    (7.1, 16.1, 0.48)
    """
    q, u = finite(values), finite(variances, negative=False)
    same_shape(q, u)
    if q.ndim != 1 or q.size < 2:
        raise TooFewAnswers(n=q.size, needed=2)
    if not df > 0:
        raise BadArgument("df", df)
    m, value, within = q.size, float(q.mean()), float(u.mean())
    between = (1 + 1 / m) * float(q.var(ddof=1))
    total = within + between
    share = between / total if total > 0 else 0.0
    # Equal figures may differ by rounding; that is no missing information.
    share = share if share > 1e-12 else 0.0
    steps = []
    if share > 0:
        steps.append(share**2 / (m - 1))
    if math.isfinite(df) and share < 1:
        steps.append((df + 3) / ((df + 1) * df * (1 - share)))
    found = 1 / sum(steps) if steps else math.inf
    fmi = share + (1 - share) * 2 / (found + 3) if share > 0 else 0.0
    quantile = t_critical(checked_level(level), found) if math.isfinite(found) else z_critical(level)
    half = quantile * math.sqrt(total)
    estimate = Estimate(value, value - half, value + half, float(n), "rubin")
    return Pooled(estimate, total, found, fmi, m)


def pooled_lmg(
    imputed: Imputed,
    *,
    names: Sequence[str],
    outcome: str,
    rng: np.random.Generator,
    chosen: Sequence[str] | None = None,
    clusters: ArrayLike | None = None,
    replicates: int = 200,
    level: float = 0.95,
) -> PooledShares:
    """LMG shares over completed tables, with what the gaps add to the uncertainty.

    Parameters and errors as `mindgap.measure.drivers`, with rows from `impute`.

    Notes
    -----
    Each share is the mean over the tables, so the shares still add up to R-squared. Variance,
    degrees of freedom and missing information follow Rubin's rules with the bootstrap variance
    within each table. The interval is made of the percentiles of the replicates of all tables
    together, because shares are skewed near zero, where a t interval holds the truth too rarely.

    References
    ----------
    .. [1] Schomaker, M., Heumann, C. (2018), Statistics in Medicine 37, 2252-2266 (MI Boot).
    """
    found: list[Floats] = []
    again: list[Floats] = []
    for table in imputed.tables:
        gram = Gram.of(table, names=names)
        labels, _, warnings = asked(gram, outcome=outcome, drivers=chosen)
        units = GramStack.of_units(table, rng=rng, clusters=clusters, names=names)
        if len(units) < 2:
            raise TooFewAnswers(n=len(units), needed=2)
        units = units.pick([*labels, outcome])
        found.append(_shares(GramStack.of([units.total()]))[0])
        again.append(_shares(units.resampled(rng, replicates)))
    points, within = np.array(found), np.square([se(part) for part in again])
    low, high = limits(points.mean(axis=0), np.concatenate(again), level=level)
    df = imputed.n - len(labels) - 1
    pooled = []
    for k in range(len(labels) + 1):
        rule = pool(points[:, k], within[:, k], df=df, level=level)
        estimate = Estimate(
            rule.estimate.value, float(low[k]), float(high[k]), float(imputed.n), "bootstrap percentile"
        )
        pooled.append(replace(rule, estimate=estimate))
    return PooledShares(
        outcome=outcome,
        names=labels,
        shares=tuple(pooled[:-1]),
        r2=pooled[-1],
        n=float(imputed.n),
        method="lmg, rubin",
        warnings=(*warnings, *few(len(units))),
    )


def _shares(stack: GramStack) -> Floats:
    """Shares and R-squared, shape (b, p + 1)."""
    shares = lmg_shares(stack.correlations())
    return np.column_stack([shares, shares.sum(axis=1)])


def _gappy(rows: ArrayLike, not_applicable: ArrayLike | None) -> tuple[Floats, Bools]:
    try:
        table = np.asarray(rows, dtype=np.float64)
    except (TypeError, ValueError):
        raise BadCounts("not numbers") from None
    if table.ndim != 2 or table.shape[1] < 2:
        raise BadCounts("a table of two or more columns needed")
    if np.isinf(table).any():
        raise BadCounts("not finite")
    if not_applicable is not None:
        mask = np.asarray(not_applicable, dtype=np.bool_)
        if mask.shape != table.shape:
            raise BadCounts("shapes differ")
        if mask.any():
            raise NotIdentified(what="imputation", reason="not applicable is not missing")
    return table, np.isnan(table)


def _chain(
    known: Floats, gaps: Bools, order: Sequence[int], *, rounds: int, donors: int, rng: np.random.Generator
) -> Floats:
    """One completed table, standardised."""
    table = known.copy()
    for j in order:
        table[gaps[:, j], j] = rng.choice(known[~gaps[:, j], j], size=int(gaps[:, j].sum()))
    for _ in range(rounds):
        for j in order:
            table[gaps[:, j], j] = _matched(table, gaps[:, j], j, donors=donors, rng=rng)
    return table


def _matched(table: Floats, gap: Bools, j: int, *, donors: int, rng: np.random.Generator) -> Floats:
    """Answers for the gaps of column j, each from a person whose prediction is near."""
    x = np.delete(table, j, axis=1)
    x = np.column_stack([np.ones(len(x)), x])
    seen, y = x[~gap], table[~gap, j]
    gram = seen.T @ seen
    gram[np.diag_indices_from(gram)] += _RIDGE * len(y)
    root = np.linalg.cholesky(gram)
    slopes = np.linalg.solve(gram, seen.T @ y)
    left = y - seen @ slopes
    sigma = math.sqrt(float(left @ left) / rng.chisquare(max(len(y) - x.shape[1], 1)))
    # Slopes as uncertain as they are: without this the copies would agree too well.
    drawn = slopes + sigma * np.linalg.solve(root.T, rng.normal(size=slopes.size))
    given, wanted = seen @ slopes, x[gap] @ drawn
    order = np.argsort(given, kind="stable")
    picked = _near(given[order], wanted, donors=min(donors, given.size), rng=rng)
    return np.asarray(y[order][picked], dtype=np.float64)


def _near(given: Floats, wanted: Floats, *, donors: int, rng: np.random.Generator) -> Ints:
    """Place of one of the nearest entries of sorted ``given`` for each wanted value."""
    start = np.searchsorted(given, wanted) - donors
    window = np.clip(start[:, None] + np.arange(2 * donors), 0, given.size - 1)
    distance = np.abs(given[window] - wanted[:, None])
    # At the ends the clipped window repeats an entry; a repeat is no further donor.
    distance[:, 1:][window[:, 1:] == window[:, :-1]] = np.inf
    nearest = np.argsort(distance, axis=1, kind="stable")[:, :donors]
    usable = np.isfinite(np.take_along_axis(distance, nearest, axis=1)).sum(axis=1)
    chosen = (rng.random(len(wanted)) * usable).astype(np.int64)
    rows = np.arange(len(wanted))
    return np.asarray(window[rows, nearest[rows, chosen]], dtype=np.int64)
