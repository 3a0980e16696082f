"""CUSUM: small lasting shifts, with a known rate of false alerts (behaviour 3.1)."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.frozen import frozen

from mindgap.measure.cusum import cusum, run_length, threshold
from mindgap.measure.errors import BadArgument, BadCounts, NotConverged

REFERENCE = frozen("change")["run_length"]
series = st.lists(st.floats(-6, 6), max_size=40)


@pytest.mark.parametrize("h", ["4", "5"])
def test_the_average_run_length_is_that_of_the_tables(h: str) -> None:
    quiet, shifted = REFERENCE[h]
    assert run_length(float(h)).mean == pytest.approx(quiet, abs=0.5)
    assert run_length(float(h), shift=1).mean == pytest.approx(shifted, abs=0.05)


def test_a_head_start_finds_sooner_what_is_there_already() -> None:
    """Lucas and Crosier (1982), table 1: h = 5, k = 0.5, head start 2.5: 430 and 6.35."""
    assert run_length(5, head_start=2.5).mean == pytest.approx(430, abs=1)
    assert run_length(5, head_start=2.5, shift=1).mean == pytest.approx(6.35, abs=0.01)


def test_two_sides_signal_as_often_as_both_together() -> None:
    one = run_length(5, sides="fall").mean
    assert run_length(5).mean == pytest.approx(one / 2)
    assert run_length(5, sides="rise").mean == pytest.approx(one)


def test_a_fall_is_found_by_the_falling_sum_only() -> None:
    falling, rising = run_length(5, shift=-1, sides="fall"), run_length(5, shift=-1, sides="rise")
    assert falling.mean == pytest.approx(run_length(5, shift=1, sides="rise").mean)
    assert rising.mean > 1e6


def test_an_estimated_baseline_errs_more_often_than_a_known_one() -> None:
    known, short, long = (run_length(5, baseline=m) for m in (None, 26, 10_000))
    assert short.between < known.between
    assert short.poor < short.between < short.mean
    assert long.between == pytest.approx(known.between, rel=0.01)
    assert known.mean == known.between == known.poor
    assert run_length(5, baseline=26, sides="fall").poor < run_length(5, sides="fall").poor


def test_a_longer_baseline_never_errs_more() -> None:
    found = [run_length(4, baseline=m).between for m in (5, 10, 26, 52, 104)]
    assert found == sorted(found)


def test_limits_wide_beyond_reach_stay_finite() -> None:
    assert run_length(30, k=0.1).mean == pytest.approx(12551, rel=0.01)
    assert math.isfinite(run_length(20, k=2).mean)
    assert math.isfinite(run_length(20, k=2).between)


@pytest.mark.parametrize("baseline", [None, 26.0])
@pytest.mark.parametrize("sides", ["fall", "both"])
def test_the_threshold_holds_what_it_was_asked_for(baseline: float | None, sides: str) -> None:
    h = threshold(416.0, k=0.75, baseline=baseline, sides=sides)
    assert run_length(h, k=0.75, baseline=baseline, sides=sides).between == pytest.approx(416, rel=1e-4)


def test_a_baseline_too_short_is_told() -> None:
    with pytest.raises(NotConverged):
        threshold(1e12, k=0.0)


@pytest.mark.slow
def test_signals_come_as_often_as_stated_with_an_estimated_baseline() -> None:
    rng, weeks, runs = np.random.default_rng(5), 400, 700
    h = threshold(100.0, k=0.75, baseline=26.0, sides="fall")
    errors = rng.normal(0, 26**-0.5, runs)
    found = [cusum(rng.normal(-e, 1, weeks), k=0.75, h=h, sides="fall").signals for e in errors]
    rate = -np.array(found).mean()
    assert 1 / rate == pytest.approx(100, rel=0.08)


@pytest.mark.slow
def test_run_lengths_are_those_of_many_runs() -> None:
    rng = np.random.default_rng(9)
    lengths = []
    for _ in range(600):
        found = np.flatnonzero(cusum(rng.normal(1, 1, 80), k=0.5, h=4, restart=False).signals)
        lengths.append(found[0] + 1)
    assert np.mean(lengths) == pytest.approx(8.38, abs=0.4)


def test_a_lasting_fall_adds_up() -> None:
    found = cusum([0, 0, -1.5, -1.5, -1.5, -1.5, -1.5], k=0.5, h=3.5)
    assert found.signals.tolist() == [0, 0, 0, 0, 0, -1, 0]
    assert found.began[5] == 2
    assert found.falls.tolist() == [0, 0, 1, 2, 3, 4, 1]
    assert found.began.tolist().count(-1) == 6


def test_without_restart_each_period_beyond_signals() -> None:
    assert cusum([5, 5, 5], k=0.5, h=4, restart=False).signals.tolist() == [1, 1, 1]
    assert cusum([5, 5, 5], k=0.5, h=4, sides="fall").signals.tolist() == [0, 0, 0]
    assert cusum([-5], k=0.5, h=4, sides="rise").signals.tolist() == [0]


def test_a_period_without_answers_changes_nothing() -> None:
    found = cusum([3, math.nan, 3], k=0.5, h=4.5)
    assert found.rises.tolist() == [2.5, 2.5, 5.0]
    assert found.signals.tolist() == [0, 0, 1]
    beyond = cusum([9, math.nan], k=0.5, h=4.5, restart=False)
    assert beyond.signals.tolist() == [1, 0]


def test_no_periods_have_no_signals() -> None:
    assert cusum([]).signals.size == 0


@given(series)
def test_turning_the_series_over_turns_the_signals_over(z: list[float]) -> None:
    up, down = cusum(z, k=0.5, h=4), cusum([-x for x in z], k=0.5, h=4)
    assert up.signals.tolist() == (-down.signals).tolist()
    assert up.rises.tolist() == down.falls.tolist()


@given(series, st.floats(0, 3.9))
def test_sums_are_never_negative_and_a_head_start_never_lowers_them(z: list[float], head: float) -> None:
    plain, ahead = (cusum(z, k=0.5, h=4, head_start=at, restart=False) for at in (0.0, head))
    assert (plain.falls >= 0).all()
    assert (ahead.falls >= plain.falls - 1e-9).all()


@pytest.mark.parametrize(
    "wrong", [{"k": -1}, {"k": math.nan}, {"h": 0}, {"h": math.inf}, {"sides": "up"}, {"head_start": 5}]
)
def test_impossible_sums_are_refused(wrong: dict) -> None:
    with pytest.raises(BadArgument):
        cusum([1.0], **wrong)


@pytest.mark.parametrize("wrong", [{"shift": math.inf}, {"baseline": 0}, {"baseline": math.nan}])
def test_impossible_run_lengths_are_refused(wrong: dict) -> None:
    with pytest.raises(BadArgument):
        run_length(5, **wrong)


def test_an_impossible_threshold_is_refused() -> None:
    with pytest.raises(BadArgument):
        threshold(1.0)
    with pytest.raises(BadArgument):
        threshold(math.inf)


@pytest.mark.parametrize("wrong", [[math.inf], [[1.0, 2.0]]])
def test_values_that_cannot_be_are_refused(wrong: list) -> None:
    with pytest.raises(BadCounts):
        cusum(wrong)
