import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.frozen import frozen

from mindgap.measure.errors import BadArgument, NotIdentified
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.propagation import Uncertain
from mindgap.measure.proportion import proportion
from mindgap.measure.retention import retention_difference
from mindgap.measure.roi import AtRisk, revenue_at_risk, roi, scenario
from mindgap.measure.survival import Outcomes

R = frozen("money")["r"]
UPLIFT, COST = Uncertain.normal(0.03, sd=0.012), Uncertain.normal(45_000, sd=5_000)
CASE = {"origin": "tested", "customers": 10_000, "margin": 200, "cost": COST}


def test_the_case_of_the_budget_pays_three_times_in_four() -> None:
    """R84, R134: a chance, not one number."""
    found = roi(UPLIFT, **CASE)
    assert [found.npv.value, found.npv.low, found.npv.high] == pytest.approx(R["npv"], abs=60)
    assert found.chance == pytest.approx(R["chance"], abs=5e-4)
    assert found.break_even.value == pytest.approx(0.0225)
    assert found.break_even.low == pytest.approx((45_000 - 1.959964 * 5_000) / 2e6)
    assert (found.origin, found.warnings, found.method) == ("tested", (), "normal, closed form")


def test_draws_agree_with_the_closed_form() -> None:
    exact = roi(UPLIFT, **CASE)
    margin = Uncertain.given([200.0, 200.0])
    drawn = roi(
        Uncertain.given(UPLIFT.draw(np.random.default_rng(1), 50_000)),
        **CASE | {"margin": margin},
        rng=np.random.default_rng(2),
    )
    assert drawn.npv.low == pytest.approx(exact.npv.low, rel=0.05)
    assert drawn.npv.high == pytest.approx(exact.npv.high, rel=0.05)
    assert drawn.chance == pytest.approx(exact.chance, abs=0.02)
    assert drawn.method == "20000 draws"


def test_lognormal_figures_have_a_closed_form_too() -> None:
    parts = {
        "customers": Uncertain.lognormal(10_000, sd=1000),
        "margin": Uncertain.lognormal(200, sd=40),
        "cost": 45_000,
    }
    uplift = Uncertain.lognormal(0.03, sd=0.012)
    exact = roi(uplift, origin="tested", **parts)
    assert exact.method == "lognormal, closed form"
    rng = np.random.default_rng(3)
    many = (
        uplift.draw(rng, 200_000) * parts["customers"].draw(rng, 200_000) * parts["margin"].draw(rng, 200_000)
        - 45_000
    )
    assert exact.npv.value == pytest.approx(many.mean(), abs=300)
    assert [exact.npv.low, exact.npv.high] == pytest.approx(np.quantile(many, [0.025, 0.975]), rel=0.03)
    assert exact.chance == pytest.approx((many > 0).mean(), abs=0.01)
    assert roi(uplift, origin="tested", **parts | {"cost": 0}).chance == 1


def test_the_mean_is_exact_however_it_was_drawn() -> None:
    parts = {
        "customers": Uncertain.normal(10_000, sd=500),
        "margin": Uncertain.lognormal(200, sd=50),
        "cost": COST,
    }
    found = roi(UPLIFT, origin="tested", **parts, rng=np.random.default_rng(4), draws=1000)
    assert found.npv.value == pytest.approx(15_000)
    again = roi(UPLIFT, origin="tested", **parts, rng=np.random.default_rng(4), draws=1000)
    assert (again.npv, again.chance) == (found.npv, found.chance)
    with pytest.raises(BadArgument) as caught:
        roi(UPLIFT, origin="tested", **parts)
    assert caught.value.name == "rng"
    with pytest.raises(BadArgument):
        roi(UPLIFT, origin="tested", **parts, rng=np.random.default_rng(4), draws=10)


def test_figures_known_exactly_leave_no_doubt() -> None:
    sure = roi(0.03, origin="tested", customers=10_000, margin=200, cost=45_000)
    assert (sure.npv.low, sure.npv.value, sure.npv.high, sure.chance) == (15_000, 15_000, 15_000, 1)
    assert roi(0.01, origin="tested", customers=10_000, margin=200, cost=45_000).chance == 0
    none = roi(Uncertain.normal(0, sd=0.01), origin="tested", customers=10_000, margin=200, cost=0)
    assert none.chance == pytest.approx(0.5)
    assert none.npv.high == pytest.approx(1.959964 * 20_000)


@given(st.floats(-0.1, 0.2), st.floats(0.001, 0.05), st.integers(1, 10), st.floats(0, 0.3))
def test_what_lasts_longer_is_worth_more_and_later_money_less(uplift, sd, periods, discount) -> None:
    terms = {"periods": periods, "discount": discount}
    found = roi(Uncertain.normal(uplift, sd=sd), **CASE, **terms)
    factor = sum((1 + discount) ** -k for k in range(1, periods + 1))
    assert found.npv.value == pytest.approx(uplift * 2e6 * factor - 45_000)
    assert found.break_even.value == pytest.approx(0.0225 / factor)
    assert found.npv.low <= found.npv.value <= found.npv.high
    assert (found.chance > 0.5) == (found.npv.value > 0) or found.npv.value == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("origin", "warnings"),
    [("tested", ()), ("association", (Caution.ASSOCIATION,)), ("assumed", (Caution.ASSUMED,))],
)
def test_where_the_uplift_comes_from_is_said(origin, warnings) -> None:
    assert roi(UPLIFT, **CASE | {"origin": origin}).warnings == warnings


def test_a_difference_between_promoters_and_detractors_is_no_tested_uplift() -> None:
    """statistics.md 6: never the cross-sectional promoter/detractor difference, unless named so."""
    detractors = Outcomes([1, 12], completed=[30, 0], still_open=[0, 70])
    promoters = Outcomes([1, 12], completed=[10, 0], still_open=[0, 90])
    seen = retention_difference(detractors, promoters, at=10)
    for origin in ("tested", "assumed"):
        with pytest.raises(NotIdentified):
            roi(seen, **CASE | {"origin": origin})
    assert roi(seen, **CASE | {"origin": "association"}).warnings == (Caution.ASSOCIATION,)
    trial = retention_difference(detractors, promoters, at=10, by_chance=True)
    assert roi(trial, **CASE).npv.value == pytest.approx(0.2 * 2e6 - 45_000)
    with pytest.raises(TypeError):
        roi(seen, customers=1, margin=1, cost=1)  # type: ignore[call-arg]


def test_a_cost_without_customers_is_never_earned() -> None:
    found = roi(UPLIFT, **CASE | {"margin": Uncertain.normal(200, sd=150)}, rng=np.random.default_rng(1))
    assert found.break_even.high == math.inf
    assert Caution.OPEN_HIGH in found.break_even.warnings


@pytest.mark.parametrize(
    "change",
    [{"origin": "guess"}, {"customers": 0}, {"customers": -1}, {"margin": 0}, {"cost": -1}, {"periods": 0}, {"periods": 1.5}, {"discount": -0.1}, {"discount": math.nan}, {"level": 0}],
)  # fmt: skip
def test_impossible_terms_are_refused(change) -> None:
    with pytest.raises(BadArgument):
        roi(UPLIFT, **CASE | change)


def test_a_scenario_shows_the_users_own_range() -> None:
    found = scenario(1000, revenue=50.0, rate=0.2, low=0.1, high=0.4)
    assert (found.low, found.value, found.high) == (5_000, 10_000, 20_000)
    assert found.warnings == (Caution.ASSUMED,)
    for bad in ({"rate": 0.5}, {"high": 1.5}, {"revenue": -1}, {"low": math.nan}):
        with pytest.raises(BadArgument):
            scenario(1000, **({"revenue": 50.0, "rate": 0.2, "low": 0.1, "high": 0.4} | bad))
    with pytest.raises(BadArgument):
        scenario(math.inf, revenue=1, rate=0.1, low=0, high=1)


def test_revenue_at_risk_comes_from_the_customers_own_retention() -> None:
    promoters, passives, detractors = proportion(450, 500), proportion(400, 500), proportion(150, 250)
    classes = [AtRisk(2000, 100.0, passives), AtRisk(800, Estimate(90, 80, 105, 250, "t"), detractors)]
    found = revenue_at_risk(classes, reference=promoters)
    assert [one.value for one in found.classes] == pytest.approx([20_000, 21_600])
    assert found.total.value == pytest.approx(41_600)
    assert all(one.low < one.value < one.high for one in (*found.classes, found.total))
    assert found.total.warnings == (Caution.ASSOCIATION,)
    # The reference is one sample: what it gets wrong, it gets wrong for all classes.
    independent = math.hypot(*(one.high - one.value for one in found.classes))
    assert found.total.high - found.total.value > independent
    assert found.total.n == 250


def test_a_class_that_stays_more_is_not_at_risk() -> None:
    found = revenue_at_risk([AtRisk(100, 10.0, proportion(95, 100))], reference=proportion(80, 100))
    assert found.total.high < 0


def test_impossible_classes_are_refused() -> None:
    stay = proportion(80, 100)
    with pytest.raises(BadArgument):
        revenue_at_risk([], reference=stay)
    for bad in (
        AtRisk(-1, 10.0, stay),
        AtRisk(1, -10.0, stay),
        AtRisk(1, Estimate(5, -1, 9, 10, "t"), stay),
        AtRisk(1, 10.0, Estimate(1.2, 1, 1.3, 10, "t")),
        AtRisk(math.nan, 10.0, stay),
    ):
        with pytest.raises(BadArgument):
            revenue_at_risk([bad], reference=stay)


@pytest.mark.slow
def test_the_interval_covers_the_revenue_at_risk() -> None:
    rng, runs, covered = np.random.default_rng(5), 800, 0
    for _ in range(runs):
        stays = [proportion(float(rng.binomial(n, s)), n) for n, s in ((60, 0.9), (50, 0.8), (40, 0.6))]
        found = revenue_at_risk([AtRisk(100, 10.0, stays[1]), AtRisk(50, 10.0, stays[2])], reference=stays[0])
        covered += not found.total.excludes(1000 * 0.1 + 500 * 0.3)
    assert 0.925 < covered / runs < 0.975
