import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from tests.measure.frozen import frozen

from mindgap.measure import (
    EFFORT,
    BadArgument,
    BadCounts,
    Counts,
    Scale,
    TooFewAnswers,
    index,
    mean,
    mean_difference,
    quantile,
)

spread_out = (
    st.lists(st.integers(-20, 20), min_size=3, max_size=40)
    .filter(lambda a: len(set(a)) > 1)
    .map(Counts.observed)
)


def answers_of(counts: Counts) -> np.ndarray:
    return np.repeat(counts.values, counts.counts.astype(int))


@given(spread_out)
def test_the_mean_has_the_t_interval_of_scipy(counts: Counts) -> None:
    found = mean(counts)
    expected = stats.ttest_1samp(answers_of(counts), 0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx(tuple(expected))
    assert found.method == "t"


@given(spread_out, spread_out)
def test_the_difference_of_means_is_welchs(a: Counts, b: Counts) -> None:
    found = mean_difference(a, b)
    expected = stats.ttest_ind(answers_of(b), answers_of(a), equal_var=False)
    assert found.p == pytest.approx(expected.pvalue)
    assert (found.low, found.high) == pytest.approx(tuple(expected.confidence_interval(0.95)))
    assert found.warnings == ()


def test_a_small_population_narrows_the_mean() -> None:
    row = frozen("scores")["finite_population"]
    counts = Counts.of({-1: 16, 0: 20, 1: 44})
    found = mean(counts, population=row["population"])
    assert found.half_width / mean(counts).half_width == pytest.approx(row["corrected"] / row["se"], abs=1e-3)


def test_the_whole_population_leaves_no_interval_around_its_mean() -> None:
    found = mean(Counts([1, 2, 3]), population=6)
    assert (found.low, found.method) == (found.value, "census")


def test_the_interval_stays_on_a_scale_that_is_given() -> None:
    counts = Counts.of({7: 5, 6: 1, 1: 1})
    assert mean(counts).high > 7
    assert mean(counts, scale=EFFORT).high == 7
    with pytest.raises(BadCounts):
        mean(Counts.of({8: 2}), scale=EFFORT)


def test_equal_answers_on_a_scale_do_not_pass_for_certainty() -> None:
    found = mean(Counts.of({7: 10}), scale=EFFORT)
    assert found.value == found.high == 7
    # Wilson's upper limit for 0 of 10 is 0.2775; that many might have answered 1.
    assert found.low == pytest.approx(7 - 0.2775 * 6, abs=1e-3)
    assert found.warnings == ("all_equal",)


def test_equal_answers_without_a_scale_carry_a_caution() -> None:
    found = mean(Counts.of({3: 10}))
    assert (found.low, found.high, found.warnings) == (3, 3, ("all_equal",))


@pytest.mark.parametrize("counts", [Counts([]), Counts.of({3: 1})])
def test_fewer_than_two_answers_have_no_interval(counts: Counts) -> None:
    with pytest.raises(TooFewAnswers):
        mean(counts)
    with pytest.raises(TooFewAnswers):
        mean_difference(counts, Counts([1, 1]))


def test_two_constant_groups_are_compared_exactly() -> None:
    found = mean_difference(Counts.of({3: 4}), Counts.of({5: 4}))
    assert found.p == pytest.approx(stats.fisher_exact([[4, 0], [0, 4]])[1])
    assert (found.value, found.low, found.high) == (2, 2, 2)
    assert found.warnings == ("all_equal",)
    uneven = mean_difference(Counts.of({3: 2}), Counts.of({5: 4}))
    assert uneven.p == pytest.approx(stats.fisher_exact([[2, 0], [0, 4]])[1])


def test_two_groups_of_the_same_constant_do_not_differ() -> None:
    found = mean_difference(Counts.of({3: 4}), Counts.of({3: 9}))
    assert (found.value, found.p) == (0, 1)


def test_one_constant_group_carries_a_caution() -> None:
    found = mean_difference(Counts.of({3: 4}), Counts.of({3: 4, 5: 5}))
    assert found.warnings == ("all_equal",)
    assert found.value > 0


def test_the_index_runs_from_the_worst_to_the_best_end() -> None:
    counts = Counts.likert([0, 1, 2, 3, 4], start=1)
    up, down = index(counts, Scale(1, 5)), index(counts, Scale(1, 5, better="lower"))
    assert up.value == pytest.approx(75)
    assert (down.low, down.value, down.high) == pytest.approx((100 - up.high, 25, 100 - up.low))


def test_the_median_of_fifty_has_the_known_ranks() -> None:
    """Conover: for n = 50 the 95 % ranks of the median are 18 and 33."""
    found = quantile(Counts.observed(np.arange(1, 51)), 0.5)
    assert (found.low, found.high) == (18, 33)
    assert found.value == 25
    assert found.warnings == ()


def test_too_few_answers_leave_a_quantile_open() -> None:
    found = quantile(Counts.observed([1, 2, 3, 4, 5]), 0.9)
    assert found.high == math.inf
    assert found.warnings == ("open_high",)
    low_end = quantile(Counts.observed([1, 2, 3, 4, 5]), 0.1)
    assert low_end.low == -math.inf
    assert low_end.warnings == ("open_low",)
    assert quantile(Counts.of({3: 1}), 0.5).warnings == ("open_low", "open_high")


@pytest.mark.parametrize("q", [0, 1, -1, math.nan])
def test_a_quantile_lies_inside_0_and_1(q: float) -> None:
    with pytest.raises(BadArgument):
        quantile(Counts([1, 1]), q)


def test_no_answers_have_no_quantile() -> None:
    with pytest.raises(TooFewAnswers):
        quantile(Counts([]), 0.5)


@pytest.mark.parametrize(("n", "q"), [(8, 0.5), (20, 0.3), (40, 0.9), (200, 0.95), (3000, 0.5)])
def test_the_interval_of_a_quantile_covers_by_count_of_ranks(n: int, q: float) -> None:
    found = quantile(Counts.observed(np.arange(1, n + 1)), q)
    low = 0 if found.low == -math.inf else found.low
    high = n + 1 if found.high == math.inf else found.high
    # Chance that the number at or below the quantile lies from low to high - 1.
    assert stats.binom.cdf(high - 1, n, q) - stats.binom.cdf(low - 1, n, q) >= 0.95
    # And no narrower pair of ranks with equal tails would do.
    assert stats.binom.cdf(low, n, q) > 0.025
    assert stats.binom.cdf(high - 2, n, q) < 0.975


@given(spread_out, st.sampled_from([0.1, 0.5, 0.75]))
def test_quantiles_of_the_mirrored_answers_are_mirrored(counts: Counts, q: float) -> None:
    one, other = quantile(counts, q), quantile(counts.negated(), 1 - q)
    assert (one.low, one.high) == (-other.high, -other.low)
    assert one.low <= one.value <= one.high


def test_weights_that_double_everything_leave_a_quantile_where_it_is() -> None:
    counts = Counts.observed(np.arange(30))
    halves = counts.scaled(0.5) + counts.scaled(0.5)
    assert quantile(halves, 0.5) == quantile(counts, 0.5)


def test_equal_answers_on_a_scale_may_hide_others_on_both_sides() -> None:
    """Forty answers of 4 on 1 to 5: Wilson's limit for none of forty, 8.76 %, might be at either end."""
    found = mean(Counts.of({4: 40}), scale=Scale(1, 5))
    unseen = 3.8414588 / 43.8414588
    assert (found.low, found.high) == pytest.approx((4 - 3 * unseen, 4 + unseen))


def test_nearly_equal_answers_are_not_equal() -> None:
    assert mean(Counts.of({0: 500, 1: 1})).warnings == ()
    assert mean(Counts.of({4.9: 20, 5: 20}), scale=Scale(0, 5, step=0.1)).method == "t"


def test_without_a_difference_of_two_constants_nothing_is_shown() -> None:
    assert mean_difference(Counts.of({1: 2}), Counts.of({1: 3})).p == 1
    assert mean_difference(Counts.of({1: 2}), Counts.of({2: 2})).p == pytest.approx(2 / 6)


def test_the_ranks_of_weighted_answers_are_those_of_their_weights() -> None:
    """Each of forty answers weighs 1.2: 48 in all; ranks are those of 48 answers."""
    plain = Counts(np.ones(48), values=np.arange(48))
    heavy = Counts(np.full(40, 1.2), values=np.arange(40) * 1.2)
    for q in (0.3, 0.5, 0.8):
        one, two = quantile(plain, q), quantile(heavy, q)
        assert two.low == pytest.approx(one.low, abs=1.2)
        assert two.high == pytest.approx(one.high, abs=1.2)
    weighed = quantile(Counts(np.full(40, 1.24), values=np.arange(40)), 0.5)
    assert (weighed.low, weighed.high) == (14, 26)


@pytest.mark.parametrize("n", [12, 40, 400])
@pytest.mark.parametrize("q", [0.1, 0.5, 0.93])
@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_the_order_statistics_are_the_narrowest_with_equal_tails(n: int, q: float, level: float) -> None:
    found = quantile(Counts(np.ones(n), values=np.arange(1, n + 1)), q, level=level)
    tail = (1 - level) / 2
    if math.isfinite(found.low):
        assert stats.binom.cdf(found.low - 1, n, q) <= tail < stats.binom.cdf(found.low, n, q)
    if math.isfinite(found.high):
        assert stats.binom.cdf(found.high - 2, n, q) < 1 - tail <= stats.binom.cdf(found.high - 1, n, q)
