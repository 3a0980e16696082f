"""Tally: the counted answer of the facts as arrays, split into groups without looping over rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mindgap.explain.inquiry import Inquiry
from mindgap.ground.condition import Condition
from mindgap.keep import facts
from mindgap.keep.interaction import CANCELLED, COMPLETED, OPEN
from mindgap.measure import Counts

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
EVERYTHING = Condition()


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """How many readings have each combination of values: one array per column, NaN where nothing is known.

    `n` has the same length; it never holds 0 (readings that were taken back leave no row).
    """

    columns: Mapping[str, Floats]
    n: Floats

    @classmethod
    def joined(cls, parts: list["Tally"]) -> "Tally":
        """The rows of several tallies with the same columns."""
        names = parts[0].columns
        return cls(
            {name: np.concatenate([part.columns[name] for part in parts]) for name in names},
            np.concatenate([part.n for part in parts]),
        )

    @property
    def total(self) -> float:
        return float(self.n.sum())

    def only(self, mask: Mask) -> "Tally":
        """The rows where the mask is true."""
        return Tally({name: column[mask] for name, column in self.columns.items()}, self.n[mask])

    def where(self, **values: float | tuple[float, ...]) -> "Tally":
        """The rows whose columns have the given value, or one of the given values."""
        mask = np.ones(self.n.size, dtype=bool)
        for name, wanted in values.items():
            mask &= np.isin(self.columns[name], np.atleast_1d(np.asarray(wanted, dtype=np.float64)))
        return self.only(mask)

    def known(self, name: str) -> "Tally":
        """The rows where something is known of the column."""
        return self.only(~np.isnan(self.columns[name]))

    def groups(self, *names: str) -> Iterator[tuple[tuple[float, ...], "Tally"]]:
        """Each combination of values of the named columns with its rows, in rising order, unknown last."""
        if not names:
            yield (), self
            return
        if self.n.size == 0:
            return
        code = np.zeros(self.n.size, dtype=np.int64)
        for name in names:
            distinct, place = np.unique(self.columns[name], return_inverse=True)
            code = code * distinct.size + place
        order = np.argsort(code, kind="stable")
        edges = np.flatnonzero(np.diff(code[order])) + 1
        for rows in np.split(order, edges):
            key = tuple(float(self.columns[name][rows[0]]) for name in names)
            yield key, Tally({name: column[rows] for name, column in self.columns.items()}, self.n[rows])

    def counts(self, name: str, *, step: float = 1.0) -> Counts:
        """The distribution of one column, in steps times `step`; unknown values are left out."""
        there = ~np.isnan(self.columns[name])
        # Repeated values are added up by Counts; a negative sum can only be a taken-back reading of a lost one.
        return Counts(np.maximum(self.n[there], 0), values=self.columns[name][there] * step)

    def state(self, *states: int) -> "Tally":
        """The rows of interactions in one of the states; 0 are answers without interaction."""
        return self.where(state=tuple(float(state) for state in states))


# The headline population: what has happened. Open and cancelled ones are stated beside it, never mixed in.
HAPPENED = (0, COMPLETED)
POPULATIONS: tuple[tuple[str, dict[str, str], tuple[int, ...]], ...] = (
    ("completed", {}, HAPPENED),
    ("open", {"state": "open"}, (OPEN,)),
    ("cancelled", {"state": "cancelled"}, (CANCELLED,)),
)


def tally(
    inquiry: Inquiry,
    *columns: str,
    measures: frozenset[int] = frozenset(),
    where: Condition = EVERYTHING,
) -> Tally:
    """Ask the facts once: the counts by these columns, the inquiry's own `by`, within its filter and scope."""
    by = tuple(dict.fromkeys((*columns, *inquiry.columns)))
    question = inquiry.question(by, measures=tuple(sorted(measures)), where=where)
    return of_table(facts.counts(question).table, by)


def of_table(table: Any, columns: tuple[str, ...]) -> Tally:
    """A tally of an Arrow table of integer columns and `n`."""
    n = table.column("n").to_numpy().astype(np.float64)
    there = n != 0
    return Tally({name: _floats(table.column(name))[there] for name in columns}, n[there])


def _floats(column: Any) -> Floats:
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)
