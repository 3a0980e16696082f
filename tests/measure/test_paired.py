import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.measure import BadCounts, Caution, Counts, TooFewAnswers, nps_paired
from mindgap.measure.paired import mean_paired

steps = st.lists(st.integers(0, 12), min_size=5, max_size=5).map(lambda c: Counts.likert(c, start=-2))
some = steps.filter(lambda counts: counts.n >= 2)


def test_the_step_of_the_same_customers_is_the_mean_step_in_points() -> None:
    """R81: the same customers before and after."""
    found = nps_paired(Counts.of({-1: 2, 0: 10, 1: 8, 2: 1}))
    assert found.value == pytest.approx(100 * 8 / 21)
    assert found.n_a == found.n_b == 21


def test_the_p_value_is_that_of_all_ways_to_turn_the_signs() -> None:
    sizes = [1, 1, 1, 1, 1, 1, 2, 2]
    observed = 1 + 1 + 1 + 1 + 1 - 1 + 2 + 2
    sums = [
        sum(s * d for s, d in zip(signs, sizes, strict=True))
        for signs in itertools.product((-1, 1), repeat=8)
    ]
    exact = np.mean(np.abs(sums) >= observed)
    found = nps_paired(Counts.of({-1: 1, 0: 4, 1: 5, 2: 2}))
    assert found.p == pytest.approx(exact)
    assert found.method.startswith("exact")


def test_many_changed_customers_are_tested_by_the_score() -> None:
    from scipy.stats import norm

    found = nps_paired(Counts.of({-2: 100, -1: 200, 1: 250, 2: 110}))
    z = (250 - 200 + 220 - 200) / np.sqrt(450 + 4 * 210)
    assert found.p == pytest.approx(2 * norm.sf(z))
    assert found.method.startswith("paired score")


def test_weighted_customers_are_tested_by_the_score() -> None:
    assert nps_paired(Counts.of({-1: 2.5, 0: 3, 1: 4})).method.startswith("paired score")


def test_when_nobody_changed_the_interval_still_has_width() -> None:
    found = nps_paired(Counts.of({0: 12}))
    assert (found.value, found.p) == (0, 1)
    assert found.low < 0 < found.high
    assert found.warnings == ("all_equal",)


def test_a_step_that_three_classes_cannot_make_is_refused() -> None:
    with pytest.raises(BadCounts):
        nps_paired(Counts.of({3: 1, 0: 5}))


def test_one_customer_is_too_few() -> None:
    with pytest.raises(TooFewAnswers):
        nps_paired(Counts.of({1: 1}))


@given(some)
def test_the_way_back_is_the_mirror_of_the_way_there_for_pairs(counts: Counts) -> None:
    there, back = nps_paired(counts), nps_paired(counts.negated())
    assert (there.low, there.value, there.high) == pytest.approx((-back.high, -back.value, -back.low))
    assert there.p == pytest.approx(back.p)
    assert -200 <= there.low <= there.value <= there.high <= 200
    assert 0 < there.p <= 1


@pytest.mark.parametrize(
    "shares",
    [(0.02, 0.03, 0.9, 0.03, 0.02), (0.02, 0.05, 0.6, 0.2, 0.13), (0, 0, 0.2, 0.3, 0.5), (0, 0, 0.9, 0.1, 0)],
)
def test_the_paired_interval_covers_the_truth_often_enough(shares: tuple[float, ...]) -> None:
    from scipy.stats import multinomial

    n, held = 8, 0.0
    truth = 100 * float(np.dot(shares, (-2, -1, 0, 1, 2)))
    for row in itertools.product(range(n + 1), repeat=4):
        if sum(row) <= n:
            counts = (*row, n - sum(row))
            chance = multinomial.pmf(counts, n=n, p=shares)
            if chance > 1e-9:
                found = nps_paired(Counts.likert(counts, start=-2))
                held += chance * (found.low - 1e-9 <= truth <= found.high + 1e-9)
    assert held >= 0.94


def test_the_paired_step_is_the_t_test_of_scipy() -> None:
    from scipy.stats import ttest_rel

    rng = np.random.default_rng(1)
    a, b = rng.normal(size=30), rng.normal(size=30) + 0.3
    found, other = mean_paired(a, b), ttest_rel(b, a)
    interval = other.confidence_interval()
    assert (found.value, found.p) == pytest.approx((float((b - a).mean()), other.pvalue))
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))


def test_equal_steps_have_no_width_and_the_p_of_the_sign_test() -> None:
    moved = mean_paired([1, 2, 3], [2, 3, 4])
    assert (moved.value, moved.low, moved.high, moved.p) == (1, 1, 1, 0.25)
    assert moved.warnings == (Caution.ALL_EQUAL,)
    assert mean_paired([0, 0], [0, 0]).p == 1


@pytest.mark.parametrize(("a", "b"), [([1, 2], [1]), ([1, math.nan], [1, 2]), ([[1, 2]], [[1, 2]])])
def test_pairs_that_cannot_be_are_refused(a: list, b: list) -> None:
    with pytest.raises(BadCounts):
        mean_paired(a, b)


def test_one_pair_is_too_few() -> None:
    with pytest.raises(TooFewAnswers):
        mean_paired([1], [2])
