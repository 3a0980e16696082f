"""Logistic regression told in points: by how much a share changes, not by which odds."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Bools, Floats, Ints, finite, zero_one
from mindgap.measure.covariates import Covariates
from mindgap.measure.errors import BadArgument, BadCounts, NotConverged, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.normal import checked_level, t_critical, t_tail, z_critical, z_tail

ROUNDS = 60
FEW_PER_COVARIATE = 10
LEAST_DRAWS = 200
# Of the resamples, how many may fail before their percentiles mislead.
MOST_FAILED = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Marginal:
    """Average marginal effects of p covariates on a share.

    ``effects`` are in shares (-1 to 1): for a 0/1 covariate the change from 0 to 1, otherwise
    the change per unit, averaged over the customers given. ``odds_ratios`` say the same in odds.
    ``coefficients`` (p + 1, the constant first), their ``covariance``; ``p`` (p,) two-sided.
    ``n`` customers, ``events`` of them with outcome 1.
    """

    names: tuple[str, ...]
    effects: tuple[Estimate, ...]
    odds_ratios: tuple[Estimate, ...]
    coefficients: Floats
    covariance: Floats
    p: Floats
    loglik: float
    n: float
    events: float
    method: str
    warnings: tuple[str, ...] = ()


def marginal(
    outcomes: ArrayLike,
    covariates: Covariates,
    *,
    counts: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
    rng: np.random.Generator | None = None,
    draws: int = 1000,
) -> Marginal:
    """Average marginal effects by logistic regression.

    Parameters
    ----------
    outcomes : array_like of 0 and 1, shape (n,)
        Left or not, bought again or not.
    covariates : Covariates
        n rows, known before the outcome.
    counts : array_like, shape (n,), optional
        How many customers each row stands for.
    clusters : array_like of int, shape (n,), optional
        Rows of one store, account or household share a number: robust standard errors, with a
        t distribution on clusters - 1.
    rng : numpy.random.Generator, optional
        If given, the intervals of the effects are percentiles of ``draws`` resamples (of whole
        clusters, if any) instead of the delta method's; odds ratios and p stay as they are.

    Returns
    -------
    Marginal
        Warning ``few_events`` below ten of the rarer outcome per covariate.

    Raises
    ------
    TooFewAnswers
        If one of the outcomes does not occur, or there are no more clusters than covariates.
    NotIdentified
        "collinear covariates", "constant covariate", or "separation": some mix of covariates
        tells the outcomes apart without error, so that the odds ratio is without bound.
    BadCounts
        If the arrays do not fit, or counts are negative (or broken, when resampling).

    Notes
    -----
    An effect of -0.03 reads "three customers fewer in a hundred", which an odds ratio of 0.7
    does not: it may be three in a thousand or nine in a hundred. Averages over the customers seen: another mix of
    customers has another average. An association unless the covariate was given by chance.

    References
    ----------
    .. [1] Greene, W. H. (2018), Econometric Analysis, 8th ed., section 17.3.2.
    .. [2] Konis, K. (2007), Linear programming algorithms for detecting separated data.

    Examples
    --------
    >>> known = Covariates([0, 0, 0, 0, 1, 1, 1, 1], names=("complained",))
    >>> round(marginal([0, 0, 0, 1, 0, 1, 1, 1], known).effects[0].value, 6)
    0.5
    """
    checked_level(level)
    rows = _rows(outcomes, covariates, counts)
    start = np.zeros(rows.x.shape[1])
    raw, information, loglik = _fit(rows, rows.counts, start)
    bread = np.linalg.inv(information)
    covariance, df = bread, math.inf
    groups = None if clusters is None else _grouped(clusters, rows)
    if groups is not None:
        score = rows.x * (rows.counts * (rows.y - _share(rows.x @ raw)))[:, None]
        sums = np.array([np.bincount(groups, weights=column) for column in score.T])
        covariance, df = bread @ (sums @ sums.T) @ bread, float(groups.max())
    values, slopes = _effects(rows, rows.counts, raw)
    ses = np.sqrt(np.einsum("jk,kl,jl->j", slopes, covariance, slopes))
    critical = z_critical(level) if math.isinf(df) else t_critical(level, df)
    own = np.sqrt(np.diag(covariance))
    p = [z_tail(z) if math.isinf(df) else t_tail(z, df) for z in raw[1:] / own[1:]]
    how = "delta method" if math.isinf(df) else "delta method, cluster-robust t"
    lows, highs = np.maximum(values - critical * ses, -1.0), np.minimum(values + critical * ses, 1.0)
    if rng is not None:
        lows, highs = _resampled(rows, groups, raw, rng, draws, level)
        lows, highs = np.minimum(lows, values), np.maximum(highs, values)
        how = f"percentiles of {draws} resamples"
    n, events = float(rows.counts.sum()), float(rows.counts @ rows.y)
    few = min(events, n - events) < FEW_PER_COVARIATE * len(covariates.names)
    warnings = (Caution.FEW_EVENTS,) if few else ()
    unit = rows.unit()
    coefficients, table = unit @ raw, unit @ covariance @ unit.T
    half = critical * np.sqrt(np.diag(table))
    return Marginal(
        names=covariates.names,
        effects=tuple(
            Estimate(float(v), float(a), float(b), n, how, warnings)
            for v, a, b in zip(values, lows, highs, strict=True)
        ),
        odds_ratios=tuple(
            Estimate(math.exp(b), math.exp(b - h), math.exp(b + h), n, "wald", warnings)
            for b, h in zip(coefficients[1:], half[1:], strict=True)
        ),
        coefficients=coefficients,
        covariance=table,
        p=np.array(p),
        loglik=loglik,
        n=n,
        events=events,
        method=how,
        warnings=warnings,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Outcomes, a constant with standardised covariates (n, p + 1), and how often each occurs.

    ``centre`` and ``spread`` (p,) lead back to the caller's units; ``binary`` (p,) marks 0/1.
    """

    y: Floats
    x: Floats
    counts: Floats
    centre: Floats
    spread: Floats
    binary: Bools
    kept: Bools

    def unit(self) -> Floats:
        """Matrix from coefficients of standardised covariates to those of the caller's."""
        matrix = np.diag(np.concatenate([[1.0], 1 / self.spread]))
        matrix[0, 1:] = -self.centre / self.spread
        return matrix


def _rows(outcomes: ArrayLike, covariates: Covariates, counts: ArrayLike | None) -> _Rows:
    y = zero_one(outcomes)
    how_often = np.ones(y.size) if counts is None else finite(counts, negative=False)
    if how_often.shape != y.shape or covariates.values.shape[0] != y.size:
        raise BadCounts("shapes differ")
    kept = np.asarray(how_often > 0, dtype=np.bool_)
    there = covariates.where(kept)
    y, how_often = y[kept], how_often[kept]
    if y.all() or not y.any():
        raise TooFewAnswers(n=0, needed=1)
    scaled, centre, spread = there.standardised(what="marginal effect")
    x = np.column_stack([np.ones(y.size), scaled])
    binary = np.asarray(np.isin(there.values, (0.0, 1.0)).all(axis=0), dtype=np.bool_)
    return _Rows(y.astype(np.float64), x, how_often, centre, spread, binary, kept)


def _grouped(clusters: ArrayLike, rows: _Rows) -> Ints:
    given = finite(clusters)
    if given.shape != rows.kept.shape:
        raise BadCounts("shapes differ")
    distinct, groups = np.unique(given[rows.kept], return_inverse=True)
    needed = rows.x.shape[1]
    if distinct.size < needed:
        raise TooFewAnswers(n=distinct.size, needed=needed)
    return np.asarray(groups, dtype=np.int64)


def _share(logits: Floats) -> Floats:
    from scipy.special import expit

    return np.asarray(expit(logits), dtype=np.float64)


def _fit(rows: _Rows, counts: Floats, start: Floats) -> tuple[Floats, Floats, float]:
    """Newton's steps to the top of the likelihood, which is concave; halved if too long."""
    at, loglik = start, _loglik(rows, counts, start)
    step: Floats = np.zeros_like(start)
    for _ in range(ROUNDS):
        share = _share(rows.x @ at)
        information = (rows.x * (counts * share * (1 - share))[:, None]).T @ rows.x
        # On the way to infinity the likelihood goes flat.
        if np.linalg.eigvalsh(information)[0] < 1e-9 * counts.sum():
            break
        step = np.asarray(np.linalg.solve(information, rows.x.T @ (counts * (rows.y - share))))
        while (ahead := _loglik(rows, counts, at + step)) < loglik - 1e-9 * abs(loglik):
            step = step / 2
        at, loglik = at + step, ahead
        if float(np.abs(step).max()) < 1e-9:
            return at, np.asarray(information, dtype=np.float64), loglik
    if _separated(rows, counts):
        raise NotIdentified(what="marginal effect", reason="separation")
    raise NotConverged(rounds=ROUNDS, distance=float(np.abs(step).max()))


def _loglik(rows: _Rows, counts: Floats, at: Floats) -> float:
    from scipy.special import log_expit

    return float(counts @ log_expit((2 * rows.y - 1) * (rows.x @ at)))


def _separated(rows: _Rows, counts: Floats) -> bool:
    """Whether some direction never puts an outcome on the wrong side, and some on the right."""
    from scipy.optimize import linprog

    sides = (rows.x * (2 * rows.y - 1)[:, None])[counts > 0]
    found = linprog(-sides.sum(axis=0), A_ub=-sides, b_ub=np.zeros(len(sides)), bounds=(-1, 1))
    return bool(found.status == 0 and -found.fun > 1e-7 * len(sides))


def _effects(rows: _Rows, counts: Floats, at: Floats) -> tuple[Floats, Floats]:
    """Average effects (p,) in the caller's units, and their slopes in the coefficients (p, p + 1)."""
    part = counts / counts.sum()
    logits = rows.x @ at
    share = _share(logits)
    steep = part * share * (1 - share)
    bend = steep * (1 - 2 * share)
    values, slopes = np.empty(rows.binary.size), np.empty((rows.binary.size, at.size))
    for j, binary in enumerate(rows.binary):
        k = j + 1
        if binary:
            ends = [(code - rows.centre[j]) / rows.spread[j] for code in (0.0, 1.0)]
            both = [_share(logits + (end - rows.x[:, k]) * at[k]) for end in ends]
            values[j] = part @ (both[1] - both[0])
            weights = [part * s * (1 - s) for s in both]
            slopes[j] = (weights[1] - weights[0]) @ rows.x
            slopes[j, k] = weights[1].sum() * ends[1] - weights[0].sum() * ends[0]
        else:
            values[j] = steep.sum() * at[k] / rows.spread[j]
            slopes[j] = bend @ rows.x * at[k] / rows.spread[j]
            slopes[j, k] += steep.sum() / rows.spread[j]
    return values, slopes


def _resampled(
    rows: _Rows, groups: Ints | None, at: Floats, rng: np.random.Generator, draws: int, level: float
) -> tuple[Floats, Floats]:
    if draws < LEAST_DRAWS:
        raise BadArgument("draws", draws)
    if not (rows.counts % 1 == 0).all():
        raise BadCounts("whole counts needed to resample")
    found: list[Floats] = []
    for _ in range(draws):
        if groups is None:
            n = int(rows.counts.sum())
            counts = rng.multinomial(n, rows.counts / n).astype(np.float64)
        else:
            k = int(groups.max()) + 1
            counts = rows.counts * rng.multinomial(k, np.full(k, 1 / k))[groups]
        try:
            found.append(_effects(rows, counts, _fit(rows, counts, at)[0])[0])
        except (NotIdentified, NotConverged):
            continue
    if len(found) < (1 - MOST_FAILED) * draws:
        raise NotIdentified(what="marginal effect", reason="separation in resamples")
    limits = np.quantile(np.array(found), [(1 - level) / 2, (1 + level) / 2], axis=0)
    return np.asarray(limits[0], dtype=np.float64), np.asarray(limits[1], dtype=np.float64)
