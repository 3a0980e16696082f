"""Answers on waiting: fine up to one wait, no longer at another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite
from mindgap.measure.errors import BadCounts


@dataclass(frozen=True, slots=True, eq=False, init=False)
class Waits:
    """Answers of the kind "fine at ``lower``, no longer at ``upper``".

    Parameters
    ----------
    lower, upper : array_like, shape (m,)
        0 <= lower <= upper in one unit of time; patience lies in (lower, upper], or is exactly
        that wait when both are equal. ``upper`` is infinite for "would wait longer still";
        0 and infinity together say nothing.
    counts : array_like, shape (m,), optional
        How many answered so; one each if left out.

    Attributes
    ----------
    lower, upper, counts : ndarray of float64, shape (u,)
        Distinct answers, sorted; read-only.

    Raises
    ------
    BadCounts
        If a wait is negative, not a number or lower > upper, or a count is negative.

    Notes
    -----
    The interval is open on the left: who is fine at 2 and not at 5 may lose patience right
    after 2, or at 5, but not at 2. Programs that close it on both sides give other curves
    wherever one customer's upper wait is another one's lower.

    Examples
    --------
    >>> Waits([2, 2, 5], [5, 5, float("inf")]).counts.tolist()
    [2.0, 1.0]
    """

    lower: Floats
    upper: Floats
    counts: Floats

    def __init__(self, lower: ArrayLike, upper: ArrayLike, *, counts: ArrayLike | None = None) -> None:
        low = finite(lower, negative=False)
        high = _ends(upper)
        number = np.ones_like(low) if counts is None else finite(counts, negative=False)
        if low.ndim != 1 or not low.shape == high.shape == number.shape:
            raise BadCounts("shapes differ")
        if (low > high).any():
            raise BadCounts("lower above upper")
        distinct, where = np.unique(np.column_stack([low, high]), axis=0, return_inverse=True)
        merged = np.bincount(where.ravel(), weights=number, minlength=distinct.shape[0])
        there = merged > 0
        for name, part in (("lower", distinct[there, 0]), ("upper", distinct[there, 1])):
            part.flags.writeable = False
            object.__setattr__(self, name, part)
        object.__setattr__(self, "counts", merged[there])
        self.counts.flags.writeable = False

    @property
    def n(self) -> float:
        """Number of answers (sum of counts)."""
        return float(self.counts.sum())

    def __add__(self, other: Waits) -> Waits:
        if not isinstance(other, Waits):
            return NotImplemented
        parts = ((getattr(self, name), getattr(other, name)) for name in ("lower", "upper", "counts"))
        low, high, number = (np.concatenate(pair) for pair in parts)
        return Waits(low, high, counts=number)


def _ends(upper: ArrayLike) -> Floats:
    try:
        high = np.asarray(upper, dtype=np.float64)
    except (TypeError, ValueError):
        raise BadCounts("not numbers") from None
    if np.isnan(high).any() or (high < 0).any():
        raise BadCounts("not a wait")
    return high
