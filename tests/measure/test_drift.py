import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.measure.counts import Counts
from mindgap.measure.drift import remembered, trend, wave_step
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.linear import linear
from mindgap.measure.mean import mean, mean_difference
from mindgap.measure.paired import mean_paired


def waves(seed: int = 1, n: int = 30) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Expectation of n customers asked in four waves, rising by .3 each."""
    rng = np.random.default_rng(seed)
    who, at = np.repeat(np.arange(n), 4), np.tile(np.arange(4.0), n)
    return 5 + rng.normal(size=n)[who] + 0.3 * at + rng.normal(size=4 * n), at, who


def test_the_slope_is_that_of_statsmodels_plain_and_by_customer() -> None:
    """R164: a long trend."""
    import statsmodels.api as sm

    y, at, who = waves()
    model = sm.OLS(y, sm.add_constant(at))
    for found, other in (
        (trend(y, at), model.fit(cov_type="HC3", use_t=True)),
        (trend(y, at, customers=who), model.fit(cov_type="cluster", cov_kwds={"groups": who}, use_t=True)),
    ):
        assert found.slope.value == pytest.approx(other.params[1])
        assert (found.slope.low, found.slope.high) == pytest.approx(other.conf_int()[1])
        assert found.p == pytest.approx(other.pvalues[1])
        assert found.change.value == pytest.approx(3 * found.slope.value)


def test_levels_are_the_means_of_the_periods() -> None:
    y, at, _ = waves()
    found = trend(y, at)
    assert found.levels == tuple((one, mean(Counts.observed(y[at == one]))) for one in (0, 1, 2, 3))
    assert found.curved is not None
    assert found.curved > 0.05
    bent = trend(np.concatenate([y, y]) + np.tile(at, 2) ** 2, np.tile(at, 2))
    assert bent.curved is not None
    assert bent.curved < 1e-6


@given(st.integers(0, 10_000), st.floats(0.01, 100), st.floats(-2000, 2000))
def test_order_and_unit_and_start_of_time_do_not_matter(seed: int, unit: float, start: float) -> None:
    y, at, who = waves(seed, 8)
    turned = np.random.default_rng(seed).permutation(y.size)
    one = trend(y, at, customers=who)
    other = trend(y[turned], start + unit * at[turned], customers=who[turned])
    assert other.slope.value * unit == pytest.approx(one.slope.value, abs=1e-7)
    assert other.change.high == pytest.approx(one.change.high, abs=1e-7)
    assert other.p == pytest.approx(one.p, abs=1e-7)


def test_counts_of_values_say_the_same_as_answers() -> None:
    y, at = np.array([5, 6, 5, 7, 6, 8.0]), np.array([1, 1, 2, 2, 3, 3.0])
    counts = np.array([3, 2, 4, 0, 2, 5])
    one, other = trend(y, at, counts=counts), trend(np.repeat(y, counts), np.repeat(at, counts))
    assert one.slope.low == pytest.approx(other.slope.low)
    assert one.levels == other.levels


def test_an_expectation_that_nobody_changes_has_slope_0() -> None:
    found = trend([5, 5, 5, 5], [1, 1, 2, 2])
    assert found.slope.value == pytest.approx(0, abs=1e-12)
    assert found.slope.warnings == (Caution.ALL_EQUAL,)
    assert found.p == 1


def test_single_answers_in_a_period_have_no_level_but_count() -> None:
    found = trend([5, 6, 7], [1, 1, 2])
    assert found.levels[1] == (2, None)
    assert found.curved is None
    assert found.slope.value == pytest.approx(1.5)
    alone = trend([5, 6, 7.5, 7], [1, 1, 2, 3])
    assert alone.curved is not None


@pytest.mark.parametrize(
    ("y", "at", "how", "error"),
    [
        ([], [], {}, TooFewAnswers),
        ([5, 6], [1, 2], {}, TooFewAnswers),
        ([5, 6, 7], [1, 1, 1], {}, NotIdentified),
        ([5, 6, math.nan], [1, 2, 3], {}, BadCounts),
        ([5, 6, 7], [1, 2, math.inf], {}, BadCounts),
        ([5, 6, 7], [1, 2], {}, BadCounts),
        ([[5, 6, 7]], [[1, 2, 3]], {}, BadCounts),
        ([5, 6, 7], [1, 2, 3], {"counts": [1, -1, 1]}, BadCounts),
        ([5, 6, 7], [1, 2, 3], {"customers": [1, 2]}, BadCounts),
        ([5, 6, 7], [1, 2, 3], {"customers": [1, 1, 1]}, TooFewAnswers),
        ([5, 6, 8], [1, 2, 3], {"level": 1}, BadArgument),
    ],
)
def test_what_is_no_trend_is_refused(y: list, at: list, how: dict, error: type[Exception]) -> None:
    with pytest.raises(error):
        trend(y, at, **how)


def test_other_customers_are_compared_by_welch() -> None:
    a, b = [5, 6, 7, 6], [6, 7, 8]
    found = wave_step(a, b)
    assert found.everyone == mean_difference(Counts.observed(a), Counts.observed(b))
    assert (found.same, found.n_same) == (None, 0)
    apart = wave_step(a, b, customers_a=list("abcd"), customers_b=list("xyz"))
    assert apart.everyone == found.everyone


def test_the_same_customers_are_compared_in_pairs() -> None:
    a, b = np.array([5, 6, 7, 6.0]), np.array([6, 7, 8, 6.0])
    found = wave_step(a, b, customers_a=[1, 2, 3, 4], customers_b=[4, 3, 2, 9])
    assert found.n_same == 3
    assert found.same == mean_paired(a[[1, 2, 3]], b[[2, 1, 0]])
    assert found.everyone.value == pytest.approx(b.mean() - a.mean())
    one = wave_step(a, b, customers_a=[1, 2, 3, 4], customers_b=[4, 5, 6, 7])
    assert (one.same, one.n_same) == (None, 1)


@given(st.integers(0, 10_000))
def test_for_full_overlap_the_step_of_everyone_is_nearly_the_paired_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a = rng.normal(size=40)
    b = a + rng.normal(size=40)
    found = wave_step(a, b, customers_a=np.arange(40), customers_b=np.arange(40))
    assert found.same is not None
    assert found.everyone.value == pytest.approx(found.same.value)
    # CR1 carries the small factor (n - 1) / (n - 2) over 2 x 40 answers.
    widths = [one.high - one.low for one in (found.everyone, found.same)]
    assert widths[0] / widths[1] == pytest.approx(math.sqrt(79 / 78), rel=1e-6)
    back = wave_step(b, a, customers_a=np.arange(40), customers_b=np.arange(40))
    assert back.everyone.value == pytest.approx(-found.everyone.value)
    assert back.everyone.p == pytest.approx(found.everyone.p)


def test_waves_without_spread_have_no_width() -> None:
    found = wave_step([5, 5], [6, 6], customers_a=[1, 2], customers_b=[1, 2])
    assert found.everyone.warnings == (Caution.ALL_EQUAL,)
    assert found.same is not None
    assert found.same.value == 1


@pytest.mark.parametrize(
    ("a", "b", "how", "error"),
    [
        ([], [1, 2], {}, TooFewAnswers),
        ([1, 2], [1], {}, TooFewAnswers),
        ([1, math.nan], [1, 2], {}, BadCounts),
        ([[1, 2]], [1, 2], {}, BadCounts),
        ([1, 2], [1, 2], {"customers_a": [1], "customers_b": [1, 2]}, BadCounts),
        ([1, 2], [1, 2], {"customers_a": [1, 2], "customers_b": [1]}, BadCounts),
        ([1, 2], [1, 2], {"customers_a": [1, 1], "customers_b": [1, 2]}, BadCounts),
        ([1, 2], [1, 2], {"customers_a": [1, 2], "customers_b": [2, 2]}, BadCounts),
    ],
)
def test_what_are_no_waves_is_refused(a: list, b: list, how: dict, error: type[Exception]) -> None:
    with pytest.raises(error):
        wave_step(a, b, **how)


def test_memory_that_moves_to_what_happened_is_seen() -> None:
    """Expectation asked afterwards is contaminated by the experience."""
    rng = np.random.default_rng(2)
    before, got = rng.normal(6, 1, 200), rng.normal(4, 1, 200)
    after = 0.6 * before + 0.4 * got + rng.normal(0, 0.3, 200)
    found = remembered(before, after, experienced=got)
    assert found.shift == mean_paired(before, after)
    assert found.shift.high < 0
    assert found.pull is not None
    assert found.pull.low < 0.4 < found.pull.high
    assert found.pull.low > 0.3
    assert remembered(before, after).pull is None
    clean = remembered(before, before + rng.normal(0, 0.3, 200), experienced=got)
    assert clean.pull is not None
    assert clean.pull.low < 0 < clean.pull.high
    fit = linear(after, {"before": before, "experienced": got})
    assert found.pull == fit.estimate("experienced")


@pytest.mark.parametrize(
    ("before", "after", "got", "error"),
    [
        ([5], [5], None, TooFewAnswers),
        ([5, 6, 7], [5, 6, 6], [4, 5, 7], TooFewAnswers),
        ([5, 6, 7, 8], [5, 6, 6, 7], [5, 6, 7, 8], NotIdentified),
        ([5, 6, 7, 8], [5, 6, 6, 7], [5, 5, 5, 5], NotIdentified),
        ([5, 6], [5, math.nan], None, BadCounts),
        ([5, 6, 7, 8], [5, 6, 6, 7], [5, 6], BadCounts),
    ],
)
def test_what_cannot_be_remembered_is_refused(
    before: list, after: list, got: object, error: type[Exception]
) -> None:
    with pytest.raises(error):
        remembered(before, after, experienced=got)


@pytest.mark.slow
def test_the_trend_of_returning_customers_is_rarely_found_where_there_is_none() -> None:
    false, runs = 0, 300
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        who, at = np.repeat(np.arange(30), 4), np.tile(np.arange(4.0), 30)
        # Every customer has a trend of their own, on average none.
        y = rng.normal(size=30)[who] + 0.5 * rng.normal(size=30)[who] * at + rng.normal(size=120)
        false += trend(y, at, customers=who).p < 0.05
    assert false / runs <= 0.085
