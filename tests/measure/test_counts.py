import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.measure import BadArgument, BadCounts, Counts, TooFewAnswers

tables = st.dictionaries(st.integers(-50, 50), st.integers(0, 30), max_size=12)
filled = tables.filter(lambda table: sum(table.values()) > 0)


def test_counts_alone_are_counts_of_0_1_2_and_so_on() -> None:
    counts = Counts([0, 0, 0, 0, 0, 0, 10, 20, 20, 30, 20])
    assert counts.values.tolist() == list(range(11))
    assert counts.n == 100


def test_values_are_sorted_and_repeats_are_added_up() -> None:
    counts = Counts([1, 2, 3], values=[5, -1, 5])
    assert counts.values.tolist() == [-1, 5]
    assert counts.counts.tolist() == [2, 4]


def test_likert_starts_where_the_scale_starts() -> None:
    assert Counts.likert([1, 2], start=1) == Counts.of({1: 1, 2: 2})


def test_single_answers_are_counted_with_their_weights() -> None:
    assert Counts.observed([3, 4, 3]) == Counts.of({3: 2, 4: 1})
    assert Counts.observed([3, 4, 3], [0.5, 1, 0.25]) == Counts.of({3: 0.75, 4: 1})


def test_values_never_counted_make_no_difference() -> None:
    plain, padded = Counts.of({1: 2}), Counts.of({1: 2, 9: 0})
    assert plain == padded
    assert hash(plain) == hash(padded)
    assert plain != Counts.of({1: 3})


def test_counts_are_not_equal_to_nor_added_to_something_else() -> None:
    assert Counts([1]) != [1]
    with pytest.raises(TypeError):
        Counts([1]) + 1


def test_minus_zero_is_zero() -> None:
    assert math.copysign(1, Counts.of({0: 1}).negated().values[0]) == 1


def test_a_count_cannot_be_changed() -> None:
    counts = Counts([1, 2])
    with pytest.raises(ValueError, match="read-only"):
        counts.counts[0] = 5


@pytest.mark.parametrize("bad", [[-1], [math.nan], [math.inf], ["a"], [[1]], 3])
def test_impossible_counts_are_refused(bad: object) -> None:
    with pytest.raises(BadCounts):
        Counts(bad)


@pytest.mark.parametrize("values", [[math.nan, 1], [math.inf, 1], [1], [[1, 2]]])
def test_impossible_values_are_refused(values: object) -> None:
    with pytest.raises(BadCounts):
        Counts([1, 1], values=values)


def test_without_answers_there_is_no_mean_variance_or_quantile() -> None:
    empty = Counts([])
    assert empty.n == 0
    assert empty.is_constant
    for ask in (lambda: empty.mean, lambda: empty.variance, lambda: empty.quantile(0.5)):
        with pytest.raises(TooFewAnswers) as caught:
            ask()
        assert caught.value.n == 0


def test_one_answer_has_a_mean_but_no_variance() -> None:
    one = Counts.of({7: 1})
    assert one.mean == 7
    with pytest.raises(TooFewAnswers) as caught:
        _ = one.variance
    assert (caught.value.n, caught.value.needed) == (1, 2)


def test_variance_survives_values_far_from_zero() -> None:
    assert Counts.of({10**9: 1, 10**9 + 2: 1}).variance == 2


@pytest.mark.parametrize("q", [-0.1, 1.1, math.nan])
def test_a_quantile_beyond_0_and_1_is_refused(q: float) -> None:
    with pytest.raises(BadArgument):
        Counts([1]).quantile(q)


def test_scaling_keeps_shares_and_changes_n() -> None:
    counts = Counts([1, 3]).scaled(0.5)
    assert counts.counts.tolist() == [0.5, 1.5]
    with pytest.raises(BadCounts):
        counts.scaled(-1)


@given(filled)
def test_moments_and_quantiles_are_those_of_the_single_answers(table: dict[int, int]) -> None:
    counts = Counts.of(table)
    answers = np.repeat(list(table.keys()), list(table.values()))
    assert counts.mean == pytest.approx(answers.mean(), abs=1e-12)
    if counts.n > 1:
        assert counts.variance == pytest.approx(answers.var(ddof=1), abs=1e-9)
    for q in (0, 0.1, 0.25, 0.5, 0.9, 1):
        assert counts.quantile(q) == np.quantile(answers, q, method="inverted_cdf")


@given(tables, tables, tables)
def test_merging_is_commutative_and_associative(
    a: dict[int, int], b: dict[int, int], c: dict[int, int]
) -> None:
    x, y, z = Counts.of(a), Counts.of(b), Counts.of(c)
    assert x + y == y + x
    assert (x + y) + z == x + (y + z)
    assert (x + y).n == x.n + y.n


@given(filled)
def test_the_order_in_which_values_come_makes_no_difference(table: dict[int, int]) -> None:
    backwards = dict(reversed(list(table.items())))
    assert Counts.of(table) == Counts.of(backwards)


@given(filled)
def test_turning_the_sign_twice_changes_nothing(table: dict[int, int]) -> None:
    counts = Counts.of(table)
    assert counts.negated().negated() == counts
    assert counts.negated().mean == -counts.mean
