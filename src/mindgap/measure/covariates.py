"""What is known of each customer beside the outcome: a named table, checked once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Bools, Floats, finite
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified


@dataclass(frozen=True, slots=True, eq=False, init=False)
class Covariates:
    """One row per customer, one named column per thing known.

    Parameters
    ----------
    values : array_like, shape (n, p) or (n,)
        Numbers; code groups as 0 and 1, leaving one group out.
    names : sequence of str, optional
        p distinct names; "x1", "x2" ... if left out.

    Attributes
    ----------
    values : ndarray of float64, shape (n, p)
        Read-only.
    names : tuple of str

    Raises
    ------
    BadCounts
        If a value is not a finite number, or there is no column.
    BadArgument
        If the names do not fit.

    Examples
    --------
    >>> Covariates([[1, 0], [2, 1]], names=("tenure", "promoter")).names
    ('tenure', 'promoter')
    """

    values: Floats
    names: tuple[str, ...]

    def __init__(self, values: ArrayLike, *, names: Sequence[str] | None = None) -> None:
        table = finite(values).copy()
        if table.ndim == 1:
            table = table[:, None]
        if table.ndim != 2 or table.shape[1] == 0:
            raise BadCounts("one row per customer needed")
        given = tuple(f"x{j + 1}" for j in range(table.shape[1])) if names is None else tuple(names)
        if len(given) != table.shape[1] or len(set(given)) != len(given):
            raise BadArgument("names", given)
        table.flags.writeable = False
        object.__setattr__(self, "values", table)
        object.__setattr__(self, "names", given)

    def where(self, chosen: Bools) -> Covariates:
        """The rows marked in ``chosen``, shape (n,)."""
        return Covariates(self.values[np.asarray(chosen, dtype=np.bool_)], names=self.names)

    def standardised(self, *, what: str) -> tuple[Floats, Floats, Floats]:
        """Columns with mean 0 and sd 1, their means and sds.

        NotIdentified (of ``what``) if a column is constant or follows from the others: its
        coefficient could then be any number.
        """
        centre = self.values.mean(axis=0)
        spread = self.values.std(axis=0)
        # A constant column of large numbers keeps a remainder of rounding.
        if (spread <= 1e-12 * (1 + np.abs(centre))).any():
            raise NotIdentified(what=what, reason="constant covariate")
        scaled = (self.values - centre) / spread
        if np.linalg.matrix_rank(scaled, tol=1e-8 * np.sqrt(scaled.size)) < scaled.shape[1]:
            raise NotIdentified(what=what, reason="collinear covariates")
        return np.asarray(scaled, dtype=np.float64), centre, spread
