"""The standing watch: at most six false alerts a year over 40 touchpoints (behaviour 3.1)."""

import math

import numpy as np
import pytest

from mindgap.measure.cusum import run_length
from mindgap.measure.errors import BadArgument, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.track import Track
from mindgap.measure.watch import straightened, watch

QUIET, FALLEN = [0.15, 0.35, 0.50], [0.25, 0.35, 0.40]


def drawn(rng: np.random.Generator, weeks: int, after: int = 0, n: int = 50) -> Track:
    parts = [rng.multinomial(n, QUIET, weeks), rng.multinomial(n, FALLEN, after)]
    return Track.nps(*np.vstack(parts).T)


def test_a_lasting_fall_alerts_and_says_when_it_began() -> None:
    track = Track.nps([10] * 26 + [20] * 6, [15] * 32, [25] * 26 + [15] * 6)
    found = watch(track)
    assert found.alerts[0] == 27
    assert found.cusum.began[27] == 26
    assert found.level == pytest.approx(30)
    assert found.sd == pytest.approx(100 * math.sqrt((0.7 - 0.09) / 50))
    assert (found.z[:26] == 0).all()
    assert found.cusum.signals[:26].tolist() == [0] * 26


def test_a_lasting_rise_alerts_only_where_it_is_asked_for() -> None:
    track = Track.share([25] * 26 + [45] * 4, [50] * 30)
    assert watch(track).alerts == ()
    assert watch(track, sides="rise").alerts
    assert watch(track, sides="both").alerts


def test_the_stated_rate_of_false_alerts_is_the_one_asked_for() -> None:
    track = drawn(np.random.default_rng(1), 40)
    found = watch(track)
    assert found.false.between == pytest.approx(364, rel=0.01)
    assert 40 * 52 / found.false.between < 6
    four = run_length(found.cusum.h, k=0.75, shift=found.finds / found.sd, sides="rise").mean
    assert four == pytest.approx(4, abs=0.01)


def test_a_baseline_of_more_answers_needs_less_to_alert() -> None:
    few, many = (Track.share([25 * f] * 26 + [25] * 10, [50 * f] * 26 + [50] * 10) for f in (1, 8))
    assert watch(many).cusum.h < watch(few).cusum.h


def test_a_wavering_baseline_is_judged_by_its_wavering() -> None:
    rng = np.random.default_rng(3)
    levels = np.clip(rng.normal(0.5, 0.1, 60), 0, 1)
    track = Track.share(rng.binomial(400, levels), [400] * 60)
    found = watch(track)
    assert found.waver > 2
    assert Caution.OVERDISPERSED in found.warnings
    assert len(found.alerts) <= 1
    assert len(watch(drawn(rng, 40)).warnings) == 0


def test_weeks_without_answers_are_passed_over() -> None:
    full, gap = [25, 24, 26, 25] * 7, [50] * 28
    gap[3] = 0
    full[3] = 0
    found = watch(Track.share([*full, 10, 0, 10], [*gap, 50, 0, 50]), baseline=28)
    assert math.isnan(found.z[29])
    assert found.alerts[0] == 28
    assert not found.baseline[3]


def test_the_watch_begins_after_the_last_baseline_week() -> None:
    found = watch(Track.share([25] * 30, [50] * 30), baseline=np.arange(4, 26))
    assert found.baseline.sum() == 22
    assert found.alerts == ()


def test_what_cannot_be_watched_is_told() -> None:
    with pytest.raises(TooFewAnswers):
        watch(Track.share([25] * 26, [50] * 26))
    with pytest.raises(TooFewAnswers):
        watch(Track.share([25] * 30, [50] * 30), baseline=[False] * 30)
    with pytest.raises(NotIdentified):
        watch(Track.share([50] * 30, [50] * 30))
    with pytest.raises(BadArgument):
        watch(Track.share([25] * 20, [50] * 20))
    assert Caution.SHORT_BASELINE in watch(Track.share([25, 24] * 8, [50] * 16), baseline=12).warnings


def test_the_lean_of_high_scores_is_taken_out() -> None:
    """Nearly all promoters: weekly scores lean to the left, straightened ones do not."""
    rng = np.random.default_rng(9)
    track = Track.nps(*rng.multinomial(50, [0.05, 0.15, 0.80], 60_000).T)
    whole = track.pooled()
    z = (track.values - whole.values[0]) / np.sqrt(whole.spreads[0] / 50)
    straight = straightened(z, float(whole.skews[0]), ns=track.ns)
    assert np.mean(z**3) < -0.15
    assert abs(np.mean(straight**3)) < 0.03
    assert straightened(np.array([-3.0]), 0.0, ns=np.array([50.0]))[0] == -3
    far = straightened(np.array([-50.0, -40.0, -30.0]), -3.0, ns=np.array([20.0] * 3))
    assert (np.diff(far) > 0).all()


@pytest.mark.slow
@pytest.mark.parametrize("shares", [QUIET, [0.05, 0.15, 0.80]])
def test_forty_quiet_touchpoints_give_at_most_six_false_alerts_a_year(shares: list[float]) -> None:
    """Baseline estimated from the 26 weeks before; 15 years, so give or take 0.6."""
    rng, years = np.random.default_rng(7), 15
    weeks = rng.multinomial(50, shares, (40 * years, 26 + 52))
    alerts = sum(len(watch(Track.nps(*rows.T)).alerts) for rows in weeks)
    assert 3.5 <= alerts / years <= 6


@pytest.mark.slow
def test_a_fall_by_20_points_is_found_within_weeks() -> None:
    """Within 4 weeks in 65 % and within 6 in 90 % of runs, n = 50 a week; alerts before count as none."""
    rng = np.random.default_rng(8)
    runs, soon, later = 1000, 0, 0
    for _ in range(runs):
        weeks = [place - 25 for place in watch(drawn(rng, 26, 8)).alerts]
        soon += bool(weeks) and weeks[0] <= 4
        later += bool(weeks) and weeks[0] <= 6
    assert soon / runs >= 0.70
    assert later / runs >= 0.90
