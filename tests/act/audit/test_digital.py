"""Page loads of real visits: half, three quarters, the slowest pages, within two seconds (R70, R71, R159)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.explain import company
from tests.explain.company import START

from mindgap.act.audit import courted, digital, funnel
from mindgap.act.audit.draft import Draft
from mindgap.act.audit.scope import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shop(django_db_setup: None, django_db_blocker) -> Iterator[Any]:
    """Twenty loads of `/` took a second, twenty of `/checkout` took three, two of `/rare` took nine."""
    from django.core.management import call_command

    from mindgap.collect.widget.site import WidgetSite
    from mindgap.keep import incoming
    from mindgap.keep.facts import counter, snapshot
    from mindgap.keep.models import Measure, Promise, Touchpoint

    with django_db_blocker.unblock():
        snapshot.forget()
        counter.forget()
        organization = company.declare()
        own = {"organization": organization}
        load = Measure.objects.create(
            **own,
            code="load",
            kind="duration",
            unit="seconds",
            step="0.1",
            higher_is_better=False,
            name="Load",
        )
        site = Touchpoint.objects.create(**own, code="site", kind="digital", measure=load, name="Site")
        promise = Promise.objects.create(
            **own, touchpoint=site, measure=load, code="fast", quantity=20, name="Fast"
        )
        WidgetSite.objects.create(**own, name="Shop", promise=promise, origins=["https://shop.example"])
        WidgetSite.objects.create(**own, name="Blog", origins=["https://blog.example"])
        loads = [("/", 1.0)] * 20 + [("/checkout", 3.0)] * 20 + [("/rare", 9.0)] * 2
        company.record(
            organization,
            [
                incoming.Interaction(
                    key=f"load{i}",
                    touchpoint="site",
                    started_at=START,
                    promise="fast",
                    experienced=seconds,
                    attributes={"page": page, "cls": "0.050", "inp_ms": "150.000"},
                )
                for i, (page, seconds) in enumerate(loads)
            ],
        )
        yield organization
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def found(shop: Any) -> dict[str, Draft]:
    scope = Scope()
    return {str(each.wording.get("name")): each for each in digital.drafts(scope.inquiry(shop), scope)}


def test_half_and_three_quarters_of_the_loads(found: dict[str, Draft]) -> None:
    whole = [each for each in found["Shop"].evidence if set(each["details"]) == {"better", "quantile"}]
    assert [(each["details"]["quantile"], each["value"], each["n"]) for each in whole] == [
        (0.5, 3.0, 42),
        (0.75, 3.0, 42),
    ]
    assert all(each["low"] <= each["value"] <= each["high"] for each in whole)


def test_the_slowest_pages_come_first_and_rare_ones_not_at_all(found: dict[str, Draft]) -> None:
    """Two loads of a page are too few to speak of."""
    pages = [each for each in found["Shop"].evidence if "page" in each["details"]]
    assert [(each["details"]["page"], each["value"], each["n"]) for each in pages] == [
        ("/checkout", 3.0, 20),
        ("/", 1.0, 20),
    ]


def test_the_other_vitals_stand_beside(found: dict[str, Draft]) -> None:
    vitals = {
        each["details"]["vital"]: each["value"]
        for each in found["Shop"].evidence
        if "vital" in each["details"]
    }
    assert vitals == {"cls": 0.05, "inp_ms": 150}


def test_steps_are_compared_by_page_loads_with_wilsons_interval_and_no_small_groups(shop: Any) -> None:
    scope = Scope(pages=("/", "/checkout", "/rare", "/nowhere"))
    site = {str(each.wording.get("name")): each for each in digital.drafts(scope.inquiry(shop), scope)}[
        "Shop"
    ]
    steps = site.evidence[-4:]
    assert [each.get("lacking") for each in steps] == ["no_visitors", None, "few_loads", "few_loads"]
    found = steps[1]
    assert (found["code"], found["value"], found["n"]) == ("audit.reached", 1.0, 40)
    assert (found["details"]["count"], found["details"]["n_before"]) == (20, 20)
    # Half of 40 loads lie between 35.2 and 64.8 % (Wilson), hence between 0.543 and 1.841 for each load before.
    assert [round(found[name], 3) for name in ("low", "high")] == [0.543, 1.841]


def test_a_step_that_nobody_loads_is_shown_as_that(shop: Any) -> None:
    scope = Scope(pages=("/checkout", "/nowhere"))
    site = {str(each.wording.get("name")): each for each in digital.drafts(scope.inquiry(shop), scope)}[
        "Shop"
    ]
    found = site.evidence[-1]
    assert (found["value"], found["low"], found["n"]) == (0.0, 0.0, 20)
    assert 0.1 < found["high"] < 0.3


def test_a_step_is_named_as_the_widget_names_pages() -> None:
    written = ("https://shop.example/Cart/4711?x=1", " orders/a@b/ ", "/thanks", "/caf%C3%A9", f"/{'x' * 33}")
    assert [funnel.path(each) for each in written] == ["/Cart/*", "/orders/*/", "/thanks", "/*", "/*"]


def test_a_site_without_a_promise_says_that_nothing_is_measured(found: dict[str, Draft]) -> None:
    assert found["Blog"].evidence == [{"lacking": "no_loads"}]


def test_time_saving_counts_pages_within_two_seconds(shop: Any) -> None:
    """R159; the threshold can be set."""

    def within(scope: Scope) -> dict[str, Any]:
        time = next(
            each for each in courted.drafts(scope.inquiry(shop), scope) if each.subject == "part:time"
        )
        (said,) = [each for each in time.evidence if each.get("code") == "audit.within"]
        return said

    assert within(Scope())["value"] == pytest.approx(20 / 42)
    assert within(Scope())["details"]["seconds"] == 2
    assert within(Scope(page_seconds=3))["value"] == pytest.approx(40 / 42)


def test_channels_of_the_scope_only(shop: Any) -> None:
    scope = Scope(channels=("web",))
    subjects = [each.subject for each in digital.drafts(scope.inquiry(shop), scope)]
    assert subjects[2:] == ["channel:web"]


def test_loads_before_the_period_are_left_out(shop: Any) -> None:
    from mindgap.ground import clock

    scope = Scope(days=7)
    with clock.frozen(START + timedelta(days=200)):
        shop_site = next(iter(digital.drafts(scope.inquiry(shop), scope)))
    assert shop_site.evidence == [{"lacking": "no_loads"}]
