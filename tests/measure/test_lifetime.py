import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.frozen import frozen
from tests.measure.sets import cdnow_spend

from mindgap.measure.errors import BadArgument, BadCounts
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.lifetime import buyer_values, lifetime_value
from mindgap.measure.proportion import proportion
from mindgap.measure.purchase import Buyers, PurchaseModel, purchase_model, purchases_ahead
from mindgap.measure.spend import SpendModel, Spends, spend_expected, spend_model

R, LIFETIMES = frozen("money")["r"], frozen("money")["cdnow"]


@pytest.fixture(scope="module")
def models() -> tuple[PurchaseModel, SpendModel, Buyers, np.ndarray]:
    table = cdnow_spend()
    back = table["x"] > 0
    buyers = Buyers(table["x"], last=table["t_x"], observed=table["T"])
    return (
        purchase_model(buyers),
        spend_model(Spends(table["x"][back], mean=table["zbar"][back])),
        buyers,
        table["zbar"],
    )


def test_a_margin_of_100_kept_by_four_in_five_is_worth_267() -> None:
    """R170, R48."""
    found = lifetime_value(100.0, 0.8, discount=0.1)
    assert found.value == pytest.approx(R["lifetime_value"], abs=0.05)
    assert found.low == found.value == found.high


@given(st.floats(1, 500), st.integers(1, 59), st.floats(0.01, 0.5))
def test_the_interval_is_that_of_what_is_known(margin: float, kept: int, discount: float) -> None:
    share = proportion(kept, 60)
    found = lifetime_value(margin, share, discount=discount)
    ends = [lifetime_value(margin, end, discount=discount).value for end in (share.low, share.high)]
    assert [found.low, found.high] == pytest.approx(ends)
    wider = lifetime_value(Estimate(margin, margin * 0.9, margin * 1.2, 60, "t"), share, discount=discount)
    assert wider.low < found.low < found.value < found.high < wider.high
    # As the sum of what each period brings.
    years = np.arange(1, 3000)
    series = (margin * (share.value / (1 + discount)) ** years).sum()
    assert found.value == pytest.approx(series)


def test_customers_who_might_never_leave_are_worth_no_end_of_money() -> None:
    found = lifetime_value(100.0, proportion(20, 21), discount=0)
    assert math.isfinite(found.high)
    open_ended = lifetime_value(100.0, Estimate(0.95, 0.9, 1.0, 20, "x"), discount=0)
    assert open_ended.high == math.inf
    assert open_ended.warnings == (Caution.OPEN_HIGH,)


@pytest.mark.parametrize(
    ("margin", "retention", "discount"),
    [(0, 0.8, 0.1), (-1, 0.8, 0.1), (math.nan, 0.8, 0.1), (1, 0, 0.1), (1, 1.1, 0.1), (1, 1, 0), (1, 0.8, -0.1), (1, math.nan, 0.1), (1, 0.8, math.inf)],
)  # fmt: skip
def test_impossible_rates_are_refused(margin: float, retention: float, discount: float) -> None:
    with pytest.raises(BadArgument):
        lifetime_value(margin, retention, discount=discount)


def test_values_ahead_are_those_of_lifetimes(models) -> None:
    purchases, spend, buyers, amounts = models
    found = buyer_values(purchases, spend, buyers, amounts, periods=6, length=30, discount=0.01)
    assert found.value[:10] == pytest.approx(LIFETIMES["values_first_10"], rel=1e-5)
    assert ((found.low < found.value) & (found.value < found.high)).all()
    assert found.total.value == pytest.approx(found.value.sum())
    assert found.total.low < found.total.value < found.total.high
    # Together they are better known than one by one.
    assert found.total.half_width / found.total.value < ((found.high - found.low) / 2 / found.value).max()
    assert found.total.n == 2357


def test_without_discount_only_the_whole_time_counts(models) -> None:
    purchases, spend, buyers, amounts = models
    one = buyer_values(purchases, spend, buyers, amounts, periods=1, length=39, margin=0.4)
    many = buyer_values(purchases, spend, buyers, amounts, periods=13, length=3, margin=0.4)
    assert one.value == pytest.approx(many.value)
    plain = (
        purchases_ahead(purchases, buyers, 39).value * spend_expected(spend, buyers.repeats, amounts).value
    )
    assert one.value == pytest.approx(0.4 * plain)
    assert (
        buyer_values(
            purchases, spend, buyers, amounts, periods=13, length=3, margin=0.4, discount=0.1
        ).total.value
        < one.total.value
    )


def test_counts_weigh_the_total(models) -> None:
    purchases, spend, *_ = models
    rows = Buyers([2, 0], last=[30.0, 0], observed=[38.0, 38], counts=[3, 0])
    found = buyer_values(purchases, spend, rows, [20.0, 0], periods=2)
    assert found.total.value == pytest.approx(3 * found.value[0])
    assert found.total.high == pytest.approx(3 * found.high[0])
    with pytest.raises(BadCounts):
        buyer_values(purchases, spend, Buyers([], last=[], observed=[]), [], periods=2)


def test_impossible_terms_are_refused(models) -> None:
    purchases, spend, *_ = models
    rows = Buyers([2, 0], last=[30.0, 0], observed=[38.0, 38])
    for change in (
        {"periods": 0}, {"periods": 1.5}, {"periods": 5000}, {"length": 0}, {"length": math.inf},
        {"margin": 0}, {"margin": 2}, {"discount": -1}, {"discount": math.nan}, {"level": 1},
    ):  # fmt: skip
        with pytest.raises(BadArgument):
            buyer_values(purchases, spend, rows, [20.0, 0], **({"periods": 2} | change))
    for amounts in ([20.0], [20.0, 5.0], [0, 0], [-1, 0]):
        with pytest.raises(BadCounts):
            buyer_values(purchases, spend, rows, amounts, periods=2)


@pytest.mark.slow
def test_the_interval_covers_the_value_of_a_customer() -> None:
    rng, runs = np.random.default_rng(9), 2000
    true = lifetime_value(100.0, 0.8, discount=0.1).value
    covered = sum(
        not lifetime_value(100.0, proportion(float(rng.binomial(80, 0.8)), 80), discount=0.1).excludes(true)
        for _ in range(runs)
    )
    assert 0.93 < covered / runs < 0.985
