"""Cox regression: who leaves earlier, with everything else held equal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Bools, Floats, Ints, finite, zero_one
from mindgap.measure.concordance import concordance
from mindgap.measure.covariates import Covariates
from mindgap.measure.errors import BadArgument, BadCounts, NotConverged, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.normal import checked_level, t_critical, t_tail, z_critical, z_tail

Transform = Literal["km", "rank", "identity"]

ROUNDS = 60
FEW_PER_COVARIATE = 10
# Information left in the flattest direction, against what there was at no effect at all.
FLAT = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Hazard:
    """Hazard ratios of p covariates.

    ``ratios`` are per unit of the covariate, 1 = no difference; ``coefficients`` (p,) their logs
    with ``covariance`` (p, p) and two-sided ``p`` (p,); ``n`` customers, ``events`` of them left.
    ``concordance`` is None when no two customers can be put in order.
    """

    names: tuple[str, ...]
    ratios: tuple[Estimate, ...]
    coefficients: Floats
    covariance: Floats
    p: Floats
    loglik: float
    loglik_null: float
    n: int
    events: int
    concordance: Estimate | None
    method: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Proportionality:
    """Tests that each hazard ratio stays the same over time; chi-square with 1 df each.

    ``statistics`` and ``p`` have shape (p,); ``overall`` is the joint statistic with ``df`` = p
    and ``overall_p``. A small p says that one ratio for all times is not the whole truth.
    """

    names: tuple[str, ...]
    statistics: Floats
    p: Floats
    overall: float
    df: int
    overall_p: float
    n: int
    method: str


def hazard(
    durations: ArrayLike,
    left: ArrayLike,
    covariates: Covariates,
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> Hazard:
    """Cox's proportional hazards with Efron's treatment of ties.

    Parameters
    ----------
    durations, left : array_like, shape (n,)
        Time seen (>= 0), and whether it ended by leaving (1) or is still open (0).
    covariates : Covariates
        n rows, known at the start of the time: see `landmark` for scores measured later.
    clusters : array_like of int, shape (n,), optional
        Customers of one store, account or household share a number; standard errors are then
        robust, with a t distribution on clusters - 1.

    Returns
    -------
    Hazard
        Warning ``few_events`` below ten events per covariate.

    Raises
    ------
    TooFewAnswers
        If not more customers left than there are covariates, or fewer clusters than that.
    NotIdentified
        "collinear covariates", "constant covariate", or "separation": a covariate orders the
        leavers perfectly, so that its ratio is without bound.
    BadCounts
        If the arrays do not fit, or a duration is negative.

    Notes
    -----
    A ratio of 1.5 means: at every age half as many again leave, among customers equal in the
    other covariates. It is an association unless the covariate was given by chance. Promoters
    are older customers, so tenure belongs among the covariates. Not to be used when
    `proportionality` fails badly: compare `rmst` instead.

    References
    ----------
    .. [1] Efron, B. (1977), J. American Statistical Association 72, 557-565.
    .. [2] Lin, D. Y., Wei, L. J. (1989), J. American Statistical Association 84, 1074-1078.

    Examples
    --------
    >>> known = Covariates([0, 1, 0, 1, 0, 1], names=("complained",))
    >>> hazard([5, 2, 4, 3, 1, 6], [1, 1, 1, 1, 1, 0], known).names
    ('complained',)
    """
    checked_level(level)
    rows = _rows(durations, left, covariates)
    fit = _newton(rows)
    covariance, method, df = np.linalg.inv(fit.information), "efron, wald", math.inf
    if clusters is not None:
        groups = _grouped(clusters, rows)
        sums = np.array([np.bincount(groups, weights=column) for column in _scores(rows, fit.at).T])
        covariance = covariance @ (sums @ sums.T) @ covariance
        method, df = "efron, cluster-robust t", float(groups.max())
    coefficients = fit.at / rows.spread
    covariance = covariance / np.outer(rows.spread, rows.spread)
    ses = np.sqrt(np.diag(covariance))
    half = (z_critical(level) if math.isinf(df) else t_critical(level, df)) * ses
    p = [z_tail(z) if math.isinf(df) else t_tail(z, df) for z in coefficients / ses]
    n, events = rows.gone.size, int(rows.gone.sum())
    few = events < FEW_PER_COVARIATE * len(covariates.names)
    warnings = (Caution.FEW_EVENTS,) if few else ()
    return Hazard(
        names=covariates.names,
        ratios=tuple(
            Estimate(math.exp(b), math.exp(b - h), math.exp(b + h), float(n), method, warnings)
            for b, h in zip(coefficients, half, strict=True)
        ),
        coefficients=coefficients,
        covariance=covariance,
        p=np.array(p),
        loglik=fit.loglik,
        loglik_null=fit.loglik_null,
        n=n,
        events=events,
        concordance=_ordered(rows, rows.x @ fit.at, level),
        method=method,
        warnings=warnings,
    )


def proportionality(
    durations: ArrayLike,
    left: ArrayLike,
    covariates: Covariates,
    *,
    transform: Transform = "km",
) -> Proportionality:
    """Test whether hazard ratios change with time: the score test for covariate x g(time).

    Parameters
    ----------
    durations, left, covariates
        As in `hazard`; the same errors.
    transform : {"km", "rank", "identity"}, optional
        g: one minus the Kaplan-Meier curve just before, the rank of the time, or the time.

    Notes
    -----
    In large samples every ratio drifts a little and p is small: look at how much, before
    throwing the model away. When it fails, read the ratio as an average over the time seen.

    References
    ----------
    .. [1] Grambsch, P. M., Therneau, T. M. (1994), Biometrika 81, 515-526 (here with the
       information itself instead of its average).
    """
    from scipy.special import chdtrc

    rows = _rows(durations, left, covariates)
    g = _clock(rows, transform)
    fit = _newton(rows)
    terms = _terms(rows, fit.at)
    residual_sum = g[rows.at[rows.gone]] @ rows.x[rows.gone] - g[rows.term_at] @ terms.mean
    information, cross, own = (_information(rows, terms, g**power) for power in range(3))
    # What is left of the information on the drift once the ratios themselves are fitted.
    rest = own - cross @ np.linalg.solve(information, cross)
    unit = np.sqrt(np.maximum(np.diag(own), 1e-300))
    if np.linalg.eigvalsh(rest / np.outer(unit, unit))[0] < FLAT:
        raise NotIdentified(what="proportionality", reason="too few times at which customers left")
    overall = float(residual_sum @ np.linalg.solve(rest, residual_sum))
    # Each alone: the drift of the others is held at zero.
    alone = np.diag(own) - np.einsum("ij,ji->i", cross, np.linalg.solve(information, cross))
    statistics = residual_sum**2 / alone
    p = np.asarray(chdtrc(1, statistics), dtype=np.float64)
    df = len(covariates.names)
    overall_p = float(chdtrc(df, overall))
    method = f"score test, {transform}"
    return Proportionality(covariates.names, statistics, p, overall, df, overall_p, rows.gone.size, method)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Customers sorted by time, from row ``order`` of the input; x is standardised.

    ``at`` is the number of each one's distinct time, ``first`` the first row of each time.
    Efron spreads the d losses of one time over d terms, in which the losers themselves count
    less and less: ``term_at`` is the term's time, ``less`` the part of them taken away.
    """

    order: Ints
    gone: Bools
    x: Floats
    spread: Floats
    distinct: Floats
    at: Ints
    first: Ints
    term_at: Ints
    less: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Terms:
    """Risk of each row, (n,); per term one over the risk at stake, (e,), and the mean x, (e, p)."""

    risk: Floats
    inverse: Floats
    mean: Floats
    loglik: float


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    at: Floats
    information: Floats
    loglik: float
    loglik_null: float


def _rows(durations: ArrayLike, left: ArrayLike, covariates: Covariates) -> _Rows:
    times, gone = finite(durations, negative=False), zero_one(left)
    if times.shape != gone.shape or gone.size != covariates.values.shape[0]:
        raise BadCounts("shapes differ")
    events, needed = int(gone.sum()), len(covariates.names) + 1
    if events < needed:
        raise TooFewAnswers(n=events, needed=needed)
    x, _, spread = covariates.standardised(what="hazard ratio")
    order = np.argsort(times, kind="stable")
    distinct, first, at = np.unique(times[order], return_index=True, return_inverse=True)
    lost = np.bincount(at[gone[order]], minlength=distinct.size)
    term_at = np.repeat(np.arange(distinct.size), lost)
    within = np.arange(term_at.size) - np.repeat(np.cumsum(lost) - lost, lost)
    less = within / lost[term_at]
    return _Rows(order, gone[order], x[order], spread, distinct, at, first, term_at, less)


def _grouped(clusters: ArrayLike, rows: _Rows) -> Ints:
    """Cluster numbers 0, 1, ... of the sorted rows."""
    given = finite(clusters)
    if given.shape != rows.gone.shape:
        raise BadCounts("shapes differ")
    distinct, groups = np.unique(given, return_inverse=True)
    needed = rows.x.shape[1] + 1
    if distinct.size < needed:
        raise TooFewAnswers(n=distinct.size, needed=needed)
    return np.asarray(groups[rows.order], dtype=np.int64)


def _terms(rows: _Rows, at: Floats) -> _Terms:
    score = rows.x @ at
    top = float(score.max())
    risk = np.exp(score - top)
    weighted = risk[:, None] * rows.x
    times = rows.distinct.size
    later = np.cumsum(risk[::-1])[::-1][rows.first]
    later_x = np.cumsum(weighted[::-1], axis=0)[::-1][rows.first]
    losers = np.bincount(rows.at, weights=risk * rows.gone, minlength=times)
    losers_x = np.zeros((times, rows.x.shape[1]))
    np.add.at(losers_x, rows.at[rows.gone], weighted[rows.gone])
    stake = later[rows.term_at] - rows.less * losers[rows.term_at]
    moment = later_x[rows.term_at] - rows.less[:, None] * losers_x[rows.term_at]
    loglik = float((score[rows.gone] - top).sum() - np.log(stake).sum())
    return _Terms(risk, 1 / stake, moment / stake[:, None], loglik)


def _information(rows: _Rows, terms: _Terms, g: Floats) -> Floats:
    """Sum over the terms of g(time) times the variance of x among those at risk, (p, p)."""
    exposure = terms.risk * _exposure(rows, terms, g[rows.term_at])
    means = terms.mean * g[rows.term_at][:, None]
    return np.asarray((rows.x * exposure[:, None]).T @ rows.x - means.T @ terms.mean, dtype=np.float64)


def _exposure(rows: _Rows, terms: _Terms, factor: Floats) -> Floats:
    """Per row, the sum of factor / stake over the terms it was at risk in, (n,)."""
    times = rows.distinct.size
    whole = np.bincount(rows.term_at, weights=factor * terms.inverse, minlength=times)
    less = np.bincount(rows.term_at, weights=factor * terms.inverse * rows.less, minlength=times)
    return np.asarray(np.cumsum(whole)[rows.at] - np.where(rows.gone, less[rows.at], 0.0), dtype=np.float64)


def _newton(rows: _Rows) -> _Fit:
    """The top of the partial likelihood, which is concave: Newton's steps, halved if too long."""
    at, ones = np.zeros(rows.x.shape[1]), np.ones(rows.distinct.size)
    terms = _terms(rows, at)
    loglik_null = terms.loglik
    information = _information(rows, terms, ones)
    least = float(np.linalg.eigvalsh(information)[0])
    if least < 1e-9 * rows.term_at.size:
        raise NotIdentified(what="hazard ratio", reason="collinear covariates")
    for _ in range(ROUNDS):
        slope = rows.x[rows.gone].sum(axis=0) - terms.mean.sum(axis=0)
        step = np.linalg.solve(information, slope)
        ahead = _terms(rows, at + step)
        while ahead.loglik < terms.loglik - 1e-9 * abs(terms.loglik):
            step = step / 2
            ahead = _terms(rows, at + step)
        at, terms = at + step, ahead
        information = _information(rows, terms, ones)
        # On the way to infinity the likelihood goes flat.
        if float(np.linalg.eigvalsh(information)[0]) < FLAT * least:
            raise NotIdentified(what="hazard ratio", reason="separation")
        if float(np.abs(step).max()) < 1e-9:
            return _Fit(at, information, terms.loglik, loglik_null)
    raise NotConverged(rounds=ROUNDS, distance=float(np.abs(step).max()))


def _scores(rows: _Rows, at: Floats) -> Floats:
    """What each customer adds to the slope at the top, (n, p); they sum to zero."""
    terms, times = _terms(rows, at), rows.distinct.size
    lost = np.maximum(np.bincount(rows.term_at, minlength=times), 1)
    own, ones = np.empty_like(rows.x), np.ones(rows.term_at.size)
    met = rows.x * _exposure(rows, terms, ones)[:, None]
    for j, mean in enumerate(terms.mean.T):
        average = np.bincount(rows.term_at, weights=mean, minlength=times) / lost
        own[:, j] = np.where(rows.gone, rows.x[:, j] - average[rows.at], 0.0)
        met[:, j] -= _exposure(rows, terms, mean)
    return own - terms.risk[:, None] * met


def _clock(rows: _Rows, transform: str) -> Floats:
    """g at each distinct time; its unit and zero do not matter, so it runs from 0 to about 1."""
    if transform == "identity":
        g = rows.distinct
    elif transform == "rank":
        # Mean rank among all times at which customers left.
        lost = np.bincount(rows.term_at, minlength=rows.distinct.size)
        g = np.cumsum(lost) - (lost - 1) / 2
    elif transform == "km":
        lost = np.bincount(rows.term_at, minlength=rows.distinct.size)
        at_risk = rows.gone.size - rows.first
        stay = np.cumprod(1 - lost / at_risk)
        g = 1 - np.concatenate([[1.0], stay[:-1]])
    else:
        raise BadArgument("transform", transform)
    low, high = float(g.min()), float(g.max())
    return np.asarray((g - low) / (high - low) if high > low else g - low, dtype=np.float64)


def _ordered(rows: _Rows, risk: Floats, level: float) -> Estimate | None:
    try:
        return concordance(rows.at, rows.gone, risk, level=level)
    except NotIdentified:
        return None
