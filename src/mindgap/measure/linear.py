"""Least squares whose intervals also hold when spread differs or a customer answers twice."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.normal import checked_level, t_critical, t_tail

CONSTANT = "constant"
# Below this share of the largest singular value a direction is rounding, not information.
RANK = 1e-9
FEW_CLUSTERS = 10
TERMS = 4000

Errors = Literal["classic", "hc3"]


@dataclass(frozen=True, slots=True)
class LinearTest:
    """F test that some combinations of coefficients are all zero; ``p`` from 0 to 1."""

    f: float
    df: float
    df_rest: float
    p: float


@dataclass(frozen=True, slots=True, eq=False)
class LinearFit:
    """A fitted plane.

    ``names`` (k,), the first is "constant"; ``coefficients`` (k,) and their ``covariance``
    (k, k) in the units of outcome per predictor; ``df`` of the t intervals; ``r2`` the share of
    variance explained, 0 to 1.
    """

    names: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    n: float
    df: float
    r2: float
    method: str
    warnings: tuple[str, ...] = ()

    def _weights(self, of: Mapping[str, float] | str) -> Floats:
        asked = {of: 1.0} if isinstance(of, str) else of
        unknown = set(asked) - set(self.names)
        if unknown:
            raise BadArgument("of", sorted(unknown))
        return np.array([asked.get(name, 0.0) for name in self.names])

    def se(self, of: Mapping[str, float] | str) -> float:
        """Standard error of a coefficient, or of a sum of coefficients times given factors."""
        weights = self._weights(of)
        return math.sqrt(max(0.0, float(weights @ self.covariance @ weights)))

    def estimate(self, of: Mapping[str, float] | str, *, level: float = 0.95) -> Estimate:
        """A coefficient by name, or a combination such as ``{"high": 1, "low": 1}``."""
        value = float(self._weights(of) @ self.coefficients)
        half = t_critical(checked_level(level), self.df) * self.se(of)
        return Estimate(value, value - half, value + half, self.n, self.method, self.warnings)

    def p(self, of: Mapping[str, float] | str) -> float:
        """Two-sided p-value that the coefficient or combination is zero."""
        return self.test(of).p

    def test(self, *of: Mapping[str, float] | str) -> LinearTest:
        """F test that all the given combinations are zero (Wald, with this fit's covariance)."""
        rows = np.array([self._weights(one) for one in of])
        at, spread = rows @ self.coefficients, rows @ self.covariance @ rows.T
        q = len(of)
        if np.linalg.matrix_rank(spread, hermitian=True) < q:
            # A perfect fit leaves no error: what is not zero differs for sure.
            same = bool(np.abs(at).max() <= 1e-9 * max(1.0, float(np.abs(self.coefficients).max())))
            return LinearTest(0.0 if same else math.inf, q, self.df, 1.0 if same else 0.0)
        f = float(at @ np.linalg.solve(spread, at)) / q
        if q == 1:
            return LinearTest(f, 1, self.df, t_tail(math.sqrt(f), self.df))
        from scipy.special import fdtrc

        return LinearTest(f, q, self.df, float(fdtrc(q, self.df, f)))

    def r2_estimate(self, *, level: float = 0.95) -> Estimate:
        """R² with an interval, 0 to 1.

        Exact for predictors that are answers themselves (jointly normal with the outcome), not
        values set by an experimenter; so the interval is honest near zero too.
        """
        if self.r2 >= 1 - 1e-12 or len(self.names) == 1:
            return Estimate(self.r2, self.r2, self.r2, self.n, "exact, random predictors", self.warnings)
        low, high = _r2_limits(self.r2, self.n, len(self.names) - 1, checked_level(level))
        at = Estimate(self.r2, min(low, self.r2), max(high, self.r2), self.n, "exact, random predictors")
        return replace(at, warnings=self.warnings)


def linear(
    outcome: ArrayLike,
    predictors: Mapping[str, ArrayLike],
    *,
    counts: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    errors: Errors = "hc3",
) -> LinearFit:
    """Least squares of an outcome on predictors, with a constant.

    Parameters
    ----------
    outcome : array_like, shape (n,)
    predictors : mapping of str to array_like, shape (n,)
        Any units; "constant" is added.
    counts : array_like, shape (n,), optional
        How many respondents each row stands for.
    clusters : array_like, shape (n,), optional
        Who answered: rows of one customer are not independent. Then CR1 with t(G - 1).
    errors : {"hc3", "classic"}, optional
        Without clusters: errors that hold whatever the spread (HC3), or equal spread assumed.

    Returns
    -------
    LinearFit

    Raises
    ------
    TooFewAnswers
        If there are not more respondents than coefficients, or fewer than two clusters.
    NotIdentified
        If predictors are collinear, or under HC3 one respondent alone decides a coefficient.
    BadCounts
        If a number is not finite, a count negative, or the shapes differ.

    References
    ----------
    .. [1] MacKinnon, J. G., White, H. (1985), J. Econometrics 29, 305-325 (HC3).
    .. [2] Cameron, A. C., Miller, D. L. (2015), J. Human Resources 50, 317-372 (CR1).

    Examples
    --------
    >>> fit = linear([1, 2, 3, 5], {"days": [0, 1, 2, 3]})
    >>> round(fit.estimate("days").value, 6)
    1.3
    """
    if errors not in ("hc3", "classic"):
        raise BadArgument("errors", errors)
    y = finite(outcome)
    if y.ndim != 1 or CONSTANT in predictors:
        raise BadCounts("one outcome per respondent and no predictor called constant")
    w = np.ones_like(y) if counts is None else finite(counts, negative=False)
    columns = [finite(column) for column in predictors.values()]
    if any(column.shape != y.shape for column in (w, *columns)):
        raise BadCounts("shapes differ")
    design = np.column_stack([np.ones_like(y), *columns])
    groups = None if clusters is None else _places(clusters, y.size)
    there = w > 0
    y, w, design = y[there], w[there], design[there]
    n, k = float(w.sum()), design.shape[1]
    if n <= k:
        raise TooFewAnswers(n=n, needed=k + 1)
    root = np.sqrt(w)
    coefficients, inverse = _solved(design * root[:, None], y * root)
    rest = y - design @ coefficients
    r2, warnings = _explained(float(w @ rest**2), float(w @ (y - w @ y / n) ** 2), float(w @ y**2))
    if warnings:
        # A constant outcome: rounding must not pass for a slope.
        coefficients, rest = np.append(w @ y / n, np.zeros(k - 1)), np.zeros_like(y)
    names = (CONSTANT, *predictors)
    if groups is not None:
        covariance, found = _clustered(inverse, design * (w * rest)[:, None], groups[there], n)
        if found < FEW_CLUSTERS:
            warnings = (*warnings, Caution.FEW_CLUSTERS)
        return LinearFit(names, coefficients, covariance, n, found - 1, r2, "cr1 t", warnings)
    if errors == "classic":
        covariance = inverse * (float(w @ rest**2) / (n - k))
        return LinearFit(names, coefficients, covariance, n, n - k, r2, "least squares t", warnings)
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    if (leverage > 1 - 1e-9).any():
        raise NotIdentified(what="interval", reason="one respondent alone decides a coefficient")
    meat = design.T @ (design * (w * (rest / (1 - leverage)) ** 2)[:, None])
    return LinearFit(names, coefficients, inverse @ meat @ inverse, n, n - k, r2, "hc3 t", warnings)


def linear_from_products(products: ArrayLike, names: tuple[str, ...]) -> LinearFit:
    """`linear` with classic errors from sums of products instead of rows.

    Parameters
    ----------
    products : array_like, shape (k + 1, k + 1)
        Sums over respondents of the products of each two of: 1, the predictors, the outcome (in
        this order). The first entry is n.
    names : tuple of str, length k - 1
        Names of the predictors.

    Raises
    ------
    TooFewAnswers, NotIdentified, BadCounts
        As `linear`.

    Notes
    -----
    Sums of products lose digits when values are large against their spread: centre them first.

    Examples
    --------
    >>> rows = np.array([[1, 0, 1], [1, 1, 2], [1, 2, 3], [1, 3, 5]])
    >>> round(linear_from_products(rows.T @ rows, ("days",)).estimate("days").value, 6)
    1.3
    """
    sums = finite(products)
    k = len(names) + 1
    if sums.shape != (k + 1, k + 1) or not np.allclose(sums, sums.T) or not (np.diag(sums) >= 0).all():
        raise BadCounts("symmetric sums of products of constant, predictors and outcome needed")
    n = float(sums[0, 0])
    if n <= k:
        raise TooFewAnswers(n=n, needed=k + 1)
    # Against the means, so that the size of the constant does not cost digits.
    inner = sums[1:, 1:] - np.outer(sums[0, 1:], sums[0, 1:]) / n
    slopes, inverse = np.zeros(k - 1), np.zeros((k - 1, k - 1))
    if k > 1:
        slopes, inverse = _solved_products(inner[:-1, :-1], inner[:-1, -1], np.diag(sums)[1:-1])
    means = sums[0, 1:] / n
    total = max(float(inner[-1, -1]), 0.0)
    left = max(total - float(slopes @ inner[:-1, -1]), 0.0)
    # Sums of squares keep half the digits that rows do.
    r2, warnings = _explained(left, total, 1e6 * float(sums[-1, -1]))
    if warnings:
        slopes, left = np.zeros(k - 1), 0.0
    coefficients = np.concatenate([[means[-1] - slopes @ means[:-1]], slopes])
    # The constant's variance and its covariances, by the rule for partitioned inverses.
    cross = -(inverse @ means[:-1])
    first = 1 / n - float(means[:-1] @ cross)
    whole = np.block([[np.array([[first]]), cross[None, :]], [cross[:, None], inverse]])
    covariance = whole * (left / (n - k))
    fit_names = (CONSTANT, *names)
    return LinearFit(fit_names, coefficients, covariance, n, n - k, r2, "least squares t", warnings)


def _solved(design: Floats, y: Floats) -> tuple[Floats, Floats]:
    size = np.sqrt((design**2).sum(axis=0))
    if (size == 0).any():
        raise NotIdentified(what="coefficients", reason="a predictor has no spread")
    left, values, right = np.linalg.svd(design / size, full_matrices=False)
    if values[-1] <= RANK * values[0]:
        raise NotIdentified(what="coefficients", reason="predictors are collinear")
    turned = right.T / values / size[:, None]
    return turned @ (left.T @ y), turned @ turned.T


def _solved_products(inner: Floats, cross: Floats, raw: Floats) -> tuple[Floats, Floats]:
    spread = np.diag(inner)
    if (spread <= 1e-12 * raw).any():
        raise NotIdentified(what="coefficients", reason="a predictor has no spread")
    size = np.sqrt(spread)
    values, vectors = np.linalg.eigh(inner / np.outer(size, size))
    if values[0] <= 1e-11 * values[-1]:
        raise NotIdentified(what="coefficients", reason="predictors are collinear")
    inverse = (vectors / values) @ vectors.T / np.outer(size, size)
    return inverse @ cross, inverse


def _explained(left: float, total: float, raw: float) -> tuple[float, tuple[str, ...]]:
    if total <= 1e-20 * raw or total == 0:
        return 0.0, (Caution.ALL_EQUAL,)
    return min(1.0, max(0.0, 1 - left / total)), ()


def _places(clusters: ArrayLike, n: int) -> Floats:
    given = np.asarray(clusters)
    if given.shape != (n,):
        raise BadCounts("one cluster per row needed")
    if given.dtype.kind == "f" and np.isnan(given).any():
        raise BadCounts("cluster is not a number")
    return np.asarray(np.unique(given, return_inverse=True)[1], dtype=np.float64)


def _clustered(inverse: Floats, scores: Floats, groups: Floats, n: float) -> tuple[Floats, int]:
    """CR1 covariance from each row's score (n, k), and the number of clusters."""
    present, places = np.unique(groups, return_inverse=True)
    g, k = present.size, scores.shape[1]
    if g < 2:
        raise TooFewAnswers(n=g, needed=2)
    sums = np.zeros((g, k))
    np.add.at(sums, places, scores)
    factor = g / (g - 1) * (n - 1) / (n - k)
    return inverse @ (sums.T @ sums) @ inverse * factor, g


def _r2_limits(r2: float, n: float, k: int, level: float) -> tuple[float, float]:
    """True R² at which the R² seen lies at the upper, and at the lower tail."""
    from scipy.optimize import brentq

    tail = (1 - level) / 2

    def limit(chance: float) -> float:
        if _r2_below(r2, 0.0, n, k) <= chance:
            return 0.0
        left = 1 - r2
        while _r2_below(r2, 1 - left, n, k) > chance:
            left /= 2
        return float(brentq(lambda true: _r2_below(r2, true, n, k) - chance, 0.0, 1 - left, xtol=1e-10))

    return limit(1 - tail), limit(tail)


def _r2_below(seen: float, true: float, n: float, k: int) -> float:
    """P(R² <= seen): a beta distribution whose first parameter is negative binomial."""
    from scipy.special import betainc, betaln

    half = (n - 1) / 2
    centre = half * true / (1 - true)
    reach = 10 * math.sqrt(centre / (1 - true)) + 60
    start = max(0.0, math.floor(centre - reach))
    # Wide distributions are smooth: every few terms stand for their neighbours.
    step = max(1, math.ceil((centre + reach - start) / TERMS))
    j = np.arange(start, centre + reach, step) + (step - 1) / 2
    if true == 0:
        return float(betainc(k / 2, (n - k - 1) / 2, seen))
    # log C(half + j - 1, j), by the beta function because the factorials overflow.
    choose = -np.log(half + j) - betaln(half, j + 1)
    weights = step * np.exp(choose + j * math.log(true) + half * math.log1p(-true))
    return float(weights @ betainc(k / 2 + j, (n - k - 1) / 2, seen))
