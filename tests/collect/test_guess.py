"""A mapping guessed from the names of columns says what it took for what, or what is missing."""

import polars as pl
import pytest

from mindgap.collect.errors import NothingToGuess
from mindgap.collect.guess import guess
from mindgap.collect.mapping import read_object, write
from mindgap.collect.register.known import NOTHING


def columns(*names: str) -> pl.DataFrame:
    return pl.DataFrame({name: ["1"] for name in names})


@pytest.mark.parametrize(
    "names",
    [
        ("Order ID", "Touchpoint", "order_date", "Promised date", "Delivered at"),
        ("订单编号", "触点", "下单时间", "承诺送达日期", "实际送达日期"),
        ("訂單編號", "接觸點", "下單時間", "承諾送達日期", "實際送達日期"),
    ],
)
def test_interactions_are_recognised_in_three_languages(names):
    record = guess(columns(*names), NOTHING).mapping.record[0]
    assert (record.makes, record.key, record.touchpoint) == ("interactions", names[0], names[1])
    assert (record.started, record.promised, record.experienced) == names[2:]


def test_answers_get_a_measure_on_the_scale_of_their_values():
    frame = pl.DataFrame(
        {
            "答卷编号": ["1", "2"],
            "提交时间": ["2026-01-01"] * 2,
            "满意度": ["3", "7"],
            "NPS": ["9", "2"],
            "意见": ["好", ""],
        }
    )
    found = guess(frame, NOTHING)
    assert {part.code: (part.minimum, part.maximum) for part in found.mapping.measure} == {
        "satisfaction": (1, 7),
        "likelihood": (0, 10),
    }
    record = found.mapping.record[0]
    assert (record.scores, record.comment) == ({"likelihood": "NPS", "satisfaction": "满意度"}, "意见")
    assert found.columns["提交时间"] == "answered"


def test_a_row_that_says_what_happened_and_what_was_said_makes_both():
    frame = columns("order id", "created at", "due date", "delivered at", "rating", "review date", "else")
    found = guess(frame, NOTHING, touchpoint="delivery")
    interaction, answer = found.mapping.record
    assert (interaction.makes, answer.makes) == ("interactions", "answers")
    assert answer.interaction == interaction.key == "order id"
    assert found.unused == ("else",)
    assert read_object(write(found.mapping)) == found.mapping


@pytest.mark.parametrize(
    ("names", "makes", "needed"),
    [
        (("a", "b"), "", ()),
        (("score",), "answers", ("key", "answered")),
        (("order id", "created at", "due date"), "", ("touchpoint",)),
        (("name",), "customers", ("customer",)),
    ],
)
def test_what_is_missing_is_named(names, makes, needed):
    with pytest.raises(NothingToGuess) as caught:
        guess(columns(*names), NOTHING, makes=makes)
    assert caught.value.needed == needed
    assert "mapping" in str(caught.value)
