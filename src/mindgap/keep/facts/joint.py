"""Joint: how many rows have each combination of values of a few terms, counted and never listed one by one.

Rows are those of `products`: readings of one interaction (answer, customer) side by side, where the first term is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mindgap.keep.facts import snapshot
from mindgap.keep.facts.errors import FactsMissing
from mindgap.keep.facts.pivot import rows
from mindgap.keep.facts.question import Per, ProductsQuestion, Question, Term
from mindgap.keep.facts.snapshot import Snapshot
from mindgap.keep.facts.statement import Scales

Floats = NDArray[np.float64]
_TRIES = 3


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """Distinct combinations in rising order; values in steps of their measures, NaN where nothing is known.

    `keys` has shape (m, len(by)), `values` (m, terms), `n` (m,).
    """

    by: tuple[str, ...]
    keys: Floats
    values: Floats
    n: NDArray[np.int64]


def joint(question: Question, terms: Sequence[Term], *, per: Per = "interaction") -> Joint:
    """The joint distribution of the terms over the rows that the question's readings make, by its columns.

    `question.measures` and `weighted` are not used. Where one row has several readings of a term, their mean counts.
    """
    asked = ProductsQuestion(question, tuple(terms), per=per)
    scales = Scales.of(asked.reading)
    for attempt in range(_TRIES):
        try:
            return _joint(asked, scales, snapshot.now(question.organization))
        except FactsMissing:
            # A file was replaced and swept between the look at the manifest and the reading of it.
            if attempt == _TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _joint(asked: ProductsQuestion, scales: Scales, now: Snapshot) -> Joint:
    width, by = len(asked.question.by), asked.question.by
    held, n = np.empty((0, width + len(asked.terms))), np.empty(0, dtype=np.int64)
    for portion in rows(asked, scales, now):
        fresh = np.column_stack([portion.by, portion.values.T])
        # Rows with NaN never equal each other; no step is infinite.
        fresh[np.isnan(fresh)] = np.inf
        ones = np.ones(len(fresh), dtype=np.int64)
        held, place = np.unique(np.concatenate([held, fresh]), axis=0, return_inverse=True)
        counted = np.bincount(place.ravel(), weights=np.concatenate([n, ones]), minlength=len(held))
        n = counted.astype(np.int64)
    held[np.isinf(held)] = np.nan
    return Joint(by, held[:, :width], held[:, width:], n)
