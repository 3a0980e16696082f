"""Control charts (R84, behaviour 3.1)."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.frozen import frozen
from tests.measure.sets import orangejuice

from mindgap.measure.chart import chart
from mindgap.measure.errors import BadArgument, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.track import Track

REFERENCE = frozen("change")["p_chart"]
hits = st.lists(st.integers(0, 50), min_size=3, max_size=30).filter(lambda xs: 0 < sum(xs) < 50 * len(xs))


def test_the_p_chart_of_orange_juice_is_that_of_r() -> None:
    table = orangejuice()
    first = table["trial"] == "TRUE"
    track = Track.share(table["D"][first], table["size"][first])
    found = chart(track)
    assert found.centre == pytest.approx(REFERENCE["centre"], abs=5e-5)
    assert [found.lows[0], found.highs[0]] == pytest.approx(REFERENCE["limits"], abs=5e-5)
    assert np.flatnonzero(found.out).tolist() == [14, 22]
    for revised in (chart(track, without=[14, 22]), chart(track, revise=True)):
        assert revised.centre == pytest.approx(REFERENCE["revised_centre"], abs=5e-5)
        assert [revised.lows[0], revised.highs[0]] == pytest.approx(REFERENCE["revised_limits"], abs=5e-5)
        assert np.flatnonzero(revised.out).tolist() == [14, 20, 22]


def test_centre_and_limits_follow_from_the_total_alone() -> None:
    """Thirty samples of 50 with the total of the orange juice cans."""
    out = [int(x) for x in REFERENCE["out"].values()]
    rest = REFERENCE["total"] - sum(out)
    even = [rest // 28 + (i < rest % 28) for i in range(28)]
    found = chart(Track.share([*even, *out], [50] * 30))
    assert found.centre == pytest.approx(REFERENCE["centre"], abs=5e-5)
    assert [found.lows[0], found.highs[0]] == pytest.approx(REFERENCE["limits"], abs=5e-5)
    assert np.flatnonzero(found.out).tolist() == [28, 29]
    for way in ({"revise": True}, {"without": [28, 29]}):
        revised = chart(Track.share([*even, *out], [50] * 30), **way)
        assert revised.centre == pytest.approx(REFERENCE["revised_centre"], abs=5e-5)


def test_limits_of_an_nps_narrow_with_the_root_of_n() -> None:
    track = Track.nps([10, 10, 40], [15, 15, 60], [25, 25, 100])
    found = chart(track, baseline=2)
    v = 1e4 * (0.5 + 0.2 - 0.3**2)
    assert found.sigmas == pytest.approx([math.sqrt(v / 50)] * 2 + [math.sqrt(v / 200)])
    assert found.highs[2] - found.centre == pytest.approx(3 * found.sigmas[2])
    assert found.out.tolist() == [0, 0, 0]


def test_limits_do_not_leave_the_scale() -> None:
    found = chart(Track.share([1, 0, 1, 0], [10] * 4))
    assert (found.lows == 0).all()
    assert found.out.tolist() == [0, 0, 0, 0]


def test_a_period_without_answers_is_not_out() -> None:
    found = chart(Track.share([5, 6, 0, 9], [10, 10, 0, 10]))
    assert found.out[2] == 0
    assert math.isnan(found.lows[2])
    assert not found.baseline[2]


def test_laney_widens_for_large_samples_that_waver() -> None:
    """20 days of 10,000 answers whose level wavers by two points: most are out of plain limits."""
    rng = np.random.default_rng(4)
    levels = np.clip(rng.normal(0.2, 0.02, 40), 0, 1)
    track = Track.share(rng.binomial(10_000, levels), [10_000] * 40)
    plain, widened = chart(track), chart(track, laney=True)
    assert (plain.out != 0).sum() > 10
    assert (widened.out != 0).sum() <= 1
    assert widened.widened > 3
    assert (widened.method, plain.method) == ("laney", "shewhart")


def test_laney_agrees_with_its_formula() -> None:
    x, n = np.array([12, 9, 15, 8, 11]), np.array([50, 40, 60, 50, 45])
    p, share = x / n, x.sum() / n.sum()
    z = (p - share) / np.sqrt(share * (1 - share) / n)
    assert chart(Track.share(x, n), laney=True).widened == pytest.approx(
        np.abs(np.diff(z)).mean() / 1.128, rel=1e-3
    )


def test_a_short_baseline_is_warned_of() -> None:
    assert chart(Track.share([5, 6], [10, 10])).warnings == (Caution.SHORT_BASELINE,)
    assert chart(Track.share([5, 6] * 10, [10] * 20)).warnings == ()


@given(hits)
def test_shares_and_their_complements_are_out_together(xs: list[int]) -> None:
    n = [50] * len(xs)
    one, other = chart(Track.share(xs, n)), chart(Track.share([50 - x for x in xs], n))
    assert one.out.tolist() == (-other.out).tolist()
    assert one.centre == pytest.approx(1 - other.centre)
    assert (one.lows <= one.centre).all()
    assert (one.centre <= one.highs).all()


@given(hits, st.floats(0.1, 1000))
def test_the_unit_of_a_mean_changes_nothing(xs: list[int], unit: float) -> None:
    means, spreads, n = np.array(xs) / 50, np.full(len(xs), 0.3), [50] * len(xs)
    one, other = (chart(Track.mean(u * means, u**2 * spreads, n)) for u in (1, unit))
    assert one.out.tolist() == other.out.tolist()


def test_what_cannot_be_charted_is_told() -> None:
    with pytest.raises(TooFewAnswers):
        chart(Track.share([], []))
    with pytest.raises(TooFewAnswers):
        chart(Track.share([1, 0], [2, 0]))
    with pytest.raises(NotIdentified):
        chart(Track.share([10, 10], [10, 10]))
    with pytest.raises(NotIdentified):
        chart(Track.share([5, 5, 5], [10, 10, 10]), laney=True)
    with pytest.raises(BadArgument):
        chart(Track.share([5, 5], [10, 10]), limits=0)
    with pytest.raises(BadArgument):
        chart(Track.share([5, 5], [10, 10]), baseline=3)


@pytest.mark.slow
def test_quiet_periods_are_seldom_out() -> None:
    rng = np.random.default_rng(6)
    drawn = rng.multinomial(50, [0.15, 0.35, 0.5], (40, 130))
    out = [chart(Track.nps(*run.T), baseline=78).out[78:] for run in drawn]
    assert 0.0005 < np.mean(np.array(out) != 0) < 0.0065
