import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.frozen import frozen
from tests.measure.sets import cdnow_spend

from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.spend import SpendModel, Spends, spend_expected, spend_model

R, LIFETIMES = frozen("money")["r"], frozen("money")["cdnow"]


@pytest.fixture(scope="module")
def spends() -> Spends:
    table = cdnow_spend()
    back = table["x"] > 0
    return Spends(table["x"][back], mean=table["zbar"][back])


@pytest.fixture(scope="module")
def fit(spends: Spends) -> SpendModel:
    return spend_model(spends)


def drawn(rng: np.random.Generator, n: int, p: float = 6.0, q: float = 4.0, v: float = 15.0) -> Spends:
    x = rng.integers(1, 8, n).astype(float)
    return Spends(x, mean=rng.gamma(p * x, 1 / (rng.gamma(q, 1 / v, n) * x)))


def test_the_fit_of_cdnow_is_that_of_the_paper(fit: SpendModel) -> None:
    found = [fit.p.value, fit.q.value, fit.v.value]
    assert found == pytest.approx(R["gamma_gamma"], abs=0.005)
    assert found == pytest.approx(LIFETIMES["gamma_gamma"], rel=1e-6)
    assert fit.mean.value == pytest.approx(R["mean_spend"], abs=0.05)
    assert fit.mean.low < fit.mean.value < fit.mean.high
    assert fit.correlation == pytest.approx(R["correlation"], abs=5e-4)
    assert (fit.n, fit.warnings) == (946, ())


def test_expected_spend_is_that_of_lifetimes(fit: SpendModel) -> None:
    table = cdnow_spend()
    cells = spend_expected(fit, table["x"][:10], table["zbar"][:10])
    assert cells.value == pytest.approx(LIFETIMES["spend_first_10"], rel=1e-6)
    never = table["x"][:10] == 0
    assert cells.value[never] == pytest.approx(fit.mean.value)
    assert cells.low[never] == pytest.approx(fit.mean.low)
    assert ((cells.low < cells.value) & (cells.value < cells.high)).all()


def test_a_customer_seen_often_is_pulled_less(fit: SpendModel) -> None:
    value = spend_expected(fit, [1, 3, 10, 1000], [100.0] * 4).value
    assert (np.diff(value) > 0).all()
    assert fit.mean.value < value[0] < 100
    assert value[3] == pytest.approx(100, rel=0.01)


@given(st.floats(0.01, 100))
@settings(max_examples=8)
def test_the_currency_does_not_matter(unit: float) -> None:
    one = drawn(np.random.default_rng(2), 200)
    a, b = spend_model(one), spend_model(Spends(one.purchases, mean=one.mean * unit))
    assert b.mean.value == pytest.approx(a.mean.value * unit)
    assert b.mean.high == pytest.approx(a.mean.high * unit)
    assert b.p.value == pytest.approx(a.p.value)
    assert b.loglik == pytest.approx(a.loglik - 200 * math.log(unit))


def test_counts_are_as_good_as_rows() -> None:
    one = drawn(np.random.default_rng(3), 600)
    twice = spend_model(Spends(np.repeat(one.purchases, 2), mean=np.repeat(one.mean, 2)))
    counts = np.append(np.full(600, 2.0), 0)
    merged = spend_model(Spends(np.append(one.purchases, 9), mean=np.append(one.mean, 999.0), counts=counts))
    assert merged.logs == pytest.approx(twice.logs, abs=1e-6)
    assert merged.correlation == pytest.approx(twice.correlation)


def test_spend_that_grows_with_the_number_of_purchases_is_warned_of() -> None:
    one = drawn(np.random.default_rng(4), 200)
    assert spend_model(Spends(one.purchases, mean=one.mean * one.purchases)).warnings == (Caution.DEPENDENT,)


def test_a_penalty_settles_what_the_likelihood_leaves_open() -> None:
    few = Spends([1, 2, 3, 2, 1], mean=[10.0, 12, 11, 9, 10.5])
    with pytest.raises(NotIdentified) as caught:
        spend_model(few)
    assert caught.value.reason == "no top of the likelihood"
    held = spend_model(few, penalty=0.1)
    assert "penalised" in held.method
    assert held.mean.value > 0
    for bad in (-1, math.nan, math.inf):
        with pytest.raises(BadArgument):
            spend_model(few, penalty=bad)


def test_without_any_spread_of_numbers_there_is_no_correlation() -> None:
    rng = np.random.default_rng(9)
    scale = rng.gamma(4, 1 / 15, 4000)
    alike = Spends(np.full(4000, 3.0), mean=rng.gamma(18, 1 / (scale * 3)))
    assert spend_model(alike).correlation is None


@pytest.mark.parametrize(
    ("x", "mean", "counts"),
    [
        ([0], [1], [1]),
        ([1], [0], [1]),
        ([1], [-5], [1]),
        ([math.nan], [1], [1]),
        ([1], [math.inf], [1]),
        ([1], [1], [-1]),
        ([1, 2], [1], [1]),
        (1, 1, 1),
    ],
)
def test_impossible_spends_are_refused(x: object, mean: object, counts: object) -> None:
    with pytest.raises(BadCounts):
        Spends(x, mean=mean, counts=counts)


def test_too_few_equal_or_boundless_spends_are_refused(fit: SpendModel) -> None:
    with pytest.raises(TooFewAnswers):
        spend_model(Spends([], mean=[]))
    with pytest.raises(TooFewAnswers):
        spend_model(Spends([2, 2, 2], mean=[1, 2, 3]))
    with pytest.raises(NotIdentified) as caught:
        spend_model(Spends([1, 2, 3, 4, 5], mean=[7.0] * 5))
    assert caught.value.reason == "all equal"
    with pytest.raises(NotIdentified) as caught:
        spend_model(drawn(np.random.default_rng(5), 2000, q=0.8))
    assert caught.value.reason == "infinite mean"
    for x, mean in (([1], [0]), ([0], [5]), ([1, 2], [5]), ([-1], [5])):
        with pytest.raises(BadCounts):
            spend_expected(fit, x, mean)


@pytest.mark.slow
def test_the_interval_covers_the_mean_spend() -> None:
    rng, runs = np.random.default_rng(6), 80
    covered = sum(
        not spend_model(drawn(rng, 600), penalty=0.1).mean.excludes(6 * 15 / 3) for _ in range(runs)
    )
    assert 0.88 < covered / runs < 0.995
