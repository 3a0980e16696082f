import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.frozen import frozen
from tests.measure.sets import cdnow

from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.purchase import (
    Buyers,
    PurchaseModel,
    alive,
    purchase_model,
    purchases_ahead,
    purchases_expected,
)

R, LIFETIMES = frozen("money")["r"], frozen("money")["cdnow"]
TRUE = (0.8, 6.0, 1.5, 3.0)


@pytest.fixture(scope="module")
def shop() -> Buyers:
    table = cdnow()
    return Buyers(table["frequency"], last=table["recency"], observed=table["T"])


@pytest.fixture(scope="module")
def fit(shop: Buyers) -> PurchaseModel:
    return purchase_model(shop)


def first(buyers: Buyers, k: int) -> Buyers:
    return Buyers(buyers.repeats[:k], last=buyers.last[:k], observed=buyers.observed[:k])


def drawn(rng: np.random.Generator, n: int, observed: float = 40.0) -> Buyers:
    r, alpha, a, b = TRUE
    rates, chances = rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n)
    repeats, last, time, there = np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n, dtype=bool)
    while there.any():
        time = time + rng.exponential(1 / rates)
        there = there & (time < observed)
        repeats, last = repeats + there, np.where(there, time, last)
        there = there & (rng.random(n) >= chances)
    return Buyers(repeats, last=last, observed=np.full(n, observed))


def test_the_fit_of_cdnow_is_that_of_the_paper(fit: PurchaseModel) -> None:
    found = [fit.r.value, fit.alpha.value, fit.a.value, fit.b.value]
    assert found == pytest.approx(R["bgnbd"], abs=5e-5)
    assert found == pytest.approx(LIFETIMES["bgnbd"], rel=1e-5)
    assert fit.loglik == pytest.approx(R["bgnbd_loglik"], abs=0.005)
    assert fit.n == 2357
    assert all(e.low < e.value < e.high for e in (fit.r, fit.alpha, fit.a, fit.b))


def test_predictions_are_those_of_the_paper_and_of_lifetimes(shop: Buyers, fit: PurchaseModel) -> None:
    some = first(shop, 10)
    ahead, still = purchases_ahead(fit, some, 39), alive(fit, some)
    assert ahead.value[0] == pytest.approx(R["ahead"], abs=5e-4)
    assert still.value[0] == pytest.approx(R["alive"], abs=5e-4)
    assert ahead.value == pytest.approx(LIFETIMES["ahead_39_first_10"], rel=1e-5)
    assert still.value == pytest.approx(LIFETIMES["alive_first_10"], rel=1e-5)
    new = purchases_expected(fit, 39)
    assert new.value == pytest.approx(LIFETIMES["new_39"], rel=1e-5)
    assert new.low < new.value < new.high


def test_customers_without_a_repeat_are_alive_by_assumption_only(shop: Buyers, fit: PurchaseModel) -> None:
    """A known trap: the model gives them 1 whatever time has passed."""
    still = alive(fit, shop)
    never = shop.repeats == 0
    assert (still.value[never] == 1).all()
    assert (still.assumed == never).all()
    assert (purchases_ahead(fit, shop, 39).assumed == never).all()
    assert (still.value[~never] < 1).all()


def test_frequent_buyers_do_not_break_the_formulas(fit: PurchaseModel) -> None:
    often = Buyers([300, 3000, 3000], last=[38.0, 1.0, 38.86], observed=[38.86] * 3)
    ahead, still = purchases_ahead(fit, often, 39), alive(fit, often)
    for cells in (ahead, still):
        assert np.isfinite([cells.value, cells.low, cells.high]).all()
    # With thousands of purchases and then silence nobody is there any more.
    assert still.value[1] < 1e-100


def test_a_silence_makes_leaving_likelier(fit: PurchaseModel) -> None:
    rows = Buyers([3] * 4, last=[5.0, 15, 25, 35], observed=[38.0] * 4)
    still = alive(fit, rows)
    assert (np.diff(still.value) > 0).all()
    assert ((still.low <= still.value) & (still.value <= still.high)).all()
    ahead = [purchases_ahead(fit, rows, t).value for t in (1, 10, 100)]
    assert (np.diff(ahead, axis=0) > 0).all()


def test_counts_and_order_do_not_matter(shop: Buyers, fit: PurchaseModel) -> None:
    table = np.column_stack([shop.repeats, shop.last, shop.observed])
    rows, counts = np.unique(table[::-1], axis=0, return_counts=True)
    rows, counts = np.vstack([rows, [9, 9, 9]]), np.append(counts, 0)
    merged = purchase_model(Buyers(rows[:, 0], last=rows[:, 1], observed=rows[:, 2], counts=counts))
    assert merged.logs == pytest.approx(fit.logs, abs=1e-7)
    assert merged.loglik == pytest.approx(fit.loglik)


@given(st.floats(0.1, 30))
@settings(max_examples=5)
def test_the_unit_of_time_does_not_matter(unit: float) -> None:
    one = drawn(np.random.default_rng(1), 300)
    other = Buyers(one.repeats, last=one.last * unit, observed=one.observed * unit)
    for penalty in (0.0, 0.1):
        a, b = purchase_model(one, penalty=penalty), purchase_model(other, penalty=penalty)
        assert b.alpha.value == pytest.approx(a.alpha.value * unit, rel=1e-5)
        assert b.a.value == pytest.approx(a.a.value, rel=1e-5)
        assert purchases_expected(b, 10 * unit).high == pytest.approx(
            purchases_expected(a, 10).high, rel=1e-5
        )
        assert b.loglik == pytest.approx(a.loglik - one.repeats.sum() * math.log(unit), rel=1e-9)


def test_a_penalty_settles_what_the_likelihood_leaves_open() -> None:
    # Everybody buys to the end: nothing says how anybody might leave.
    steady = Buyers([4, 5, 6, 5, 4, 0], last=[29.0, 29, 30, 30, 28, 0], observed=[30.0] * 6)
    with pytest.raises(NotIdentified):
        purchase_model(steady)
    held = purchase_model(steady, penalty=0.1)
    assert "penalised" in held.method
    assert held.penalty == 0.1


def test_dropping_out_with_a_mean_of_one_is_no_hole_in_the_formula(fit: PurchaseModel) -> None:
    rows = Buyers([2, 0], last=[30.43, 0], observed=[38.86, 20])
    values = [
        purchases_ahead(
            PurchaseModel(
                fit.r, fit.alpha, fit.a, fit.b, np.log([0.3, 4, a, 2.4]), fit.covariance, 0, 9, 0, ""
            ),
            rows,
            39,
        ).value
        for a in (1 - 1e-4, 1.0, 1 + 1e-4)
    ]
    assert values[1] == pytest.approx((values[0] + values[2]) / 2, rel=1e-4)


@pytest.mark.parametrize(
    ("x", "last", "observed", "counts"),
    [
        ([1.5], [1], [2], [1]),
        ([-1], [1], [2], [1]),
        ([1], [3], [2], [1]),
        ([1], [0], [2], [1]),
        ([0], [1], [2], [1]),
        ([0], [0], [0], [1]),
        ([math.nan], [0], [1], [1]),
        ([1], [1], [math.inf], [1]),
        ([1], [1], [2], [-1]),
        ([1, 2], [1], [2], [1]),
        (1, 1, 2, 1),
    ],
)
def test_impossible_buyers_are_refused(x: object, last: object, observed: object, counts: object) -> None:
    with pytest.raises(BadCounts):
        Buyers(x, last=last, observed=observed, counts=counts)


def test_too_few_and_only_new_customers_are_refused(fit: PurchaseModel) -> None:
    with pytest.raises(TooFewAnswers):
        purchase_model(Buyers([], last=[], observed=[]))
    with pytest.raises(TooFewAnswers):
        purchase_model(Buyers([1], last=[1], observed=[2], counts=[4]))
    with pytest.raises(NotIdentified) as caught:
        purchase_model(Buyers([0] * 9, last=[0] * 9, observed=[5] * 9))
    assert caught.value.reason == "no repeat purchases"
    with pytest.raises(NotIdentified):
        purchase_model(Buyers([2] * 9, last=[4] * 9, observed=[5] * 9))
    some = Buyers([1], last=[1], observed=[2])
    for bad in (-1, math.nan, math.inf):
        with pytest.raises(BadArgument):
            purchase_model(some, penalty=bad)
        with pytest.raises(BadArgument):
            purchases_ahead(fit, some, bad)
    with pytest.raises(BadArgument):
        purchases_expected(fit, 0)


@pytest.mark.slow
def test_intervals_cover_the_number_of_purchases_to_expect() -> None:
    truth = PurchaseModel(*[None] * 4, np.log(TRUE), np.zeros((4, 4)), 0, 9, 0, "")  # type: ignore[arg-type]
    rows = Buyers([0, 2, 5], last=[0, 30, 12], observed=[40.0] * 3)
    new, ahead, still = purchases_expected(truth, 30), purchases_ahead(truth, rows, 30), alive(truth, rows)
    rng, runs, covered = np.random.default_rng(3), 50, np.zeros(4)
    for _ in range(runs):
        found = purchase_model(drawn(rng, 600))
        cells, there = purchases_ahead(found, rows, 30), alive(found, rows)
        covered += [
            not purchases_expected(found, 30).excludes(new.value),
            *(cells.low[k] <= ahead.value[k] <= cells.high[k] for k in (0, 1)),
            there.low[2] <= still.value[2] <= there.high[2],
        ]
    assert (covered / runs > 0.86).all()
