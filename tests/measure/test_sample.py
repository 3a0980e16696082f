import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.frozen import frozen

from mindgap.measure import (
    WORST_NPS_VARIANCE,
    WORST_SHARE_VARIANCE,
    BadArgument,
    answers_for_margin,
    answers_to_detect,
    detectable,
    finite_correction,
    margin_of,
    nps_variance,
)

REFERENCE = frozen("scores")["sample_size"]
GOOD = nps_variance(promoters=0.6, detractors=0.15)


def test_answers_for_a_margin_are_the_known_figures() -> None:
    assert answers_for_margin(0.05, variance=GOOD) == REFERENCE["margin_05"]
    assert answers_for_margin(0.05, variance=WORST_NPS_VARIANCE) == REFERENCE["margin_05_worst"]
    fair = nps_variance(promoters=0.5, detractors=0.2)
    assert answers_for_margin(0.10, variance=fair) == REFERENCE["margin_10"]
    assert answers_for_margin(0.10, variance=WORST_NPS_VARIANCE) == REFERENCE["margin_10_worst"]
    assert answers_for_margin(0.05, variance=WORST_SHARE_VARIANCE) == 385


def test_a_population_of_a_thousand_needs_fewer() -> None:
    assert answers_for_margin(0.05, variance=GOOD, population=1000) == REFERENCE["margin_05_of_1000"]


def test_answers_to_detect_ten_points_are_the_known_figure() -> None:
    assert answers_to_detect(0.10, sd=0.8) == REFERENCE["detect_10_points_sd_80"]
    assert answers_to_detect(-0.10, sd=0.8) == REFERENCE["detect_10_points_sd_80"]


def test_what_is_detectable_is_what_the_answers_were_for() -> None:
    n = answers_to_detect(0.10, sd=0.8)
    assert detectable(n, n, sd=0.8) == pytest.approx(0.10, abs=1e-4)
    uneven = answers_to_detect(0.10, sd=0.8, ratio=3)
    assert detectable(uneven, 3 * uneven, sd=0.8) == pytest.approx(0.10, abs=1e-4)


def test_half_power_needs_only_the_critical_value() -> None:
    assert detectable(100, 100, sd=1, power=0.5) == pytest.approx(1.959964 * math.sqrt(0.02))


def test_the_margin_of_so_many_answers_is_the_way_back() -> None:
    assert margin_of(842, variance=GOOD) == pytest.approx(0.05, abs=1e-4)


def test_the_finite_correction_is_the_known_figure() -> None:
    row = frozen("scores")["finite_population"]
    found = row["se"] * finite_correction(row["n"], population=row["population"])
    assert found == pytest.approx(row["corrected"], abs=5e-5)


def test_an_endless_population_corrects_nothing_and_a_census_everything() -> None:
    assert finite_correction(80, population=None) == 1
    assert finite_correction(80, population=80) == 0
    assert finite_correction(1, population=1) == 0


@pytest.mark.parametrize("population", [0, 79, math.nan])
def test_a_population_holds_at_least_its_sample(population: float) -> None:
    with pytest.raises(BadArgument):
        finite_correction(80, population=population)


@pytest.mark.parametrize("bad", [0, -1, math.nan, math.inf])
def test_impossible_plans_are_refused(bad: float) -> None:
    asks = (
        lambda: answers_for_margin(bad, variance=1),
        lambda: answers_for_margin(1, variance=bad),
        lambda: answers_for_margin(1, variance=1, population=bad),
        lambda: answers_to_detect(1, sd=bad),
        lambda: answers_to_detect(1, sd=1, ratio=bad),
        lambda: answers_to_detect(1, sd=1, power=bad),
        lambda: detectable(bad, 1, sd=1),
        lambda: detectable(1, bad, sd=1),
        lambda: detectable(1, 1, sd=bad),
        lambda: margin_of(bad, variance=1),
        lambda: margin_of(1, variance=bad),
    )
    for ask in asks:
        with pytest.raises(BadArgument):
            ask()
    for nothing in (0, math.nan):
        with pytest.raises(BadArgument):
            answers_to_detect(nothing, sd=1)


@pytest.mark.parametrize(("promoters", "detractors"), [(-0.1, 0.5), (0.6, 0.5), (math.nan, 0)])
def test_shares_beyond_the_whole_are_refused(promoters: float, detractors: float) -> None:
    with pytest.raises(BadArgument):
        nps_variance(promoters=promoters, detractors=detractors)


@given(st.floats(0.001, 0.5), st.integers(1, 10**7))
def test_a_population_never_asks_for_more_answers_than_it_has(margin: float, population: int) -> None:
    needed = answers_for_margin(margin, variance=1, population=population)
    assert 1 <= needed <= max(population, 1)
    assert needed <= answers_for_margin(margin, variance=1)
