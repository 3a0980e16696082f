"""A straight-line fit, and how sure it is when rows belong together or follow each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, Ints, finite
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers

COLLINEAR = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A least-squares fit of n rows by k columns.

    ``coefficients`` (k,) and ``residuals`` (n,) are in the units of the rows; ``design`` (n, k)
    and the residuals are multiplied by the roots of the weights. ``bread`` (k, k) is the inverse
    of the cross product, ``df`` = n - k.
    """

    coefficients: Floats
    residuals: Floats
    design: Floats
    bread: Floats
    df: int

    @property
    def is_exact(self) -> bool:
        """Whether the rows show no spread around the fit beyond rounding."""
        rest = float(np.abs(self.residuals).max())
        return rest <= 1e-12 * (rest + float(np.abs(self.design @ self.coefficients).max()))

    @property
    def classical(self) -> Floats:
        """Covariance (k, k) of the coefficients when errors are alike and independent."""
        return np.asarray(self.bread * (self.residuals @ self.residuals / self.df))

    def clustered(self, groups: ArrayLike) -> Floats:
        """Covariance (k, k) when rows of one group, shape (n,), belong together (CR1)."""
        labels = grouped(groups, n=self.residuals.size)
        number = int(labels.max()) + 1
        if number < 2:
            raise NotIdentified(what="standard error", reason="one_cluster")
        n, k = self.design.shape
        scores = np.zeros((number, k))
        np.add.at(scores, labels, self.design * self.residuals[:, None])
        factor = number / (number - 1) * (n - 1) / (n - k)
        return np.asarray(factor * self.bread @ scores.T @ scores @ self.bread)

    def newey_west(self, lags: int) -> Floats:
        """Covariance (k, k) when neighbouring rows resemble each other up to ``lags`` apart.

        Bartlett weights, multiplied by n / (n - k) for small samples.
        """
        n = self.residuals.size
        if not 0 <= lags < n:
            raise BadArgument("lags", lags)
        scores = self.design * self.residuals[:, None]
        meat = scores.T @ scores
        for lag in range(1, lags + 1):
            cross = scores[lag:].T @ scores[:-lag]
            meat += (1 - lag / (lags + 1)) * (cross + cross.T)
        return np.asarray(n / self.df * self.bread @ meat @ self.bread)


def least_squares(y: ArrayLike, design: ArrayLike, *, weights: ArrayLike | None = None) -> Fit:
    """Ordinary or weighted least squares.

    Parameters
    ----------
    y : array_like, shape (n,)
        What is to be explained.
    design : array_like, shape (n, k)
        The columns, with the constant among them.
    weights : array_like, shape (n,), optional
        Inverse variances up to a factor, > 0.

    Raises
    ------
    TooFewAnswers
        Unless n > k.
    NotIdentified
        If a column follows from the others.
    BadCounts
        If a number is not finite, a weight not positive, or shapes differ.

    Examples
    --------
    >>> fit = least_squares([1, 3, 5, 8], [[1, 0], [1, 1], [1, 2], [1, 3]])
    >>> fit.coefficients.round(2).tolist()
    [0.8, 2.3]
    """
    target, columns = finite(y), finite(design)
    if target.ndim != 1 or columns.ndim != 2 or columns.shape[0] != target.size:
        raise BadCounts("shapes differ")
    n, k = columns.shape
    if n <= k:
        raise TooFewAnswers(n=n, needed=k + 1)
    if weights is not None:
        root = np.sqrt(finite(weights, negative=False))
        if root.shape != (n,):
            raise BadCounts("shapes differ")
        if (root == 0).any():
            raise BadCounts("weight 0")
        target, columns = target * root, columns * root[:, None]
    # Columns of one length, so that the unit of a column does not decide what is collinear.
    lengths = np.linalg.norm(columns, axis=0)
    left, values, right = np.linalg.svd(columns / np.where(lengths > 0, lengths, 1.0), full_matrices=False)
    if values[-1] < COLLINEAR * values[0]:
        raise NotIdentified(what="coefficients", reason="collinear")
    inverse = right.T / values / lengths[:, None]
    coefficients = inverse @ (left.T @ target)
    return Fit(coefficients, target - columns @ coefficients, columns, inverse @ inverse.T, n - k)


def grouped(groups: ArrayLike, *, n: int) -> Ints:
    """Group numbers 0, 1, 2 ... of n rows from any labels, shape (n,)."""
    labels = np.asarray(groups)
    if labels.shape != (n,):
        raise BadCounts("shapes differ")
    return np.asarray(np.unique(labels, return_inverse=True)[1], dtype=np.int64)
