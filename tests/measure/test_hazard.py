import importlib
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.frozen import frozen
from tests.measure.sets import rossi

from mindgap.measure.covariates import Covariates
from mindgap.measure.errors import BadArgument, BadCounts, NotConverged, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.hazard import hazard, proportionality

REFERENCE = frozen("money")
COX, R, NAMES = REFERENCE["cox"], REFERENCE["r"], tuple(REFERENCE["names"])


def released() -> tuple[np.ndarray, np.ndarray, Covariates]:
    table = rossi()
    return table["week"], table["arrest"], Covariates(np.column_stack([table[n] for n in NAMES]), names=NAMES)


def drawn(
    seed: int, n: int = 120, effect: float = 0.0, p: int = 2
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, p))
    times, ends = rng.exponential(np.exp(-effect * x[:, 0])), rng.uniform(0.3, 2.5, n)
    return np.round(np.minimum(times, ends), 1), times <= ends, x


def test_the_figures_for_released_prisoners_are_those_of_r() -> None:
    found = hazard(*released())
    beta = dict(zip(NAMES, found.coefficients, strict=True))
    assert [beta["fin"], beta["age"], beta["prio"]] == pytest.approx(
        [R["fin"], R["age"], R["prio"]], abs=5e-5
    )
    assert found.loglik == pytest.approx(R["loglik"], abs=5e-4)
    assert (found.n, found.events) == (432, 114)


def test_the_whole_fit_is_that_of_lifelines() -> None:
    found = hazard(*released())
    assert found.coefficients == pytest.approx(COX["coefficients"], abs=1e-7)
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(COX["ses"], rel=1e-6)
    assert found.p == pytest.approx(COX["p"], rel=1e-5)
    assert found.loglik == pytest.approx(COX["loglik"], abs=1e-9)
    assert found.concordance is not None
    assert found.concordance.value == pytest.approx(COX["concordance"])
    fin = found.ratios[0]
    assert fin.value == pytest.approx(math.exp(COX["coefficients"][0]))
    assert fin.high == pytest.approx(math.exp(COX["coefficients"][0] + 1.959964 * COX["ses"][0]), rel=1e-6)
    assert found.warnings == ()


def test_proportionality_is_rejected_as_r_and_an_independent_computation_do() -> None:
    found = proportionality(*released())
    assert found.overall_p == pytest.approx(R["zph_p"], abs=5e-4)
    drift = COX["drift"]
    assert found.statistics == pytest.approx(drift["statistics"], rel=1e-6)
    assert [found.overall, found.overall_p] == pytest.approx([drift["overall"], drift["p"]], rel=1e-6)
    assert found.df == 7
    assert found.p[NAMES.index("age")] < 0.05


def test_cluster_robust_errors_are_those_of_lifelines_without_ties() -> None:
    weeks, arrest, known = released()
    apart = weeks + np.arange(432) / 1000
    found = hazard(apart, arrest, known, clusters=np.arange(432) % 40)
    assert found.coefficients == pytest.approx(COX["robust_coefficients"], abs=1e-6)
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(COX["robust_ses"], rel=1e-5)
    assert "cluster" in found.method
    # With a t distribution on 39 degrees of freedom.
    half = math.log(found.ratios[0].high) - found.coefficients[0]
    assert half / COX["robust_ses"][0] == pytest.approx(2.0227, abs=1e-3)


def test_the_order_of_customers_does_not_matter() -> None:
    times, left, x = drawn(1, effect=0.5)
    mixed = np.random.default_rng(2).permutation(times.size)
    stores = np.arange(times.size) % 30
    one = hazard(times, left, Covariates(x), clusters=stores)
    other = hazard(times[mixed], left[mixed], Covariates(x[mixed]), clusters=stores[mixed])
    assert one.coefficients == pytest.approx(other.coefficients)
    assert one.covariance == pytest.approx(other.covariance)


@given(st.integers(0, 10_000), st.floats(0.01, 100), st.floats(-50, 50))
def test_units_of_covariates_and_of_time_do_not_matter(seed: int, scale: float, shift: float) -> None:
    times, left, x = drawn(seed, n=60, effect=0.4)
    plain = hazard(times, left, Covariates(x))
    other = hazard(times * 7, left, Covariates(x * scale + shift))
    assert other.coefficients * scale == pytest.approx(plain.coefficients, rel=1e-5, abs=1e-7)
    assert other.loglik == pytest.approx(plain.loglik)
    assert all(ratio.low < ratio.value < ratio.high for ratio in plain.ratios)
    assert plain.loglik >= plain.loglik_null


@given(st.integers(0, 10_000))
def test_swapping_a_yes_and_no_turns_its_ratio_round(seed: int) -> None:
    times, left, x = drawn(seed, n=60)
    yes = (x[:, :1] > 0).astype(float)
    one, other = (hazard(times, left, Covariates(code)).ratios[0] for code in (yes, 1 - yes))
    assert one.value * other.value == pytest.approx(1)
    assert one.low * other.high == pytest.approx(1)


@pytest.mark.parametrize("transform", ["km", "rank", "identity"])
def test_a_ratio_that_turns_round_with_time_is_found_out(transform: str) -> None:
    rng = np.random.default_rng(5)
    x = rng.integers(0, 2, 600).astype(float)
    early = rng.exponential(np.where(x == 1, 0.5, 3.0))
    times = np.where(early < 1, early, 1 + rng.exponential(np.where(x == 1, 4.0, 0.7)))
    found = proportionality(times, np.ones(600), Covariates(x), transform=transform)
    assert found.overall_p < 1e-6
    assert found.statistics[0] == pytest.approx(found.overall)


def test_one_customer_far_out_does_not_send_the_search_astray() -> None:
    """Newton's whole step overshoots here; the top is found by trying many coefficients."""
    times = np.array([2.0, 4, 7, 1, 8, 5, 6, 9, 10, 3, 12, 11])
    left = np.array([1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1])
    x = np.array([42.0, 1, 4, 4, 0, 0, 4, 4, 0, 0, 4, 1])
    tried = np.linspace(-1, 3, 40_001)
    loglik = sum(
        tried * x[i] - np.log(np.exp(np.outer(tried, x[times >= times[i]])).sum(axis=1))
        for i in np.flatnonzero(left)
    )
    found = hazard(times, left, Covariates(x))
    assert found.coefficients[0] == pytest.approx(tried[np.argmax(loglik)], abs=1e-4)
    assert found.loglik == pytest.approx(loglik.max(), abs=1e-6)


def test_few_events_and_no_order_are_said() -> None:
    found = hazard([5, 2, 4, 3, 1, 6], [1, 1, 1, 1, 1, 0], Covariates([0, 1, 0, 1, 0, 1]))
    assert found.warnings == (Caution.FEW_EVENTS,)
    at_once = hazard([1, 1, 1, 1], [1, 1, 1, 0], Covariates([0, 1, 2, 1]))
    assert at_once.concordance is not None
    assert hazard([1, 1, 1, 1], [1, 1, 1, 1], Covariates([0, 1, 2, 1])).concordance is None


@pytest.mark.parametrize(
    ("x", "reason"),
    [
        ([[1, 2], [2, 4], [3, 6], [4, 8], [5, 10], [7, 14]], "collinear covariates"),
        ([[1], [1], [1], [1], [1], [1]], "constant covariate"),
        ([[6], [5], [4], [3], [2], [1]], "separation"),
        ([[1], [1], [1], [0], [0], [0]], "separation"),
    ],
)
def test_ratios_that_could_be_anything_are_refused(x: object, reason: str) -> None:
    with pytest.raises(NotIdentified) as caught:
        hazard([1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 0, 0], Covariates(x))
    assert caught.value.reason == reason


def test_covariates_that_differ_only_in_those_never_at_risk_are_refused() -> None:
    with pytest.raises(NotIdentified) as caught:
        hazard([1, 2, 5, 6, 7], [0, 0, 1, 1, 1], Covariates([3, 4, 1, 1, 1]))
    assert caught.value.reason == "collinear covariates"


def test_too_few_losses_or_clusters_are_refused() -> None:
    known = Covariates([[0, 1], [1, 0], [1, 1], [0, 0], [2, 1]])
    for left in ([0, 0, 0, 0, 0], [1, 0, 0, 0, 0], [1, 1, 0, 0, 0]):
        with pytest.raises(TooFewAnswers):
            hazard([1, 2, 3, 4, 5], left, known)
    times, left, x = drawn(3)
    with pytest.raises(TooFewAnswers):
        hazard(times, left, Covariates(x), clusters=np.zeros(times.size))
    with pytest.raises(TooFewAnswers):
        hazard([], [], Covariates(np.ones((0, 1))))


def test_impossible_arrays_are_refused() -> None:
    known = Covariates([0, 1, 0])
    for times, left in (
        ([1, 2], [1, 1]),
        ([1, 2, -1], [1, 1, 1]),
        ([1, 2, math.nan], [1, 1, 1]),
        ([1, 2, 3], [1, 2, 0]),
    ):
        with pytest.raises(BadCounts):
            hazard(times, left, known)
    times, left, x = drawn(3)
    with pytest.raises(BadCounts):
        hazard(times, left, Covariates(x), clusters=[1, 2])
    with pytest.raises(BadArgument):
        hazard(times, left, Covariates(x), level=1.0)
    with pytest.raises(BadArgument):
        proportionality(times, left, Covariates(x), transform="log")


def test_proportionality_needs_losses_at_more_than_one_time() -> None:
    with pytest.raises(NotIdentified):
        proportionality([1, 1, 1, 2], [1, 1, 1, 0], Covariates([0, 1, 2, 1]), transform="identity")
    with pytest.raises(NotIdentified):
        proportionality([1, 1, 1], [1, 1, 1], Covariates([0, 1, 2]))


def test_a_search_cut_short_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.import_module("mindgap.measure.hazard"), "ROUNDS", 1)
    times, left, x = drawn(1, effect=0.5)
    with pytest.raises(NotConverged):
        hazard(times, left, Covariates(x))


@pytest.mark.slow
def test_intervals_cover_and_tests_keep_their_level() -> None:
    runs, covered, clustered, drifts = 150, 0, 0, 0
    for seed in range(runs):
        times, left, x = drawn(seed, n=150, effect=0.4)
        covered += not hazard(times, left, Covariates(x)).ratios[0].excludes(math.exp(0.4))
        drifts += proportionality(times, left, Covariates(x)).overall_p < 0.05
        # Every customer three times: only clusters know.
        rows = np.repeat(np.arange(150), 3)
        known = Covariates(x[rows])
        clustered += (
            not hazard(times[rows], left[rows], known, clusters=rows).ratios[0].excludes(math.exp(0.4))
        )
    assert 0.91 < covered / runs < 0.99
    assert 0.9 < clustered / runs < 0.99
    assert drifts / runs < 0.1
