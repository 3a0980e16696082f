"""Chart specifications: what the script draws, with the same as a table; R13: distributions, not only means."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.explain.finding import TOO_FEW, Finding
from mindgap.show import charts
from mindgap.show.charts import Line, Row
from mindgap.show.charts.distribution import MOST, gather
from mindgap.show.charts.gap_bars import side

GAP = Finding(
    "gap.mean",
    "days",
    -1.8,
    -2.1,
    -1.5,
    812,
    "completed",
    touchpoint="delivery",
    unit="days",
    details={"raw": -2.0},
)
SHARE = replace(
    GAP, code="worst.rank", unit="share", value=0.347, low=0.299, high=0.395, details={"raw": 0.36}
)
HIDDEN = replace(GAP, value=None, low=None, high=None, n=None, warnings=(TOO_FEW,))
TEXTS = {"id": "c", "title": "A finding", "summary": "In words.", "column": "Touchpoint"}


def test_gap_bars_say_whether_each_gap_is_clear() -> None:
    unclear = replace(GAP, value=0.2, low=-0.1, high=0.5)
    chart = charts.gap_bars(
        [Row("Delivery", GAP, "/d"), Row("Checkout", unclear), Row("Return", HIDDEN)], **TEXTS
    )
    rows = chart.spec["rows"]
    assert [row["clear"] for row in rows] == [True, False, False]
    assert rows[0]["href"] == "/d"
    assert rows[2]["value"] is rows[2]["n"] is None
    assert [side(each) for each in (GAP, unclear, HIDDEN)] == ["worse", "unclear", "few"]
    assert chart.rows[0] == ("Delivery", "−1.8 days", "−2.1 to −1.5", "812")
    assert chart.rows[2][1:] == ("too few answers", "–", "–")


def test_shares_are_drawn_in_percent() -> None:
    chart = charts.worst([Row("Service line", SHARE)], **TEXTS)
    assert chart.spec["unit"] == "%"
    assert chart.spec["rows"] == [
        {"label": "Service line", "n": 812, "post": 34.7, "low": 29.9, "high": 39.5, "raw": 36.0}
    ]
    assert chart.rows[0][-1].startswith("36.0")


def test_worst_leaves_out_of_the_picture_what_has_no_value_but_not_out_of_the_table() -> None:
    chart = charts.worst([Row("Service line", SHARE), Row("Return", HIDDEN)], **TEXTS)
    assert len(chart.spec["rows"]) == 1
    assert len(chart.rows) == 2


def test_bars_draw_no_more_rows_than_asked_and_the_table_holds_all() -> None:
    chart = charts.bars([Row(f"Store {number}", SHARE) for number in range(20)], **TEXTS, most=12)
    assert len(chart.spec["rows"]) == 12
    assert len(chart.rows) == 20


def test_trend_tells_a_hole_from_too_few() -> None:
    line = Line("NPS", {"w1": GAP, "w3": HIDDEN})
    chart = charts.trend([("w1", "1"), ("w2", "2"), ("w3", "3")], [line], better=-1, **TEXTS)
    (series,) = chart.spec["series"]
    assert series["value"] == [-1.8, None, None]
    assert series["n"] == [812, 0, None]
    assert chart.spec["y"] == {"better": "low"}
    assert chart.rows[1] == ("2", "–", "–", "–")


def test_heat_has_a_tile_for_every_finding_and_a_row_for_every_name() -> None:
    chart = charts.heat([("n", "North"), ("s", "South")], [("d", "Delivery")], {("s", "d"): GAP}, **TEXTS)
    (tile,) = chart.spec["cells"]
    assert (tile["x"], tile["y"], tile["value"]) == (1, 0, -1.8)
    assert chart.head == ("Touchpoint", "North", "South")
    assert chart.rows[0][:2] == ("Delivery", "–")


def test_distribution_marks_a_line_that_is_no_promise() -> None:
    chart = charts.distribution(
        [(-1, 3), (0, 5), (2, 1)],
        id="d",
        title="t",
        summary="s",
        unit="days",
        promise=0,
        mark="As expected",
        beyond="before",
    )
    assert chart.spec["x"] == [-1, 0, 1, 2]
    assert chart.spec["counts"] == [3, 5, 0, 1]
    assert chart.spec["mark"] == "As expected"
    assert [row[1] for row in chart.rows] == ["3", "5", "1"]


def test_distribution_of_nothing_is_empty() -> None:
    assert gather([], step=1, promise=3, beyond="after") == []


def test_late_ones_of_a_year_do_not_flatten_the_rest() -> None:
    pairs = [(float(day), 100.0) for day in range(30)] + [(float(day), 1.0) for day in range(30, 366, 40)]
    columns = gather(pairs, step=1, promise=5, beyond="after")
    assert len(columns) <= MOST
    assert columns[-1].last == 350.0


@pytest.mark.parametrize("beyond", ["after", "before"])
@given(
    values=st.lists(st.tuples(st.integers(-400, 400), st.integers(1, 50)), min_size=1, max_size=120),
    promise=st.integers(-30, 30),
)
def test_no_column_holds_kept_and_missed_ones(
    beyond: str, values: list[tuple[int, int]], promise: int
) -> None:
    """Whatever is gathered: nobody is lost, columns are even, and none reaches over the promise."""
    pairs = list({float(value): float(n) for value, n in values}.items())
    columns = gather(pairs, step=1, promise=promise, beyond=beyond)
    assert sum(column.n for column in columns) == sum(n for _value, n in pairs)
    assert len(columns) <= MOST
    widths = {b.x - a.x for a, b in pairwise(columns)}
    assert len(widths) <= 1
    for column in columns:
        if column.n:
            ends = {
                (end > promise) if beyond == "after" else (end < promise)
                for end in (column.first, column.last)
            }
            assert len(ends) == 1
            assert ((column.x > promise) if beyond == "after" else (column.x < promise)) in ends
