"""A few counts added to many."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.keep.facts.addition import Sum
from mindgap.keep.facts.table import CountTable, summed

BY = ("week", "value")
_number = st.one_of(st.none(), st.integers(-3, 3), st.sampled_from([-(2**31), 2**31 - 1]))
_counts = st.dictionaries(st.tuples(_number, _number), st.integers(-2, 2).filter(bool), max_size=12)


def table(counts, by=BY):
    columns = {name: pa.array([key[place] for key in counts], pa.int32()) for place, name in enumerate(by)}
    n = pa.array(list(counts.values()), pa.int64())
    return pa.table({**columns, "n": n, "weight": n.cast(pa.float64())})


@given(_counts, st.lists(_counts, max_size=3))
def test_it_is_the_sum_whatever_is_added(many, others):
    whole = Sum(table(many), BY, is_weighted=True)
    for few in others:
        expected = summed([table(many), table(few)], BY, is_weighted=True)
        assert CountTable(whole.plus(table(few)), BY).rows() == CountTable(expected, BY).rows()
    assert whole.table.equals(table(many))


@pytest.mark.parametrize("columns", [0, 1, 3])
def test_it_adds_up_by_any_number_of_columns(columns):
    """Three columns of the widest span do not fit into one number."""
    by = ("a", "b", "c")[:columns]
    wide = table({(-(2**31),) * columns: 1, (2**31 - 1,) * columns: 2} if columns else {(): 3}, by)
    added = Sum(wide, by, is_weighted=False).plus(wide)
    assert sorted(row[-1] for row in CountTable(added.select([*by, "n"]), by).rows()) == (
        [2, 4] if columns else [6]
    )
