"""Looking early (R83)."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.frozen import frozen

from mindgap.measure.errors import BadArgument, BadCounts, TooFewAnswers
from mindgap.measure.looks import any_time, even_bounds, goal, peeking, spending_bounds

REFERENCE = frozen("change")
shares = st.lists(st.integers(1, 100), min_size=1, max_size=6, unique=True).map(
    lambda xs: [x / 100 for x in sorted(xs)]
)


@pytest.mark.parametrize("looks", list(REFERENCE["peeking"]))
def test_each_look_adds_false_alarms(looks: str) -> None:
    assert 100 * peeking(int(looks)) == pytest.approx(REFERENCE["peeking"][looks], abs=0.06)


def test_classical_bounds_are_those_of_the_tables() -> None:
    assert even_bounds(5).bounds == pytest.approx([REFERENCE["pocock"]] * 5, abs=5e-4)
    falling = even_bounds(5, shape="obrien-fleming")
    assert falling.bounds[-1] == pytest.approx(REFERENCE["obrien_fleming_last"], abs=5e-4)
    assert falling.bounds[0] == pytest.approx(falling.bounds[-1] * math.sqrt(5))
    assert falling.spent[-1] == pytest.approx(0.05, abs=1e-6)


def test_spending_bounds_are_those_of_lan_and_demets() -> None:
    found = spending_bounds([0.2, 0.4, 0.6, 0.8, 1.0])
    assert found.bounds == pytest.approx(REFERENCE["spending"], abs=5e-4)
    assert found.spent[-1] == pytest.approx(0.05)


def test_a_look_that_may_spend_nothing_has_a_bound_out_of_reach() -> None:
    assert spending_bounds([0.01, 1.0]).bounds == pytest.approx([10, 1.959964], abs=1e-5)


def test_one_look_at_the_end_costs_nothing() -> None:
    for spending in ("obrien-fleming", "pocock"):
        assert spending_bounds([1.0], spending=spending).bounds[0] == pytest.approx(1.959964, abs=1e-6)
    assert spending_bounds([1.0], level=0.9).bounds[0] == pytest.approx(1.644854, abs=1e-6)


@given(shares, st.sampled_from(["obrien-fleming", "pocock"]))
def test_bounds_spend_what_they_may_and_do_not_look_ahead(at: list[float], spending: str) -> None:
    found = spending_bounds(at, spending=spending)
    assert (np.diff(found.spent) > 0).all()
    assert found.spent[-1] <= 0.05 + 1e-12
    assert (found.bounds >= 1.95).all()
    assert spending_bounds(at[:1], spending=spending).bounds[0] == pytest.approx(found.bounds[0])


def test_a_goal_is_attained_by_its_lower_limit_only() -> None:
    assert goal([34], [2], target=30).verdict == "attained"
    assert goal([33], [2], target=30).verdict == "missed"
    assert goal([33], [2], target=30).look is None
    assert goal([33], [2], target=30, shares=[0.5]).verdict == "open"
    assert goal([20], [2], target=30, shares=[0.5]).verdict == "missed"
    assert goal([20], [2], target=30, shares=[0.5]).look == 0
    assert goal([2.0], [0.1], target=2.5, better="lower").verdict == "attained"
    assert goal([3.0], [0.1], target=2.5, better="lower").verdict == "missed"


def test_what_was_attained_stays_attained() -> None:
    found = goal([60, 31], [5, 4], target=30, shares=[0.5, 1.0])
    assert (found.verdict, found.look) == ("attained", 0)
    assert found.lows == pytest.approx([60 - 5 * found.bounds[0], 31 - 4 * found.bounds[1]])
    assert (found.highs > found.lows).all()


@given(st.floats(-50, 50), st.floats(0.1, 10), st.floats(-50, 50))
def test_a_goal_seen_from_below_is_the_same_upside_down(value: float, se: float, target: float) -> None:
    up = goal([value], [se], target=target, shares=[0.7])
    down = goal([-value], [se], target=-target, shares=[0.7], better="lower")
    assert up.verdict == down.verdict


def test_an_interval_for_any_time_is_wider_than_one_for_one_look() -> None:
    for n in (30, 400, 5000):
        found = any_time(0.2, variance=0.6, n=n, planned=400)
        assert found.half_width > 1.3 * 1.96 * math.sqrt(0.6 / n)
        assert found.low < 0.2 < found.high
    widths = [any_time(0, variance=1, n=400, planned=p).half_width for p in (40, 400, 4000)]
    assert widths[1] < min(widths[0], widths[2])
    assert any_time(1, variance=0, n=30, planned=30).half_width == 0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: peeking(0),
        lambda: even_bounds(201),
        lambda: even_bounds(5, shape="flat"),
        lambda: spending_bounds([0.5, 0.4]),
        lambda: spending_bounds([]),
        lambda: spending_bounds([0.0, 1.0]),
        lambda: spending_bounds([0.5, 1.1]),
        lambda: spending_bounds([1.0], spending="all"),
        lambda: spending_bounds([1.0], level=1),
        lambda: goal([1], [1], target=0, better="up"),
        lambda: any_time(0, variance=-1, n=10, planned=10),
        lambda: any_time(0, variance=1, n=10, planned=math.inf),
    ],
)
def test_impossible_looks_are_refused(wrong) -> None:
    with pytest.raises(BadArgument):
        wrong()


def test_looks_without_answers_are_told() -> None:
    with pytest.raises(TooFewAnswers):
        goal([], [], target=1, shares=[])
    with pytest.raises(TooFewAnswers):
        any_time(0, variance=1, n=1, planned=10)
    with pytest.raises(BadCounts):
        goal([1], [0], target=1)
    with pytest.raises(BadCounts):
        goal([1, 2], [1, 1], target=1)
    with pytest.raises(BadCounts):
        any_time(math.nan, variance=1, n=10, planned=10)


@pytest.mark.slow
def test_spending_bounds_raise_as_few_false_alarms_as_they_say() -> None:
    rng = np.random.default_rng(51)
    at = np.array([0.1, 0.35, 0.5, 0.9, 1.0])
    steps = rng.normal(size=(40_000, 5)) * np.sqrt(np.diff(at, prepend=0))
    z = np.abs(steps.cumsum(axis=1) / np.sqrt(at))
    for spending in ("obrien-fleming", "pocock"):
        crossed = (z > spending_bounds(at, spending=spending).bounds).any(axis=1)
        assert crossed.mean() == pytest.approx(0.05, abs=0.004)


@pytest.mark.slow
def test_an_interval_for_any_time_is_hardly_ever_left() -> None:
    """Shares of 50 to 3,000 answers, looked at after each one."""
    rng = np.random.default_rng(52)
    drawn = rng.random((1500, 3000)) < 0.3
    n = np.arange(1, 3001)
    p = drawn.cumsum(axis=1) / n
    widths = np.array([any_time(0, variance=1, n=float(k), planned=400).half_width for k in n[49:]])
    left = np.abs(p[:, 49:] - 0.3) > widths * np.sqrt(p[:, 49:] * (1 - p[:, 49:]))
    assert left.any(axis=1).mean() <= 0.05
