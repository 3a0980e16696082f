"""CountTable: how many readings have each combination of values."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True, eq=False)
class CountTable:
    """`table` has one row per combination: the columns of `by` (int32, null where nothing is known), `n` (int64)
    and, for a weighted question, `weight` (double). No row has n = 0; the order of rows means nothing.
    """

    table: pa.Table
    by: tuple[str, ...]

    @cached_property
    def total(self) -> int:
        """How many readings in all."""
        return int(pc.sum(self.table["n"]).as_py() or 0)

    @property
    def is_weighted(self) -> bool:
        return "weight" in self.table.column_names

    def rows(self) -> list[tuple[int | float | None, ...]]:
        """Rows as tuples in rising order, unknown last: the columns of `by`, then `n` (and `weight`)."""
        columns = [self.table[name].to_pylist() for name in self.table.column_names]
        width = len(self.by)
        return sorted(
            zip(*columns, strict=True),
            key=lambda row: [(value is None, 0 if value is None else value) for value in row[:width]],
        )

    def only(self, *columns: str) -> "CountTable":
        """The same readings by fewer columns."""
        return CountTable(summed([self.table], columns, is_weighted=self.is_weighted), columns)

    def group(self, *columns: str) -> dict[tuple[int | None, ...], "CountTable"]:
        """One table by the remaining columns for each combination of these, in rising order, unknown last."""
        rest = tuple(name for name in self.by if name not in columns)
        kept = [*rest, *self.table.column_names[len(self.by) :]]
        groups = {}
        for key, places in self._places(columns):
            groups[key] = CountTable(self.table.select(kept).take(pa.array(places)), rest)
        return groups

    def values(self, column: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        """A column as floats, NaN where nothing is known."""
        return np.asarray(self.table[column].cast(pa.float64()).to_numpy(), dtype=np.float64)

    def _places(
        self, columns: Sequence[str]
    ) -> Iterator[tuple[tuple[int | None, ...], np.ndarray[Any, Any]]]:
        if not self.table.num_rows:
            return
        code = np.zeros(self.table.num_rows, dtype=np.int64)
        for name in columns:
            distinct, place = np.unique(self.values(name), return_inverse=True)
            code = code * distinct.size + place
        order = np.argsort(code, kind="stable")
        for places in np.split(order, np.flatnonzero(np.diff(code[order])) + 1):
            yield tuple(self.table[name][int(places[0])].as_py() for name in columns), places


def summed(tables: Iterable[pa.Table], by: Sequence[str], *, is_weighted: bool) -> pa.Table:
    """Counts of several tables added up by these columns; combinations that come to nothing are left out."""
    sums = ["n", "weight"] if is_weighted else ["n"]
    whole = pa.concat_tables([table.select([*by, *sums]) for table in tables])
    if not by:
        totals = {name: [pc.sum(whole[name]).as_py() or 0] for name in sums}
        added = pa.table({name: pa.array(totals[name], _kind(name)) for name in sums})
    else:
        grouped = whole.group_by(list(by)).aggregate([(name, "sum") for name in sums])
        added = grouped.select([*by, *(f"{name}_sum" for name in sums)]).rename_columns([*by, *sums])
    return added.filter(pc.not_equal(added["n"], 0))


def nothing(by: Sequence[str], *, is_weighted: bool) -> pa.Table:
    """A table of counts without rows."""
    columns = {name: pa.array([], pa.int32()) for name in by} | {"n": pa.array([], pa.int64())}
    return pa.table(columns | ({"weight": pa.array([], pa.float64())} if is_weighted else {}))


def _kind(name: str) -> pa.DataType:
    return pa.int64() if name == "n" else pa.float64()
