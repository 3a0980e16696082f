"""Picked because it was worst (R81, R83): regression to the mean is no improvement."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.frozen import frozen

from mindgap.measure.errors import BadArgument, BadCounts, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.selection import expected_bounce, picked, picked_change, posterior
from mindgap.measure.shrink import shrink

REFERENCE = frozen("change")["bounce"]
scores = st.lists(
    st.tuples(st.floats(-100, 100), st.floats(1, 500)), min_size=3, max_size=12
).map(lambda rows: tuple(np.array(column) for column in zip(*rows, strict=True)))  # fmt: skip


def test_the_worst_of_twenty_rises_by_15_points_without_any_action() -> None:
    variances = [1e4 * REFERENCE["variance"] / REFERENCE["n"]] * REFERENCE["of"]
    assert expected_bounce(variances) == pytest.approx(REFERENCE["points"], abs=0.05)


def test_the_expected_bounce_has_known_values() -> None:
    """Expected maximum of 2 and 3 standard normal values, and of one."""
    assert expected_bounce([1, 1]) == pytest.approx(1 / math.sqrt(math.pi), abs=1e-6)
    assert expected_bounce([4, 4, 4]) == pytest.approx(3 / math.sqrt(math.pi), abs=1e-6)
    assert expected_bounce([1]) == pytest.approx(0, abs=1e-9)
    assert expected_bounce([9, 1e-6]) == pytest.approx(3 / math.sqrt(2 * math.pi), abs=1e-3)


def test_touchpoints_far_apart_stay_where_they_are() -> None:
    found = picked([-60, 0, 20, 40, 60, 80], [4.0] * 6)
    assert found.index == 0
    assert found.corrected.value == pytest.approx(-60, abs=1)
    assert 0 < found.bounce < 1


def test_equal_touchpoints_move_nearly_all_the_way() -> None:
    rng = np.random.default_rng(1)
    found = picked(rng.normal(30, 8, 20), [64.0] * 20)
    assert found.bounce == pytest.approx(found.if_equal, rel=0.4)


def test_where_lower_is_better_the_highest_is_picked_and_falls() -> None:
    up, down = picked([1.0, 2, 3, 9], [1.0] * 4, better="lower"), picked([-1.0, -2, -3, -9], [1.0] * 4)
    assert up.index == down.index == 3
    assert up.bounce == pytest.approx(-down.bounce)
    assert up.if_equal == pytest.approx(-down.if_equal)


def test_many_touchpoints_agree_with_the_plain_shrinking() -> None:
    rng = np.random.default_rng(2)
    y, v = rng.normal(30, 15, 200), np.full(200, 40.0)
    full, plain = posterior(y, v), shrink(y, v)
    assert full.values == pytest.approx(plain.values, abs=0.05)
    assert np.sqrt(np.diag(full.covariance)) == pytest.approx(plain.ses, rel=0.01)
    assert full.tau == pytest.approx(math.sqrt(plain.tau2), rel=0.02)


@given(scores)
def test_the_posterior_follows_unit_and_order(drawn: tuple) -> None:
    y, v = drawn
    one, other = posterior(y, v), posterior(7 - 3 * y[::-1], 9 * v[::-1])
    assert other.values[::-1] == pytest.approx(7 - 3 * one.values, abs=1e-6)
    assert np.diag(other.covariance)[::-1] == pytest.approx(9 * np.diag(one.covariance), rel=1e-6)
    assert (np.linalg.eigvalsh(one.covariance) > -1e-9).all()
    assert y.min() - 1e-9 <= one.values.min() <= one.values.max() <= y.max() + 1e-9


def test_a_change_is_split_into_picking_and_the_rest() -> None:
    values = [12, 31, 28, 35, 30, 33, 29, 36]
    found = picked_change(values, [60.0] * 8, after=30, after_variance=60)
    assert found.seen == pytest.approx(found.picked.bounce + found.remaining.value)
    assert found.verdict == "explained_by_picking"
    assert found.warnings == (Caution.PICKED,)
    leap = picked_change(values, [60.0] * 8, after=75, after_variance=60)
    assert leap.verdict == "not_explained_by_picking"
    assert leap.p < 0.05


def test_touchpoints_that_cannot_be_are_refused() -> None:
    for values, variances in (([1, 2], [1, 1]), ([], [])):
        with pytest.raises(TooFewAnswers):
            picked(values, variances)
    for values, variances in (
        ([1, 2, 3], [1, 0, 1]),
        ([1, 2, math.nan], [1, 1, 1]),
        ([1, 2, 3], [1, 1]),
        ([[1, 2, 3]], [[1, 1, 1]]),
    ):
        with pytest.raises(BadCounts):
            picked(values, variances)
    for wrong in ({"index": 3}, {"index": -1}, {"better": "up"}):
        with pytest.raises(BadArgument):
            picked([1, 2, 3], [1, 1, 1], **wrong)
    with pytest.raises(BadArgument):
        picked_change([1, 2, 3], [1, 1, 1], after=2, after_variance=0)
    with pytest.raises(BadCounts):
        expected_bounce([1, 0])
    with pytest.raises(TooFewAnswers):
        expected_bounce([])


def test_equal_values_have_nothing_to_bounce() -> None:
    found = picked([5, 5, 5], [1.0, 2.0, 3.0])
    assert found.bounce == pytest.approx(0)
    assert found.corrected.half_width > 0


@pytest.mark.slow
@pytest.mark.parametrize(("m", "tau"), [(20, 0.0), (20, 8.0), (5, 0.0)])
def test_a_picked_touchpoint_left_alone_seldom_seems_to_have_improved(m: int, tau: float) -> None:
    rng = np.random.default_rng(61)
    runs, improved = 500, 0
    for _ in range(runs):
        truth = rng.normal(30, tau, m)
        y = rng.normal(truth, 7.9)
        after = rng.normal(truth[np.argmin(y)], 7.9)
        found = picked_change(y, [62.75] * m, after=after, after_variance=62.75)
        improved += found.remaining.low > 0
    assert improved / runs <= 0.055
