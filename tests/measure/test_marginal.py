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
from mindgap.measure.marginal import marginal

REFERENCE, R = frozen("money")["logit"], frozen("money")["r"]


def released() -> tuple[np.ndarray, Covariates]:
    table, names = rossi(), ("fin", "age", "prio")
    return table["arrest"], Covariates(np.column_stack([table[name] for name in names]), names=names)


def drawn(seed: int, n: int = 150) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = np.column_stack([rng.normal(size=n), rng.random(n) < 0.4]).astype(float)
    return rng.random(n) < 1 / (1 + np.exp(0.4 - 0.7 * x[:, 0] - 0.5 * x[:, 1])), x


def test_one_more_earlier_conviction_means_two_more_arrests_in_a_hundred() -> None:
    """The figure of R, and the rest of the fit as statsmodels has it."""
    found = marginal(*released())
    assert found.effects[2].value == pytest.approx(R["effect_prio"], abs=5e-5)
    assert [effect.value for effect in found.effects] == pytest.approx(REFERENCE["effects"], rel=1e-8)
    ses = [effect.half_width / 1.959964 for effect in found.effects]
    assert ses == pytest.approx(REFERENCE["effect_ses"], rel=1e-6)
    assert found.coefficients == pytest.approx(REFERENCE["coefficients"], rel=1e-8)
    assert found.covariance.ravel() == pytest.approx(REFERENCE["covariance"], rel=1e-6)
    assert found.loglik == pytest.approx(REFERENCE["loglik"])
    assert found.p == pytest.approx(REFERENCE["p"], rel=1e-6)
    assert found.odds_ratios[2].value == pytest.approx(math.exp(REFERENCE["coefficients"][3]))
    assert (found.n, found.events) == (432, 114)


def test_cluster_robust_errors_are_the_sandwich_of_the_scores() -> None:
    found = marginal(*released(), clusters=np.arange(432) % 40)
    assert found.covariance.ravel() == pytest.approx(REFERENCE["robust_covariance"], rel=1e-6)
    assert "cluster" in found.method


@given(st.integers(0, 10_000), st.floats(0.05, 50), st.floats(-20, 20))
def test_the_unit_of_a_covariate_does_not_matter(seed: int, scale: float, shift: float) -> None:
    y, x = drawn(seed, 80)
    one = marginal(y, Covariates(x))
    other = marginal(y, Covariates(x * [scale, 1] + [shift, 0]))
    assert other.effects[0].value * scale == pytest.approx(one.effects[0].value, rel=1e-6, abs=1e-10)
    assert other.effects[1].value == pytest.approx(one.effects[1].value, rel=1e-6, abs=1e-10)
    assert other.effects[1].high == pytest.approx(one.effects[1].high, rel=1e-6, abs=1e-10)
    assert all(-1 <= e.low <= e.value <= e.high <= 1 for e in one.effects)


@given(st.integers(0, 10_000))
def test_the_other_outcome_has_the_opposite_effect(seed: int) -> None:
    y, x = drawn(seed, 80)
    one, other = marginal(y, Covariates(x)), marginal(~y, Covariates(x))
    assert [e.value for e in one.effects] == pytest.approx([-e.value for e in other.effects], abs=1e-9)
    assert [e.low for e in one.effects] == pytest.approx([-e.high for e in other.effects], abs=1e-9)


def test_counts_are_as_good_as_rows() -> None:
    y = np.array([0, 1, 0, 1, 1])
    x = np.array([0.0, 0, 1, 1, 9])
    counts = np.array([30, 10, 15, 25, 0])
    merged = marginal(y, Covariates(x), counts=counts, clusters=[1, 2, 3, 4, 5])
    rows = marginal(
        np.repeat(y, counts), Covariates(np.repeat(x, counts)), clusters=np.repeat([1, 2, 3, 4, 5], counts)
    )
    assert merged.effects[0].value == pytest.approx(rows.effects[0].value)
    # With one covariate of 0 and 1 it is the plain difference of shares.
    assert merged.effects[0].value == pytest.approx(25 / 40 - 10 / 40)
    assert merged.effects[0].low == pytest.approx(rows.effects[0].low)
    assert merged.n == 80


@pytest.mark.parametrize("clusters", [None, np.arange(432) % 60])
def test_resampling_agrees_with_the_delta_method(clusters: object) -> None:
    y, known = released()
    plain = marginal(y, known, clusters=clusters)
    drawn_ones = marginal(y, known, clusters=clusters, rng=np.random.default_rng(4), draws=400)
    assert "resamples" in drawn_ones.method
    for one, other in zip(plain.effects, drawn_ones.effects, strict=True):
        assert other.value == one.value
        assert other.half_width == pytest.approx(one.half_width, rel=0.25)


@pytest.mark.parametrize("x", [[0, 0, 0, 1, 1, 1], [1, 2, 3, 4, 5, 6], [0, 0, 0, 0, 1, 1]])
def test_outcomes_told_apart_without_error_are_refused(x: list[float]) -> None:
    with pytest.raises(NotIdentified) as caught:
        marginal([0, 0, 0, 1, 1, 1], Covariates(x))
    assert caught.value.reason == "separation"


def test_covariates_that_say_nothing_of_their_own_are_refused() -> None:
    with pytest.raises(NotIdentified) as caught:
        marginal([0, 1, 0, 1], Covariates([[1, 2], [2, 4], [4, 8], [3, 6]]))
    assert caught.value.reason == "collinear covariates"
    # Rows that stand for nobody do not make a covariate vary.
    with pytest.raises(NotIdentified) as caught:
        marginal([0, 1, 1], Covariates([1, 1, 2]), counts=[5, 5, 0])
    assert caught.value.reason == "constant covariate"


@pytest.mark.parametrize("y", [[], [0, 0, 0], [1, 1, 1]])
def test_an_outcome_that_does_not_occur_leaves_nothing_to_explain(y: list[int]) -> None:
    with pytest.raises(TooFewAnswers):
        marginal(y, Covariates(np.arange(len(y), dtype=float).reshape(-1, 1)))


def test_impossible_arrays_are_refused() -> None:
    y, x = drawn(1)
    known = Covariates(x)
    for bad in (
        {"counts": [1]},
        {"counts": -np.ones(150)},
        {"clusters": [1]},
        {"counts": np.full(150, 0.5), "rng": np.random.default_rng(1)},
    ):
        with pytest.raises(BadCounts):
            marginal(y, known, **bad)
    with pytest.raises(BadCounts):
        marginal(y[:-1], known)
    with pytest.raises(TooFewAnswers):
        marginal(y, known, clusters=np.zeros(150))
    with pytest.raises(BadArgument):
        marginal(y, known, rng=np.random.default_rng(1), draws=10)
    with pytest.raises(BadArgument):
        marginal(y, known, level=0)


def test_resamples_that_often_separate_are_refused() -> None:
    y, x = [0, 0, 0, 1, 0, 1, 1, 1], [1.0, 2, 3, 3.5, 4, 5, 6, 7]
    assert marginal(y, Covariates(x)).warnings == (Caution.FEW_EVENTS,)
    with pytest.raises(NotIdentified) as caught:
        marginal(y, Covariates(x), rng=np.random.default_rng(1), draws=200)
    assert caught.value.reason == "separation in resamples"


def test_a_search_cut_short_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.import_module("mindgap.measure.marginal"), "ROUNDS", 1)
    with pytest.raises(NotConverged):
        marginal(*released())


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 3])
def test_the_intervals_cover_the_average_effect(size: int) -> None:
    """Also when every customer answered three times, if only clusters are named."""
    runs, covered = 400, np.zeros(2)
    rng = np.random.default_rng(1)
    x = np.column_stack([rng.normal(size=100_000), rng.random(100_000) < 0.4]).astype(float)
    share = 1 / (1 + np.exp(0.4 - x @ [0.7, 0.5]))
    with_it, without = (1 / (1 + np.exp(0.4 - 0.7 * x[:, 0] - 0.5 * code)) for code in (1, 0))
    true = [0.7 * (share * (1 - share)).mean(), (with_it - without).mean()]
    for seed in range(runs):
        y, x = drawn(seed)
        rows = np.repeat(np.arange(150), size)
        found = marginal(y[rows], Covariates(x[rows]), clusters=rows if size > 1 else None)
        covered += [not effect.excludes(t) for effect, t in zip(found.effects, true, strict=True)]
    assert ((covered / runs > 0.91) & (covered / runs < 0.985)).all()
