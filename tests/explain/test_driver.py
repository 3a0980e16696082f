"""Drivers of loyalty from sums of products: what is put in comes out, with intervals, ranks and quadrants."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from tests.explain import company
from tests.explain.company import one

from mindgap.explain.driver import drivers, variables
from mindgap.explain.errors import BadInquiry, UnknownValue
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.ground.condition import Condition
from mindgap.keep import incoming
from mindgap.keep.models import Measure, Organization
from mindgap.measure.driver import drivers as of_rows

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ("quality", "service", "price")


def rows(n: int = 240, seed: int = 3) -> np.ndarray:
    """Loyalty 0–10 follows quality most, service less, price hardly; all answers 1–5 with some halo."""
    draw = np.random.default_rng(seed)
    halo = draw.normal(size=n)
    items = np.stack([3.2 + 0.4 * halo + draw.normal(size=n) for _ in NAMES], axis=1)
    items = np.clip(np.round(items), 1, 5)
    loyalty = 1 + 1.2 * items[:, 0] + 0.6 * items[:, 1] + draw.normal(scale=0.9, size=n)
    return np.column_stack([items, np.clip(np.round(loyalty), 0, 10)])


def build(table: np.ndarray, *, code: str = "drive", **more: Any) -> Organization:
    organization = company.declare(code)
    for name in NAMES:
        Measure.objects.create(
            organization=organization, code=name, kind="satisfaction", minimum=1, maximum=5
        )
    items = []
    for i, (*scores, loyalty) in enumerate(table.tolist()):
        said = {name: score for name, score in zip(NAMES, scores, strict=True) if not np.isnan(score)}
        items.append(
            incoming.Answer(
                key=f"a{i}",
                answered_at=company.START + timedelta(days=i % 60),
                scores={"loyalty": loyalty, **said},
                customer=incoming.Person({"email": f"c{i}@example.org"}),
                **{"channel": "web" if i % 2 else "shop", **more},
            )
        )
    company.record(organization, items)
    return organization


def shares(found: tuple[Finding, ...]) -> dict[str, Finding]:
    return {each.details["driver"]: each for each in found if each.code == "driver.share"}


def test_shares_are_those_of_the_rows_themselves() -> None:
    """R28: LMG shares of the explained part; from sums of products as from rows."""
    table = rows()
    found = drivers(Inquiry(organization=build(table)), "loyalty", replicates=300)
    same = of_rows(
        table, names=(*NAMES, "loyalty"), outcome="loyalty", rng=np.random.default_rng(1), replicates=300
    )
    model = one(found, "driver.model")
    assert model.value == pytest.approx(same.r2.value)
    assert (model.n, model.details["rows"], model.details["missing"]) == (240, 240, [])
    by_name = shares(found)
    for name in NAMES:
        assert by_name[name].value == pytest.approx(same.named(name).portion.value)
        assert by_name[name].low == pytest.approx(same.named(name).portion.low, abs=0.04)
        assert by_name[name].details["beta"]["value"] == pytest.approx(same.named(name).beta.value)
    assert sum(each.value for each in by_name.values()) == pytest.approx(1)
    assert [each.details["rank"] for each in found if each.code == "driver.share"] == [1, 2, 3]
    assert by_name["quality"].details["rank_high"] == 1
    assert by_name["price"].details["rank_low"] == 3


def test_the_same_question_has_the_same_answer() -> None:
    asked = Inquiry(organization=build(rows(120)))
    assert drivers(asked, "loyalty", replicates=100) == drivers(asked, "loyalty", replicates=100)


def test_a_point_near_a_line_is_undecided_and_never_forced() -> None:
    """Behaviour: four quadrants; where a bar crosses a line the answer is open."""
    table = rows(400)
    table[:, 0] = np.clip(table[:, 0] - 1, 1, 5)
    found = shares(drivers(Inquiry(organization=build(table)), "loyalty", replicates=200))
    assert found["quality"].details["quadrant"] == "fix_first"
    assert found["price"].details["quadrant"] == "leave"
    assert {each.details["leaning"] for each in found.values()} >= {"fix_first", "leave"}
    assert found["quality"].details["performance"]["value"] == pytest.approx(25 * (table[:, 0].mean() - 1))


def test_what_hardly_anybody_knows_is_no_driver_unless_named() -> None:
    table = rows(200)
    table[:150, 2] = np.nan
    asked = Inquiry(organization=build(table))
    assert set(shares(drivers(asked, "loyalty", replicates=50))) == {"quality", "service"}
    named = drivers(asked, "loyalty", chosen=NAMES, replicates=50)
    model = one(named, "driver.model")
    assert model.n == 50
    assert model.details["missing"] == [{"unknown": ["price"], "n": 150}]


def test_few_who_do_not_know_something_are_not_counted_out_loud() -> None:
    """P9: the rows less those in the model would be three people."""
    table = rows(100)
    table[:3, 1] = np.nan
    model = one(drivers(Inquiry(organization=build(table)), "loyalty", replicates=50), "driver.model")
    assert model.n == 97
    assert "rows" not in model.details
    assert "missing" not in model.details


def test_too_few_say_nothing() -> None:
    asked = Inquiry(organization=build(rows(4)))
    (found,) = drivers(asked, "loyalty")
    assert found.is_hidden
    assert (found.n, found.details) == (None, {})
    (nobody,) = drivers(asked, "effort", chosen=["quality"])
    assert nobody.value is None


def test_fewer_rows_than_the_model_needs_say_nothing(settings: Any) -> None:
    settings.SMALLEST_GROUP = 3
    (found,) = drivers(Inquiry(organization=build(rows(4))), "loyalty", chosen=NAMES)
    assert found.is_hidden


def test_an_outcome_that_never_differs_cannot_be_explained() -> None:
    table = rows(50)
    table[:, 3] = 9
    (found,) = drivers(Inquiry(organization=build(table)), "loyalty")
    assert found.warnings == ("not_known",)


def test_loyalty_is_split_among_groups_with_the_rest_in_one_of_its_own() -> None:
    """R115: product, interaction, brand, price, always beside R²."""
    asked = Inquiry(organization=build(rows()))
    found = drivers(
        asked, "loyalty", groups={"product": ["quality"], "interaction": ["service"]}, replicates=100
    )
    split = {each.details["name"]: each for each in found if each.code == "driver.group"}
    assert set(split) == {"product", "interaction", "other"}
    assert sum(each.value for each in split.values()) == pytest.approx(1)
    r2 = one(found, "driver.model").value
    for each in split.values():
        assert each.details["of_variance"]["value"] == pytest.approx(each.value * r2)
        assert each.details["r2"]["value"] == pytest.approx(r2)
    with pytest.raises(UnknownValue, match="colour"):
        drivers(asked, "loyalty", groups={"x": ["colour"]}, replicates=10)
    with pytest.raises(BadInquiry):
        drivers(asked, "loyalty", groups={"x": ["price"], "y": ["price"]}, replicates=10)


def test_filter_period_and_scope_are_kept() -> None:
    organization = build(rows(200), unit="south")
    asked = Inquiry(organization=organization)
    half = drivers(asked.narrowed(Condition.of(channel="web")), "loyalty", replicates=20)
    assert half[0].n == 100
    assert half[0].filter == {"channel": "web"}
    from dataclasses import replace

    (nothing,) = drivers(replace(asked, scope=frozenset()), "loyalty", replicates=20)
    assert nothing.value is None


def test_less_time_is_better_and_waiting_may_drive_satisfaction() -> None:
    organization = company.build()
    found = drivers(Inquiry(organization=organization, touchpoint="delivery"), "satisfaction", replicates=100)
    days = shares(found)["days"]
    # All hundred completed ones: the faster the better, so the coefficient is positive.
    assert days.n == 100
    assert days.details["beta"]["value"] > 0.5
    # An open scale: the promises kept, in percent.
    assert days.details["performance"]["value"] == pytest.approx(80)
    assert days.details["quadrant"] is None


def test_one_place_of_a_measure_may_be_named_and_customers_be_the_rows() -> None:
    organization = company.declare("journey")
    draw = np.random.default_rng(5)
    items: list[incoming.Incoming] = []
    for i in range(80):
        who = incoming.Person({"email": f"c{i}@example.org"})
        store, hotline = (int(score) for score in draw.integers(1, 6, 2))
        for place, score in (("store", store), ("hotline", hotline)):
            items.append(
                incoming.Answer(
                    key=f"{place}{i}", touchpoint=place, answered_at=company.START, scores={"satisfaction": score},
                    customer=who,
                )
            )  # fmt: skip
        items.append(
            incoming.Answer(
                key=f"l{i}", answered_at=company.START, scores={"loyalty": min(10, 2 * store)}, customer=who
            )
        )
    company.record(organization, items)
    found = drivers(
        Inquiry(organization=organization),
        "loyalty",
        chosen=["satisfaction@store", "satisfaction@hotline"],
        per="customer",
        replicates=50,
    )
    by_name = shares(found)
    assert found[0].n == 80
    assert by_name["satisfaction@store"].value > 0.9
    assert by_name["satisfaction@store"].touchpoint == "store"


def test_unknown_codes_are_named() -> None:
    organization = company.declare()
    asked = Inquiry(organization=organization)
    assert "satisfaction" in variables(asked)
    with pytest.raises(UnknownValue, match="colour"):
        drivers(asked, "colour")
    with pytest.raises(BadInquiry):
        drivers(asked, "loyalty", chosen=["loyalty"])
