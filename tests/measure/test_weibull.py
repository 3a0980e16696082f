import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mindgap.measure.errors import BadArgument, NotIdentified, TooFewAnswers
from mindgap.measure.waits import Waits
from mindgap.measure.weibull import _log_likelihood, patience_weibull

INF = math.inf
GRID = np.array([0, 1, 2, 3, 5, 7, 10, INF])


def sample(n: int, seed: int, shape: float = 1.5) -> Waits:
    at = 5 * np.random.default_rng(seed).weibull(shape, n)
    place = np.searchsorted(GRID, at)
    return Waits(GRID[place - 1], GRID[place])


def test_the_curve_is_that_of_lifelines() -> None:
    from lifelines import WeibullFitter

    waits = sample(150, 1)
    other = WeibullFitter().fit_interval_censoring(waits.lower, waits.upper, weights=waits.counts)
    found = patience_weibull(waits, at=[4])
    assert found.shape.value == pytest.approx(other.rho_, rel=1e-4)
    assert found.scale.value == pytest.approx(other.lambda_, rel=1e-4)
    assert found.log_likelihood == pytest.approx(other.log_likelihood_, abs=1e-5)
    se = other.summary["se(coef)"]
    z = 1.959964
    assert math.log(found.scale.high / found.scale.value) == pytest.approx(
        z * se["lambda_"] / other.lambda_, rel=2e-3
    )
    assert math.log(found.shape.high / found.shape.value) == pytest.approx(
        z * se["rho_"] / other.rho_, rel=2e-3
    )
    assert found.still[0][1].value == pytest.approx(
        float(other.survival_function_at_times(4).iloc[0]), abs=1e-5
    )
    assert dict(found.quantiles)[0.5].value == pytest.approx(other.median_survival_time_, rel=1e-4)


def test_exact_answers_are_taken_as_such() -> None:
    from scipy.stats import weibull_min

    at = 3 * np.random.default_rng(2).weibull(2, 80)
    found = patience_weibull(Waits(at, at))
    shape, _, scale = weibull_min.fit(at, floc=0)
    assert (found.shape.value, found.scale.value) == pytest.approx((shape, scale), rel=1e-4)


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.sampled_from([1 / 60, 24.0, 1440.0]))
def test_the_unit_of_time_changes_the_scale_only(seed: int, unit: float) -> None:
    waits = sample(40, seed)
    one = patience_weibull(waits, at=[3])
    other = patience_weibull(
        Waits(waits.lower * unit, waits.upper * unit, counts=waits.counts), at=[3 * unit]
    )
    assert other.shape.value == pytest.approx(one.shape.value, rel=1e-4)
    assert other.scale.high == pytest.approx(unit * one.scale.high, rel=1e-3)
    assert other.still[0][1].low == pytest.approx(one.still[0][1].low, abs=1e-3)
    for _, at in (*one.quantiles, *one.still):
        assert at.low <= at.value <= at.high


@pytest.mark.parametrize(
    ("low", "high", "error"),
    [
        ([], [], TooFewAnswers),
        ([1, 2], [2, 3], TooFewAnswers),
        ([2, 2, 2], [5, 5, 5], NotIdentified),
        ([2, 3, 4], [INF, INF, INF], NotIdentified),
        ([0, 0, 0], [2, 5, 7], NotIdentified),
        ([3, 3, 3], [3, 3, 3], NotIdentified),
        ([0, 0, 10, 10], [1, 1, INF, INF], NotIdentified),
        ([0, 1, 2], [0, 3, 4], BadArgument),
    ],
)
def test_answers_that_fit_no_curve_are_refused(low: list, high: list, error: type[Exception]) -> None:
    with pytest.raises(error):
        patience_weibull(Waits(low, high))


def test_arguments_out_of_range_are_refused() -> None:
    for how in ({"quantiles": [1]}, {"at": [0]}, {"at": [INF]}, {"level": 0}):
        with pytest.raises(BadArgument):
            patience_weibull(sample(40, 1), **how)


def test_curves_beyond_numbers_are_impossible_rather_than_undefined() -> None:
    assert _log_likelihood(sample(40, 1), 60.0, -60.0) == -1e300


@pytest.mark.slow
def test_limits_of_median_and_shape_cover() -> None:
    median, shape, runs = 0, 0, 150
    true = 5 * math.log(2) ** (1 / 1.5)
    for seed in range(runs):
        found = patience_weibull(sample(60, seed), quantiles=[0.5])
        median += found.quantiles[0][1].low <= true <= found.quantiles[0][1].high
        shape += found.shape.low <= 1.5 <= found.shape.high
    assert median / runs >= 0.92
    assert shape / runs >= 0.92
