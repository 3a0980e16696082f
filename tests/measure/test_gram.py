import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.gram import Gram, GramStack

tables = st.tuples(st.integers(2, 40), st.integers(1, 5), st.integers(0, 10_000)).map(
    lambda drawn: np.random.default_rng(drawn[2]).normal(3, 2, drawn[:2])
)


@given(tables)
def test_covariances_are_those_of_numpy(rows: np.ndarray) -> None:
    gram = Gram.of(rows)
    assert gram.covariance() == pytest.approx(np.atleast_2d(np.cov(rows.T)), abs=1e-12)
    assert gram.deviation() == pytest.approx(rows.std(axis=0, ddof=1))
    assert gram.mean == pytest.approx(rows.mean(axis=0))
    assert gram.sums == pytest.approx(rows.sum(axis=0))
    assert gram.products == pytest.approx(rows.T @ rows)


@given(tables, st.integers(0, 40))
def test_merging_parts_gives_the_whole_in_any_order(rows: np.ndarray, cut: int) -> None:
    whole, a, b = Gram.of(rows), Gram.of(rows[:cut]), Gram.of(rows[cut:])
    for merged in (a + b, b + a, Gram.total([a, Gram.of(rows[:0]), b])):
        assert merged.n == whole.n
        assert merged.mean == pytest.approx(whole.mean)
        assert merged.scatter == pytest.approx(whole.scatter, abs=1e-10)


@given(tables)
def test_sums_from_a_database_give_the_same(rows: np.ndarray) -> None:
    gram = Gram.of(rows)
    about = rows[0]
    near = rows - about
    for sums, products, shift in (
        (rows.sum(axis=0), rows.T @ rows, 0.0),
        (near.sum(axis=0), near.T @ near, about),
    ):
        found = Gram.of_sums(n=len(rows), sums=sums, products=products, about=shift)
        assert found.scatter == pytest.approx(gram.scatter, abs=1e-8)
        assert found.mean == pytest.approx(gram.mean)


@given(tables, st.integers(0, 9))
def test_weights_count_like_repeats(rows: np.ndarray, seed: int) -> None:
    times = np.random.default_rng(seed).integers(0, 4, len(rows))
    weighted, repeated = Gram.of(rows, weights=times), Gram.of(np.repeat(rows, times, axis=0))
    assert weighted.n == repeated.n
    assert weighted.scatter == pytest.approx(repeated.scatter, abs=1e-9)


def test_many_rows_are_added_in_chunks() -> None:
    rows = np.random.default_rng(1).normal(size=(70_000, 3))
    assert Gram.of(rows).covariance() == pytest.approx(np.cov(rows.T))
    assert Gram.of(rows, weights=np.ones(70_000)).covariance() == pytest.approx(np.cov(rows.T))


def test_small_spread_far_from_zero_keeps_its_digits() -> None:
    rows = np.random.default_rng(1).normal(size=(500, 2))
    assert Gram.of(rows + 1e9).deviation() == pytest.approx(rows.std(axis=0, ddof=1), rel=1e-6)


def test_a_constant_stays_constant_through_every_way() -> None:
    rows = np.column_stack([np.full(100, 0.1), np.arange(100.0)])
    groups = GramStack.of_groups(rows, np.arange(100) % 7)
    for gram in (
        Gram.of(rows),
        Gram.of(rows[:30]) + Gram.of(rows[30:]),
        Gram.of_sums(n=100, sums=rows.sum(axis=0), products=rows.T @ rows),
        groups.total(),
    ):
        assert gram.constant.tolist() == [True, False]
        assert gram.correlation(constant_is_zero=True).tolist() == [[1, 0], [0, 1]]
        with pytest.raises(NotIdentified):
            gram.correlation()


def test_perfectly_collinear_columns_correlate_exactly() -> None:
    x = np.random.default_rng(2).normal(size=50)
    r = Gram.of(np.column_stack([x, -3 * x + 7])).correlation()
    assert r == pytest.approx(np.array([[1, -1], [-1, 1]]))
    assert np.abs(r).max() <= 1


def test_without_rows_there_is_a_gram_but_no_spread() -> None:
    empty = Gram.of(np.empty((0, 2)))
    assert (empty.n, empty.mean.tolist()) == (0, [0, 0])
    assert Gram.of_sums(n=0, sums=[0, 0], products=np.zeros((2, 2))).n == 0
    assert GramStack.of([empty, empty]).total().n == 0
    for one in (empty, Gram.of([[1, 2]])):
        with pytest.raises(TooFewAnswers):
            one.covariance()
        with pytest.raises(TooFewAnswers):
            one.correlation()


@pytest.mark.parametrize(
    "rows", [[[1, math.nan]], [[math.inf, 1]], [1, 2], [[]], [["a", "b"]], np.full((3, 2), np.nan)]
)
def test_impossible_rows_are_refused(rows: object) -> None:
    with pytest.raises(BadCounts):
        Gram.of(rows)


def test_values_that_only_overflow_when_added_are_still_numbers() -> None:
    with np.errstate(over="ignore", invalid="ignore"), pytest.raises(BadCounts):
        Gram.of([[1e308], [1e308], [-1e308], [1.7e308]])


@pytest.mark.parametrize("weights", [[1, -1], [1], [1, math.nan]])
def test_impossible_weights_are_refused(weights: list[float]) -> None:
    with pytest.raises(BadCounts):
        Gram.of([[1, 2], [3, 4]], weights=weights)
    with pytest.raises(BadCounts):
        GramStack.of_groups([[1, 2], [3, 4]], [0, 1], weights=weights)


def test_sums_that_no_rows_have_are_refused() -> None:
    with pytest.raises(BadCounts):
        Gram.of_sums(n=2, sums=[10], products=[[1]])
    with pytest.raises(BadCounts):
        Gram.of_sums(n=2, sums=[1, 2], products=[[1]])


def test_names_are_distinct_and_known() -> None:
    with pytest.raises(BadArgument):
        Gram.of([[1, 2]], names=("a", "a"))
    with pytest.raises(BadCounts):
        Gram.of([[1, 2]], names=("a",))
    gram = Gram.of([[1, 2, 4], [2, 1, 0]], names="abc")
    part = gram.pick(["c", "a"])
    assert (part.names, part.mean.tolist()) == (("c", "a"), [2, 1.5])
    assert GramStack.of([gram]).pick(["c", "a"]).total().scatter.tolist() == part.scatter.tolist()
    for unknown in (gram.pick, GramStack.of([gram]).pick):
        with pytest.raises(BadArgument):
            unknown(["d"])


def test_only_grams_of_the_same_columns_add_up() -> None:
    gram = Gram.of([[1, 2]])
    with pytest.raises(BadArgument):
        gram + Gram.of([[1, 2]], names="ab")
    with pytest.raises(BadArgument):
        Gram.total([])
    with pytest.raises(TypeError):
        gram + 1  # type: ignore[operator]


@pytest.mark.parametrize("n", [60, 200])
def test_groups_are_the_grams_of_their_rows(n: int) -> None:
    """Few rows per group and many are added in two ways."""
    rng = np.random.default_rng(3)
    rows, groups, weights = rng.normal(size=(n, 3)), rng.integers(0, 5, n), rng.random(n)
    stack = GramStack.of_groups(rows, groups, weights=weights)
    assert len(stack) == 5
    for k in range(5):
        own = Gram.of(rows[groups == k], weights=weights[groups == k])
        assert stack.n[k] == pytest.approx(own.n)
        assert stack.scatter[k] == pytest.approx(own.scatter, abs=1e-10)


def test_a_group_per_row_is_needed() -> None:
    with pytest.raises(BadCounts):
        GramStack.of_groups([[1, 2]], [1, 2])
    with pytest.raises(BadCounts):
        GramStack.of_units([[1, 2]], rng=np.random.default_rng(1), clusters=[1, 2])
    with pytest.raises(TooFewAnswers):
        GramStack.of_groups(np.empty((0, 2)), [])


def test_units_are_rows_or_clusters_and_never_too_many() -> None:
    """R8: all answers of a customer are resampled together."""
    rng = np.random.default_rng(4)
    rows = rng.normal(size=(90, 2))
    assert len(GramStack.of_units(rows, rng=rng)) == 90
    assert len(GramStack.of_units(rows, rng=rng, clusters=np.arange(90) // 9)) == 10
    few = GramStack.of_units(rows, rng=rng, at_most=20)
    assert len(few) == 20
    assert few.total().scatter == pytest.approx(Gram.of(rows).scatter)


def test_mixing_counts_entries_as_often_as_told() -> None:
    rows = np.random.default_rng(5).normal(size=(6, 2))
    stack = GramStack.of_groups(rows, [0, 0, 1, 1, 2, 2])
    mixed = stack.mixed([[2, 0, 1], [0, 0, 0]])
    expected = Gram.of(rows[[0, 1, 0, 1, 4, 5]])
    assert mixed.scatter[0] == pytest.approx(expected.scatter)
    assert (mixed.n.tolist(), mixed.scatter[1].tolist()) == ([6, 0], [[0, 0], [0, 0]])
    left = stack.left_out()
    assert left.mean[0] == pytest.approx(rows[2:].mean(axis=0))
    with pytest.raises(BadCounts):
        stack.mixed([[1, 2]])
    with pytest.raises(BadArgument):
        stack.resampled(np.random.default_rng(1), 0)


def test_gathering_keeps_all_rows() -> None:
    rng = np.random.default_rng(6)
    rows = rng.normal(size=(100, 2))
    stack = GramStack.of_units(rows, rng=rng)
    assert stack.gathered(rng, 100) is stack
    fewer = stack.gathered(rng, 8)
    assert len(fewer) == 8
    assert fewer.total().scatter == pytest.approx(Gram.of(rows).scatter)


def test_replicates_vary_as_the_mean_does() -> None:
    rng = np.random.default_rng(7)
    rows = rng.normal(size=(400, 1))
    means = GramStack.of_units(rows, rng=rng).resampled(rng, 4000).mean[:, 0]
    assert GramStack.of([Gram.of(rows)] * 3).correlations().tolist() == [[[1]]] * 3
    assert means.std() == pytest.approx(rows.std() / 20, rel=0.05)


def test_what_is_handed_out_cannot_be_changed() -> None:
    gram = Gram.of([[1, 2], [2, 3]])
    with pytest.raises(ValueError, match="read-only"):
        gram.scatter[0, 0] = 1
