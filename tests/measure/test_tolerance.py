import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.measure.errors import BadArgument, BadCounts, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.paired import mean_paired
from mindgap.measure.proportion import proportion
from mindgap.measure.tolerance import tolerance_zone

answers = st.lists(st.tuples(*[st.integers(1, 9)] * 3), min_size=1, max_size=40)


def test_measures_of_adequacy_and_superiority_are_paired_steps() -> None:
    d, a, p = [8, 9, 9, 7, 9], [5, 6, 7, 6, 5], [4, 7, 9, 9, 5]
    zone = tolerance_zone(d, a, p)
    assert zone.adequacy == mean_paired(a, p)
    assert zone.superiority == mean_paired(d, p)
    assert zone.width == mean_paired(a, d)
    assert zone.below == proportion(1, 5)
    assert zone.within == proportion(3, 5)
    assert zone.above == proportion(1, 5)
    assert zone.warnings == ()


def test_days_are_better_when_fewer() -> None:
    """R8: wished for in 3 days, acceptable in 5; in 2 delights, in 7 disappoints."""
    zone = tolerance_zone([3, 3, 3], [5, 5, 5], [2, 4, 7], better="lower")
    assert (zone.above.value, zone.within.value, zone.below.value) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert zone.adequacy.value == pytest.approx(5 - 13 / 3)
    assert zone.width.value == 2


@given(answers)
def test_shares_add_up_and_contradictions_are_counted_apart(rows: list) -> None:
    d, a, p = np.array(rows).T
    fine = d >= a
    if fine.sum() < 2:
        with pytest.raises(TooFewAnswers):
            tolerance_zone(d, a, p)
        return
    zone = tolerance_zone(d, a, p)
    assert zone.below.value + zone.within.value + zone.above.value == pytest.approx(1)
    assert zone.n == fine.sum()
    assert zone.inconsistent.value == pytest.approx(1 - fine.mean())
    assert (zone.warnings == (Caution.CONTRADICTORY,)) == (not fine.all())
    assert zone.adequacy.value - zone.superiority.value == pytest.approx(zone.width.value)
    mirrored = tolerance_zone(-d, -a, -p, better="lower")
    assert mirrored == zone
    turned = np.random.default_rng(1).permutation(d.size)
    again = tolerance_zone(d[turned], a[turned], p[turned])
    assert again.adequacy.high == pytest.approx(zone.adequacy.high)


@pytest.mark.parametrize(
    ("d", "a", "p", "how", "error"),
    [
        ([], [], [], {}, TooFewAnswers),
        ([5], [4], [4], {}, TooFewAnswers),
        ([4, 4], [5, 5], [4, 4], {}, TooFewAnswers),
        ([5, math.nan], [4, 4], [4, 4], {}, BadCounts),
        ([5, math.inf], [4, 4], [4, 4], {}, BadCounts),
        ([5, 5], [4, 4], [4], {}, BadCounts),
        ([[5, 5]], [[4, 4]], [[4, 4]], {}, BadCounts),
        ([5, 5], [4, 4], [4, 4], {"better": "up"}, BadArgument),
        ([5, 6], [4, 4], [4, 5], {"level": 0}, BadArgument),
    ],
)
def test_what_cannot_be_is_refused(d: list, a: list, p: list, how: dict, error: type[Exception]) -> None:
    with pytest.raises(error):
        tolerance_zone(d, a, p, **how)
