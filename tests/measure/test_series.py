"""Interrupted time series (R81, R84)."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.frozen import frozen
from tests.measure.sets import driver_deaths, seatbelts

from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.series import interrupted, seasonal

REFERENCE = frozen("change")
SERIES = [5.0, 6.0, 5.5, 6.2, 5.1, 5.9, 8.0, 9.1, 8.7, 8.2, 9.3, 8.8]
series = st.lists(st.floats(-100, 100), min_size=12, max_size=20).filter(lambda y: np.ptp(y) > 1)


def test_the_seat_belt_law_is_as_in_the_reference() -> None:
    drivers = driver_deaths()["UKDriverDeaths"]
    found = interrupted(drivers, start=169, season=12, harmonics=2, lags=12, log=True)
    row = REFERENCE["series"]
    assert found.step.value == pytest.approx(row["step"], abs=5e-6)
    assert found.bend.value == pytest.approx(row["bend"], abs=5e-6)
    assert found.step_se == pytest.approx(row["nw_se"], abs=5e-6)
    assert found.plain_step_se == pytest.approx(row["se"], abs=5e-5)
    assert found.durbin_watson == pytest.approx(row["dw"], abs=5e-3)
    assert found.step_share is not None
    assert found.step_share.value == pytest.approx(row["share"], abs=5e-4)


def test_plain_standard_errors_are_those_of_statsmodels() -> None:
    drivers = driver_deaths()["UKDriverDeaths"]
    found = interrupted(drivers, start=169, season=12, harmonics=2, lags=12, log=True)
    row = REFERENCE["newey_west"]
    assert found.step_se == pytest.approx(row["step_se"], rel=1e-9)
    assert found.bend_se == pytest.approx(row["bend_se"], rel=1e-9)
    assert found.plain_step_se == pytest.approx(row["plain"], rel=1e-9)


def test_the_drivers_are_those_of_the_seat_belt_table() -> None:
    assert seatbelts()["Seatbelts.drivers"].tolist() == driver_deaths()["UKDriverDeaths"].tolist()


def test_average_and_latest_are_distances_from_the_old_line() -> None:
    found = interrupted(SERIES, start=6)
    old = np.polyfit(np.arange(6), SERIES[:6], 1)
    new = np.polyfit(np.arange(6, 12), SERIES[6:], 1)
    apart = np.polyval(new, np.arange(6, 12)) - np.polyval(old, np.arange(6, 12))
    assert found.average.value == pytest.approx(apart.mean())
    assert found.latest.value == pytest.approx(apart[-1])
    assert found.trend.value == pytest.approx(old[0])
    assert found.bend.value == pytest.approx(new[0] - old[0])
    assert found.share is None


def test_a_logarithm_gives_shares() -> None:
    found = interrupted(SERIES, start=6, log=True)
    assert found.share is not None
    assert found.share.value == pytest.approx(math.expm1(found.average.value))
    assert found.share.low <= found.share.value <= found.share.high


def test_a_season_is_taken_out() -> None:
    rng = np.random.default_rng(1)
    time = np.arange(72)
    season = 5 * np.sin(2 * np.pi * time / 12)
    y = season + 2.0 * (time >= 40) + rng.normal(0, 0.5, 72)
    for harmonics in (None, 2, 6):
        found = interrupted(y, start=40, season=12, harmonics=harmonics)
        assert found.average.value == pytest.approx(2, abs=0.8)
        assert not found.average.excludes(2)
    assert found.lags == 12


def test_covariates_and_weights_count() -> None:
    price = np.array([0.0, 1, 0, 1, 0, 1, 3, 3, 4, 3, 4, 3])
    y = np.array(SERIES) + 2 * price
    held = interrupted(y, start=6, covariates=price)
    assert held.average.value == pytest.approx(interrupted(SERIES, start=6, covariates=price).average.value)
    heavy = interrupted(SERIES, start=6, weights=[100, *[1] * 11])
    assert heavy.step.value != pytest.approx(interrupted(SERIES, start=6).step.value)


@settings(max_examples=30)
@given(series, st.floats(0.01, 100), st.floats(-50, 50))
def test_the_unit_and_the_origin_change_no_p_value(y: list[float], unit: float, origin: float) -> None:
    one = interrupted(y, start=5)
    other = interrupted(unit * np.array(y) + origin, start=5)
    assert other.step.value == pytest.approx(unit * one.step.value, abs=1e-6 * unit)
    assert other.p_average == pytest.approx(one.p_average, abs=1e-5)
    assert one.average.low <= one.average.value <= one.average.high
    assert 0 <= one.neighbours <= 0.9


def test_harmonics_as_many_as_the_season_allows_are_its_means() -> None:
    """The same space: fitted values agree."""
    for season in (4, 7):
        full, waves = (seasonal(28, season=season, harmonics=h) for h in (None, season // 2))
        y = np.random.default_rng(3).normal(size=28)
        fits = [
            block @ np.linalg.lstsq(block, y, rcond=None)[0]
            for block in (np.column_stack([np.ones(28), x]) for x in (full, waves))
        ]
        assert fits[0] == pytest.approx(fits[1])
        assert full.shape == waves.shape


def test_short_or_like_series_are_warned_of() -> None:
    assert Caution.SHORT_BASELINE in interrupted(SERIES, start=6).warnings
    rng = np.random.default_rng(2)
    walk = rng.normal(size=80).cumsum()
    assert Caution.AUTOCORRELATED in interrupted(walk, start=40).warnings
    assert interrupted(rng.normal(size=80), start=40).warnings == ()


def test_series_that_cannot_be_are_refused() -> None:
    with pytest.raises(TooFewAnswers):
        interrupted([], start=0)
    with pytest.raises(TooFewAnswers):
        interrupted(SERIES, start=2)
    with pytest.raises(TooFewAnswers):
        interrupted(SERIES, start=6, season=12)
    with pytest.raises(NotIdentified):
        interrupted([5.0] * 12, start=6)
    with pytest.raises(NotIdentified):
        interrupted(SERIES, start=6, covariates=np.arange(12))
    for wrong in ({"season": 1}, {"season": 4, "harmonics": 3}, {"harmonics": 2}, {"lags": 12}, {"lags": -1}):
        with pytest.raises(BadArgument):
            interrupted(SERIES, start=6, **wrong)
    for y in ([*SERIES[:-1], math.nan], [SERIES]):
        with pytest.raises(BadCounts):
            interrupted(y, start=6)
    with pytest.raises(BadCounts):
        interrupted([0, *SERIES], start=6, log=True)
    with pytest.raises(BadCounts):
        interrupted(SERIES, start=6, covariates=[1, 2])


@pytest.mark.slow
@pytest.mark.parametrize(("m", "rho"), [(30, 0.0), (30, 0.3), (60, 0.4)])
def test_intervals_hold_no_effect_as_often_as_they_say(m: int, rho: float) -> None:
    """Plain Newey-West intervals hold it in 75 to 83 % of these series."""
    rng, runs, held = np.random.default_rng(41), 250, 0
    for _ in range(runs):
        rests = rng.normal(size=m + 20)
        for i in range(1, m + 20):
            rests[i] += rho * rests[i - 1]
        held += not interrupted(rests[20:], start=m // 2).average.excludes(0)
    assert held / runs >= 0.915
