"""Calendars, service levels, recovery authority and where members are told: shown to keepers, changed by them only."""

from typing import Any

import pytest
from django.test import Client
from tests.show.conftest import sign_in

from mindgap.act.case.policy import policy
from mindgap.act.models import Authority, Calendar, Reach, ServiceLevel
from mindgap.keep.models import Member, Organization, Unit

PLACES = ("/settings/hours/", "/settings/hours/new/", "/settings/hours/asking/", "/settings/authority/")
WEEK = {f"day_{day}": "09:00-12:00, 13:00-18:00" if day < 5 else "" for day in range(7)}


def calendar(**more: Any) -> dict[str, Any]:
    return {"name_en": "Offices", "code": "offices", "zone": "", "country": "", **WEEK, **more}


@pytest.mark.parametrize("place", PLACES)
def test_only_keepers_of_the_whole_organization_see_them(
    ann: Client, bo: Client, dora: Client, place: str
) -> None:
    assert ann.get(place).status_code == 200
    assert bo.get(place).status_code == dora.get(place).status_code == 403
    assert Client().get(place).status_code == 302


def test_a_calendar_keeps_its_hours_and_fills_in_the_holidays_of_its_country(
    ann: Client, organization: Organization
) -> None:
    north = Unit.objects.get(organization=organization, code="north")
    said = calendar(
        country="cn",
        exceptions="2026-05-30 10:00-14:00",
        holidays="2026-05-31 Our own day",
        units=[north.pk],
        is_default="on",
    )
    answer = ann.post("/settings/hours/new/", said, follow=True)
    assert "Offices is saved." in answer.content.decode()
    made = Calendar.objects.get(organization=organization)
    assert made.week["0"] == [["09:00", "12:00"], ["13:00", "18:00"]]
    assert "5" not in made.week
    assert made.holidays["2026-05-31"] == "Our own day"
    # National Day, and a Saturday worked instead (调休).
    assert {"2026-10-01", "2026-10-05"} <= set(made.holidays)
    assert made.exceptions["2026-05-30"] == [["10:00", "14:00"]]
    assert made.exceptions["2026-10-10"] == [["09:00", "12:00"], ["13:00", "18:00"]]
    assert list(made.units.all()) == [north]
    shown = ann.get(f"/settings/hours/{made.pk}/").content.decode()
    assert "2026-05-30 10:00-14:00" in shown
    assert "09:00-12:00, 13:00-18:00" in shown


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (dict.fromkeys(WEEK, ""), "Nobody would ever work"),
        ({"day_0": "nine to five"}, "Write hours like 09:00-12:00"),
        ({"day_0": "09:00-25:00"}, "between 00:00 and 24:00"),
        ({"day_0": "09:00-12:00, 11:00-13:00"}, "none may overlap"),
        ({"holidays": "tomorrow"}, "does not begin with a day"),
        ({"country": "QQ"}, "holidays of this country are not known"),
    ],
)
def test_a_calendar_by_which_nobody_can_work_is_refused_with_the_reason(
    ann: Client, wrong: dict[str, str], words: str
) -> None:
    answer = ann.post("/settings/hours/new/", calendar(**wrong))
    assert words in answer.content.decode()
    assert not Calendar.objects.exists()


def test_a_second_default_takes_the_place_of_the_first(ann: Client) -> None:
    ann.post("/settings/hours/new/", calendar(is_default="on"))
    ann.post("/settings/hours/new/", calendar(is_default="on", code="nights"))
    assert Calendar.objects.get(is_default=True).code == "nights"


def test_a_calendar_of_another_organization_cannot_be_touched(
    chen: Client, organization: Organization
) -> None:
    made = Calendar.objects.create(
        organization=organization, code="mine", name="Mine", week={"0": [["09:00", "18:00"]]}
    )
    assert chen.get(f"/settings/hours/{made.pk}/").status_code == 404
    assert chen.post(f"/settings/hours/{made.pk}/removal/").status_code == 404
    assert Calendar.objects.filter(pk=made.pk).exists()


def test_service_levels_are_kept(ann: Client, organization: Organization) -> None:
    said = {
        f"{urgency}_{step}_{part}": value
        for urgency in ("normal", "critical")
        for step in ("acknowledge", "contact", "resolve")
        for part, value in (("hours", "1.5"), ("counts", "business"))
    }
    assert ann.post("/settings/hours/", said).status_code == 302
    kept = ServiceLevel.objects.get(organization=organization, urgency="critical", step="contact")
    assert (kept.seconds, kept.counts) == (5400, "business")
    assert 'value="1.5"' in ann.get("/settings/hours/").content.decode()
    answer = ann.post("/settings/hours/", {**said, "normal_contact_hours": "0"})
    assert answer.status_code == 200
    assert ServiceLevel.objects.count() == 6


def test_when_customers_are_asked_back_is_kept_within_reason(ann: Client, organization: Organization) -> None:
    said = {"verify_days": "5", "silence_days": "10", "repeat_days": "60"}
    assert ann.post("/settings/hours/asking/", {**said, "verify_days": "1"}).status_code == 200
    assert ann.post("/settings/hours/asking/", said).status_code == 302
    assert policy(organization.pk).verify_days == 5


def test_authority_of_roles_and_of_one_member(ann: Client, bo: Client, organization: Organization) -> None:
    said = {"front_line_case": "50", "front_line_month": "500", "branch_manager_case": "200.50"}
    assert ann.post("/settings/authority/", said).status_code == 302
    role = Authority.objects.get(organization=organization, role="branch_manager")
    assert (role.per_case_minor, role.per_month_minor) == (20_050, 0)
    member = Member.objects.get(organization=organization, user__username="bo")
    place = f"/settings/members/{member.pk}/authority/"
    assert bo.post(place, {"per_case": "9999"}).status_code == 403
    assert ann.post(place, {"per_case": "80", "per_month": "800"}).status_code == 302
    own = Authority.objects.get(member=member)
    assert (own.per_case_minor, own.per_month_minor) == (8000, 80_000)
    assert "80.00" in ann.get("/settings/authority/").content.decode()
    ann.post(place, {"per_case": "", "per_month": ""})
    assert not Authority.objects.filter(member=member).exists()


def test_where_a_member_is_told(ann: Client, bo: Client, chen: Client, organization: Organization) -> None:
    member = Member.objects.get(organization=organization, user__username="bo")
    place = f"/settings/members/{member.pk}/reach/"
    said = {"channel_1": "wecom_app", "address_1": "bo", "channel_2": "smtp", "address_2": "bo@work.example"}
    assert bo.post(place, said).status_code == 403
    assert chen.post(place, said).status_code == 404
    assert ann.post(place, said).status_code == 302
    assert [(each.channel, each.address) for each in Reach.objects.filter(member=member)] == [
        ("wecom_app", "bo"),
        ("smtp", "bo@work.example"),
    ]
    answer = ann.post(place, {"channel_1": "smtp", "address_1": ""})
    assert answer.status_code == 422
    assert "A channel needs an address" in answer.content.decode()
    assert Reach.objects.filter(member=member).count() == 2


def test_nobody_but_an_administrator_changes_the_reach_of_an_administrator(
    organization: Organization,
) -> None:
    sign_in(organization, "root", roles=["admin"])
    root = Member.objects.get(organization=organization, user__username="root")
    keeper = sign_in(organization, "kim", roles=["cx_manager"])
    keeper.post(f"/settings/members/{root.pk}/reach/", {"channel_1": "smtp", "address_1": "kim@evil.example"})
    assert not Reach.objects.exists()
