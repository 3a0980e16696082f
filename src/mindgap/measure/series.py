"""A measure before and after one date: level and slope of an interrupted time series."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.least_squares import Fit, least_squares
from mindgap.measure.normal import checked_level, t_critical, t_tail

SHORT = 8
"""Fewer periods on a side than this, and neighbours cannot be told from level."""
ALIKE = 0.6
STEADY = 0.9
"""Most that neighbours are held to correlate; beyond, no series of practical length says anything."""


@dataclass(frozen=True, slots=True)
class Interrupted:
    """What changed at the interruption, in the unit of the series (its logarithm if ``log``).

    ``step`` is the jump against the old line just before the first period after, ``bend`` the
    change of slope per period, ``trend`` the old slope per period. ``average`` and ``latest``
    are the distances from the continued old line over all periods after, and in the last one:
    the effect to report. ``share`` is ``average`` as a share of the continued line when ``log``
    (-0.2 for 20 % less), else None; ``step_share`` likewise. ``p_step``, ``p_bend`` and
    ``p_average`` are two-sided. ``step_se`` and ``bend_se`` are plain Newey-West standard errors,
    ``plain_step_se`` that of least squares; the intervals are wider than these say (see Notes of
    `interrupted`). ``durbin_watson`` near 2 means that neighbours do not resemble each other
    beyond the model; ``neighbours`` is how neighbouring errors are estimated to correlate.
    """

    step: Estimate
    bend: Estimate
    trend: Estimate
    average: Estimate
    latest: Estimate
    p_step: float
    p_bend: float
    p_average: float
    share: Estimate | None
    step_share: Estimate | None
    step_se: float
    bend_se: float
    plain_step_se: float
    lags: int
    durbin_watson: float
    neighbours: float
    warnings: tuple[str, ...] = ()


def interrupted(
    y: ArrayLike,
    *,
    start: int,
    season: int | None = None,
    harmonics: int | None = None,
    lags: int | None = None,
    log: bool = False,
    weights: ArrayLike | None = None,
    covariates: ArrayLike | None = None,
    level: float = 0.95,
) -> Interrupted:
    """Segmented regression with season, and Newey-West standard errors.

    Parameters
    ----------
    y : array_like, shape (m,)
        One value per period, equally spaced, none missing.
    start : int
        Place of the first period after the change; at least 3 periods on each side.
    season : int, optional
        Periods after which a season repeats (12 for months, 52 for weeks).
    harmonics : int, optional
        Pairs of sine and cosine for the season, up to season / 2; one mean per place in the
        season if left out.
    lags : int, optional
        How far apart periods may resemble each other; 4 (m / 100)^(2/9) if left out, and a
        whole season if there is one.
    log : bool, optional
        Take logarithms: effects are then shares. All values must be positive.
    weights : array_like, shape (m,), optional
        Answers per period.
    covariates : array_like, shape (m, c), optional
        Columns to hold equal (price, visitors); never something the change itself moves.

    Raises
    ------
    TooFewAnswers
        If a side has fewer than 3 periods, or there are not more periods than coefficients.
    NotIdentified
        If season or covariates follow from level and slope (a season seen less than once), or
        the series fits without any rest.

    Notes
    -----
    Supposes that the old line would have gone on. Anything else that happened at the date is
    part of the effect: with comparison units take `trial`. The first period after has time 1 in
    the bend, as usual in the literature, so ``step`` is not the effect in any one period.
    Plain Newey-West intervals are far too short for short series (they miss one time in five
    with 30 periods). Here their variance is corrected for what it misses on average, and gets
    its own degrees of freedom, both under errors whose correlation falls with distance; that
    misses about one time in twenty from 30 periods on. A warning stands below 8 periods on a
    side, and where neighbours correlate by more than 0.6.

    References
    ----------
    .. [1] Wagner, A. K. et al. (2002), J. Clinical Pharmacy and Therapeutics 27, 299-309.
    .. [2] Newey, W. K., West, K. D. (1987), Econometrica 55, 703-708.
    .. [3] Bell, R. M., McCaffrey, D. F. (2002), Survey Methodology 28, 169-181 (the correction,
       there for clusters).

    Examples
    --------
    >>> found = interrupted([5, 6, 5, 6, 6, 5, 8, 9, 9, 8, 9, 8], start=6)
    >>> round(found.average.value, 2)
    2.83
    """
    checked_level(level)
    series = finite(y)
    if series.ndim != 1:
        raise BadCounts("one row of values needed")
    m = series.size
    if not 3 <= start <= m - 3:
        raise TooFewAnswers(n=min(start, m - start), needed=3)
    if log:
        if (series <= 0).any():
            raise BadCounts("logarithm of a value not positive")
        series = np.log(series)
    design = _design(m, start=start, season=season, harmonics=harmonics, covariates=covariates)
    fit = least_squares(series, design, weights=weights)
    if fit.is_exact:
        raise NotIdentified(what="standard error", reason="no_spread")
    lags = _lags(m, lags=lags, season=season)
    covariance = fit.newey_west(lags)
    kernel = np.maximum(0.0, 1 - _apart(m) / (lags + 1)) * (m / fit.df)
    neighbours = _neighbours(fit)
    working = neighbours ** _apart(m)
    rests = np.eye(m) - fit.design @ fit.bread @ fit.design.T
    seen = rests @ working @ rests
    parts = {
        name: _estimate(row, fit, covariance, kernel=kernel, working=working, seen=seen, level=level)
        for name, row in _contrasts(design, start=start).items()
    }
    return Interrupted(
        **{name: estimate for name, (estimate, _, _) in parts.items()},
        p_step=parts["step"][2],
        p_bend=parts["bend"][2],
        p_average=parts["average"][2],
        share=_share(parts["average"][0]) if log else None,
        step_share=_share(parts["step"][0]) if log else None,
        step_se=parts["step"][1],
        bend_se=parts["bend"][1],
        plain_step_se=math.sqrt(float(fit.classical[2, 2])),
        lags=lags,
        durbin_watson=float((np.diff(fit.residuals) ** 2).sum() / (fit.residuals**2).sum()),
        neighbours=neighbours,
        warnings=_warnings(min(start, m - start), neighbours),
    )


def seasonal(m: int, *, season: int, harmonics: int | None = None) -> Floats:
    """Columns of a season, shape (m, ...): harmonics, or one place less than the season has.

    BadArgument unless season >= 2 and 1 <= harmonics <= season / 2.
    """
    if season < 2:
        raise BadArgument("season", season)
    place = np.arange(m) % season
    if harmonics is None:
        return np.eye(season)[place][:, 1:]
    if not 1 <= harmonics <= season // 2:
        raise BadArgument("harmonics", harmonics)
    angles = 2 * math.pi * np.outer(place, np.arange(1, harmonics + 1)) / season
    columns = np.hstack([np.sin(angles), np.cos(angles)])
    # The fastest sine of an even season is 0 at every place.
    return np.delete(columns, harmonics - 1, axis=1) if 2 * harmonics == season else columns


def _design(
    m: int, *, start: int, season: int | None, harmonics: int | None, covariates: ArrayLike | None
) -> Floats:
    time = np.arange(m, dtype=np.float64)
    after = (time >= start).astype(np.float64)
    columns = [np.ones(m), time, after, after * (time - start + 1)]
    if season is not None:
        columns.append(seasonal(m, season=season, harmonics=harmonics))
    elif harmonics is not None:
        raise BadArgument("harmonics", harmonics)
    if covariates is not None:
        more = finite(covariates)
        if more.shape[:1] != (m,) or more.ndim > 2:
            raise BadCounts("shapes differ")
        columns.append(more)
    return np.column_stack(columns)


def _lags(m: int, *, lags: int | None, season: int | None) -> int:
    if lags is None:
        lags = min(max(int(4 * (m / 100) ** (2 / 9)), season or 0), m // 2)
    if not 0 <= lags < m:
        raise BadArgument("lags", lags)
    return lags


def _contrasts(design: Floats, *, start: int) -> dict[str, Floats]:
    unit = np.eye(design.shape[1])
    periods = design.shape[0] - start
    return {
        "step": unit[2],
        "bend": unit[3],
        "trend": unit[1],
        "average": unit[2] + unit[3] * (periods + 1) / 2,
        "latest": unit[2] + unit[3] * periods,
    }


def _apart(m: int) -> Floats:
    return np.abs(np.subtract.outer(np.arange(m, dtype=np.float64), np.arange(m)))


def _neighbours(fit: Fit) -> float:
    """Correlation of neighbouring errors, falling by the same factor per period, 0 to 0.9.

    Rests correlate less than errors do, because the lines follow them; the factor is the one
    for which rests would correlate as they are seen to. Never negative: wider rather than not.
    """
    m = fit.residuals.size
    apart = _apart(m)
    rests = np.eye(m) - fit.design @ fit.bread @ fit.design.T
    next_to = rests[:, 1:] @ rests[:-1]
    seen = float(fit.residuals[1:] @ fit.residuals[:-1] / (fit.residuals @ fit.residuals))
    low, high = 0.0, STEADY
    while high - low > 1e-3:
        middle = (low + high) / 2
        alike = middle**apart
        short = float((next_to * alike).sum() / (rests * alike).sum()) < seen
        low, high = (middle, high) if short else (low, middle)
    return low


def _estimate(
    row: Floats, fit: Fit, covariance: Floats, *, kernel: Floats, working: Floats, seen: Floats, level: float
) -> tuple[Estimate, float, float]:
    """Estimate, its plain Newey-West standard error, and p.

    That variance is a quadratic form in the rests. ``working`` (m, m) is what errors are held to
    correlate like, ``seen`` what rests then do; so the form's mean and variance are known, and
    give the factor by which it falls short and its degrees of freedom.
    """
    value, plain = float(row @ fit.coefficients), float(row @ covariance @ row)
    own = fit.design @ fit.bread @ row
    product = (np.outer(own, own) * kernel) @ seen
    expected = float(np.trace(product))
    df = expected**2 / float((product * product.T).sum())
    se = math.sqrt(plain * float(own @ working @ own) / expected)
    half = t_critical(level, df) * se
    estimate = Estimate(value, value - half, value + half, float(own.size), "newey-west, corrected")
    return estimate, math.sqrt(plain), t_tail(value / se, df)


def _share(effect: Estimate) -> Estimate:
    value, low, high = (math.expm1(x) for x in (effect.value, effect.low, effect.high))
    return Estimate(value, low, high, effect.n, effect.method)


def _warnings(shortest: int, neighbours: float) -> tuple[str, ...]:
    found: list[str] = []
    if shortest < SHORT:
        found.append(Caution.SHORT_BASELINE)
    if neighbours > ALIKE:
        found.append(Caution.AUTOCORRELATED)
    return tuple(found)
