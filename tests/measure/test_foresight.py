"""What a planned trial will see: it agrees with the trial, shrinks with answers, grows with wavering (R27, R81)."""

import math

import numpy as np
import pytest
from scipy.stats import chi2

from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.foresight import foresee, foresee_alone, level_before, wander_bound
from mindgap.measure.selection import picked
from mindgap.measure.track import Track
from mindgap.measure.trial import answers_for_trial, trial, trial_alone

NS = [100] * 5
BEFORE = Track.share([38, 60, 58, 62, 61], NS)
WEEKS = Track.share([30, 28, 33, 31, 29, 30, 32, 27, 31, 30, 29, 32], [50] * 12)


def seen(**about: object) -> float:
    return foresee(BEFORE, **{"treated": [0], "was_picked": False, "after_ns": NS, **about})  # type: ignore[arg-type]


def test_of_two_units_it_is_what_the_trial_says_itself() -> None:
    """With one comparison unit nothing must be learnt, so both are the same formula."""
    before = Track.mean([3.0, 3.2], [1.0, 1.0], [101, 101])
    after = trial(before, before, treated=[0], was_picked=False).smallest_visible
    assert foresee(before, treated=[0], was_picked=False, after_ns=[100, 100]) == pytest.approx(
        after, rel=0.01
    )


def test_many_units_come_close_to_the_planning_formula() -> None:
    ns = [400] * 60
    before = Track.mean([50.0] * 60, [80.0**2] * 60, ns)
    effect = foresee(before, treated=[0], was_picked=False, after_ns=ns)
    assert answers_for_trial(effect, sd=80, units=59) == pytest.approx(400, rel=0.1)


def test_it_shrinks_with_answers_and_grows_with_wavering_and_wishes() -> None:
    assert seen(after_ns=[1000] * 5) < seen() < seen(after_ns=[20] * 5)
    assert seen() < seen(wander=0.05) < seen(wander=0.1)
    assert seen(power=0.5) < seen(power=0.9)
    assert seen(level=0.9) < seen(level=0.99)


def test_no_number_of_answers_takes_out_what_was_not_known_before() -> None:
    floor = seen(after_ns=[10**9] * 5)
    assert floor == pytest.approx(seen(after_ns=[10**7] * 5), rel=1e-3)
    assert floor > 0.1


def test_units_that_will_not_answer_are_left_out() -> None:
    assert seen(after_ns=[100, 100, 100, 100, 0]) == pytest.approx(
        foresee(BEFORE.part([0, 1, 2, 3]), treated=[0], was_picked=False, after_ns=[100] * 4)
    )


def test_a_picked_place_is_expected_where_it_probably_is() -> None:
    plain = level_before(BEFORE, treated=[0], was_picked=False)
    moved = level_before(BEFORE, treated=[0], was_picked=True)
    assert plain.value == pytest.approx(0.38)
    assert moved.value == pytest.approx(picked(BEFORE.values, BEFORE.variances).corrected.value)
    assert moved.value > plain.value
    more = level_before(BEFORE, treated=[0], was_picked=True, wander=0.1)
    assert more.value > moved.value


def test_the_limit_of_wavering_is_where_the_scatter_becomes_likely() -> None:
    """Viechtbauer (2007): Q at the limit is the lower quantile of chi square."""
    first, then = Track.share([50, 60, 58, 62], NS[:4]), Track.share([30, 80, 50, 75], NS[:4])
    limit = wander_bound([(first, then)], sure=0.8)
    change, noise = then.values - first.values, first.variances + then.variances + limit**2
    centre = np.average(change, weights=1 / noise)
    assert float(((change - centre) ** 2 / noise).sum()) == pytest.approx(chi2.ppf(0.2, 3), rel=1e-6)
    assert wander_bound([(first, then)], sure=0.9) > limit
    assert wander_bound([(first, first)]) == 0
    assert wander_bound([(first, then), (first, first)]) < limit


def test_the_limit_lies_above_the_truth_as_often_as_it_says() -> None:
    draw = np.random.default_rng(2)
    above = 0
    for _ in range(400):
        base = draw.normal(50, 5, 12)
        noise = [np.full(12, 400.0), [200] * 12]
        first, then = (Track.mean(base + draw.normal(0, math.sqrt(2 + 4.5), 12), *noise) for _ in range(2))
        above += wander_bound([(first, then)], sure=0.7) > 3
    # Wavering by 3: 4.5 on each side; 70 % of 400 with four standard errors.
    assert 280 - 37 < above < 280 + 37


def test_alone_it_is_the_trials_own_formula_when_weeks_are_calm() -> None:
    after = Track.share([*(WEEKS.values * 50), 30, 30, 30, 30], [50] * 16)
    assert foresee_alone(WEEKS, after_n=200) == pytest.approx(
        trial_alone(after, start=12).smallest_visible, rel=0.02
    )
    wild = Track.share([10, 40, 15, 45, 12, 38, 30, 20, 44, 9, 33, 21], [50] * 12)
    assert foresee_alone(wild, after_n=200) > 2 * foresee_alone(WEEKS, after_n=200)
    pool = Track.share([362, 420, 415], [600] * 3)
    assert foresee_alone(WEEKS, after_n=200, pool=pool, index=0) > 0


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: seen(after_ns=[100] * 4), BadCounts),
        (lambda: seen(wander=-1), BadArgument),
        (lambda: seen(power=0.3), BadArgument),
        (lambda: seen(level=1.0), BadArgument),
        (lambda: seen(treated=[]), BadArgument),
        (lambda: seen(after_ns=[0, 100, 100, 100, 100]), TooFewAnswers),
        (lambda: seen(after_ns=[100, 0, 0, 0, 0]), TooFewAnswers),
        (lambda: level_before(Track.share([0, 5], [0, 9]), treated=[0], was_picked=False), TooFewAnswers),
        (
            lambda: level_before(Track.mean([1, 2], [0, 0], [9, 9]), treated=[0], was_picked=False),
            NotIdentified,
        ),
        (lambda: wander_bound([(BEFORE, BEFORE)], sure=0.2), BadArgument),
        (lambda: wander_bound([(BEFORE.part([0]), BEFORE.part([0]))]), TooFewAnswers),
        (lambda: wander_bound([]), TooFewAnswers),
        (lambda: wander_bound([(BEFORE, BEFORE.part([0]))]), BadCounts),
        (lambda: foresee_alone(WEEKS.part([0]), after_n=9), TooFewAnswers),
        (lambda: foresee_alone(WEEKS, after_n=0), TooFewAnswers),
        (lambda: foresee_alone(Track.mean([1, 1], [0, 0], [9, 9]), after_n=9), NotIdentified),
    ],
)
def test_what_cannot_be_asked_is_refused(wrong: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        wrong()  # type: ignore[operator]


def test_a_unit_to_treat_that_never_answered_is_refused() -> None:
    silent = Track.share([0, 60, 58, 62, 61], [0, 100, 100, 100, 100])
    with pytest.raises(TooFewAnswers):
        foresee(silent, treated=[0], was_picked=False, after_ns=NS)


def test_a_trial_of_nothing_is_refused() -> None:
    with pytest.raises(BadArgument):
        foresee(BEFORE, treated=[False] * 5, was_picked=False, after_ns=NS)
