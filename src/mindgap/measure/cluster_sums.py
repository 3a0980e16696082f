"""Answers added up per customer, per unit, or per pair of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite, same_shape
from mindgap.measure.errors import BadCounts


@dataclass(frozen=True, slots=True, eq=False, init=False)
class ClusterSums:
    """Answers added up per customer, per unit, or per pair of both.

    Parameters
    ----------
    n, total : array_like, shape (g,)
        Number of answers (or sum of weights) and sum of their values. Rows of one cluster are
        added up; rows without answers are dropped.
    squares : array_like, shape (g,), optional
        Sum of the squared values; needed for the design effect only.
    customers : array_like, shape (g,), optional
        Who answered, any labels; each row its own cluster if left out.
    units : array_like, shape (g,), optional
        Second way of clustering (store, agent): rows are then pairs of customer and unit.

    Raises
    ------
    BadCounts
        If numbers are not finite, negative where they may not be, of different shapes, or no
        answers could have such sums.

    Examples
    --------
    >>> sums = ClusterSums.of_answers([10, 9, 2, 8], customers=["ann", "ann", "bo", "chen"])
    >>> sums.n.tolist(), sums.total.tolist()
    ([1.0, 1.0, 1.0, 1.0], [10.0, 9.0, 2.0, 8.0])
    """

    n: Floats
    total: Floats
    squares: Floats | None
    labels: tuple[np.ndarray, ...]

    def __init__(
        self,
        n: ArrayLike,
        total: ArrayLike,
        *,
        squares: ArrayLike | None = None,
        customers: ArrayLike | None = None,
        units: ArrayLike | None = None,
    ) -> None:
        numbers, sums = finite(n, negative=False), finite(total)
        powers = None if squares is None else finite(squares, negative=False)
        ids = np.arange(numbers.size) if customers is None else np.asarray(customers)
        labels = (ids,) if units is None else (ids, np.asarray(units))
        same_shape(numbers, sums, *(() if powers is None else (powers,)))
        if numbers.ndim != 1 or any(label.shape != numbers.shape for label in labels):
            raise BadCounts("one label and one sum per row needed")
        least = sums**2 / np.where(numbers > 0, numbers, 1.0)
        if ((numbers == 0) & (sums != 0)).any():
            raise BadCounts("a sum without answers")
        if powers is not None and (powers < least * (1 - 1e-9)).any():
            raise BadCounts("no answers have such sums")
        there = numbers > 0
        object.__setattr__(self, "n", numbers[there])
        object.__setattr__(self, "total", sums[there])
        object.__setattr__(self, "squares", None if powers is None else powers[there])
        object.__setattr__(self, "labels", tuple(label[there] for label in labels))

    @classmethod
    def of_answers(
        cls,
        answers: ArrayLike,
        *,
        customers: ArrayLike,
        units: ArrayLike | None = None,
        weights: ArrayLike | None = None,
    ) -> ClusterSums:
        """From single answers, shape (n,), optionally with a weight each (of mean 1)."""
        values = finite(answers)
        each = np.ones_like(values) if weights is None else finite(weights, negative=False)
        same_shape(values, each)
        return cls(each, each * values, squares=each * values**2, customers=customers, units=units)

    @classmethod
    def of_classes(
        cls,
        detractors: ArrayLike,
        passives: ArrayLike,
        promoters: ArrayLike,
        *,
        customers: ArrayLike | None = None,
        units: ArrayLike | None = None,
    ) -> ClusterSums:
        """For the NPS: numbers of each class per row, three arrays of shape (g,)."""
        det, pas, pro = (finite(part, negative=False) for part in (detractors, passives, promoters))
        same_shape(det, pas, pro)
        return cls(det + pas + pro, pro - det, squares=pro + det, customers=customers, units=units)

    @classmethod
    def of_hits(
        cls,
        hits: ArrayLike,
        n: ArrayLike,
        *,
        customers: ArrayLike | None = None,
        units: ArrayLike | None = None,
    ) -> ClusterSums:
        """For a share: successes and answers per row, two arrays of shape (g,)."""
        return cls(n, finite(hits, negative=False), squares=hits, customers=customers, units=units)
