import math

import pytest

from mindgap.measure import EFFORT, LIKELIHOOD, BadArgument, BadCounts, Counts, Scale


def test_an_answer_off_the_scale_is_refused() -> None:
    assert LIKELIHOOD.check(Counts([1] * 11)).n == 11
    with pytest.raises(BadCounts, match="off the scale"):
        LIKELIHOOD.check(Counts.of({11: 1}))
    with pytest.raises(BadCounts, match="between the steps"):
        LIKELIHOOD.check(Counts.of({8.5: 1}))


def test_a_value_off_the_scale_that_nobody_gave_is_no_answer() -> None:
    assert LIKELIHOOD.check(Counts.of({99: 0, 5: 1})).n == 1


@pytest.mark.parametrize(
    ("low", "high", "step", "better"),
    [
        (5, 1, 1, "higher"),
        (1, math.inf, 1, "higher"),
        (1, 5, 0, "higher"),
        (1, 5, 9, "higher"),
        (1, 5, 1, "up"),
    ],
)
def test_an_impossible_scale_is_refused(low: float, high: float, step: float, better: str) -> None:
    with pytest.raises(BadArgument):
        Scale(low, high, step, better)


def test_the_best_boxes_lie_at_the_better_end() -> None:
    """R88: effort scales exist both ways round."""
    counts = Counts.likert([5, 4, 3, 2, 1, 0, 0], start=1)
    assert EFFORT.best(counts, boxes=3) == 1
    assert Scale(1, 7, better="lower").best(counts, boxes=3) == 12


def test_boxes_are_steps_of_the_scale() -> None:
    half_stars = Scale(0.5, 5, 0.5)
    assert half_stars.best(Counts.of({5: 3, 4.5: 2, 4: 7}), boxes=2) == 5


@pytest.mark.parametrize("boxes", [0, 7, -1])
def test_no_box_or_all_boxes_are_refused(boxes: int) -> None:
    with pytest.raises(BadArgument):
        EFFORT.best(Counts([]), boxes=boxes)


def test_the_index_is_100_at_the_better_end() -> None:
    assert [EFFORT.index(v) for v in (1, 4, 7)] == [0, 50, 100]
    assert [Scale(1, 7, better="lower").index(v) for v in (1, 4, 7)] == [100, 50, 0]
