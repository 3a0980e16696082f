import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.measure.errors import BadArgument, BadCounts, TooFewAnswers
from mindgap.measure.estimate import Estimate
from mindgap.measure.importance import importance_performance


def at(value: float, half: float = 0.0) -> Estimate:
    return Estimate(value, value - half, value + half, 100, "t")


FOUR = {
    "easy": (at(0.4, 0.05), at(40, 5)),
    "clean": (at(0.4, 0.05), at(80, 5)),
    "quick": (at(0.1, 0.05), at(40, 5)),
    "polite": (at(0.1, 0.05), at(80, 5)),
}


def test_each_corner_has_its_name() -> None:
    found = importance_performance(FOUR)
    assert [one.quadrant for one in found.points] == ["fix first", "protect", "watch", "leave"]
    assert (found.importance_line, found.performance_line) == (0.25, 60)


def test_an_interval_that_reaches_a_line_leaves_the_point_undecided() -> None:
    """Behaviour 3.5: never forced to one side."""
    wide = {**FOUR, "easy": (at(0.4, 0.2), at(40, 5)), "quick": (at(0.1, 0.05), at(40, 20))}
    found = {one.name: one for one in importance_performance(wide).points}
    assert found["easy"].quadrant == found["quick"].quadrant == "undecided"
    assert (found["easy"].leaning, found["quick"].leaning) == ("fix first", "watch")
    assert found["clean"].quadrant == "protect"


def test_goals_take_the_place_of_means() -> None:
    found = importance_performance(FOUR, importance_line=0.05, performance_line=90)
    assert {one.quadrant for one in found.points[:2]} == {"fix first"}
    assert [one.quadrant for one in found.points[2:]] == ["undecided", "undecided"]


@given(
    st.dictionaries(
        st.text(max_size=3),
        st.tuples(st.floats(0, 1), st.floats(0, 0.5), st.floats(0, 100), st.floats(0, 50)),
        min_size=1,
        max_size=8,
    ),
    st.floats(0.5, 9),
)
def test_order_and_units_do_not_move_a_point(rows: dict, factor: float) -> None:
    def scaled(unit: float) -> dict:
        return {name: (at(a, b), at(unit * c, unit * d)) for name, (a, b, c, d) in rows.items()}

    lines = {"importance_line": 0.3}
    one = importance_performance(scaled(1.0), **lines, performance_line=50)
    other = importance_performance(dict(reversed(scaled(2.0).items())), **lines, performance_line=100)
    assert {p.name: p.quadrant for p in one.points} == {p.name: p.quadrant for p in other.points}
    assert importance_performance(scaled(factor)).performance_line >= 0
    assert all(p.quadrant in {p.leaning, "undecided"} for p in one.points)


def test_what_cannot_be_placed_is_refused() -> None:
    with pytest.raises(TooFewAnswers):
        importance_performance({})
    for bad in (
        Estimate(math.nan, 0, 1, 9, ""),
        Estimate(2, 0, 1, 9, ""),
        Estimate(math.inf, 0, math.inf, 9, ""),
    ):
        with pytest.raises(BadCounts):
            importance_performance({"easy": (bad, at(1))})
    with pytest.raises(BadArgument):
        importance_performance(FOUR, importance_line=math.nan)


def test_one_attribute_lies_on_its_own_mean_and_is_undecided() -> None:
    assert importance_performance({"easy": (at(1), at(1))}).points[0].quadrant == "undecided"
    open_high = Estimate(5, 4, math.inf, 9, "")
    placed = importance_performance(
        {"easy": (open_high, at(1))}, importance_line=3, performance_line=2
    ).points[0]
    assert placed.quadrant == "fix first"
