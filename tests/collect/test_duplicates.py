"""One row per key, by a rule that is named, with what it dropped counted."""

import polars as pl
import pytest

from mindgap.collect.duplicates import single

FRAME = pl.DataFrame(
    {"row": [0, 1, 2, 3, 4, 5], "key": ["a", "b", "a", "a", "c", "c"], "say": ["1", "1", "2", "1", "9", "9"]}
)


@pytest.mark.parametrize(
    ("rule", "kept"), [("first", {"a": "1", "b": "1", "c": "9"}), ("last", {"a": "1", "b": "1", "c": "9"})]
)
def test_equal_rows_are_one_and_other_rows_are_dropped_by_the_rule(rule, kept):
    done = single(FRAME, rule=rule)
    assert dict(zip(done.frame["key"], done.frame["say"], strict=True)) == kept
    assert (done.repeated, done.dropped, len(done.conflicting)) == (2, 1, 0)


def test_the_latest_wins_whatever_the_order_of_the_rows():
    done = single(FRAME, rule="latest", by=pl.Series([1, 1, 7, 2, 1, 1]))
    assert dict(zip(done.frame["key"], done.frame["say"], strict=True)) == {"a": "2", "b": "1", "c": "9"}
    assert done.frame["row"].to_list() == [1, 2, 5]


def test_refusing_leaves_out_every_row_of_a_key_that_says_two_things():
    done = single(FRAME, rule="refuse")
    assert sorted(done.conflicting.to_list()) == [0, 2, 3]
    assert sorted(done.frame["key"].to_list()) == ["b", "c"]
    assert (done.repeated, done.dropped) == (1, 0)


@pytest.mark.parametrize("rule", ["first", "last", "refuse"])
def test_every_row_is_counted_exactly_once(rule):
    done = single(FRAME, rule=rule)
    assert done.frame.height + done.repeated + done.dropped + len(done.conflicting) == FRAME.height
