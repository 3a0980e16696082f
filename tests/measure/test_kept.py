import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.frozen import frozen

from mindgap.measure import (
    BadArgument,
    BadCounts,
    NotIdentified,
    Outcomes,
    TooFewAnswers,
    advice,
    kept,
    kept_at,
    proportion,
)

REFERENCE = frozen("survival")
ORDERS = Outcomes(REFERENCE["values"], completed=REFERENCE["completed"], still_open=REFERENCE["still_open"])
rows = st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 9), st.integers(0, 4)), min_size=1, max_size=12)


def outcomes_of(drawn: list[tuple[int, int, int]]) -> Outcomes:
    values, completed, still_open = zip(*drawn, strict=True)
    return Outcomes(values, completed=completed, still_open=still_open)


orders = rows.map(outcomes_of).filter(lambda o: o.n > 0)


def test_without_open_orders_the_kept_rate_is_the_plain_share() -> None:
    """R30: on the promised day is kept, one day late is not."""
    found = kept(Outcomes([-2, 0, 1, 3], completed=[5, 60, 25, 10]))
    plain = proportion(65, 100)
    assert (found.value, found.low, found.high, found.n) == (0.65, plain.low, plain.high, 100)
    assert found.method == "wilson"
    assert found.warnings == ()


def test_an_open_order_past_its_promise_is_not_kept() -> None:
    """R30: nothing is censored before the promise, so the share stays plain."""
    found = kept(Outcomes([0, 2], completed=[6, 0], still_open=[0, 4]))
    assert (found.value, found.method) == (0.6, "wilson")
    assert kept(Outcomes([0], completed=[6], still_open=[4])).value == 0.6


def test_counting_only_what_arrived_would_overstate_the_rate() -> None:
    """The rate with open orders lies between "all open ones fail" and "completed only"."""
    early = Outcomes([-3, -2, 0, 1, 4], completed=[10, 10, 20, 5, 5], still_open=[0, 6, 0, 4, 6])
    found = kept(early)
    assert 40 / 66 < found.value < 40 / 50
    assert found.method == "kaplan-meier log-log"
    assert found.warnings == ("censored",)
    # By hand: at risk 66, 56, 40 (10 done, then 10 done and 6 left open), done 10, 10, 20.
    assert found.value == pytest.approx(1 - (56 / 66) * (46 / 56) * (20 / 40))


def test_the_kept_rate_is_one_minus_the_curve_of_lifelines() -> None:
    days = np.array(REFERENCE["values"])
    curve = kept_at(ORDERS, days)
    survived = np.array(REFERENCE["survival"])
    assert curve.value == pytest.approx(1 - survived)
    # The first open order is that of day 2; up to there the share is plain and Wilson's interval holds.
    after = curve.censored
    assert after.tolist() == [False, False] + [True] * 9
    assert curve.low[after] == pytest.approx(1 - np.array(REFERENCE["high"])[after])
    assert curve.high[after & ~curve.short] == pytest.approx(
        1 - np.array(REFERENCE["low"])[after & ~curve.short]
    )


def test_a_candidate_before_all_orders_is_never_kept() -> None:
    curve = kept_at(ORDERS, [0.5, 1])
    assert curve.value[0] == curve.low[0] == 0
    assert curve.high[0] == pytest.approx(proportion(0, 60).high)
    assert curve.value[1] == pytest.approx(3 / 60)


def test_a_candidate_beyond_all_orders_is_a_lower_bound() -> None:
    curve = kept_at(ORDERS, [20])
    assert curve.short[0]
    assert curve.value[0] == pytest.approx(1 - REFERENCE["survival"][-1])
    assert curve.high[0] == 1


def test_orders_not_followed_up_to_the_promise_give_a_lower_bound() -> None:
    found = kept(Outcomes([-5, -2], completed=[6, 0], still_open=[0, 4]))
    assert (found.value, found.high) == (0.6, 1)
    assert found.warnings == ("censored", "follow_up_short")


def test_nothing_due_and_nothing_done_says_nothing() -> None:
    with pytest.raises(NotIdentified) as caught:
        kept(Outcomes([-3], completed=[0], still_open=[9]))
    assert caught.value.what == "kept rate"
    assert np.isnan(kept_at(Outcomes([-3], completed=[0], still_open=[9]), [0]).low).all()


def test_open_orders_with_none_kept_or_all_kept_fall_back_to_what_is_known() -> None:
    none = kept(Outcomes([-2, 3], completed=[0, 8], still_open=[5, 0]))
    assert (none.value, none.low) == (0, 0)
    assert none.high == pytest.approx(proportion(0, 8).high)
    every = kept(Outcomes([-4, -2], completed=[0, 8], still_open=[5, 0]))
    assert (every.value, every.high) == (1, 1)
    assert every.low == pytest.approx(proportion(8, 8).low)


@pytest.mark.parametrize("bad", [[math.nan], [math.inf], ["x"]])
def test_an_impossible_candidate_is_refused(bad: list[object]) -> None:
    with pytest.raises(BadCounts):
        kept_at(ORDERS, bad)


def test_without_orders_there_is_no_rate_and_no_advice() -> None:
    nothing = Outcomes([], completed=[])
    for ask in (lambda: kept(nothing), lambda: kept_at(nothing, [1]), lambda: advice(nothing)):
        with pytest.raises(TooFewAnswers):
            ask()


def test_the_advice_is_the_quantile_of_lifelines_with_its_interval() -> None:
    """R30: the smallest promise that would be kept so often."""
    rates = [row[0] for row in REFERENCE["quantiles"]]
    for found, (_, value, low, high) in zip(
        advice(ORDERS, levels=rates), REFERENCE["quantiles"], strict=True
    ):
        assert (found.value, found.low) == (value, low)
        assert found.high == (math.inf if high is None else high)
        assert ("open_high" in found.warnings) == (high is None)


def test_the_advised_promise_is_kept_at_its_level_and_the_day_before_is_not() -> None:
    found = advice(ORDERS, levels=(0.8,))[0]
    curve = kept_at(ORDERS, [found.value, found.value - 1])
    assert curve.value[0] >= 0.8 > curve.value[1]


def test_a_level_the_orders_never_reach_is_no_advice() -> None:
    found = advice(ORDERS, levels=(0.95,))[0]
    assert found.value == math.inf
    assert found.warnings == ("not_reached", "open_high")


def test_one_day_for_all_orders_bounds_itself_from_below() -> None:
    found = advice(Outcomes([3], completed=[50]), levels=(0.9,))[0]
    assert (found.low, found.value, found.high) == (3, 3, math.inf)


@pytest.mark.parametrize("rate", [0, 1, -0.5, 90, math.nan])
def test_an_impossible_level_of_keeping_is_refused(rate: float) -> None:
    with pytest.raises(BadArgument):
        advice(ORDERS, levels=(rate,))


@given(orders)
def test_a_later_promise_is_kept_at_least_as_often(drawn: Outcomes) -> None:
    curve = kept_at(drawn, np.arange(-10, 11))
    known = ~np.isnan(curve.value)
    assert (np.diff(curve.value[known]) >= -1e-12).all()
    assert ((curve.low <= curve.value + 1e-12) & (curve.value <= curve.high + 1e-12))[known].all()
    assert ((curve.low >= 0) & (curve.high <= 1))[known].all()


@given(orders, orders)
def test_the_rate_of_merged_orders_does_not_depend_on_their_order(a: Outcomes, b: Outcomes) -> None:
    one, other = kept_at(a + b, [-3, 0, 4]), kept_at(b + a, [-3, 0, 4])
    assert one.value == pytest.approx(other.value, nan_ok=True)
    assert one.low == pytest.approx(other.low, nan_ok=True)


@given(orders)
def test_the_rate_lies_between_the_two_naive_ones(drawn: Outcomes) -> None:
    """Never below "every open order fails", never above "every open order arrives in time"."""
    curve = kept_at(drawn, [0])
    if not math.isnan(curve.value[0]):
        done = drawn.completed[drawn.values <= 0].sum()
        undecided = drawn.still_open[drawn.values < 0].sum()
        assert done / drawn.n <= curve.value[0] + 1e-12
        assert curve.value[0] <= (done + undecided) / drawn.n + 1e-12


@given(orders)
def test_the_advice_lies_in_its_interval(drawn: Outcomes) -> None:
    for found in advice(drawn):
        assert found.low <= found.value <= found.high


@pytest.mark.slow
def test_the_interval_of_a_censored_rate_covers_the_truth() -> None:
    rng = np.random.default_rng(3)
    held, runs = 0, 1500
    truth = 1 - math.exp(-1.2)
    for _ in range(runs):
        actual = rng.exponential(5 / 1.2, 60)
        cut = rng.uniform(0, 15, 60)
        late, done = np.minimum(actual, cut) - 5, actual <= cut
        found = kept(Outcomes(late, completed=done, still_open=~done))
        held += found.low <= truth <= found.high
    assert held / runs >= 0.94
