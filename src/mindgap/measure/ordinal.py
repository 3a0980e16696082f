"""Outcomes in steps (very low ... very high): proportional odds and what goes with them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Bools, Floats, Ints, finite
from mindgap.measure.bootstrap import estimate, few
from mindgap.measure.dominance import Dominance, dominance_of
from mindgap.measure.errors import (
    BadArgument,
    BadCounts,
    MeasureError,
    NotConverged,
    NotIdentified,
    TooFewAnswers,
)
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.normal import checked_level, z_critical, z_tail
from mindgap.measure.subset import COLLINEAR

_ROUNDS = 100
_SETTLED = 1e-10
_SEPARATED = 100.0
"""A standard error of the log odds between the ends of a driver beyond this is no estimate: some
answers are never mixed, and the likelihood only flattens out."""
_MOST_TERMS = 12
_ENOUGH = 0.9


@dataclass(frozen=True, slots=True)
class Slope:
    """One coefficient: log odds of a higher step per unit of the driver, with its Wald interval."""

    name: str
    estimate: Estimate
    se: float
    p: float


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A proportional odds model.

    ``thresholds`` are the log odds of being at or below each step where all drivers are 0;
    ``deviance`` is minus twice the log likelihood; ``r2`` is McFadden's, 0 to 1.
    """

    slopes: tuple[Slope, ...]
    thresholds: tuple[float, ...]
    deviance: float
    null_deviance: float
    r2: float
    n: float
    method: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OddsProportionality:
    """Brant's test that a driver moves all steps alike: overall, and per driver.

    A small ``p`` says they do not; ``each`` holds (name, chi-squared, p) with ``df_each``.
    """

    chi2: float
    df: int
    p: float
    each: tuple[tuple[str, float, float], ...]
    df_each: int
    n: float
    method: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrdinalImportance:
    """McFadden's R-squared divided among terms by dominance; ``shares`` add up to ``r2``."""

    names: tuple[str, ...]
    shares: tuple[Estimate, ...]
    r2: Estimate
    dominance: Dominance
    n: float
    method: str
    warnings: tuple[str, ...] = ()


def proportional_odds(
    drivers: ArrayLike,
    outcome: ArrayLike,
    *,
    counts: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    level: float = 0.95,
) -> Ordinal:
    """Proportional odds (cumulative logit) model by maximum likelihood.

    Parameters
    ----------
    drivers : array_like, shape (m, p)
        Rows or distinct patterns; a driver with categories as 0/1 columns, one left out.
    outcome : array_like, shape (m,)
        Steps; only their order counts, and steps nobody chose do not exist.
    counts : array_like, shape (m,), optional
        People per pattern; 1 each if left out. They are frequencies, not survey weights.
    names : sequence of str, optional
        ``x1 ... xp`` if left out.

    Returns
    -------
    Ordinal

    Raises
    ------
    TooFewAnswers
        If n is not larger than the number of coefficients and thresholds.
    NotIdentified
        If there is one step only, a driver is constant or determined by others, or the steps
        are perfectly separated.
    NotConverged
        If the likelihood does not settle.
    BadCounts
        If a number is not finite, a count negative, or the shapes do not fit.

    Notes
    -----
    What it means: exp(slope) is how many times larger the odds of a higher step are, whichever
    step, per unit of the driver. When not to use it: when `odds_proportionality` refuses that "whichever
    step"; then read one cut (for example promoter or not) by itself.

    References
    ----------
    .. [1] McCullagh, P. (1980), J. Royal Statistical Society B 42, 109-142.

    Examples
    --------
    >>> found = proportional_odds([[0], [0], [0], [1], [1], [1]], [1, 2, 3, 1, 2, 3], counts=[3, 2, 1, 1, 2, 3])
    >>> round(found.slopes[0].estimate.value, 3), round(found.deviance, 2)
    (1.609, 24.27)
    """
    x, y, f = _answers(drivers, outcome, counts)
    labels = _labels(names, x.shape[1])
    checked_level(level)
    fit = _fit(x, y, f)
    null = _null(y, f)
    errors = np.sqrt(np.diag(fit.covariance))[-len(labels) :]
    n, z = float(f.sum()), z_critical(level)
    slopes = tuple(
        Slope(name, Estimate(b, b - z * s, b + z * s, n, "wald"), s, z_tail(b / s))
        for name, b, s in zip(labels, fit.slopes.tolist(), errors.tolist(), strict=True)
    )
    return Ordinal(
        slopes=slopes,
        thresholds=tuple(fit.thresholds.tolist()),
        deviance=-2 * fit.log_likelihood,
        null_deviance=-2 * null,
        r2=1 - fit.log_likelihood / null,
        n=n,
        method="proportional odds",
    )


def odds_proportionality(
    drivers: ArrayLike,
    outcome: ArrayLike,
    *,
    counts: ArrayLike | None = None,
    names: Sequence[str] | None = None,
) -> OddsProportionality:
    """Brant's test of the proportional odds assumption.

    Arguments and errors as `proportional_odds`; NotIdentified also with two steps only, or if a
    driver separates the answers at one of the cuts. Caution "not_proportional" if p < 0.05.

    Notes
    -----
    The outcome is cut at every step, each cut gets a logistic regression of its own, and their
    slopes are compared knowing that they come from the same people. With thousands of answers
    the test finds differences nobody needs to mind: look at the slopes, too.

    References
    ----------
    .. [1] Brant, R. (1990), Biometrics 46, 1171-1178.
    """
    x, y, f = _answers(drivers, outcome, counts)
    labels = _labels(names, x.shape[1])
    cuts = int(y.max())
    if cuts < 2:
        raise NotIdentified(what="proportionality", reason="two steps only")
    p = x.shape[1]
    fits = [_fit(x, (y > cut).astype(np.int64), f) for cut in range(cuts)]
    design = np.column_stack([np.ones(len(x)), x])
    chance = [1 / (1 + np.exp(fit.thresholds[0] - x @ fit.slopes)) for fit in fits]
    breads = [np.linalg.inv(design.T @ (design * (f * c * (1 - c))[:, None])) for c in chance]
    covariance = np.empty((cuts * p, cuts * p))
    for i in range(cuts):
        for j in range(i, cuts):
            shared = f * chance[j] * (1 - chance[i])
            block = (breads[i] @ (design.T @ (design * shared[:, None])) @ breads[j])[1:, 1:]
            covariance[i * p : (i + 1) * p, j * p : (j + 1) * p] = block
            covariance[j * p : (j + 1) * p, i * p : (i + 1) * p] = block.T
    slopes = np.concatenate([fit.slopes for fit in fits])
    against_first = np.column_stack([-np.ones(cuts - 1), np.eye(cuts - 1)])
    contrast = np.asarray(np.kron(against_first, np.eye(p)), dtype=np.float64)
    chi2, p_value = _wald(contrast, slopes, covariance)
    each = tuple((name, *_wald(contrast[j::p], slopes, covariance)) for j, name in enumerate(labels))
    warnings = (Caution.NOT_PROPORTIONAL,) if p_value < 0.05 else ()
    return OddsProportionality(
        chi2, (cuts - 1) * p, p_value, each, cuts - 1, float(f.sum()), "brant", warnings
    )


def ordinal_importance(
    drivers: ArrayLike,
    outcome: ArrayLike,
    *,
    rng: np.random.Generator,
    counts: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    terms: Mapping[str, Sequence[str]] | None = None,
    clusters: ArrayLike | None = None,
    replicates: int = 200,
    level: float = 0.95,
) -> OrdinalImportance:
    """How McFadden's R-squared of an ordinal outcome is divided among drivers.

    Parameters
    ----------
    terms : mapping of str to sequence of str, optional
        Columns that belong together, such as the categories of one driver; each column by
        itself if left out. At most 12, for every subset of them is fitted.
    clusters : array_like, shape (m,), optional
        Customer or store of each row, to resample whole.
    replicates : int, optional
        Bootstrap replicates; each fits every subset.

    Other arguments and errors as `proportional_odds`; BadArgument if a term is empty or a name
    unknown; NotIdentified if more than one replicate in ten cannot be fitted.

    Notes
    -----
    McFadden's R-squared is not a share of variance, and 0.2 is already much. Compare the shares
    with each other, not with those of `mindgap.measure.lmg`.

    References
    ----------
    .. [1] Azen, R., Traxel, N. (2009), J. Educational and Behavioral Statistics 34, 319-347.
    """
    x, y, f = _answers(drivers, outcome, counts)
    columns = _terms(_labels(names, x.shape[1]), terms)
    worth = _worths(x, y, f, list(columns.values()))
    n = float(f.sum())
    point = dominance_of(worth, names=list(columns), n=n, method="mcfadden")
    units, drawn = _drawn(f, clusters, rng, replicates)
    again = []
    for times in drawn:
        try:
            worths = _worths(*_present(x, y, times), list(columns.values()))
        except MeasureError:
            continue
        again.append([*dominance_of(worths, names=list(columns), n=n).general, worths[-1]])
    if len(again) < _ENOUGH * replicates:
        raise NotIdentified(what="interval of importance", reason="replicates cannot be fitted")
    table = np.array(again)
    found = [
        estimate(float(value), table[:, k], level=level, n=n, units=units)
        for k, value in enumerate([*point.general, worth[-1]])
    ]
    return OrdinalImportance(
        tuple(columns), tuple(found[:-1]), found[-1], point, n, "mcfadden, bootstrap percentile", few(units)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """Maximum likelihood; the covariance is that of thresholds and slopes."""

    thresholds: Floats
    slopes: Floats
    covariance: Floats
    log_likelihood: float


def _answers(drivers: ArrayLike, outcome: ArrayLike, counts: ArrayLike | None) -> tuple[Floats, Ints, Floats]:
    x, steps = finite(drivers), finite(outcome)
    f = np.ones(steps.shape) if counts is None else finite(counts, negative=False)
    if x.ndim != 2 or x.shape[1] == 0 or steps.shape != x.shape[:1] or f.shape != steps.shape:
        raise BadCounts("a table of drivers with one step and one count per row needed")
    x, y, f = _present(x, steps, f)
    needed = x.shape[1] + int(y.max(initial=0)) + 1
    if f.sum() < needed:
        raise TooFewAnswers(n=float(f.sum()), needed=needed)
    return x, y, f


def _present(x: Floats, steps: Floats | Ints, f: Floats) -> tuple[Floats, Ints, Floats]:
    """Rows somebody answered, with the steps that occur numbered from 0."""
    there: Bools = f > 0
    y = np.unique(steps[there], return_inverse=True)[1]
    return x[there], y.astype(np.int64), f[there]


def _labels(names: Sequence[str] | None, p: int) -> tuple[str, ...]:
    labels = tuple(f"x{j + 1}" for j in range(p)) if names is None else tuple(names)
    if len(labels) != p or len(set(labels)) < p:
        raise BadArgument("names", labels)
    return labels


def _terms(labels: tuple[str, ...], terms: Mapping[str, Sequence[str]] | None) -> dict[str, list[int]]:
    given = {name: (name,) for name in labels} if terms is None else terms
    wanted = [name for members in given.values() for name in members]
    if not given or len(given) > _MOST_TERMS or not all(given.values()) or not set(wanted) <= set(labels):
        raise BadArgument("terms", dict(given))
    return {term: [labels.index(name) for name in members] for term, members in given.items()}


def _null(y: Ints, f: Floats) -> float:
    """Log likelihood without drivers."""
    counts = np.bincount(y, weights=f)
    return float(counts @ np.log(counts / counts.sum()))


def _worths(x: Floats, y: Ints, f: Floats, terms: Sequence[Sequence[int]]) -> Floats:
    """McFadden's R-squared of every subset of terms, numbered by bits."""
    null = _null(y, f)
    worth = np.zeros(2 ** len(terms))
    for subset in range(1, worth.size):
        columns = [j for k, term in enumerate(terms) if subset >> k & 1 for j in term]
        worth[subset] = 1 - _fit(x[:, columns], y, f).log_likelihood / null
    return worth


def _drawn(
    f: Floats, clusters: ArrayLike | None, rng: np.random.Generator, replicates: int
) -> tuple[int, Floats]:
    """Number of units, and counts per row of each replicate, shape (b, m)."""
    if replicates < 1:
        raise BadArgument("replicates", replicates)
    if clusters is None:
        n = round(float(f.sum()))
        return n, rng.multinomial(n, f / f.sum(), size=replicates).astype(np.float64)
    keys = np.asarray(clusters)
    if keys.shape != f.shape:
        raise BadCounts("one cluster per row needed")
    codes = np.unique(keys, return_inverse=True)[1]
    units = int(codes.max()) + 1
    if units < 2:
        raise TooFewAnswers(n=units, needed=2)
    times = rng.multinomial(units, np.full(units, 1 / units), size=replicates)
    return units, times[:, codes] * f


def _fit(x: Floats, y: Ints, f: Floats) -> _Fit:
    """Newton's method on standardised drivers; the log likelihood is concave."""
    cuts = int(y.max(initial=0))
    if cuts < 1:
        raise NotIdentified(what="steps", reason="one step only")
    n = float(f.sum())
    middle = f @ x / n
    spread = np.sqrt(f @ (x - middle) ** 2 / n)
    if (spread <= 1e-12 * (1 + np.abs(middle))).any():
        raise NotIdentified(what="slopes", reason="constant")
    z = (x - middle) / spread
    if float(np.linalg.eigvalsh(z.T @ (z * f[:, None]) / n)[0]) < COLLINEAR:
        raise NotIdentified(what="slopes", reason="collinear")
    upto = np.cumsum(np.bincount(y, weights=f))[:-1] / n
    at = np.concatenate([np.log(upto / (1 - upto)), np.zeros(x.shape[1])])
    value, gradient, information = _likelihood(at, z, y, f)
    for _ in range(_ROUNDS):
        # Where answers are never mixed the information vanishes; that is told apart below.
        step = np.asarray(np.linalg.lstsq(information, gradient)[0], dtype=np.float64)
        gain = float(gradient @ step)
        if gain < _SETTLED:
            break
        at, value, gradient, information = _climbed(at, step, z, y, f, value=value)
    else:
        raise NotConverged(rounds=_ROUNDS, distance=gain)
    covariance = np.linalg.pinv(information, rcond=1e-300, hermitian=True)
    ends = np.ptp(z, axis=0) * np.sqrt(np.diag(covariance)[cuts:])
    if not float(ends.max()) < _SEPARATED:
        raise NotIdentified(what="slopes", reason="separated")
    # Back to the units given: theta - z b = (theta + middle b / spread) - x b / spread.
    turn = np.eye(at.size)
    turn[cuts:, cuts:] = np.diag(1 / spread)
    turn[:cuts, cuts:] = middle / spread
    at = turn @ at
    return _Fit(at[:cuts], at[cuts:], turn @ covariance @ turn.T, value)


def _climbed(
    at: Floats, step: Floats, z: Floats, y: Ints, f: Floats, *, value: float
) -> tuple[Floats, float, Floats, Floats]:
    """A full Newton step, or as much of it as goes up and keeps the thresholds in order."""
    cuts = int(y.max())
    for _ in range(60):
        there = at + step
        if (np.diff(there[:cuts]) > 0).all():
            found = _likelihood(there, z, y, f)
            if found[0] >= value - 1e-12 * abs(value):
                return there, *found
        step = step / 2
    raise NotConverged(rounds=_ROUNDS, distance=float(np.abs(step).max()))


def _likelihood(at: Floats, z: Floats, y: Ints, f: Floats) -> tuple[float, Floats, Floats]:
    """Log likelihood, gradient and information at thresholds and slopes."""
    cuts = int(y.max())
    pull = z @ at[cuts:]
    edges = np.concatenate([[-math.inf], at[:cuts], [math.inf]])
    low, high = edges[y] - pull, edges[y + 1] - pull
    with np.errstate(over="ignore"):
        below, above = 1 / (1 + np.exp(-low)), 1 / (1 + np.exp(-high))
        # The difference of two values near 1 loses its digits; this form does not.
        chance = above / (1 + np.exp(low)) * -np.expm1(low - high)
    chance = np.maximum(chance, 1e-300)
    lows, highs = below * (1 - below), above * (1 - above)
    a, b = highs / chance, -lows / chance
    rows = np.arange(len(y))
    # Rows of derivatives of the two edges; the outermost edges do not move.
    upper = np.zeros((len(y), cuts + 2))
    lower = np.zeros((len(y), cuts + 2))
    upper[rows, y + 1], lower[rows, y] = 1.0, 1.0
    upper, lower = (np.column_stack([part[:, 1:-1], -z]) for part in (upper, lower))
    gradient = upper.T @ (f * a) + lower.T @ (f * b)
    twice_high = a**2 - highs * (1 - 2 * above) / chance
    twice_low = b**2 + lows * (1 - 2 * below) / chance
    cross = upper.T @ (lower * (f * a * b)[:, None])
    information = (
        upper.T @ (upper * (f * twice_high)[:, None])
        + lower.T @ (lower * (f * twice_low)[:, None])
        + cross
        + cross.T
    )
    return float(f @ np.log(chance)), gradient, information


def _wald(contrast: Floats, slopes: Floats, covariance: Floats) -> tuple[float, float]:
    from scipy.special import chdtrc

    apart = contrast @ slopes
    chi2 = float(apart @ np.linalg.solve(contrast @ covariance @ contrast.T, apart))
    return chi2, float(chdtrc(len(contrast), max(chi2, 0.0)))
