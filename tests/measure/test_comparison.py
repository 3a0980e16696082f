"""Changes of whole touchpoints compared (R81)."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mindgap.measure.comparison import compare_changes, permutation_p
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.track import Track

BEFORE = Track.share([50, 60, 58, 62], [100] * 4)
AFTER = Track.share([70, 62, 61, 65], [100] * 4)
hits = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=3, max_size=8)


def test_what_happens_to_all_cancels_out() -> None:
    found = compare_changes(BEFORE, AFTER, treated=[0], weights=[0, 1, 1, 1])
    assert found.moved == pytest.approx(0.2)
    assert found.drift == pytest.approx(0.08 / 3)
    assert found.effect.value == pytest.approx(found.moved - found.drift)
    assert found.units == 3
    assert found.effect.warnings == (Caution.FEW_CLUSTERS,)


def test_one_comparison_unit_knows_only_the_chance_of_answers() -> None:
    found = compare_changes(BEFORE.part([0, 1]), AFTER.part([0, 1]), treated=[0])
    assert math.isinf(found.df)
    assert found.wander == 0
    assert found.se == pytest.approx(math.sqrt((BEFORE.variances + AFTER.variances)[:2].sum()))


def test_wandering_units_make_the_effect_less_sure() -> None:
    calm = Track.share([620, 610, 590, 615, 600], [1000] * 5)
    wild = Track.share([620, 700, 500, 680, 520], [1000] * 5)
    before = Track.share([600] * 5, [1000] * 5)
    one, other = (compare_changes(before, after, treated=[0]) for after in (calm, wild))
    assert other.wander > 0.05 > one.wander
    assert other.se > 2 * one.se


def test_several_treated_units_count_alike() -> None:
    found = compare_changes(BEFORE, AFTER, treated=[True, True, False, False])
    assert found.moved == pytest.approx((0.2 + 0.02) / 2)


def test_units_without_answers_are_left_out() -> None:
    before = Track.share([50, 60, 0, 62], [100, 100, 0, 100])
    assert compare_changes(before, AFTER, treated=[0]).units == 2
    with pytest.raises(TooFewAnswers):
        compare_changes(before, AFTER, treated=[2])
    with pytest.raises(TooFewAnswers):
        compare_changes(before.part([0, 2]), AFTER.part([0, 2]), treated=[0])


@settings(max_examples=25)
@given(hits)
def test_the_direction_of_the_scale_changes_the_sign_only(rows: list) -> None:
    a, b = np.array(rows).T
    n = [40] * len(rows)
    one = compare_changes(Track.share(a, n), Track.share(b, n), treated=[0])
    other = compare_changes(Track.share(40 - a, n), Track.share(40 - b, n), treated=[0])
    assert other.effect.value == pytest.approx(-one.effect.value, abs=1e-9)
    assert other.p == pytest.approx(one.p, abs=1e-6)
    assert 0 <= one.p <= 1
    assert one.effect.low <= one.effect.value <= one.effect.high


def test_comparisons_that_cannot_be_are_refused() -> None:
    with pytest.raises(BadCounts):
        compare_changes(BEFORE, AFTER.part([0, 1]), treated=[0])
    with pytest.raises(BadArgument):
        compare_changes(BEFORE, AFTER, treated=[False] * 4)
    with pytest.raises(BadArgument):
        compare_changes(BEFORE, AFTER, treated=[0], weights=[1, 0, 0, 0])
    with pytest.raises(BadArgument):
        compare_changes(BEFORE, AFTER, treated=[0], weights=[1, -1, 2, 2])
    with pytest.raises(BadCounts):
        compare_changes(BEFORE, AFTER, treated=[0], weights=[[1, 1, 1, 1]] * 4)
    still = Track.mean([1, 2], [0, 0], [9, 9])
    with pytest.raises(NotIdentified):
        compare_changes(still, still, treated=[0])


def test_permutation_counts_the_choices_as_extreme() -> None:
    changes = [9, 1, 2, 0, 1]
    assert permutation_p(changes, treated=[0]) == pytest.approx(1 / 5)
    assert permutation_p(changes, treated=[1]) == pytest.approx(4 / 5)
    assert permutation_p([9, 8, 1, 2, 0, 1], treated=[0, 1]) == pytest.approx(1 / 15)
    assert permutation_p([1, 1, 1], treated=[0]) == 1


def test_many_choices_are_drawn() -> None:
    changes = np.arange(40.0)
    treated = np.arange(40) >= 30
    assert permutation_p(changes, treated=treated, rng=np.random.default_rng(1)) == pytest.approx(1 / 5000)
    with pytest.raises(BadArgument):
        permutation_p(changes, treated=treated)


@given(st.permutations([3.0, 1.0, 4.0, 1.5, 9.0, 2.6]))
def test_the_order_of_units_changes_nothing(changes: list[float]) -> None:
    place = changes.index(9.0)
    assert permutation_p(changes, treated=[place]) == pytest.approx(1 / 6)


def test_permutations_that_cannot_be_are_refused() -> None:
    with pytest.raises(BadArgument):
        permutation_p([1, 2], treated=[0, 1])
    with pytest.raises(BadArgument):
        permutation_p([1, 2], treated=[False, False])
    with pytest.raises(BadCounts):
        permutation_p([[1, 2]], treated=[0])
    with pytest.raises(BadCounts):
        permutation_p([1, math.nan], treated=[0])


@pytest.mark.slow
def test_intervals_hold_the_effect_as_often_as_they_say() -> None:
    """One treated touchpoint of 10, which wander by 5 points beside the chance of 200 answers."""
    rng = np.random.default_rng(21)
    held = 0
    runs = 250
    for _ in range(runs):
        levels = rng.normal(0.6, 0.1, 10).clip(0.2, 0.8)
        moved = (levels + 0.03 + rng.normal(0, 0.05, 10)).clip(0, 1)
        before, after = (Track.share(rng.binomial(200, p), [200] * 10) for p in (levels, moved))
        held += not compare_changes(before, after, treated=[0]).effect.excludes(0)
    assert 0.925 <= held / runs <= 0.985
