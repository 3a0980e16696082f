import pytest
from tests.measure.frozen import frozen

from mindgap.measure import EFFORT, Counts, Scale, TooFewAnswers, effort


def test_effort_is_the_mean_and_the_top_three_that_r_gives() -> None:
    """R88."""
    row = frozen("scores")["effort"]
    found = effort(Counts.likert(row["counts"], start=1))
    assert found.mean.value == pytest.approx(row["mean"], abs=5e-4)
    assert (found.mean.low, found.mean.high) == pytest.approx((row["low"], row["high"]), abs=5e-3)
    assert (found.easy.value, found.easy.low, found.easy.high) == pytest.approx(
        (row["top3"], row["top3_low"], row["top3_high"]), abs=5e-4
    )
    assert found.scale == EFFORT


def test_the_direction_travels_with_the_figures() -> None:
    """R88: on the older scale a low answer is the good one."""
    old = Scale(1, 5, better="lower")
    found = effort(Counts.likert([6, 2, 1, 1, 0], start=1), old, boxes=2)
    assert found.easy.value == 0.8
    assert found.scale.better == "lower"


def test_one_answer_is_too_few_for_effort() -> None:
    with pytest.raises(TooFewAnswers):
        effort(Counts.of({4: 1}))
