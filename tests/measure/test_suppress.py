import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mindgap.measure import BadArgument, BadCounts, HiddenTable, Suppression

POLICY = Suppression()
rows = st.lists(st.integers(0, 25), min_size=1, max_size=7)
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 20), min_size=width, max_size=width), min_size=1, max_size=4
    )
)


def test_fewer_than_five_people_have_no_score_and_fewer_than_eight_no_comments() -> None:
    assert [n for n in range(12) if POLICY.hides(n)] == [1, 2, 3, 4]
    assert [n for n in range(12) if POLICY.hides(n, "comment")] == [1, 2, 3, 4, 5, 6, 7]
    assert [n for n in range(12) if POLICY.hides(n, "distribution")] == [1, 2, 3, 4, 5, 6, 7]
    assert Suppression(scores=10).least() == 10


def test_asking_for_a_group_and_nearly_all_of_it_is_refused() -> None:
    """The rest of 3 could be worked out."""
    assert POLICY.refuses_difference(40, 37)
    assert not POLICY.refuses_difference(40, 35)
    assert POLICY.refuses_difference(40, 35, "comment")
    assert not POLICY.refuses_difference(40, 40)
    with pytest.raises(BadCounts):
        POLICY.refuses_difference(37, 40)


def test_a_group_hidden_alone_takes_the_next_smallest_with_it() -> None:
    assert POLICY.row([3, 10, 20]).cells.tolist() == [True, True, False]
    assert not POLICY.row([3, 10, 20]).total


def test_hidden_groups_too_few_together_take_another_with_them() -> None:
    assert POLICY.row([2, 2, 6, 30]).cells.tolist() == [True, True, True, False]
    assert POLICY.row([3, 3, 6, 30]).cells.tolist() == [True, True, False, False]


def test_groups_without_answers_are_no_cover() -> None:
    assert POLICY.row([3, 0, 20]).cells.tolist() == [True, False, True]


def test_a_row_too_small_as_a_whole_is_hidden_with_its_total() -> None:
    hidden = POLICY.row([2, 1])
    assert hidden.cells.all()
    assert hidden.total


def test_large_groups_are_all_shown() -> None:
    assert not POLICY.row([5, 8, 0]).cells.any()
    assert not POLICY.table([[5, 6], [7, 0]]).cells.any()


@pytest.mark.parametrize("bad", [[-1], [math.nan], [[1]], ["a"]])
def test_impossible_rows_are_refused(bad: object) -> None:
    with pytest.raises(BadCounts):
        POLICY.row(bad)


def test_impossible_tables_are_refused() -> None:
    with pytest.raises(BadCounts):
        POLICY.table([1, 2])


@pytest.mark.parametrize("wrong", [{"scores": 0}, {"comments": -1}, {"distributions": math.nan}])
def test_an_impossible_policy_is_refused(wrong: dict) -> None:
    with pytest.raises(BadArgument):
        Suppression(**wrong)
    with pytest.raises(BadArgument):
        POLICY.least("rumour")


def test_a_small_cell_of_a_table_takes_a_square_of_cells_with_it() -> None:
    hidden = POLICY.table([[3, 20, 30], [10, 20, 30], [40, 9, 12]])
    assert hidden.cells.sum(axis=0).tolist() == [2, 2, 0]
    assert hidden.cells.sum(axis=1).tolist() == [2, 2, 0]
    assert not hidden.rows.any()
    assert not hidden.columns.any()
    assert not hidden.total


def test_a_small_row_total_is_hidden_too() -> None:
    hidden = POLICY.table([[1, 2], [30, 40]])
    assert hidden.rows[0]
    assert hidden.cells[0].all()


def test_a_cell_between_two_squares_is_not_left_to_be_worked_out() -> None:
    """Two hidden squares joined by one hidden cell: every line has two, yet it would follow."""
    table = np.full((5, 5), 50)
    for i, j in itertools.chain(
        itertools.product((0, 1), (0, 1)), itertools.product((2, 3), (2, 3)), [(1, 2)]
    ):
        table[i, j] = 4
    hidden = POLICY.table(table)
    assert not recoverable(table, hidden)


def recoverable(ns: np.ndarray, hidden: HiddenTable) -> list[tuple[int, int]]:
    """Hidden entries that the shown ones and the sums fix: by rank, apart from the policy's own way."""
    ns = np.asarray(ns)
    r, c = ns.shape
    whole = np.zeros((r + 1, c + 1), dtype=bool)
    whole[:-1, :-1], whole[:-1, -1], whole[-1, :-1], whole[-1, -1] = (
        hidden.cells, hidden.rows, hidden.columns, hidden.total,
    )  # fmt: skip
    places = list(zip(*np.nonzero(whole), strict=True))
    equations = np.zeros((r + c + 2, len(places)))
    for at, (i, j) in enumerate(places):
        equations[i, at] = -1 if j == c else 1
        equations[r + 1 + j, at] = -1 if i == r else 1
    rank = np.linalg.matrix_rank(equations) if places else 0
    return [
        places[at]
        for at in range(len(places))
        if np.linalg.matrix_rank(np.vstack([equations, np.eye(len(places))[at]])) == rank
    ]


@given(rows)
def test_no_hidden_group_can_be_had_by_subtraction(ns: list[int]) -> None:
    hidden = POLICY.row(ns)
    numbers = np.array(ns)
    small = (numbers > 0) & (numbers < 5)
    assert hidden.cells[small].all()
    assert not hidden.cells[numbers == 0].any()
    if hidden.cells.any() and not hidden.total:
        assert hidden.cells.sum() >= 2
        assert numbers[hidden.cells].sum() >= 5


@settings(max_examples=150, deadline=None)
@given(tables)
def test_no_hidden_cell_of_a_table_can_be_worked_out(ns: list[list[int]]) -> None:
    hidden = POLICY.table(ns)
    numbers = np.array(ns)
    assert hidden.cells[(numbers > 0) & (numbers < 5)].all()
    assert hidden.rows[(numbers.sum(axis=1) > 0) & (numbers.sum(axis=1) < 5)].all()
    assert not recoverable(numbers, hidden)


@given(tables)
def test_turning_a_table_on_its_side_hides_as_safely(ns: list[list[int]]) -> None:
    turned = POLICY.table(np.array(ns).T)
    assert not recoverable(np.array(ns).T, turned)


@given(rows)
def test_a_stricter_policy_hides_no_less(ns: list[int]) -> None:
    mild, strict = POLICY.row(ns), POLICY.row(ns, "comment")
    assert strict.cells.sum() >= mild.cells.sum()


def test_where_the_own_lines_of_a_cell_are_hidden_another_line_gives_cover() -> None:
    table = np.array([[0, 0, 2], [14, 0, 10], [3, 9, 12]])
    hidden = POLICY.table(table)
    assert hidden.cells[0, 2]
    assert hidden.cells[2, 0]
    assert not recoverable(table, hidden)
