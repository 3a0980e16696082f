import pytest

from mindgap.measure import (
    EFFORT,
    BadCounts,
    Counts,
    Scale,
    TooFewAnswers,
    proportion,
    top_box,
    top_box_difference,
)


def test_csat_is_the_share_of_fours_and_fives() -> None:
    """R89."""
    found = top_box(Counts.likert([1, 0, 1, 3, 5], start=1))
    assert found == proportion(8, 10)


def test_the_best_box_of_a_reversed_scale_is_the_lowest() -> None:
    school_marks = Scale(1, 6, better="lower")
    assert top_box(Counts.likert([4, 0, 0, 0, 0, 6], start=1), school_marks, boxes=1).value == 0.4


def test_zeros_on_a_scale_of_1_to_5_are_refused() -> None:
    with pytest.raises(BadCounts):
        top_box(Counts.of({0: 1, 5: 3}))
    with pytest.raises(BadCounts):
        top_box_difference(Counts.of({5: 3}), Counts.of({0: 1, 5: 3}))


def test_no_answers_have_no_top_box() -> None:
    with pytest.raises(TooFewAnswers):
        top_box(Counts([]))


def test_the_population_reaches_the_interval() -> None:
    assert top_box(Counts.of({5: 4, 1: 6}), population=10).method == "census"


def test_the_step_of_a_top_box_goes_from_a_to_b() -> None:
    before, after = Counts.of({1: 50, 7: 50}), Counts.of({1: 20, 7: 80})
    step = top_box_difference(before, after, EFFORT, boxes=3)
    assert step.value == pytest.approx(0.3)
    assert step.p < 0.001
    assert step.excludes(0)
