"""The page of the web widget: sites with true origins, rules that can be meant, and nobody else's."""

import pytest
from django.test import Client
from tests.show.conftest import sign_in

from mindgap.collect.widget import site as sites
from mindgap.collect.widget.site import WidgetSite
from mindgap.ground import clock
from mindgap.keep.models import Organization, Promise, Survey, Unit

RULE = {
    "survey": "",
    "mode": "popover",
    "delay": "10",
    "sample": "0.5",
    "every_days": "30",
    "pages": "/a*\n\n/b",
}


@pytest.fixture
def survey(bare: Organization) -> Survey:
    return Survey.objects.create(organization=bare, code="visit", name={"en": "Your visit"})


@pytest.fixture
def amy(bare: Organization) -> Client:
    return sign_in(bare, "amy", roles=["cx_manager"])


@pytest.fixture
def site(bare: Organization) -> WidgetSite:
    return WidgetSite.objects.create(organization=bare, name="Shop", origins=["https://shop.example"])


def form(**more: str) -> dict[str, str]:
    return {
        "name": "Shop",
        "origins": "https://Shop.example/",
        "rest_days": "7",
        "loads_share": "0.1",
        **more,
    }


def test_a_site_is_added_with_the_origins_that_browsers_send(amy: Client) -> None:
    assert amy.post("/widget/new/", form()).status_code == 302
    made = WidgetSite.objects.get()
    assert (made.origins, made.rest_days) == (["https://shop.example"], 7)
    assert f"/w/{made.short}/widget.js" in amy.get(f"/widget/{made.pk}/").content.decode()


def test_what_is_no_origin_is_refused_in_words(amy: Client) -> None:
    answer = amy.post("/widget/new/", form(origins="https://shop.example/path"))
    assert "is no origin" in answer.content.decode()
    assert not WidgetSite.objects.exists()


def test_rules_are_added_changed_and_removed(amy: Client, site: WidgetSite, survey: Survey) -> None:
    rules = f"/widget/{site.pk}/rules/"
    assert amy.post(rules + "new/", RULE | {"survey": survey.short}).status_code == 302
    site.refresh_from_db()
    (rule,) = site.read_rules()
    assert (rule.survey, rule.delay, rule.sample, rule.pages) == (survey.short, 10.0, 0.5, ("/a*", "/b"))
    assert "Your visit" in amy.get(f"/widget/{site.pk}/").content.decode()
    assert "/a*\n/b" in amy.get(rules + "0/").content.decode()
    amy.post(rules + "0/", RULE | {"survey": survey.short, "exit": "on"})
    site.refresh_from_db()
    assert site.read_rules()[0].exit
    assert amy.get(rules + "1/").status_code == 404
    amy.post(rules + "0/removal/")
    site.refresh_from_db()
    assert site.read_rules() == ()


def test_a_rule_within_the_page_needs_a_place(amy: Client, site: WidgetSite, survey: Survey) -> None:
    rule = RULE | {"survey": survey.short, "mode": "inline"}
    assert "needs a place" in amy.post(f"/widget/{site.pk}/rules/new/", rule).content.decode()


def test_what_became_of_it_is_shown(amy: Client, site: WidgetSite, survey: Survey) -> None:
    sites.count(site.pk, survey.pk, "shown", clock.now().date(), times=41)
    sites.count(site.pk, survey.pk, "shown", clock.now().date())
    assert ">42<" in amy.get(f"/widget/{site.pk}/").content.decode()


def test_page_loads_are_held_against_promises_in_seconds_only(amy: Client, site: WidgetSite) -> None:
    days = Promise.objects.get(code="deliver-5")
    amy.post(f"/widget/{site.pk}/", form(promise=str(days.pk)))
    site.refresh_from_db()
    assert site.promise is None


def test_outsiders_neither_see_nor_change_sites(bare: Organization, site: WidgetSite, survey: Survey) -> None:
    other = Organization.objects.create(code="other", name="Other")
    stranger = sign_in(other, "chen", roles=["admin"])
    analyst = sign_in(bare, "dora", roles=["analyst"])
    leader = sign_in(bare, "bo", roles=["admin"], unit=Unit.objects.get(code="north"))
    for path in ("", "rules/new/", "rules/0/"):
        page = f"/widget/{site.pk}/{path}"
        assert [each.get(page).status_code for each in (stranger, analyst, leader)] == [404, 403, 403]
    for path in ("state/", "rules/0/removal/", "rules/new/"):
        page = f"/widget/{site.pk}/{path}"
        assert [each.post(page, RULE).status_code for each in (stranger, analyst, leader)] == [404, 403, 403]
    assert site.name not in stranger.get("/widget/").content.decode()
    mine = WidgetSite.objects.create(organization=other, name="Mine")
    stranger.post(f"/widget/{mine.pk}/rules/new/", RULE | {"survey": survey.short})
    mine.refresh_from_db()
    assert mine.rules == []


def test_a_site_is_switched_off_and_on(amy: Client, site: WidgetSite) -> None:
    for to, is_on in (("off", False), ("on", True)):
        amy.post(f"/widget/{site.pk}/state/", {"to": to})
        site.refresh_from_db()
        assert site.is_active is is_on
