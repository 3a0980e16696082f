import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.measure.covariates import Covariates
from mindgap.measure.errors import BadArgument, BadCounts
from mindgap.measure.hazard import hazard
from mindgap.measure.landmark import landmark

#                not yet  gone  lost  late  never  in    in
ENTERED = np.array([60.0, 0, 0, 0, 0, 0, 20])
SCORED = np.array([70.0, 5, 5, 90, np.nan, 10, 50])
ENDED = np.array([99.0, 50, 30, 99, 99, 80, 200])
LEFT = np.array([1, 1, 0, 1, 1, 1, 0])


def test_everybody_is_followed_or_counted_once() -> None:
    found = landmark(ENTERED, SCORED, ENDED, LEFT, at=50)
    assert found.included.tolist() == [False] * 5 + [True] * 2
    assert (found.not_entered, found.gone, found.lost, found.scored_late, found.not_scored) == (1, 1, 1, 1, 1)
    assert found.durations.tolist() == [30, 150]
    assert found.left.tolist() == [True, False]
    assert found.tenure.tolist() == [50, 30]
    assert found.score_age.tolist() == [40, 0]
    assert found.n == 7


def test_a_horizon_ends_the_following() -> None:
    found = landmark(ENTERED, SCORED, ENDED, LEFT, at=50, horizon=20)
    assert found.durations.tolist() == [20, 20]
    assert not found.left.any()
    assert landmark(ENTERED, SCORED, ENDED, LEFT, at=50, horizon=30).left.tolist() == [True, False]


def test_each_customer_may_have_a_landmark_at_the_same_age() -> None:
    found = landmark(ENTERED, SCORED, ENDED, LEFT, at=30, since="entry")
    assert found.tenure.tolist() == [30] * int(found.included.sum())
    assert found.not_entered == 0
    assert found.durations.tolist() == [9, 20, 50, 150]


def test_outcomes_can_be_had_by_class() -> None:
    found = landmark(ENTERED, SCORED, ENDED, LEFT, at=50)
    assert found.outcomes().completed.sum() == 1
    assert found.outcomes([0, 1]).still_open.tolist() == [1]
    with pytest.raises(BadCounts):
        found.outcomes([1])


@given(
    st.lists(
        st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 100), st.booleans(), st.booleans()),
        max_size=30,
    ),
    st.integers(0, 80),
)
def test_the_counts_add_up_and_nobody_is_followed_back_in_time(rows, at: int) -> None:
    start = np.array([row[0] for row in rows], dtype=float)
    end = start + [row[2] for row in rows]
    scored = np.where([row[4] for row in rows], np.minimum(start + [row[1] for row in rows], end), np.nan)
    found = landmark(start, scored, end, [row[3] for row in rows], at=at)
    excluded = found.not_entered + found.gone + found.lost + found.scored_late + found.not_scored
    assert excluded + found.durations.size == found.n == len(rows)
    assert (found.durations > 0).all()
    assert (found.score_age >= 0).all()
    assert (found.tenure >= 0).all()


@pytest.mark.parametrize(
    ("change", "value"),
    [("entered", [np.nan]), ("entered", [0, 1]), ("ended", [-1]), ("scored", [-1]), ("scored", [20]), ("scored", ["x"]), ("left", [2]), ("scored", [np.inf])],
)  # fmt: skip
def test_impossible_histories_are_refused(change: str, value: object) -> None:
    history = {"entered": [0], "scored": [5], "ended": [10], "left": [1]} | {change: value}
    with pytest.raises(BadCounts):
        landmark(**history, at=6)


@pytest.mark.parametrize(
    "change",
    [{"at": np.nan}, {"at": -1, "since": "entry"}, {"since": "x"}, {"horizon": 0}, {"horizon": np.inf}],
)
def test_impossible_landmarks_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadArgument):
        landmark([0], [5], [10], [1], **({"at": 6} | change))


@pytest.mark.slow
def test_time_that_nobody_could_have_left_in_does_not_look_like_loyalty() -> None:
    """Scores have no effect here: comparing "ever scored" finds one always, from a landmark on hardly ever."""
    runs, naive, fair = 100, 0, 0
    rng = np.random.default_rng(11)
    for _ in range(runs):
        ended, asked = rng.exponential(100, 300), rng.uniform(0, 150, 300)
        scored = np.where(asked < ended, asked, np.nan)
        naive += hazard(ended, np.ones(300), Covariates(~np.isnan(scored))).p[0] < 0.05
        known = landmark(np.zeros(300), np.where(asked < ended, asked, np.nan), ended, np.ones(300), at=60)
        late = (ended > 60) & ~known.included
        times = np.concatenate([known.durations, ended[late] - 60])
        group = np.concatenate([np.ones(known.durations.size), np.zeros(late.sum())])
        fair += hazard(times, np.ones(times.size), Covariates(group)).p[0] < 0.05
    assert naive / runs > 0.99
    assert fair / runs < 0.11
