"""Conditions over named columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.ground.condition import BadCondition, Clause, Condition

ROW = {"state": "SP", "days": 7, "note": "", "empty": None}


@pytest.mark.parametrize(
    ("column", "op", "value", "holds"),
    [
        ("state", "is", "SP", True), ("state", "is", "RJ", False), ("state", "not", "RJ", True),
        ("state", "in", ("SP", "RJ"), True), ("state", "not_in", ("SP",), False),
        ("days", "at_least", 7, True), ("days", "above", 7, False), ("days", "at_most", 7, True), ("days", "below", 7, False),
        ("note", "empty", None, True), ("empty", "empty", None, True), ("state", "filled", None, True),
        ("empty", "is", 1, False), ("empty", "not", 1, True), ("empty", "not_in", (1,), True),
        ("empty", "at_least", 1, False), ("empty", "below", 1, False), ("days", "above", None, False),
        ("missing", "empty", None, True), ("missing", "is", "SP", False),
    ],
)  # fmt: skip
def test_clauses_hold_as_they_read_and_the_unknown_meets_only_emptiness_and_negation(
    column, op, value, holds
):
    assert Clause(column, op, value).holds(ROW) is holds


def test_nothing_asked_is_always_met():
    assert Condition().holds({})
    assert Condition(any=True).holds({})


def test_all_and_any_nest():
    here = Condition.of(state="SP")
    late = Condition((Clause("days", "above", 5),))
    never = Condition.of(state="RJ")
    assert Condition((here, late)).holds(ROW)
    assert not Condition((here, never)).holds(ROW)
    assert Condition((never, late), any=True).holds(ROW)
    assert (here & late).holds(ROW)
    assert (here & Condition()) is here
    assert (Condition() & late) is late


def test_clauses_are_found_at_any_depth():
    condition = Condition(
        (Clause("a", "is", 1), Condition((Clause("b", "is", 2), Condition((Clause("c", "empty"),)))))
    )
    assert [clause.column for clause in condition.clauses()] == ["a", "b", "c"]


_clause = st.builds(
    Clause,
    st.text(min_size=1),
    st.sampled_from(["is", "not", "above", "empty"]),
    st.integers() | st.text() | st.none(),
)
_many = st.builds(
    Clause, st.text(min_size=1), st.sampled_from(["in", "not_in"]), st.lists(st.integers()).map(tuple)
)
_conditions = st.recursive(
    st.builds(Condition, st.lists(_clause | _many).map(tuple), st.booleans()),
    lambda inner: st.builds(Condition, st.lists(_clause | inner).map(tuple), st.booleans()),
    max_leaves=4,
)


@given(_conditions)
def test_what_is_written_is_read_back(condition):
    assert Condition.read(condition.write()) == condition


@pytest.mark.parametrize("raw", [None, {}, []])
def test_nothing_is_read_as_no_condition(raw):
    assert Condition.read(raw) == Condition()


@pytest.mark.parametrize(
    "raw",
    [
        "state=SP", {"none": []}, {"all": [], "any": []}, {"all": {}}, {"all": ["x"]},
        {"all": [{"column": "state", "op": "like", "value": "S%"}]},
        {"all": [{"column": "state", "op": "in", "value": "SP"}]},
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused(raw):
    with pytest.raises(BadCondition):
        Condition.read(raw)
