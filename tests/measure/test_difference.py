import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.measure import Estimate, mover

steps = st.floats(0, 50)
estimates = st.builds(
    lambda value, down, up: Estimate(value, value - down, value + up, 10, "any"),
    st.floats(-100, 100),
    steps,
    steps,
)


def test_the_lower_limit_takes_the_lower_side_of_b_and_the_upper_side_of_a() -> None:
    """Reaches 3 and 4 make 5 downward; 12 and 5 make 13 upward."""
    a, b = Estimate(10, 5, 14, 9, "any"), Estimate(30, 27, 42, 9, "any")
    assert mover(a, b) == (15, 33)


@given(estimates, estimates)
def test_turning_the_question_round_turns_the_interval_round(a: Estimate, b: Estimate) -> None:
    low, high = mover(a, b)
    assert (-high, -low) == pytest.approx(mover(b, a))
    assert low <= b.value - a.value <= high


@given(estimates, steps, steps)
def test_against_a_known_value_the_interval_only_moves(a: Estimate, down: float, up: float) -> None:
    known = Estimate(7, 7, 7, math.inf, "census")
    b = Estimate(20, 20 - down, 20 + up, 10, "any")
    assert mover(known, b) == pytest.approx((b.low - 7, b.high - 7))
