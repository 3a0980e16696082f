import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint, proportions_ztest
from tests.measure.frozen import frozen

from mindgap.measure import (
    BadArgument,
    BadCounts,
    Estimate,
    TooFewAnswers,
    fisher_exact,
    mover,
    proportion,
    proportion_cells,
    proportion_difference,
)

REFERENCE = frozen("scores")
samples = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize("row", REFERENCE["wilson"], ids=lambda row: str(row["successes"]))
def test_wilson_is_the_one_r_gives(row: dict) -> None:
    found = proportion(row["successes"], row["n"])
    assert (found.low, found.high) == pytest.approx((row["low"], row["high"]), abs=5e-5)
    assert found.method == "wilson"


@given(samples)
def test_wilson_is_the_one_statsmodels_gives(sample: tuple[int, int]) -> None:
    found = proportion(*sample)
    assert (found.low, found.high) == pytest.approx(proportion_confint(*sample, method="wilson"), abs=1e-12)


@given(samples)
def test_the_interval_holds_the_share_and_stays_between_0_and_1(sample: tuple[int, int]) -> None:
    found = proportion(*sample)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.low < found.high


@given(samples)
def test_counting_the_others_mirrors_the_interval(sample: tuple[int, int]) -> None:
    hits, n = sample
    one, other = proportion(hits, n), proportion(n - hits, n)
    assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low))


def test_no_answers_are_no_share() -> None:
    with pytest.raises(TooFewAnswers):
        proportion(0, 0)


@pytest.mark.parametrize("sample", [(-1, 5), (6, 5), (math.nan, 5), (1, math.inf)])
def test_impossible_shares_are_refused(sample: tuple[float, float]) -> None:
    with pytest.raises(BadCounts):
        proportion(*sample)


def test_the_whole_population_leaves_no_interval() -> None:
    found = proportion(3, 10, population=10)
    assert (found.low, found.high, found.method) == (0.3, 0.3, "census")


def test_a_small_population_narrows_the_interval_of_a_share() -> None:
    ratio = proportion(40, 80, population=200).half_width / proportion(40, 80).half_width
    assert ratio == pytest.approx(0.0705 / 0.0908, abs=0.01)
    with pytest.raises(BadArgument):
        proportion(40, 80, population=79)


def test_an_empty_cell_is_nan_and_the_others_stand() -> None:
    cells = proportion_cells([0, 8], [0, 10])
    assert np.isnan([cells.value[0], cells.low[0], cells.high[0]]).all()
    assert cells.low[1] == pytest.approx(proportion(8, 10).low)


def test_impossible_cells_of_shares_are_refused() -> None:
    with pytest.raises(BadCounts):
        proportion_cells([2], [1])
    with pytest.raises(BadCounts):
        proportion_cells([1, 1], [1])


def test_the_difference_has_newcombes_interval() -> None:
    """Newcombe (1998), table II: 56/70 against 48/80, method 10 gives 0.0524 to 0.3339."""
    found = proportion_difference(48, 80, 56, 70)
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_large_groups_are_tested_by_the_pooled_z() -> None:
    found = proportion_difference(48, 80, 56, 70)
    assert found.p == pytest.approx(proportions_ztest([48, 56], [80, 70])[1])
    assert found.method.startswith("pooled z")


@pytest.mark.parametrize("table", [(1, 9, 7, 3), (0, 5, 5, 0), (3, 1, 1, 3), (0, 4, 0, 9), (2, 8, 0, 30)])
def test_small_groups_are_tested_exactly(table: tuple[int, int, int, int]) -> None:
    x, rest_x, y, rest_y = table
    found = proportion_difference(x, x + rest_x, y, y + rest_y)
    assert found.p == pytest.approx(stats.fisher_exact([[x, rest_x], [y, rest_y]])[1])
    assert found.p == fisher_exact(x, x + rest_x, y, y + rest_y)
    assert found.method.startswith("fisher")


def test_small_weighted_groups_carry_a_caution() -> None:
    found = proportion_difference(0.5, 4.5, 2.5, 5)
    assert found.warnings == ("small_expected",)
    assert 0 < found.p < 1


def test_weighted_groups_where_all_say_yes_show_no_difference() -> None:
    found = proportion_difference(4.5, 4.5, 5, 5)
    assert (found.value, found.p) == (0, 1)


@given(samples, samples)
def test_the_way_back_of_a_share_mirrors_the_way_there(a: tuple[int, int], b: tuple[int, int]) -> None:
    there, back = proportion_difference(*a, *b), proportion_difference(*b, *a)
    assert (there.low, there.value, there.high) == pytest.approx((-back.high, -back.value, -back.low))
    assert there.p == pytest.approx(back.p, abs=1e-9)
    assert -1 <= there.low <= there.value <= there.high <= 1
    assert 0 <= there.p <= 1


def test_mover_joins_the_limits_of_two_estimates() -> None:
    a, b = Estimate(0, -3, 3, 9, "t"), Estimate(10, 6, 14, 9, "t")
    assert mover(a, b) == (5, 15)


def test_the_exact_test_is_fishers_for_every_small_table() -> None:
    for n_a, n_b in ((1, 4), (4, 4), (3, 7), (6, 5)):
        for x_a in range(n_a + 1):
            for x_b in range(n_b + 1):
                known = stats.fisher_exact([[x_a, n_a - x_a], [x_b, n_b - x_b]]).pvalue
                assert fisher_exact(x_a, n_a, x_b, n_b) == pytest.approx(known, abs=1e-9)


def test_few_failures_call_for_the_exact_test_as_few_successes_do() -> None:
    """Five expected in each cell are enough; fewer, of hits or of misses, are not."""
    assert proportion_difference(5, 10, 5, 10).method.startswith("pooled z test")
    assert proportion_difference(4, 10, 5, 10).method.startswith("fisher exact test")
    assert proportion_difference(9, 10, 10, 10).method.startswith("fisher exact test")


def test_very_many_answers_with_few_hits_are_still_tested_exactly() -> None:
    assert proportion_difference(1, 50_000, 0, 50_000).method.startswith("fisher exact test")
    assert proportion_difference(1, 50_000, 0, 50_001).method.startswith("pooled z test")


def test_a_census_has_no_interval() -> None:
    found = proportion(3, 10, population=10)
    assert (found.low, found.value, found.high) == (0.3, 0.3, 0.3)


def test_no_answers_and_negative_ones_are_told_apart() -> None:
    with pytest.raises(TooFewAnswers) as caught:
        proportion(0, 0)
    assert (caught.value.n, caught.value.needed) == (0, 1)
    for hits, n in (([-1], [2]), ([-2], [-1])):
        with pytest.raises(BadCounts):
            proportion_cells(hits, n)
