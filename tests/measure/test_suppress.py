import itertools
import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp

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
    assert not Suppression(scores=1).hides(1)
    with pytest.raises(BadCounts):
        POLICY.hides(-1)


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
    assert POLICY.row([10, 20, 3]).cells.tolist() == [True, False, True]
    assert not POLICY.row([10, 20, 3]).total
    assert not POLICY.row([3, 10, 20]).total


def test_hidden_groups_too_few_together_take_another_with_them() -> None:
    assert POLICY.row([2, 2, 6, 30]).cells.tolist() == [True, True, True, False]
    assert POLICY.row([3, 3, 6, 30]).cells.tolist() == [True, True, False, False]
    assert POLICY.row([2, 3, 6, 30]).cells.tolist() == [True, True, False, False]


def test_groups_without_answers_are_no_cover() -> None:
    assert POLICY.row([3, 0, 20]).cells.tolist() == [True, False, True]


def test_a_row_too_small_as_a_whole_is_hidden_with_its_total() -> None:
    hidden = POLICY.row([2, 1])
    assert hidden.cells.all()
    assert hidden.total


def test_large_groups_are_all_shown() -> None:
    assert not POLICY.row([5, 8, 0]).cells.any()
    assert not POLICY.table([[5, 6], [7, 0]]).cells.any()


@pytest.mark.parametrize("bad", [[-1], [9, -1, 9], [math.nan], [[1]], ["a"]])
def test_impossible_rows_are_refused(bad: object) -> None:
    with pytest.raises(BadCounts):
        POLICY.row(bad)


def test_impossible_tables_are_refused() -> None:
    with pytest.raises(BadCounts):
        POLICY.table([1, 2])
    with pytest.raises(BadCounts):
        POLICY.table([[9, -1], [9, 9]])


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


def test_no_more_is_hidden_than_is_needed() -> None:
    """One person in each of two cells: a square of four is enough, whoever is in the other two."""
    hidden = POLICY.table([[1, 9, 40], [9, 1, 40], [40, 40, 40]])
    assert hidden.cells.tolist() == [[True, True, False], [True, True, False], [False, False, False]]
    assert not hidden.rows.any()
    assert not hidden.columns.any()
    assert not hidden.total
    assert POLICY.table([[2, 3, 40], [3, 2, 40], [40, 40, 40]]).cells.sum() == 4


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


@settings(max_examples=80)
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


Line = tuple[int, Sequence[int]]


def sums_that_follow(equations: np.ndarray, unknown: np.ndarray) -> np.ndarray:
    """Every set of unknown groups whose sum is fixed by the equations, shape (sets, unknown): by trying all."""
    count = int(unknown.sum())
    sets = np.array(list(itertools.product((0.0, 1.0), repeat=count)))[1:]
    columns = equations[:, unknown]
    rank = np.linalg.matrix_rank(columns)
    _, _, directions = np.linalg.svd(columns)
    return sets[np.abs(sets @ directions[rank:].T).max(axis=1, initial=0.0) < 1e-9]


def equations_of(lines: list[Line], m: int) -> np.ndarray:
    equations = np.zeros((len(lines), m))
    for row, (total, parts) in zip(equations, lines, strict=True):
        row[list(parts)], row[total] = 1, -1
    return equations


def attack(
    ns: np.ndarray, lines: list[Line], hidden: np.ndarray, *, least: int, unseen: int = 0
) -> list[str]:
    """What somebody who sees the rest could work out: sums of too few people, or exact small numbers."""
    equations = equations_of(lines, len(ns))
    unknown = hidden.copy()
    if unseen:
        unknown[-unseen:] = ns[-unseen:] > 0
    places = np.flatnonzero(unknown)
    small = (ns[places] < least) & hidden[places]
    found = [
        f"sum of {places[chosen > 0]}"
        for chosen in sums_that_follow(equations, unknown)
        if (chosen[small] > 0).any() and chosen @ ns[places] < least
    ]
    if not lines:
        return found
    known = equations[:, places] @ ns[places]
    for at in np.flatnonzero(small):
        ends = []
        for sign in (1, -1):
            goal = np.zeros(places.size)
            goal[at] = sign
            done = milp(
                goal,
                constraints=LinearConstraint(equations[:, places], known, known),
                integrality=np.ones(places.size),
                bounds=(1, np.inf),
            )
            ends.append(-math.inf if done.x is None else done.x[at])
        if ends[0] == ends[1]:
            found.append(f"number of {places[at]}")
    return found


def flat(ns: list[list[int]], hidden: HiddenTable) -> tuple[np.ndarray, list[Line], np.ndarray]:
    """A table with its totals as one row of groups, its lines, and what is hidden."""
    whole = np.vstack([np.array(ns), np.sum(ns, axis=0)])
    whole = np.hstack([whole, whole.sum(axis=1, keepdims=True)])
    places = np.arange(whole.size).reshape(whole.shape)
    gone = np.block([[hidden.cells, hidden.rows[:, None]], [hidden.columns, np.array(hidden.total)]])
    lines = [(int(line[-1]), line[:-1].tolist()) for line in (*places, *places.T)]
    return whole.ravel(), lines, gone.ravel()


small_tables = st.integers(1, 3).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 9), min_size=width, max_size=width), min_size=1, max_size=3
    )
)


@given(rows)
def test_no_sum_of_few_people_follows_from_a_row(ns: list[int]) -> None:
    hidden = POLICY.row(ns)
    whole, gone = np.array([*ns, sum(ns)]), np.array([*hidden.cells, hidden.total])
    assert not attack(whole, [(len(ns), range(len(ns)))], gone, least=5)


@settings(max_examples=50)
@given(small_tables)
def test_no_sum_of_few_people_follows_from_a_table(ns: list[list[int]]) -> None:
    """Not even one of cells that share no line: c + d = (column 1 + column 2) - row 1, say."""
    assert not attack(*flat(ns, POLICY.table(ns)), least=5)


def test_two_cells_of_no_common_line_are_not_left_to_be_added_up() -> None:
    """Each line has two hidden cells and five people or more, yet columns 1 + 2 - row 1 = 2 + 1 people."""
    ns = [[4, 4, 50, 50], [2, 50, 4, 50], [50, 1, 4, 50], [50, 50, 50, 50]]
    cells = np.array(ns) < 5
    first = HiddenTable(cells, np.zeros(4, dtype=bool), np.zeros(4, dtype=bool), False)
    assert not recoverable(np.array(ns), first)
    assert attack(*flat(ns, first), least=5)
    hidden = POLICY.table(ns)
    assert hidden.cells[cells].all()
    assert hidden.cells.sum() == cells.sum() + 1
    assert not attack(*flat(ns, hidden), least=5)


def test_five_groups_of_one_each_are_not_counted_by_their_total() -> None:
    hidden = POLICY.row([1, 1, 1, 1, 1, 30])
    assert hidden.cells.all()
    assert not POLICY.row([2, 1, 1, 1, 1, 30]).cells[-1]


def test_single_people_are_not_counted_by_two_lines_together() -> None:
    """5 in all, in a store and a region of four stores: only one person in each of the five fits."""
    assert POLICY.tree([5, 4, 1, 1, 1, 1, 1], [-1, 0, 0, 1, 1, 1, 1]).all()
    assert not POLICY.tree([6, 4, 2, 1, 1, 1, 1], [-1, 0, 0, 1, 1, 1, 1])[0]


def test_a_small_unit_takes_its_smallest_sister_with_it() -> None:
    """Ann's region of 60 has three stores; the one of 3 people could be had by subtraction."""
    hidden = POLICY.tree([60, 3, 17, 40], [-1, 0, 0, 0])
    assert hidden.tolist() == [False, True, True, False]


def test_an_only_store_of_a_region_with_few_people_of_its_own_hides_the_region_or_itself() -> None:
    """40 in the region, 38 in its store: the other 2 must not follow."""
    hidden = POLICY.tree([90, 40, 38, 50], [-1, 0, 1, 0])
    assert hidden[2] or hidden[1]
    assert not hidden[0]


def test_people_of_the_region_itself_give_cover_to_its_store() -> None:
    assert POLICY.tree([40, 3], [-1, 0]).tolist() == [False, True]
    assert POLICY.tree([29, 3, 6], [-1, 0, 0]).tolist() == [False, True, False]


def test_a_region_hidden_for_its_only_store_needs_a_sister_too() -> None:
    """The store is the whole region; both have 3 people, so another region must go."""
    assert POLICY.tree([63, 3, 3, 20, 40], [-1, 0, 1, 0, 0]).tolist() == [False, True, True, True, False]


def test_large_units_and_lonely_ones_are_shown() -> None:
    assert not POLICY.tree([60, 20, 40], [-1, 0, 0]).any()
    assert POLICY.tree([3, 9], [-1, -1]).tolist() == [True, False]
    assert POLICY.tree([], np.array([], dtype=int)).tolist() == []


@st.composite
def forests(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Up to seven units, each with people of its own."""
    own = draw(st.lists(st.integers(0, 12), min_size=1, max_size=7))
    parents = [draw(st.integers(-1, unit - 1)) for unit in range(len(own))]
    ns = list(own)
    for unit in reversed(range(len(own))):
        if parents[unit] >= 0:
            ns[parents[unit]] += ns[unit]
    return ns, parents


@settings(max_examples=50)
@given(forests())
def test_no_sum_of_few_people_follows_from_a_tree(forest: tuple[list[int], list[int]]) -> None:
    ns, parents = forest
    hidden = POLICY.tree(ns, parents)
    numbers = np.array(ns)
    assert hidden[(numbers > 0) & (numbers < 5)].all()
    assert not hidden[numbers == 0].any()
    units = sorted(set(parents) - {-1})
    below = [[unit for unit, above in enumerate(parents) if above == one] for one in units]
    rests = [numbers[one] - numbers[under].sum() for one, under in zip(units, below, strict=True)]
    whole = np.array([*ns, *rests])
    lines = [(one, [*under, len(ns) + k]) for k, (one, under) in enumerate(zip(units, below, strict=True))]
    gone = np.concatenate([hidden, [0 < rest < 5 for rest in rests]]).astype(bool)
    assert not attack(whole, lines, gone, least=5, unseen=len(rests))


@pytest.mark.parametrize(
    ("ns", "parents"),
    [
        ([5, 9], [-1, 0]),
        ([9, 5], [1, 0]),
        ([9, 9], [1, 0]),
        ([9, 5], [0, 0]),
        ([9], [0]),
        ([9, 9, 9, 9], [3, 0, 1, 2]),
        ([5, -2], [-1, 0]),
        ([9, 5], [-1, 2]),
        ([9, 5], [-1, -2]),
        ([9, 5], [-1]),
        ([9, 5], [-1.0, 0.0]),
        ([[9]], [[-1]]),
    ],
)
def test_what_is_no_tree_is_refused(ns: list, parents: list) -> None:
    with pytest.raises(BadCounts):
        POLICY.tree(ns, parents)


def test_a_table_by_units_of_a_tree_is_hidden_as_a_whole() -> None:
    """Region = two stores, by segment and together: nine groups on six lines."""
    ns = [50, 20, 30, 22, 3, 19, 28, 17, 11]
    lines = [(0, (1, 2)), (3, (4, 5)), (6, (7, 8)), (0, (3, 6)), (1, (4, 7)), (2, (5, 8))]
    hidden = POLICY.lines(ns, lines)
    assert hidden[4]
    assert not attack(np.array(ns), lines, hidden, least=5)


@pytest.mark.parametrize(
    "lines", [[(0, (1, 3))], [(-1, (1, 2))], [(0, (1, 1))], [(0, (0, 1))], [(1, (0, 2))]]
)
def test_lines_that_do_not_add_up_are_refused(lines: list) -> None:
    with pytest.raises(BadCounts):
        POLICY.lines([10, 4, 6], lines)
    with pytest.raises(BadCounts):
        POLICY.lines([[10]], [])
    with pytest.raises(BadCounts):
        POLICY.lines([10, 4, 5], [(0, (1, 2))])
    with pytest.raises(BadCounts):
        POLICY.lines([10, -4], [])


def test_groups_without_lines_are_hidden_only_for_themselves() -> None:
    assert POLICY.lines([3, 20, 0], []).tolist() == [True, False, False]


ATOMS = [40, 3, 20, 6]


@pytest.mark.parametrize(
    ("question", "asked", "refused"),
    [
        ([1, 1, 0, 0], [], False),
        ([0, 1, 0, 0], [], True),
        ([1, 0, 0, 0], [[1, 1, 0, 0]], True),
        ([1, 0, 1, 0], [[1, 1, 0, 0]], False),
        ([1, 0, 1, 0], [[1, 1, 0, 0], [0, 0, 1, 0]], True),
        ([0, 0, 1, 1], [[1, 1, 1, 1], [1, 0, 0, 0]], True),
        ([0, 0, 1, 1], [[1, 1, 1, 1]], False),
    ],
)
def test_a_question_is_refused_if_with_the_others_it_gives_three_people_away(
    question: list[int], asked: list[list[int]], refused: bool
) -> None:
    """None of the questions need contain another: three of them may do together what no two do."""
    assert POLICY.refuses(question, asked=asked, ns=ATOMS) is refused


def test_five_single_people_may_be_asked_about_together_and_no_more() -> None:
    everybody = [1, 1, 1, 1, 1]
    assert not POLICY.refuses(everybody, asked=[], ns=everybody)
    assert POLICY.refuses([1, 1, 1, 1, 1, 1], asked=[[*everybody, 0]], ns=[*everybody, 1])
    with pytest.raises(BadCounts):
        POLICY.refuses([1, 1], asked=[], ns=[9, -1])


def test_refusing_depends_on_what_is_shown() -> None:
    assert not POLICY.refuses([1, 0, 1, 0], asked=[[1, 1, 1, 1], [0, 1, 0, 0]], ns=[40, 8, 20, 6])
    assert POLICY.refuses([1, 1, 1, 0], asked=[[1, 1, 1, 1]], ns=[40, 8, 20, 6], shown="comment")
    assert not POLICY.refuses([1, 1, 1, 0], asked=[[1, 1, 1, 1]], ns=[40, 8, 20, 6])


def test_questions_over_other_atoms_are_refused_as_malformed() -> None:
    with pytest.raises(BadCounts):
        POLICY.refuses([1, 0, 0], asked=[[1, 0]], ns=[9, 9])
    with pytest.raises(BadCounts):
        POLICY.refuses([1, 0], asked=[[1, 0, 1]], ns=[9, 9])
    with pytest.raises(BadCounts):
        POLICY.refuses([[1, 0]], asked=[], ns=[[9, 9]])


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[int], np.ndarray]:
    m = draw(st.integers(2, 6))
    ns = draw(st.lists(st.integers(0, 9), min_size=m, max_size=m))
    questions = draw(st.lists(st.lists(st.booleans(), min_size=m, max_size=m), min_size=1, max_size=6))
    return ns, np.array(questions)


@settings(max_examples=80)
@given(histories())
def test_whatever_is_answered_in_a_row_of_overlapping_questions_no_few_people_follow(
    history: tuple[list[int], np.ndarray],
) -> None:
    ns, questions = history
    numbers = np.array(ns)
    answered: list[np.ndarray] = []
    for question in questions:
        if not POLICY.refuses(question, asked=answered, ns=ns):
            answered.append(question)
    if not answered:
        return
    there = numbers > 0
    if not there.any():
        return
    for chosen in sums_that_follow(np.array(answered, dtype=float), there):
        assert chosen @ numbers[there] >= 5


@given(histories())
def test_two_questions_are_judged_as_a_whole_and_its_part_are(history: tuple[list[int], np.ndarray]) -> None:
    ns, questions = history
    numbers = np.array(ns)
    whole, part = np.ones(len(ns), dtype=bool), questions[0]
    n, n_part = int(numbers.sum()), int(numbers[part].sum())
    if POLICY.hides(n) or n_part == 0:
        return
    expected = POLICY.hides(n_part) or POLICY.refuses_difference(n, n_part)
    assert POLICY.refuses(part, asked=[whole], ns=ns) is expected
