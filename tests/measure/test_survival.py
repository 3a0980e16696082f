import math

import numpy as np
import pytest
from tests.measure.frozen import frozen

from mindgap.measure import BadArgument, BadCounts, Outcomes, TooFewAnswers, survival

REFERENCE = frozen("survival")


def reference_outcomes() -> Outcomes:
    return Outcomes(REFERENCE["values"], completed=REFERENCE["completed"], still_open=REFERENCE["still_open"])


def test_the_curve_and_its_band_are_those_frozen_from_lifelines() -> None:
    curve = survival(reference_outcomes())
    assert curve.share == pytest.approx(REFERENCE["survival"])
    assert curve.low == pytest.approx(REFERENCE["low"])
    assert curve.high == pytest.approx(REFERENCE["high"])
    assert curve.at_risk[0] == 60


def test_random_orders_give_the_curve_of_lifelines() -> None:
    from lifelines import KaplanMeierFitter

    rng = np.random.default_rng(20)
    for n in (3, 40, 300):
        days, done = rng.integers(1, 15, n), rng.random(n) < 0.7
        fit = KaplanMeierFitter().fit(days, done)
        outcomes = Outcomes(days, completed=done, still_open=~done)
        curve = survival(outcomes)
        expected = fit.survival_function_.loc[curve.values].to_numpy().ravel()
        band = fit.confidence_interval_.loc[curve.values].to_numpy()
        inside = (curve.share > 0) & (curve.share < 1)
        assert curve.share == pytest.approx(expected)
        assert np.column_stack([curve.low, curve.high])[inside] == pytest.approx(band[inside])


def test_the_band_is_nan_where_the_data_give_no_variance() -> None:
    curve = survival(Outcomes([1, 2], completed=[0, 3], still_open=[2, 0]))
    assert curve.share.tolist() == [1, 0]
    assert np.isnan([curve.low, curve.high]).all()
    assert curve.greenwood.tolist() == [0, math.inf]


def test_orders_are_sorted_merged_and_added_up() -> None:
    one = Outcomes([3, 1, 3], completed=[1, 2, 3])
    assert one.values.tolist() == [1, 3]
    assert one.completed.tolist() == [2, 4]
    assert one.still_open.tolist() == [0, 0]
    both = one + Outcomes([2], completed=[0], still_open=[5])
    assert both.values.tolist() == [1, 2, 3]
    assert both.n == 11
    with pytest.raises(TypeError):
        one + 1


@pytest.mark.parametrize(
    ("values", "completed", "still_open"),
    [
        ([1], [-1], [0]),
        ([1], [1], [-1]),
        ([math.nan], [1], [0]),
        ([1, 2], [1], [0]),
        (1, 1, 0),
        ([1], [1], [1, 2]),
    ],
)
def test_impossible_outcomes_are_refused(values: object, completed: object, still_open: object) -> None:
    with pytest.raises(BadCounts):
        Outcomes(values, completed=completed, still_open=still_open)


def test_without_orders_there_is_no_curve() -> None:
    with pytest.raises(TooFewAnswers):
        survival(Outcomes([], completed=[]))
    with pytest.raises(BadArgument):
        survival(Outcomes([1], completed=[1]), level=2)


def test_weights_that_are_fractions_end_at_zero_exactly() -> None:
    curve = survival(Outcomes([1, 2, 3], completed=[0.1, 0.2, 0.3]))
    assert curve.share[-1] == 0
