"""Every subset of the drivers at once: what each explains, and what each driver adds on average.

Subsets are numbered by bits: subset 5 = 0b101 holds driver 0 and driver 2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from mindgap.measure.arrays import Floats, Ints
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.gram import Gram

COLLINEAR = 1e-8
"""A driver adds nothing when less than this share of its variance is left beside the others."""
IMPOSSIBLE = -1e-6
"""Correlations with an eigenvalue below this are not those of any rows."""


def subset_r2(correlations: Floats, widths: Sequence[int] | None = None) -> Floats:
    """R-squared of the last column on every subset of the others.

    Parameters
    ----------
    correlations : ndarray, shape (b, m, m)
        Outcome last.
    widths : sequence of int, optional
        The drivers come in groups of so many columns, taken whole; each its own if left out.

    Returns
    -------
    ndarray, shape (2**g, b)
        For g drivers (or groups); 0 for the empty subset.

    Notes
    -----
    The matrix is swept one driver at a time, and each sweep doubles the number of matrices while
    each loses a row and a column, so all subsets together cost about a dozen multiplications
    each and no more room than their answers. A driver that the ones before it determine is
    passed over, which gives the R-squared of any generalised inverse.
    """
    state = np.ascontiguousarray(np.moveaxis(correlations, 0, -1))[:, :, None, :]
    for width in [1] * (state.shape[0] - 1) if widths is None else widths:
        taken = state
        for _ in range(width):
            taken = _swept(taken)
        state = np.concatenate([state[width:, width:], taken], axis=2)
    left = state[0, 0]
    return np.asarray(np.clip(1.0 - left, 0.0, 1.0), dtype=np.float64)


def _swept(state: Floats) -> Floats:
    """The first column taken out, and what goes with it taken from the rest."""
    pivot = state[0, 0]
    inverse = np.divide(1.0, pivot, out=np.zeros_like(pivot), where=pivot > COLLINEAR)
    first = state[0, 1:]
    return np.asarray(state[1:, 1:] - (first * inverse)[:, None] * first[None, :], dtype=np.float64)


def sizes(p: int) -> Ints:
    """How many drivers each of the 2**p subsets holds."""
    count = np.zeros(1, dtype=np.int64)
    for _ in range(p):
        count = np.concatenate([count, count + 1])
    return count


def shapley(worth: Floats) -> Floats:
    """Average of what each driver adds, over all orders in which drivers may come.

    ``worth`` has shape (2**p, b); the result (p, b) adds up to the worth of all drivers less that
    of none.
    """
    p = worth.shape[0].bit_length() - 1
    size = sizes(p)
    # A subset of s others comes before a driver in s! (p - s - 1)! of the p! orders.
    share = np.array([1 / (p * math.comb(p - 1, s)) for s in range(p)] + [0.0])
    after = np.concatenate([[0.0], share[:-1]])
    without, beside = worth * share[size, None], worth * after[size, None]
    shares = np.empty((p, worth.shape[1]))
    for j in range(p):
        shares[j] = beside.reshape(-1, 2, 2**j, worth.shape[1])[:, 1].sum(axis=(0, 1))
        shares[j] -= without.reshape(-1, 2, 2**j, worth.shape[1])[:, 0].sum(axis=(0, 1))
    return shares


def added(worth: Floats, j: int) -> Floats:
    """What driver ``j`` adds to each subset without it, shape (2**(p-1),); ``worth`` (2**p,)."""
    pairs = worth.reshape(-1, 2, 2**j)
    return np.asarray((pairs[:, 1] - pairs[:, 0]).ravel(), dtype=np.float64)


def checked_correlations(correlations: Floats) -> tuple[Floats, bool]:
    """As a stack, and whether a driver is determined by others.

    Raises
    ------
    BadCounts
        If they are not finite, not symmetric, or not those of any rows.
    """
    stack = correlations if correlations.ndim == 3 else correlations[None]
    if stack.ndim != 3 or stack.shape[1] != stack.shape[2] or stack.shape[1] < 2:
        raise BadCounts("square correlations of drivers and outcome needed")
    if not np.isfinite(stack).all() or not np.allclose(stack, np.swapaxes(stack, 1, 2), atol=1e-9):
        raise BadCounts("correlations not finite or not symmetric")
    if float(np.linalg.eigvalsh(stack).min()) < IMPOSSIBLE:
        raise BadCounts("no rows have such correlations")
    among = np.linalg.eigvalsh(stack[:, :-1, :-1])
    return stack, bool(float(among.min()) < COLLINEAR)


def asked(
    gram: Gram, *, outcome: str, drivers: Sequence[str] | None
) -> tuple[tuple[str, ...], Floats, tuple[str, ...]]:
    """Drivers, correlations with the outcome last, and cautions; errors as in `mindgap.measure.lmg`."""
    gram.place(outcome)
    names = tuple(name for name in gram.names if name != outcome) if drivers is None else tuple(drivers)
    if not names or outcome in names or len(set(names)) < len(names):
        raise BadArgument("drivers", names)
    if gram.n < len(names) + 2:
        raise TooFewAnswers(n=gram.n, needed=len(names) + 2)
    part = gram.pick([*names, outcome])
    if part.constant[-1]:
        raise NotIdentified(what="R-squared", reason="outcome constant")
    matrix = part.correlation(constant_is_zero=True)
    warnings = [Caution.ALL_EQUAL] if part.constant.any() else []
    if checked_correlations(matrix)[1]:
        warnings.append(Caution.COLLINEAR)
    return names, matrix, tuple(warnings)
