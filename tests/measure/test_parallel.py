import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.measure.errors import BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.parallel import parallel
from mindgap.measure.track import Track

hits = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=8)


def shares(*xs: int) -> Track:
    return Track.share(xs, [100] * len(xs))


def test_a_parallel_course_shows_no_sign() -> None:
    found = parallel(shares(50, 55, 60, 65), shares(40, 45, 50, 55))
    assert found.statement == "no_sign"
    assert found.chi2 == pytest.approx(0)
    assert found.leads == pytest.approx([0, 0, 0])
    assert found.warnings == ()


def test_a_slow_drift_apart_is_seen_by_its_slope() -> None:
    found = parallel(shares(50, 55, 60, 65, 70, 75), shares(50, 50, 50, 50, 50, 50))
    assert found.statement == "drifted_apart"
    assert found.slope.value == pytest.approx(0.05, abs=0.001)
    assert found.warnings == (Caution.NOT_PARALLEL,)


def test_the_joint_test_is_that_of_the_leads() -> None:
    """Wald test of the leads with their covariance, which shares the last period."""
    a, b = shares(50, 58, 49, 61), shares(60, 55, 61, 52)
    noise = a.variances + b.variances
    lead = (a.values - b.values)[:-1] - (a.values - b.values)[-1]
    covariance = np.diag(noise[:-1]) + noise[-1]
    found = parallel(a, b)
    assert found.leads == pytest.approx(lead)
    assert found.chi2 == pytest.approx(lead @ np.linalg.solve(covariance, lead))
    assert found.ses == pytest.approx(np.sqrt(np.diag(covariance)))
    assert found.df == 3


@given(hits)
def test_exchanging_the_groups_changes_the_sign_only(rows: list) -> None:
    a, b = (Track.share(x, [40] * len(rows)) for x in np.array(rows).T)
    one, other = parallel(a, b), parallel(b, a)
    assert other.slope.value == pytest.approx(-one.slope.value)
    assert other.p == pytest.approx(one.p)
    assert 0 <= one.p <= 1


def test_periods_without_answers_are_left_out() -> None:
    a = Track.share([50, 0, 52, 51], [100, 0, 100, 100])
    assert parallel(a, shares(50, 50, 50, 50)).df == 2
    assert not math.isnan(parallel(a, shares(50, 50, 50, 50)).slope.value)


def test_too_few_periods_are_told() -> None:
    with pytest.raises(TooFewAnswers):
        parallel(shares(50), shares(50))
    with pytest.raises(BadCounts):
        parallel(shares(50, 51), shares(50))
    still = Track.mean([1, 1], [0, 0], [5, 5])
    with pytest.raises(NotIdentified):
        parallel(still, still)


@pytest.mark.slow
def test_parallel_courses_are_doubted_as_seldom_as_stated() -> None:
    rng = np.random.default_rng(31)
    runs, doubted = 1200, 0
    for _ in range(runs):
        a, b = (Track.share(rng.binomial(80, p, 8), [80] * 8) for p in (0.6, 0.7))
        doubted += parallel(a, b).statement == "drifted_apart"
    assert 0.02 <= doubted / runs <= 0.06
