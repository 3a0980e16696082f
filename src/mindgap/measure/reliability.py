"""How much of a score is the customer and how much is noise: alpha, omega, and that of a gap."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite
from mindgap.measure.errors import BadArgument, BadCounts, NotConverged, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.normal import checked_level, z_critical

# Share of an item's variance that must remain its own; the usual bound of factor programs.
LEAST_OWN = 0.005
RELIABLE = 0.7


@dataclass(frozen=True, slots=True, eq=False, init=False)
class Items:
    """Answers to several items by the same respondents, as far as reliability needs them.

    Parameters
    ----------
    covariance : array_like, shape (k, k)
        Sample covariances of the items (divisor n - 1).
    n : float
        Respondents, >= 2.

    Raises
    ------
    TooFewAnswers
        If n < 2.
    BadCounts
        If the matrix is not finite, symmetric and a possible covariance matrix.
    """

    covariance: Floats
    n: float

    def __init__(self, covariance: ArrayLike, *, n: float) -> None:
        given = finite(covariance)
        if given.ndim != 2 or given.shape[0] != given.shape[1] or given.size == 0:
            raise BadCounts("a square matrix is needed")
        size = float(np.abs(given).max())
        if not np.allclose(given, given.T, rtol=1e-9, atol=1e-12 * size):
            raise BadCounts("not symmetric")
        if float(np.linalg.eigvalsh(given)[0]) < -1e-8 * size:
            raise BadCounts("not a covariance matrix")
        if not float(finite(n)) >= 2:
            raise TooFewAnswers(n=n, needed=2)
        matrix = (given + given.T) / 2
        matrix.flags.writeable = False
        object.__setattr__(self, "covariance", matrix)
        object.__setattr__(self, "n", float(n))

    @classmethod
    def of(cls, answers: ArrayLike) -> Items:
        """From complete answers, shape (n, k): one row per respondent, one column per item."""
        rows = finite(answers)
        if rows.ndim != 2 or rows.shape[1] == 0:
            raise BadCounts("respondents by items needed")
        if rows.shape[0] < 2:
            raise TooFewAnswers(n=rows.shape[0], needed=2)
        return cls(np.atleast_2d(np.cov(rows, rowvar=False)), n=rows.shape[0])

    @property
    def k(self) -> int:
        """Number of items."""
        return self.covariance.shape[0]

    def without(self, item: int) -> Items:
        """The others."""
        kept = np.delete(np.delete(self.covariance, item, axis=0), item, axis=1)
        return Items(kept, n=self.n)

    def correlation(self) -> Floats:
        """Correlations (k, k); NotIdentified if an item has no spread."""
        spread = np.sqrt(np.diag(self.covariance))
        if (spread <= 1e-12 * float(spread.max())).any():
            raise NotIdentified(what="correlation", reason="an item has no spread")
        matrix = self.covariance / np.outer(spread, spread)
        np.fill_diagonal(matrix, 1.0)
        return np.asarray(matrix, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Alpha:
    """Cronbach's alpha of the items as they are, and of the items brought to one spread.

    ``without`` (one per item; empty for two items) is raw alpha with that item left out: an
    item without which alpha rises spoils the score.
    """

    raw: Estimate
    standardised: Estimate
    without: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Omega:
    """McDonald's omega; ``loadings`` (-1 to 1, one per item) on the common factor."""

    total: Estimate
    loadings: tuple[float, ...]


def alpha(items: Items, *, level: float = 0.95) -> Alpha:
    """Cronbach's alpha with Feldt's interval.

    Parameters
    ----------
    items : Items
        At least two items, all pointing the same way.

    Returns
    -------
    Alpha
        At most 1; below 0 when the items contradict each other. Warning ``unreliable`` below
        0.7, ``opposed`` when an item correlates negatively with the sum of the others.

    Raises
    ------
    BadArgument
        If there is one item only.
    NotIdentified
        If the sum of the items has no spread (raw), or one item has none (standardised).

    Notes
    -----
    Alpha says how well a sum of items tells customers apart, not whether the items measure one
    thing, and not whether they measure the right thing. A low alpha does not spoil a mean over
    many customers; it spoils rankings of single customers and weakens every correlation. It
    grows with the number of items. The interval of standardised alpha is by the delta method.

    References
    ----------
    .. [1] Feldt, L. S. (1965), Psychometrika 30, 357-370.

    Examples
    --------
    >>> alpha(Items([[1, 0.5], [0.5, 1]], n=100)).raw.value
    0.6666666666666667
    """
    if items.k < 2:
        raise BadArgument("items", items.k)
    value = _alpha(items.covariance)
    if math.isnan(value):
        raise NotIdentified(what="alpha", reason="the sum of the items has no spread")
    flags = _opposed(items)
    low, high = _feldt(value, n=items.n, k=items.k, level=checked_level(level))
    raw = Estimate(value, low, high, items.n, "feldt", (*_weak(value), *flags))
    correlation = items.correlation()
    standardised = _bounded(_alpha(correlation), _se(_standardised, items), items.n, level, flags)
    others = tuple(_alpha(items.without(j).covariance) for j in range(items.k)) if items.k > 2 else ()
    return Alpha(raw, standardised, tuple(0.0 if math.isnan(one) else one for one in others))


def _alpha(covariance: Floats) -> float:
    k, total = covariance.shape[0], float(covariance.sum())
    own = float(np.trace(covariance))
    if total <= 1e-12 * own or own == 0:
        return math.nan
    return k / (k - 1) * (1 - own / total)


def _standardised(covariance: Floats) -> float:
    spread = np.sqrt(np.diag(covariance))
    return _alpha(covariance / np.outer(spread, spread))


def _opposed(items: Items) -> tuple[str, ...]:
    rest = items.covariance.sum(axis=1) - np.diag(items.covariance)
    return (Caution.OPPOSED,) if (rest < 0).any() else ()


def _weak(value: float) -> tuple[str, ...]:
    return (Caution.UNRELIABLE,) if value < RELIABLE else ()


def _feldt(value: float, *, n: float, k: int, level: float) -> tuple[float, float]:
    from scipy.special import fdtri

    low, high = (
        1 - (1 - value) * float(fdtri(n - 1, (n - 1) * (k - 1), tail))
        for tail in ((1 + level) / 2, (1 - level) / 2)
    )
    return min(low, value), max(high, value)


def _bounded(value: float, se: float, n: float, level: float, flags: tuple[str, ...] = ()) -> Estimate:
    """Interval on the scale of log(1 - reliability), so that it ends at 1."""
    warnings = (*_weak(value), *flags)
    if value >= 1 - 1e-12:
        return Estimate(1.0, 1.0, 1.0, n, "delta, log scale", warnings)
    reach = math.exp(min(z_critical(checked_level(level)) * se / (1 - value), 700.0))
    low, high = 1 - (1 - value) * reach, 1 - (1 - value) / reach
    return Estimate(value, low, high, n, "delta, log scale", warnings)


def _se(function: Callable[[Floats], float], items: Items) -> float:
    """Standard error of a function of the covariances, when answers are about normal."""
    covariance = items.covariance
    slope = np.zeros_like(covariance)
    sizes = np.sqrt(np.diag(covariance))
    for i in range(items.k):
        for j in range(i + 1):
            step = 1e-5 * sizes[i] * sizes[j]
            if step == 0:
                # What never varies has no error either.
                continue
            moved = np.zeros_like(covariance)
            moved[i, j] = moved[j, i] = step
            rise = (function(covariance + moved) - function(covariance - moved)) / (2 * step)
            # An entry off the diagonal stands twice.
            slope[i, j] = slope[j, i] = rise if i == j else rise / 2
    product = slope @ covariance
    return math.sqrt(max(0.0, 2 * float(np.trace(product @ product)) / (items.n - 1)))


def omega(items: Items, *, level: float = 0.95) -> Omega:
    """McDonald's omega from one common factor, fitted by maximum likelihood to the correlations.

    Parameters
    ----------
    items : Items
        At least three items.

    Returns
    -------
    Omega
        0 to 1, for the sum of standardised items. Warning ``boundary`` when an item would have
        to have no variance of its own (the one-factor picture is doubtful then), ``opposed``
        when an item loads against the others, ``unreliable`` below 0.7.

    Raises
    ------
    BadArgument
        If there are fewer than three items: two correlations cannot tell two loadings.
    NotIdentified
        If an item has no spread, or the items are collinear.
    NotConverged
        If the search does not settle.

    Notes
    -----
    Unlike alpha, omega does not ask that all items measure equally well. It does ask that one
    common cause is behind them. The interval is by the delta method from the information of
    the factor model; at the boundary it is only a guide.

    References
    ----------
    .. [1] McDonald, R. P. (1999), Test Theory: A Unified Treatment, chapter 6.
    .. [2] Joreskog, K. G. (1967), Psychometrika 32, 443-482.

    Examples
    --------
    >>> round(omega(Items([[1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1]], n=99)).total.value, 4)
    0.75
    """
    if items.k < 3:
        raise BadArgument("items", items.k)
    correlation = items.correlation()
    if float(np.linalg.eigvalsh(correlation)[0]) < 1e-10:
        raise NotIdentified(what="omega", reason="items are collinear")
    loadings, own = _one_factor(correlation)
    value = float(loadings.sum() ** 2 / (loadings.sum() ** 2 + own.sum()))
    flags: list[str] = []
    if (own <= LEAST_OWN * 1.001).any():
        flags.append(Caution.BOUNDARY)
    if (loadings < 0).any():
        flags.append(Caution.OPPOSED)
    se = _omega_se(loadings, own, items.n)
    return Omega(_bounded(value, se, items.n, level, tuple(flags)), tuple(float(x) for x in loadings))


def _one_factor(correlation: Floats) -> tuple[Floats, Floats]:
    from scipy.optimize import minimize

    def parts(own: Floats) -> tuple[Floats, Floats, Floats]:
        root = np.sqrt(own)
        values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
        return values, vectors, root

    def misfit(own: Floats) -> tuple[float, Floats]:
        values, vectors, _ = parts(own)
        small = values[:-1]
        # The slope by Joreskog's formula: implied minus observed variance, over own squared.
        lift = max(float(values[-1]) - 1, 0.0) * vectors[:, -1] ** 2 * own
        slope = (lift + own - 1) / own**2
        return float((small - np.log(small) - 1).sum()), np.asarray(slope, dtype=np.float64)

    start = np.clip(0.5 / np.diag(np.linalg.inv(correlation)), LEAST_OWN, 1)
    found = minimize(
        misfit,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(LEAST_OWN, 1.0)] * start.size,
        options={"maxiter": 2000, "ftol": 1e-15, "gtol": 1e-9},
    )
    own = np.asarray(found.x, dtype=np.float64)
    slope = misfit(own)[1]
    # What still slopes downhill, apart from the items held at a bound.
    inside = np.where((own <= LEAST_OWN) & (slope > 0) | (own >= 1) & (slope < 0), 0.0, slope)
    if (left := float(np.abs(inside).max())) > 1e-3:
        raise NotConverged(rounds=int(found.nit), distance=left)
    values, vectors, root = parts(own)
    loadings = vectors[:, -1] * root * math.sqrt(max(float(values[-1]) - 1, 0.0))
    return loadings * (1.0 if loadings.sum() >= 0 else -1.0), own


def _omega_se(loadings: Floats, own: Floats, n: float) -> float:
    k = loadings.size
    implied = np.outer(loadings, loadings) + np.diag(own)
    inverse = np.linalg.inv(implied)
    changes = []
    for j in range(k):
        unit = np.zeros(k)
        unit[j] = 1.0
        changes.append(np.outer(unit, loadings) + np.outer(loadings, unit))
    changes += [np.diag(unit) for unit in np.eye(k)]
    turned = [inverse @ change for change in changes]
    information = (n - 1) / 2 * np.array([[float(np.sum(a * b.T)) for b in turned] for a in turned])

    def total(parameters: Floats) -> float:
        load, rest = parameters[:k], np.maximum(parameters[k:], 0.0)
        size = np.sqrt(load**2 + rest)
        common = float((load / size).sum()) ** 2
        return common / (common + float((rest / size**2).sum()))

    at = np.concatenate([loadings, own])
    steps = 1e-6 * np.eye(2 * k)
    slope = np.array([(total(at + step) - total(at - step)) / 2e-6 for step in steps])
    spread = float(slope @ np.linalg.pinv(information, rcond=1e-10, hermitian=True) @ slope)
    return math.sqrt(max(spread, 0.0))


def gap_reliability(items: Items, *, expected: int, level: float = 0.95) -> Estimate:
    """How well the gap (experienced - expected) of single customers can be told from noise.

    Parameters
    ----------
    items : Items
        First the items on expectation, then those on experience, of the same respondents.
    expected : int
        How many of them are on expectation; at least two on either side.

    Returns
    -------
    Estimate
        At most 1, and far below 0 where the two sides hardly differ between customers. Warning
        ``unreliable`` below 0.7: no ranking of single customers by gap.

    Raises
    ------
    BadArgument
        If either side has fewer than two items.
    NotIdentified
        If a side or the gap has no spread.

    Notes
    -----
    (r_E s_E² + r_P s_P² - 2 r s_E s_P) / (s_E² + s_P² - 2 r s_E s_P) with alpha as reliability
    of either side's mean. A difference keeps the noise of both sides and loses what they have
    in common, so the gap is nearly always less reliable than either part. The mean gap of many
    customers is not hurt; correlations with the gap are, so drivers should take expectation
    and experience separately (`response_surface`).

    References
    ----------
    .. [1] Brown, T. J., Churchill, G. A., Peter, J. P. (1993), J. Retailing 69, 127-139.

    Examples
    --------
    >>> both = [[1, 0.5, 0.3, 0.3], [0.5, 1, 0.3, 0.3], [0.3, 0.3, 1, 0.5], [0.3, 0.3, 0.5, 1]]
    >>> round(gap_reliability(Items(both, n=200), expected=2).value, 3)
    0.444
    """
    if not 2 <= expected <= items.k - 2:
        raise BadArgument("expected", expected)

    def function(covariance: Floats) -> float:
        return _gap_reliability(covariance, expected)

    value = function(items.covariance)
    if math.isnan(value):
        raise NotIdentified(what="reliability of the gap", reason="a side or the gap has no spread")
    return _bounded(value, _se(function, items), items.n, level)


def _gap_reliability(covariance: Floats, expected: int) -> float:
    first, last = covariance[:expected, :expected], covariance[expected:, expected:]
    m = covariance.shape[0] - expected
    var_e, var_p = float(first.mean()), float(last.mean())
    shared = float(covariance[:expected, expected:].sum()) / (expected * m)
    spread = var_e + var_p - 2 * shared
    if not spread > 1e-12 * (var_e + var_p):
        return math.nan
    return (_alpha(first) * var_e + _alpha(last) * var_p - 2 * shared) / spread
