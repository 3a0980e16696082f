"""Array types, and the one check that every array from outside passes."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mindgap.measure.errors import BadCounts

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]


def finite(given: ArrayLike, *, negative: bool = True) -> Floats:
    """The numbers as float64; BadCounts if one is not finite, or negative where it may not be."""
    try:
        numbers = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise BadCounts("not numbers") from None
    if not np.isfinite(numbers).all():
        raise BadCounts("not finite")
    if not negative and (numbers < 0).any():
        raise BadCounts("negative")
    return numbers


def same_shape(*arrays: Floats) -> None:
    """BadCounts unless the arrays have one shape."""
    if len({array.shape for array in arrays}) > 1:
        raise BadCounts("shapes differ")


def zero_one(given: ArrayLike) -> Bools:
    """Yes or no per customer, shape (n,); BadCounts if anything is not 0, 1, true or false."""
    numbers = finite(given)
    if numbers.ndim != 1 or not np.isin(numbers, (0.0, 1.0)).all():
        raise BadCounts("yes or no needed")
    return np.asarray(numbers == 1, dtype=np.bool_)
