"""Shares of R-squared: what each driver adds, averaged over all orders of the drivers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite
from mindgap.measure.errors import BadArgument, NotIdentified
from mindgap.measure.gram import Gram
from mindgap.measure.subset import COLLINEAR, asked, checked_correlations, shapley, subset_r2

EXACT_TO = 20
"""Up to so many drivers all subsets are looked at (a million subsets, well under a second)."""
_ROOM = 2**17
"""Subsets times matrices at once: more does not fit the cache and is slower."""


@dataclass(frozen=True, slots=True, eq=False)
class Importance:
    """How R-squared is divided among drivers.

    Attributes
    ----------
    names : tuple of str
        The p drivers.
    shares : ndarray, shape (p,)
        Share of the *variance of the outcome*, 0 to 1; they add up to ``r2``.
    r2 : float
        Share of the variance that all drivers together explain.
    errors : ndarray, shape (p,)
        Standard error from the sampling of orders (not of people); 0 when exact.
    n : float
        Answers used.
    method : str
        "lmg", "lmg, permutations" or "johnson".
    warnings : tuple of str
        `Caution` codes.
    """

    names: tuple[str, ...]
    shares: Floats
    r2: float
    errors: Floats
    n: float
    method: str
    warnings: tuple[str, ...] = ()

    @property
    def portions(self) -> Floats:
        """Share of the *explained part*, adding up to 1; NotIdentified if R-squared is 0."""
        if not self.r2 > 0:
            raise NotIdentified(what="portions of R-squared", reason="nothing is explained")
        return self.shares / self.r2


def lmg(
    gram: Gram,
    *,
    outcome: str,
    drivers: Sequence[str] | None = None,
    permutations: int = 2000,
    rng: np.random.Generator | None = None,
) -> Importance:
    """Lindeman-Merenda-Gold shares of R-squared (the Shapley value of R-squared).

    Parameters
    ----------
    gram : Gram
        Of the drivers and the outcome.
    outcome : str
        Its column.
    drivers : sequence of str, optional
        All other columns if left out. Any unit: the result does not depend on units.
    permutations : int, optional
        Orders drawn, in pairs of an order and its reverse, when there are more than 20 drivers;
        up to 20 the result is exact and needs no ``rng``.

    Returns
    -------
    Importance
        Without an interval: for one, and for ranks, ask `mindgap.measure.drivers`.

    Raises
    ------
    TooFewAnswers
        If n < p + 2: with fewer answers any drivers explain everything.
    NotIdentified
        If the outcome is constant.
    BadArgument
        If a name is unknown or given twice, or there are more than 20 drivers and no ``rng``.

    Notes
    -----
    What it means: the drivers explain ``r2`` of the differences between people in the outcome,
    and the shares divide that fairly among drivers which go together. It is association: nothing
    says that changing a driver changes the outcome, and answers given by the same person in the
    same minute go together anyway. When not to use it: to forecast (use the coefficients), or
    with a driver that is a part of another. Two drivers which are one and the same share equally
    (caution "collinear"); a driver that is constant has share 0 (caution "all_equal").

    References
    ----------
    .. [1] Gromping, U. (2006), J. Statistical Software 17(1), section 2.
    .. [2] Lindeman, R. H., Merenda, P. F., Gold, R. Z. (1980), Introduction to Bivariate and
       Multivariate Analysis, p. 119.

    Examples
    --------
    >>> answers = Gram.of([[1, 2, 3], [2, 1, 3], [3, 3, 6], [4, 6, 9], [5, 4, 9]], names="abc")
    >>> found = lmg(answers, outcome="c")
    >>> round(found.r2, 6), found.shares.round(2).tolist()
    (0.995522, [0.53, 0.46])
    """
    names, matrix, warnings = asked(gram, outcome=outcome, drivers=drivers)
    if len(names) <= EXACT_TO:
        shares = lmg_shares(matrix)[0]
        errors, method = np.zeros(len(names)), "lmg"
    else:
        shares, errors = _sampled(matrix, permutations, rng)
        method = "lmg, permutations"
    return Importance(names, shares, float(shares.sum()), errors, gram.n, method, warnings)


def lmg_shares(correlations: ArrayLike) -> Floats:
    """Exact shares for many correlation matrices at once, as a bootstrap makes them.

    Parameters
    ----------
    correlations : array_like, shape (b, p + 1, p + 1) or (p + 1, p + 1)
        Outcome last, p <= 20.

    Returns
    -------
    ndarray, shape (b, p)
        Shares of the variance of the outcome; a row adds up to its R-squared.

    Raises
    ------
    BadCounts
        If a matrix is not symmetric, not finite, or not that of any rows.
    BadArgument
        If p > 20.
    """
    stack, _ = checked_correlations(finite(correlations))
    p = stack.shape[1] - 1
    if p > EXACT_TO:
        raise BadArgument("drivers", p)
    step = max(1, _ROOM >> p)
    parts = [shapley(subset_r2(stack[i : i + step])).T for i in range(0, len(stack), step)]
    return np.concatenate(parts)


def _sampled(matrix: Floats, permutations: int, rng: np.random.Generator | None) -> tuple[Floats, Floats]:
    """Shares and their standard errors from random orders, each with its reverse."""
    pairs = permutations // 2
    if pairs < 2:
        raise BadArgument("permutations", permutations)
    if rng is None:
        raise BadArgument("rng", rng)
    p = matrix.shape[0] - 1
    orders = rng.permuted(np.tile(np.arange(p), (pairs, 1)), axis=1)
    found = np.empty((pairs, p))
    step = max(1, _ROOM // (p + 1) ** 2)
    for i in range(0, pairs, step):
        part = orders[i : i + step]
        found[i : i + step] = (_along(matrix, part) + _along(matrix, part[:, ::-1])) / 2
    return found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(pairs)


def _along(matrix: Floats, orders: Floats) -> Floats:
    """What each driver adds when they come in these orders; (m, p) in, (m, p) by driver out."""
    m, p = orders.shape
    columns = np.concatenate([orders, np.full((m, 1), p)], axis=1).T
    state = matrix[columns[:, None, :], columns[None, :, :]]
    shares = np.empty((m, p))
    for step in range(p):
        pivot, first = state[0, 0], state[0, 1:]
        inverse = np.divide(1.0, pivot, out=np.zeros_like(pivot), where=pivot > COLLINEAR)
        shares[np.arange(m), orders[:, step]] = first[-1] ** 2 * inverse
        state = state[1:, 1:] - (first * inverse)[:, None] * first[None, :]
    return shares
