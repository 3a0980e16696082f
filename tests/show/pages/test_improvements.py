"""Improvements and playbooks on pages: what is shown to whom, honest deadlines, conflicts, the calendar (R27, R104)."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries
from tests.show.conftest import TODAY, sign_in

from mindgap.act.case.case import Case
from mindgap.act.improvement.improvement import Improvement, Task
from mindgap.act.improvement.opening import open_improvement
from mindgap.act.playbook.playbook import Playbook
from mindgap.act.playbook.shipped import shipped
from mindgap.keep.models import Member, Organization, Touchpoint, Unit

PLACES = ("/improvements/1/", "/improvements/1/edit/", "/improvements/1/plan/")
POSTS: dict[str, dict[str, str]] = {
    "/improvements/1/edit/": {"title": "Mine", "side": "delivery", "kind": "repair", "version": "0"},
    "/improvements/1/plan/": {
        "metric": "csat", "target": "99", "works_from": "2026-04-10", "deadline": "2026-07-10", "version": "0",
        "do": "agree", "although": "x",
    },
    "/improvements/1/state/": {"state": "dropped", "words": "x", "version": "0"},
    "/improvements/1/notes/": {"words": "x"},
    "/improvements/1/tasks/": {"words": "x", "version": "0"},
}  # fmt: skip


@pytest.fixture
def row(organization: Organization) -> Improvement:
    return open_improvement(
        organization,
        origin="member",
        source={},
        title="Tell customers before it is late",
        touchpoint=Touchpoint.objects.get(organization=organization, code="delivery"),
        unit=Unit.objects.get(organization=organization, code="south"),
        side="delivery",
        kind="quick_win",
        member=None,
    )


@pytest.mark.parametrize("place", PLACES)
def test_outsiders_see_nothing(chen: Client, bo: Client, row: Improvement, place: str) -> None:
    """Chen is of another organization, Bo leads the north; this one is in the south."""
    assert chen.get(place).status_code == 404
    assert bo.get(place).status_code == 404
    for client in (chen, bo):
        assert "Tell customers" not in client.get("/improvements/").content.decode()


@pytest.mark.parametrize("place", POSTS)
def test_who_only_reads_changes_nothing(dora: Client, bo: Client, row: Improvement, place: str) -> None:
    assert dora.get("/improvements/1/").status_code == 200
    assert dora.post(place, POSTS[place]).status_code == 403
    assert bo.post(place, POSTS[place]).status_code == 404
    row.refresh_from_db()
    assert (row.version, row.state, row.events.count()) == (0, "idea", 1)


def test_the_board_shows_columns_and_where_the_effort_goes(
    ann: Client, row: Improvement, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(25):
        page = ann.get("/improvements/").content.decode()
    assert page.index("Ideas") < page.index("Tell customers before it is late") < page.index("Being done")
    assert "Quick win 1 (100" in page
    assert "Tell customers" not in ann.get("/improvements/?kind=innovate").content.decode()


def test_an_idea_from_the_worst_touchpoint_keeps_what_was_seen(
    ann: Client, organization: Organization
) -> None:
    link = re.search(
        r'href="([^"]*improvements/new/[^"]*)"', ann.get("/touchpoints/delivery/").content.decode()
    )
    assert link
    address = link[1].replace("&amp;", "&")
    assert 'value="worst"' in ann.get(address).content.decode()
    told = {"title": "Faster", "touchpoint": "delivery", "side": "both", "kind": "repair", "from": "worst"}
    reply = ann.post("/improvements/new/", told)
    made = Improvement.objects.get()
    assert reply.headers["Location"] == f"/improvements/{made.number}/"
    assert (made.origin, made.source["finding"]["code"]) == ("worst", "worst.rank")
    assert made.source["finding"]["n"] > 0


def test_a_lead_opens_in_their_units_only(bo: Client, organization: Organization) -> None:
    south = Unit.objects.get(organization=organization, code="south")
    told = {"title": "Faster", "side": "both", "kind": "repair", "unit": str(south.pk)}
    assert bo.post("/improvements/new/", told).status_code == 200
    assert not Improvement.objects.exists()


def test_a_deadline_that_is_too_early_is_said_in_words_and_accepted_only_with_a_reason(
    ann: Client, row: Improvement
) -> None:
    wish = {
        "metric": "csat", "target": "95", "works_from": "2026-04-10", "deadline": "2026-04-20", "version": "0",
    }  # fmt: skip
    for do, status in (("look", 200), ("agree", 422)):
        page = ann.post("/improvements/1/plan/", {**wish, "do": do})
        assert page.status_code == status
        text = page.content.decode()
        assert re.search(r"answers a week this sees a change of [\d.]+ percentage points", text)
        assert 'name="although"' in text
    row.refresh_from_db()
    assert row.plan == {}
    reply = ann.post("/improvements/1/plan/", {**wish, "do": "agree", "although": "The season ends."})
    assert reply.status_code == 302
    page = ann.get("/improvements/1/").content.decode()
    assert "The season ends." in page
    assert "The target is 95.0" in page
    row.refresh_from_db()
    assert (row.state, row.deadline) == ("agreed", date(2026, 4, 20))


def test_a_field_that_cannot_be_is_named_in_words(ann: Client, row: Improvement) -> None:
    wish = {
        "metric": "csat", "target": "10", "works_from": "2026-04-10", "deadline": "2026-07-20", "version": "0",
        "do": "agree",
    }  # fmt: skip
    page = ann.post("/improvements/1/plan/", wish)
    assert page.status_code == 422
    assert "The target must be better than the level before." in page.content.decode()


def test_of_two_editors_the_second_sees_what_the_first_did_and_loses_nothing(
    ann: Client, organization: Organization, row: Improvement
) -> None:
    eve = sign_in(organization, "eve", roles=["cx_manager"])
    told: dict[str, Any] = {"side": "both", "kind": "repair", "version": "0", "cost": "1200.50"}
    assert ann.post("/improvements/1/edit/", {**told, "title": "Told at noon"}).status_code == 302
    page = eve.post("/improvements/1/edit/", {**told, "title": "Told by phone"})
    assert page.status_code == 409
    text = page.content.decode()
    assert "Told at noon" in text
    assert 'value="Told by phone"' in text
    assert 'name="version" value="1"' in text
    row.refresh_from_db()
    assert (row.title, row.cost_minor, row.version) == ("Told at noon", 120050, 1)


def test_tasks_and_states_move_by_forms(ann: Client, row: Improvement) -> None:
    Improvement.objects.update(state="agreed")
    ann.post("/improvements/1/tasks/", {"words": "Ask the carrier", "version": "0", "due": "2026-04-30"})
    task = Task.objects.get()
    ann.post(f"/improvements/1/tasks/{task.pk}/", {"done": "1"})
    reply = ann.post("/improvements/1/state/", {"state": "doing", "version": "1", "next": "board"})
    assert reply.headers["Location"] == "/improvements/"
    task.refresh_from_db()
    row.refresh_from_db()
    assert (task.done_at is not None, task.due, row.state) == (True, date(2026, 4, 30), "doing")
    assert (
        ann.post(
            "/improvements/1/state/", {"state": "standardised", "words": "x", "version": "2"}
        ).status_code
        == 422
    )
    assert ann.post("/improvements/1/state/", {"state": "done", "version": "1"}).status_code == 409


def test_a_pattern_of_cases_becomes_an_improvement_once(ann: Client, organization: Organization) -> None:
    place = Touchpoint.objects.get(organization=organization, code="delivery")
    Case.objects.bulk_create(
        Case(organization=organization, number=i, title="late", touchpoint=place, cause="late_untold")
        for i in range(1, 4)
    )
    assert re.search(r"Delivery: Late[^<]+, 3 cases", ann.get("/improvements/").content.decode())
    for _ in range(2):
        ann.post("/improvements/patterns/", {"touchpoint": "delivery", "cause": "late_untold"})
    made = Improvement.objects.get()
    assert (made.origin, sorted(made.source["numbers"])) == ("cases", [1, 2, 3])
    assert set(Case.objects.values_list("improvement", flat=True)) == {made.pk}


def test_a_calendar_is_opened_by_its_address_without_signing_in(ann: Client, row: Improvement) -> None:
    Improvement.objects.update(deadline=TODAY)
    assert "Tell customers before it is late" in ann.get("/improvements/calendar/").content.decode()
    shown = ann.post("/improvements/calendar/address/", {"do": "new"}).content.decode()
    address = re.search(r"http://testserver(/calendar/[\w-]+\.ics)", shown)
    assert address
    found = Client().get(address[1])
    assert found.headers["Content-Type"].startswith("text/calendar")
    assert b"SUMMARY:Tell customers before it is late" in found.content
    assert address[1] not in ann.get("/improvements/calendar/").content.decode()
    ann.post("/improvements/calendar/address/", {"do": "end"})
    assert Client().get(address[1]).status_code == 404
    assert Client().get("/calendar/guessed.ics").status_code == 404


def test_playbooks_are_read_by_all_and_changed_by_keepers(
    ann: Client, bo: Client, organization: Organization
) -> None:
    assert f"Add {len(shipped())} that are shipped" in ann.get("/playbooks/").content.decode()
    assert bo.post("/playbooks/shipped/").status_code == 403
    ann.post("/playbooks/shipped/")
    page = bo.get("/playbooks/").content.decode()
    assert "not tried here yet" in page
    for place in ("/playbooks/new/", "/playbooks/damaged/edit/"):
        assert bo.get(place).status_code == 403
    told = {
        "name_en": "Wet parcel", "code": "wet", "step_1_en": "Believe it.", "causes": ["damaged"],
        "touchpoints": ["delivery"], "topics": "rain, snow", "is_active": "on",
    }  # fmt: skip
    reply = ann.post("/playbooks/new/", told)
    assert reply.status_code == 302, reply.context["form"].errors
    made = Playbook.objects.get(code="wet")
    assert (made.steps, made.causes, made.touchpoints, made.topics) == (
        [{"en": "Believe it."}], ["damaged"], ["delivery"], ["rain", "snow"],
    )  # fmt: skip
    assert ann.post("/playbooks/new/", {**told, "causes": ["weather"]}).status_code == 200


def test_playbooks_of_others_are_not_there(chen: Client, ann: Client, organization: Organization) -> None:
    ann.post("/playbooks/shipped/")
    assert chen.get("/playbooks/damaged/edit/").status_code == 404
    assert "Arrived damaged" not in chen.get("/playbooks/").content.decode()


def test_a_changed_step_keeps_what_the_form_does_not_show(ann: Client, organization: Organization) -> None:
    Playbook.objects.create(
        organization=organization, code="x", name="X", steps=[{"en": "Old", "pt": "Velho"}], kinds=["till"]
    )
    told = {"name_en": "X", "step_1_en": "New", "kinds": ["till"], "is_active": "on"}
    assert ann.post("/playbooks/x/edit/", told).status_code == 302
    made = Playbook.objects.get(code="x")
    assert (made.steps, made.kinds) == ([{"pt": "Velho", "en": "New"}], ["till"])


def test_managers_who_do_nothing_are_named_to_leads(
    ann: Client, dora: Client, organization: Organization, row: Improvement
) -> None:
    sign_in(organization, "ida", roles=["branch_manager"])
    assert Member.objects.filter(name="Ida").exists()
    assert "Ida" in ann.get("/improvements/").content.decode()
    assert "Ida" not in dora.get("/improvements/").content.decode()
