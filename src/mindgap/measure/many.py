"""Many questions at once: p-values adjusted for their number."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite
from mindgap.measure.errors import BadCounts


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """Adjusted p-values that bound the share of false discoveries.

    Parameters
    ----------
    p : array_like
        The p-values of one family (one dashboard, one period), shape (m,), m >= 0.

    Returns
    -------
    ndarray of float64, shape (m,)
        Those at most 0.05 may be marked with at most 5 % false marks expected.

    References
    ----------
    .. [1] Benjamini, Y., Hochberg, Y. (1995), J. Royal Statistical Society B 57, 289-300.
    """
    given = _p_values(p)
    order = np.argsort(-given, kind="stable")
    m = given.size
    steps = given[order] * m / np.arange(m, 0, -1)
    return _restored(np.minimum.accumulate(steps), order)


def holm(p: ArrayLike) -> Floats:
    """Adjusted p-values that bound the chance of even one false claim; for claims of success.

    Same parameters and shape as `benjamini_hochberg`.

    References
    ----------
    .. [1] Holm, S. (1979), Scandinavian J. Statistics 6, 65-70.
    """
    given = _p_values(p)
    order = np.argsort(given, kind="stable")
    m = given.size
    steps = given[order] * np.arange(m, 0, -1)
    return _restored(np.maximum.accumulate(steps), order)


def _p_values(p: ArrayLike) -> Floats:
    given = finite(p, negative=False)
    if given.ndim != 1 or (given > 1).any():
        raise BadCounts("p-values lie from 0 to 1 in one row")
    return given


def _restored(steps: Floats, order: np.ndarray) -> Floats:
    adjusted = np.empty_like(steps)
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted
