"""Peak and end of a journey."""

import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from mindgap.measure.ending import Moments, ending, moments
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution


def drawn(seed: int, journeys: int = 400) -> tuple[np.ndarray, Moments]:
    rng = np.random.default_rng(seed)
    journey = np.repeat(np.arange(journeys), np.arange(journeys) % 4 + 2)
    found = moments(rng.integers(0, 11, journey.size), journey)
    return 0.5 * found.mean + 0.5 * found.last + rng.normal(0, 1, journeys), found


def parts(found: Moments) -> dict[str, np.ndarray]:
    return {name: getattr(found, name) for name in ("mean", "worst", "last", "touchpoints")}


def test_a_journey_is_its_mean_worst_last_and_number() -> None:
    found = moments([8, 3, 9, 7, 7], ["b", "b", "b", "a", "a"])
    assert found.journeys.tolist() == ["a", "b"]
    assert found.mean == pytest.approx([7, 20 / 3])
    assert found.worst.tolist() == [7, 3]
    assert found.last.tolist() == [7, 9]
    assert found.touchpoints.tolist() == [2, 3]
    assert moments([8, 3], ["a", "a"], better="lower").worst.tolist() == [8]
    assert moments([], []).mean.size == 0


def test_coefficients_and_errors_are_those_of_statsmodels() -> None:
    y, found = drawn(1)
    customer = np.arange(400) // 2
    design = sm.add_constant(np.column_stack(list(parts(found).values())))
    theirs = sm.OLS(y, design).fit(cov_type="cluster", cov_kwds={"groups": customer}, use_t=True)
    ours = ending(y, **parts(found), cluster=customer)
    assert ours.last.value == pytest.approx(theirs.params[3])
    assert [ours.worst.low, ours.worst.high] == pytest.approx(theirs.conf_int()[2])
    assert ours.r2 == pytest.approx(theirs.rsquared)
    restriction = np.eye(5)[[2, 3]]
    assert ours.p == pytest.approx(float(theirs.f_test(restriction).pvalue), rel=1e-6)
    assert ours.clusters == 200


def test_the_end_is_found_where_it_counts() -> None:
    y, found = drawn(2)
    seen = ending(y, **parts(found))
    assert seen.last.excludes(0)
    assert not seen.last.excludes(0.5)
    assert not seen.worst.excludes(0)
    assert seen.p < 1e-6
    assert seen.r2 > seen.r2_mean
    assert seen.clusters is None
    assert seen.warnings == ()


def test_journeys_of_one_length_have_no_coefficient_of_length() -> None:
    rng = np.random.default_rng(3)
    journey = np.repeat(np.arange(60), 4)
    found = moments(rng.integers(0, 11, 240), journey)
    assert ending(rng.normal(size=60), **parts(found)).touchpoints is None


def test_few_customers_are_warned_of() -> None:
    y, found = drawn(4)
    assert ending(y, **parts(found), cluster=np.arange(400) % 5).warnings == (Caution.FEW_CLUSTERS,)
    with pytest.raises(TooFewAnswers):
        ending(y, **parts(found), cluster=np.arange(400) % 2)


@given(st.permutations(range(30)))
def test_the_order_of_journeys_changes_nothing(order: list[int]) -> None:
    y, found = drawn(5, 30)
    one = ending(y, **parts(found))
    other = ending(y[order], **{name: part[order] for name, part in parts(found).items()})
    assert other.worst.value == pytest.approx(one.worst.value)
    assert other.p == pytest.approx(one.p)


def test_a_selected_peak_leans_on_noise() -> None:
    """Why the docstring warns: the overall follows true levels, yet worst seems to count."""
    rng = np.random.default_rng(6)
    truth = rng.normal(7, 1, 3000)
    journey = np.repeat(np.arange(3000), np.arange(3000) % 5 + 3)
    found = moments(truth[journey] + rng.normal(0, 2, journey.size), journey)
    overall = truth + rng.normal(0, 0.5, 3000)
    slanted = ending(overall, mean=np.zeros(3000) + rng.normal(0, 1e-3, 3000), worst=found.worst,
                     last=found.last, touchpoints=rng.permutation(found.touchpoints))  # fmt: skip
    held = ending(overall, **parts(found))
    assert slanted.worst.value > 0.1
    assert abs(held.worst.value) < slanted.worst.value / 2


def test_journeys_that_cannot_be_are_refused() -> None:
    y, found = drawn(7, 40)
    with pytest.raises(TooFewAnswers):
        ending(y[:5], **{name: part[:5] for name, part in parts(found).items()})
    with pytest.raises(NotIdentified):
        ending(np.full(40, 7.0), **parts(found))
    with pytest.raises(NotIdentified):
        ending(y, **{**parts(found), "worst": found.mean})
    with pytest.raises(BadCounts):
        ending(y[:-1], **parts(found))
    with pytest.raises(BadCounts):
        ending([[1.0]], mean=[[1.0]], worst=[[1.0]], last=[[1.0]], touchpoints=[[1.0]])
    with pytest.raises(BadCounts):
        moments([1, math.nan], [1, 1])
    with pytest.raises(BadCounts):
        moments([[1]], [1])
    with pytest.raises(BadArgument):
        moments([1], [1], better="up")
