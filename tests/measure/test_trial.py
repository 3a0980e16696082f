"""The planned test of an improvement (R81, R83, R101; behaviour 3.6)."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mindgap.measure.comparison import compare_changes
from mindgap.measure.errors import BadArgument, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.track import Track
from mindgap.measure.trial import Trial, answers_for_trial, trial, trial_alone

BEFORE = Track.share([250, 300, 290, 310, 305], [500] * 5)
RISEN = Track.share([350, 300, 295, 308, 306], [500] * 5)
HISTORY = [30, 28, 33, 31, 29, 30, 32, 27, 31, 30, 29, 32]
hits = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), min_size=4, max_size=8)


def drawn(rng: np.random.Generator, nps: np.ndarray, n: int) -> Track:
    """n answers per touchpoint at these NPS (shares), 30 % passive."""
    promoters = (0.7 + nps.clip(-0.65, 0.65)) / 2
    shares = np.stack([0.7 - promoters, np.full(nps.size, 0.3), promoters], axis=-1)
    return Track.nps(*rng.multinomial(n, shares).T)


def test_an_effect_beyond_drift_and_chance_is_verified() -> None:
    found = trial(BEFORE, RISEN, treated=[0], was_picked=False)
    assert found.verdict == "verified"
    assert found.effect.value == pytest.approx(0.2, abs=0.01)
    assert found.by_picking == pytest.approx(0, abs=1e-12)
    assert found.method == "comparison units"
    assert Caution.PICKED not in found.warnings


def test_without_picking_it_is_the_comparison_of_changes() -> None:
    found = trial(BEFORE, RISEN, treated=[0], was_picked=False)
    plain = compare_changes(BEFORE, RISEN, treated=[0])
    assert found.effect == plain.effect
    assert found.p == plain.p


def test_a_fall_is_worse_and_its_direction_is_the_measures() -> None:
    assert trial(RISEN, BEFORE, treated=[0], was_picked=False).verdict == "worse"
    assert trial(RISEN, BEFORE, treated=[0], was_picked=False, better="lower").verdict == "verified"


def test_the_parts_of_a_step_add_up() -> None:
    found = trial(BEFORE, RISEN, treated=[0], was_picked=True)
    assert found.raw.value == pytest.approx(found.effect.value + found.by_picking + found.by_drift)
    assert found.by_picking > 0
    assert found.effect.value < trial(BEFORE, RISEN, treated=[0], was_picked=False).effect.value
    assert Caution.PICKED in found.warnings


def test_what_happens_to_all_is_drift_and_no_effect() -> None:
    after = Track.share([300, 350, 342, 358, 356], [500] * 5)
    found = trial(BEFORE, after, treated=[0], was_picked=False)
    assert found.verdict == "no_effect_seen"
    assert found.by_drift == pytest.approx(0.1, abs=0.005)
    assert found.smallest_visible > found.effect.half_width


def test_one_comparison_unit_or_given_weights_serve() -> None:
    found = trial(BEFORE.part([0, 1]), RISEN.part([0, 1]), treated=[0], was_picked=False)
    assert found.effect.value == pytest.approx(0.2)
    assert math.isfinite(found.smallest_visible)
    weighted = trial(BEFORE, RISEN, treated=[0], was_picked=True, weights=[0, 0, 1, 0, 0])
    assert weighted.by_drift == pytest.approx(0.01)


def test_units_without_answers_are_left_out() -> None:
    after = Track.share([350, 0, 295, 308, 306], [500, 0, 500, 500, 500])
    found = trial(BEFORE, after, treated=[0], was_picked=True, weights=[0, 1, 1, 1, 1])
    assert found.verdict == "verified"
    assert found.effect.n == 8 * 500


@settings(max_examples=25)
@given(hits)
def test_turning_the_scale_over_turns_the_verdict_over(rows: list) -> None:
    a, b = np.array(rows).T
    n = [90] * len(rows)
    turned = {"verified": "worse", "worse": "verified"}
    for was_picked in (True, False):
        one = trial(Track.share(a, n), Track.share(b, n), treated=[0], was_picked=was_picked)
        other = trial(Track.share(90 - a, n), Track.share(90 - b, n), treated=[0], was_picked=was_picked)
        assert other.verdict == turned.get(one.verdict, one.verdict)
        assert other.effect.value == pytest.approx(-one.effect.value, abs=1e-9)


def test_a_touchpoint_may_be_its_own_comparison() -> None:
    track = Track.share([*HISTORY, 40, 41, 39, 42], [50] * 16)
    found = trial_alone(track, start=12)
    assert found.verdict == "verified"
    assert found.reason is None
    assert found.effect.value == pytest.approx(40.5 / 50 - sum(HISTORY) / 600)
    assert found.raw.value == pytest.approx(found.effect.value)
    assert trial_alone(track, start=12, better="lower").verdict == "worse"
    assert trial_alone(Track.share([*HISTORY, 31, 29], [50] * 14), start=12).verdict == "no_effect_seen"


def test_a_picked_touchpoint_is_moved_back_before_it_is_compared() -> None:
    track = Track.share([*HISTORY, 33, 34, 33, 34], [50] * 16)
    pool = Track.share([362, 420, 415, 425, 410, 430, 422], [600] * 7)
    found = trial_alone(track, start=12, pool=pool, index=0)
    assert found.by_picking > 0
    assert found.effect.value < trial_alone(track, start=12).effect.value
    assert found.warnings == (Caution.PICKED,)


@pytest.mark.parametrize(
    ("history", "reason"),
    [
        ([600, 560, 660, 620, 580, 600, 640, 540, 620, 600, 580], "short_history"),
        ([400, 440, 420, 500, 480, 540, 560, 600, 580, 660, 680, 720], "history_trend"),
        ([400] * 9 + [470] * 9 + [400] * 9, "history_unstable"),
    ],
)
def test_a_history_that_cannot_serve_verifies_nothing(history: list[int], reason: str) -> None:
    track = Track.share([*history, 900, 920], [1000] * (len(history) + 2))
    found = trial_alone(track, start=len(history))
    assert (found.verdict, found.reason) == ("not_verifiable", reason)


def test_a_wavering_history_makes_the_effect_less_sure() -> None:
    calm = Track.share([300, 302, 298, 301] * 4 + [330], [500] * 17)
    wild = Track.share([250, 350, 260, 340, 255, 345, 300, 300] * 2 + [330], [500] * 17)
    assert trial_alone(wild, start=16).effect.half_width > 2 * trial_alone(calm, start=16).effect.half_width


def test_answers_needed_follow_from_what_is_to_be_seen() -> None:
    few, many = answers_for_trial(20, sd=80, units=19), answers_for_trial(10, sd=80, units=19)
    assert many == pytest.approx(4 * few, rel=0.01)
    assert answers_for_trial(-20, sd=80, units=19) == few
    assert answers_for_trial(20, sd=80, units=1) > few
    assert answers_for_trial(20, sd=80, units=19, wander=4) > few
    with pytest.raises(NotIdentified):
        answers_for_trial(5, sd=80, units=19, wander=10)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: trial(BEFORE, RISEN, treated=[0], was_picked=False, better="up"),
        lambda: trial(BEFORE, RISEN, treated=[0], was_picked=False, power=1),
        lambda: trial(BEFORE, RISEN, treated=[0], was_picked=False, level=0),
        lambda: trial(BEFORE, RISEN, treated=[5], was_picked=False),
        lambda: trial_alone(BEFORE, start=3, index=1),
        lambda: trial_alone(BEFORE, start=3, pool=RISEN),
        lambda: trial_alone(BEFORE, start=3, pool=RISEN, index=5),
        lambda: answers_for_trial(0, sd=1, units=3),
        lambda: answers_for_trial(1, sd=math.nan, units=3),
        lambda: answers_for_trial(1, sd=1, units=0),
        lambda: answers_for_trial(1, sd=1, units=3, wander=-1),
        lambda: answers_for_trial(1, sd=1, units=3, power=0.4),
    ],
)
def test_impossible_trials_are_refused(wrong) -> None:
    with pytest.raises(BadArgument):
        wrong()


def test_trials_without_answers_are_told() -> None:
    with pytest.raises(TooFewAnswers):
        trial(BEFORE.part([0, 1]), RISEN.part([0, 1]), treated=[0], was_picked=True)
    with pytest.raises(TooFewAnswers):
        trial_alone(BEFORE, start=5)
    with pytest.raises(TooFewAnswers):
        trial_alone(BEFORE, start=1)
    with pytest.raises(NotIdentified):
        trial_alone(Track.share([5] * 14, [5] * 14), start=12)
    still = Track.mean([1, 2], [0, 0], [9, 9])
    with pytest.raises(NotIdentified):
        trial(still, still, treated=[0], was_picked=False)


def tried(
    rng: np.random.Generator, *, tau: float, n: int, effect: float, drift: float, wander: float
) -> Trial:
    """The worst of 20 is picked, all drift, and perhaps something is done about it."""
    level = rng.normal(0.35, tau, 20)
    before = drawn(rng, level, n)
    worst = int(np.argmin(before.values))
    moved = level + drift + rng.normal(0, wander, 20)
    moved[worst] += effect
    return trial(before, drawn(rng, moved, n), treated=[worst], was_picked=True)


@pytest.mark.slow
@pytest.mark.parametrize(("tau", "wander"), [(0.0, 0.0), (0.1, 0.05)])
def test_the_worst_of_twenty_left_alone_is_hardly_ever_verified(tau: float, wander: float) -> None:
    rng = np.random.default_rng(71)
    found = [tried(rng, tau=tau, n=100, effect=0.0, drift=0.1, wander=wander).verdict for _ in range(200)]
    assert found.count("verified") / 200 <= 0.05
    assert found.count("worse") / 200 <= 0.05


@pytest.mark.slow
def test_a_planned_trial_sees_its_target() -> None:
    rng = np.random.default_rng(72)
    n = answers_for_trial(20, sd=78, units=19)
    found = [tried(rng, tau=0.05, n=n, effect=0.2, drift=0.05, wander=0.0).verdict for _ in range(200)]
    assert found.count("verified") / 200 >= 0.8


@pytest.mark.slow
def test_the_worst_of_twenty_against_its_own_history_is_hardly_ever_verified() -> None:
    rng = np.random.default_rng(73)
    runs, verified = 120, 0
    for _ in range(runs):
        level = rng.normal(0.35, 0.05, 20)
        weeks = [drawn(rng, level, 30) for _ in range(26)]
        values = np.array([week.values for week in weeks])
        worst = int(np.argmin(values.mean(axis=0)))
        after = [drawn(rng, level, 30) for _ in range(6)]
        column = [week.part([worst]) for week in (*weeks, *after)]
        history = Track(
            *(np.concatenate([getattr(c, name) for c in column]) for name in ("values", "spreads", "ns")),
            column[0].low,
            column[0].high,
            column[0].pseudo,
        )
        spreads = np.array([week.spreads for week in weeks]).mean(axis=0) + values.var(axis=0)
        pool = Track(values.mean(axis=0), spreads, np.full(20, 780.0), -100.0, 100.0, column[0].pseudo)
        verified += trial_alone(history, start=26, pool=pool, index=worst).verdict == "verified"
    assert verified / runs <= 0.05
