"""Whole columns of text, numbers, money and truth."""

import polars as pl
import pytest

from mindgap.collect import filtering, values
from mindgap.collect.mapping import Field
from mindgap.ground.condition import Condition

FRAME = pl.DataFrame(
    {
        "id": ["1", " 2 ", None, "x", ""],
        "n": [1.0, 2.0, None, 4.0, 5.0],
        "s": ["很满意", "满意", "5", "", "一般"],
    }
)


def test_texts_are_stripped_and_empty_ones_are_nothing():
    assert values.raw(FRAME, "id").to_list() == ["1", "2", None, "x", None]


def test_a_template_is_empty_where_one_of_its_columns_is():
    assert values.raw(FRAME, Field(template="o-{id}/{n}")).to_list() == [
        "o-1/1",
        "o-2/2",
        None,
        "o-x/4",
        None,
    ]


def test_words_are_mapped_and_others_stay_as_they_are():
    mapped = values.raw(FRAME, Field(column="s", map={"很满意": "5", "满意": "4"}, default="3"))
    assert mapped.to_list() == ["5", "4", "5", "3", "一般"]


def test_whole_numbers_of_a_spreadsheet_are_codes_without_a_fraction():
    assert values.text(FRAME["n"]).to_list() == ["1", "2", None, "4", "5"]
    assert values.text(pl.Series([1.5, 2.0])).to_list() == ["1.5", "2.0"]


def test_what_is_no_number_is_marked_and_not_guessed():
    read, bad = values.number(pl.Series(["4", "４.5", "1,5", "nan", "inf", "1e3", None, "五"]))
    assert read.to_list() == [4.0, 4.5, None, None, None, 1000.0, None, None]
    assert bad.to_list() == [False, False, True, True, True, False, False, True]


def test_amounts_keep_every_digit_that_was_written():
    read, bad = values.amount(pl.Series(["12.50", "-3", "1,000.00", "¥5", None]))
    assert read.to_list() == ["12.50", "-3", None, None, None]
    assert bad.to_list() == [False, False, True, True, False]
    assert values.amount(pl.Series([0.1 + 0.2]))[0].to_list() == ["0.3"]


def test_yes_and_no_are_understood_in_english_and_chinese():
    read, bad = values.truth(pl.Series(["Yes", "否", "是", "maybe", None]))
    assert read.to_list() == [True, False, True, None, None]
    assert bad.to_list() == [False, False, False, True, False]


@pytest.mark.parametrize(
    ("op", "value"),
    [
        ("is", "1"), ("not", "1"), ("in", ("1", "x")), ("not_in", ("1", "x")), ("empty", None), ("filled", None),
        ("at_least", "2"), ("below", "x"),
    ],
)  # fmt: skip
def test_a_condition_over_columns_decides_as_it_does_row_by_row(op, value):
    condition = Condition.read(
        {"all": [{"column": "id", "op": op, "value": list(value) if isinstance(value, tuple) else value}]}
    )
    rows = [{"id": cell} for cell in values.clean(FRAME["id"]).to_list()]
    assert filtering.mask(FRAME, condition).to_list() == [condition.holds(row) for row in rows]


def test_numbers_are_compared_as_numbers():
    condition = Condition.read(
        {"any": [{"column": "n", "op": "above", "value": 2}, {"column": "id", "op": "is", "value": "1"}]}
    )
    assert filtering.mask(FRAME, condition).to_list() == [True, False, False, True, True]
