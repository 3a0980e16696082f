"""Adding a few counts to many: the many are put in order once, then each addition costs what the few cost."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mindgap.keep.facts.table import summed

Codes = NDArray[np.int64]
_MOST = 2**62


class Sum:
    """A table of counts (`table.summed`) to which others are added; itself it never changes."""

    def __init__(self, table: pa.Table, by: Sequence[str], *, is_weighted: bool) -> None:
        self.table = table
        self._by = tuple(by)
        self._is_weighted = is_weighted
        self._order: tuple[Codes, Codes] | None = None
        # Per column: the least value and how many different ones there may be, unknown included.
        self._spans: list[tuple[int, int]] | None = None

    def plus(self, few: pa.Table) -> pa.Table:
        """The sum with another table of counts, whose combinations each occur once."""
        if not few.num_rows:
            return self.table
        if not self._by or not self.table.num_rows or not self._is_ordered():
            return summed([self.table, few], self._by, is_weighted=self._is_weighted)
        assert self._order is not None
        codes, places = self._order
        wanted = self._codes(few)
        near = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
        found = (wanted >= 0) & (codes[near] == wanted)
        added = self.table
        for name in ("n", "weight") if self._is_weighted else ("n",):
            values = self.table[name].to_numpy().copy()
            values[places[near[found]]] += few[name].to_numpy()[found]
            added = added.set_column(added.column_names.index(name), name, pa.array(values))
        touched = added["n"].to_numpy()[places[near[found]]]
        if not touched.all():
            added = added.filter(pa.array(added["n"].to_numpy() != 0))
        if found.all():
            return added
        return pa.concat_tables([added, few.select(added.column_names).filter(pa.array(~found))])

    def _is_ordered(self) -> bool:
        """Put the table in order, unless its columns span too much for one number."""
        if self._spans is None:
            self._spans = []
            for name in self._by:
                values = self._values(self.table, name)
                known = values[~np.isnan(values)]
                least, most = (int(known.min()), int(known.max())) if known.size else (0, 0)
                self._spans.append((least, most - least + 2))
            if float(np.prod([float(span) for _, span in self._spans])) < _MOST:
                codes = self._codes(self.table)
                places = np.argsort(codes)
                self._order = codes[places], places
        return self._order is not None

    def _codes(self, table: pa.Table) -> Codes:
        """One number per combination; -1 for one that has a value outside the spans."""
        assert self._spans is not None
        codes = np.zeros(table.num_rows, np.int64)
        outside = np.zeros(table.num_rows, bool)
        for name, (least, span) in zip(self._by, self._spans, strict=True):
            values = self._values(table, name)
            place = np.where(np.isnan(values), 0.0, values - least + 1)
            outside |= (place < 0) | (place >= span) | ((place == 0) & ~np.isnan(values))
            codes = codes * span + np.where(outside, 0, place).astype(np.int64)
        codes[outside] = -1
        return codes

    @staticmethod
    def _values(table: pa.Table, name: str) -> NDArray[np.float64]:
        return np.asarray(table[name].cast(pa.float64()).to_numpy(), dtype=np.float64)
