import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.measure.counts import Counts
from mindgap.measure.errors import BadArgument, BadCounts, TooFewAnswers
from mindgap.measure.nps import nps_cells
from mindgap.measure.track import Track, mask

cells = st.lists(st.tuples(*[st.integers(0, 60)] * 3), min_size=1, max_size=12).filter(
    lambda rows: any(sum(row) for row in rows)
)


def test_scores_and_variances_are_those_of_the_nps() -> None:
    track, cells_ = Track.nps([3, 0], [3, 0], [4, 10]), nps_cells([3, 0], [3, 0], [4, 10])
    assert track.values == pytest.approx(cells_.value)
    assert track.variances == pytest.approx(cells_.variance)


def test_a_share_without_spread_has_a_variance() -> None:
    """Agresti and Coull: two of each are added."""
    track = Track.share([10], [10])
    assert track.variances[0] == pytest.approx((12 / 14) * (2 / 14) / 14)


def test_a_mean_has_the_usual_variance_unless_its_scale_has_ends() -> None:
    answers = Counts([1, 2, 3, 4, 5])
    free, held = Track.of([answers]), Track.of([answers], low=0, high=4)
    assert free.values[0] == answers.mean
    assert free.variances[0] == pytest.approx(answers.variance / answers.n)
    padded = answers + Counts([1, 1], values=[0, 4])
    spread = padded.counts @ (padded.values - padded.mean) ** 2 / padded.n
    own_centre = spread - (padded.mean - held.values[0]) ** 2
    assert held.variances[0] == pytest.approx(spread / padded.n, rel=1e-9)
    assert own_centre < spread


def test_samples_without_answers_are_marked_and_not_added() -> None:
    track = Track.nps([1, 0], [1, 0], [2, 0])
    assert math.isnan(track.values[1])
    assert math.isnan(track.variances[1])
    assert track.pooled().values[0] == 25
    assert math.isnan(Track.of([Counts([0, 0])]).values[0])
    assert Track.mean([math.nan, 2], [math.nan, 1], [0, 4]).pooled().values[0] == 2
    assert math.isnan(Track.mean([5], [0], [1]).variances[0])
    with pytest.raises(TooFewAnswers):
        Track.share([0], [0]).pooled()
    with pytest.raises(TooFewAnswers):
        Track.share([], []).pooled()


@given(cells)
def test_pooling_is_the_same_as_adding_the_counts(rows: list) -> None:
    whole = np.array(rows).sum(axis=0)
    pooled, direct = Track.nps(*np.array(rows).T).pooled(), Track.nps(*whole[:, None])
    assert pooled.values == pytest.approx(direct.values)
    assert pooled.spreads == pytest.approx(direct.spreads, abs=1e-6)
    assert pooled.variances == pytest.approx(direct.variances, abs=1e-6)


def test_the_skewness_of_classes_is_that_of_their_answers() -> None:
    answers = np.repeat([-100.0, 0.0, 100.0], [5, 15, 80])
    skew = ((answers - answers.mean()) ** 3).mean() / answers.std() ** 3
    assert Track.nps([5], [15], [80]).skews[0] == pytest.approx(skew)
    assert Track.share([20], [100]).skews[0] == pytest.approx(0.6 / 0.4)
    assert Track.share([10], [10]).skews[0] == 0
    assert Track.mean([3], [1], [10]).part([0]).skews[0] == 0


def test_a_part_keeps_its_order() -> None:
    track = Track.share([1, 2, 3], [4, 4, 4])
    assert track.part([True, False, True]).values.tolist() == [0.25, 0.75]
    assert track.part([2, 0]).values.tolist() == [0.75, 0.25]
    assert track.size == 3


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Track.share([5], [4]),
        lambda: Track.share([[1]], [[2]]),
        lambda: Track.nps([1], [1], [-1]),
        lambda: Track.nps([1], [1], [math.nan]),
        lambda: Track.nps([1], [1, 2], [1]),
        lambda: Track.mean([1], [-1], [3]),
        lambda: Track.mean([6], [1], [3], low=1, high=5),
    ],
)
def test_samples_that_cannot_be_are_refused(wrong) -> None:
    with pytest.raises(BadCounts):
        wrong()


def test_a_scale_upside_down_is_refused() -> None:
    with pytest.raises(BadArgument):
        Track.mean([1], [1], [3], low=5, high=1)


def test_a_mask_is_a_number_places_or_a_mask() -> None:
    assert mask(2, size=3, name="x").tolist() == [True, True, False]
    assert mask([2, 0], size=3, name="x").tolist() == [True, False, True]
    assert mask([True, False, False], size=3, name="x").tolist() == [True, False, False]


@pytest.mark.parametrize("wrong", [4, -1, [3], [-1], [True], [0.5], [[0, 1]]])
def test_a_mask_that_does_not_fit_is_refused(wrong: object) -> None:
    with pytest.raises(BadArgument):
        mask(wrong, size=3, name="x")
