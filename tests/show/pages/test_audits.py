"""Audits on pages: list, checklist, result, file; what is done to them; who may not (R21, R28, R29, R82, R99, R154)."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries
from tests.show.conftest import NOW, _day, send, sign_in

from mindgap.act.audit import starting
from mindgap.act.audit.audit import KINDS, Audit, AuditFinding, AuditItem
from mindgap.act.audit.scope import Scope
from mindgap.act.case.case import Case
from mindgap.act.improvement.improvement import Improvement
from mindgap.collect.widget.site import WidgetSite
from mindgap.keep import incoming
from mindgap.keep.models import (
    Identity,
    Measure,
    Member,
    Occurrence,
    Organization,
    Promise,
    Touchpoint,
    Unit,
)

FORM: dict[str, Any] = {
    "kind": "messages",
    "name": "",
    "days": "90",
    "page_seconds": "2",
    "till_seconds": "120",
}


@pytest.fixture
def organization(bare: Organization) -> Organization:
    """Nine days of deliveries are enough to look at."""
    send(bare, [item for day in range(190, 199) for item in _day(day)])
    return bare


@pytest.fixture
def keeper(ann: Client) -> Member:
    return Member.objects.get(name="Ann")


@pytest.fixture
def audit(keeper: Member) -> Audit:
    return starting.start(keeper, kind="messages", name="All messages", scope=Scope(days=365))


@pytest.fixture
def item(audit: Audit) -> AuditItem:
    found = audit.items.first()
    assert found is not None
    return found


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_empty_list_says_what_an_audit_is(ann: Client) -> None:
    page = text(ann, "/audits/")
    assert "Nothing has been looked at yet" in page
    assert '<a href="/audits/new/?kind=pyramid">' in page


@pytest.mark.parametrize("kind", KINDS)
def test_an_audit_of_each_kind_is_started_walked_through_and_ends_in_a_result(ann: Client, kind: str) -> None:
    answer = ann.post("/audits/new/", {**FORM, "kind": kind})
    made = Audit.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/audits/{made.pk}/")
    checklist = text(ann, f"/audits/{made.pk}/")
    for each in made.items.all()[:20]:
        assert f'id="item-{each.pk}"' in checklist
    assert "The weakest first" in text(ann, f"/audits/{made.pk}/result/")
    assert made.name in text(ann, "/audits/")


def test_the_steps_of_a_site_stand_in_order_with_what_is_not_known(
    ann: Client, organization: Organization
) -> None:
    load = Measure.objects.create(
        organization=organization,
        code="load",
        kind="duration",
        unit="seconds",
        step="0.1",
        higher_is_better=False,
    )
    place = Touchpoint.objects.create(organization=organization, code="site", name="Site", measure=load)
    fast = Promise.objects.create(
        organization=organization, touchpoint=place, measure=load, code="fast", quantity=20, name="Fast"
    )
    WidgetSite.objects.create(organization=organization, name="Shop", promise=fast)
    loads = ["/cart"] * 10 + ["/pay/*"] * 6
    send(
        organization,
        [
            incoming.Interaction(
                key=f"load{number}", touchpoint="site", promise="fast", experienced=1.0, attributes={"page": page},
                started_at=NOW - timedelta(days=1),
            )
            for number, page in enumerate(loads)
        ],
    )  # fmt: skip
    one = ann.post("/audits/new/", {**FORM, "kind": "digital", "pages": "/cart"})
    assert "Give two steps or more" in one.content.decode()
    many = ann.post(
        "/audits/new/", {**FORM, "kind": "digital", "pages": "\n".join(f"/{'a' * n}" for n in range(1, 23))}
    )
    assert "Give at most 20 steps" in many.content.decode()
    ann.post("/audits/new/", {**FORM, "kind": "digital", "pages": "/cart\n\nhttps://shop.example/pay/17\n"})
    made = Audit.objects.get()
    assert made.scope["pages"] == ["/cart", "/pay/*"]
    page = html.unescape(text(ann, f"/audits/{made.pk}/"))
    assert "which visitor went on is not known" in page
    (step,) = re.findall(r"Step /pay.*?\.(?=\s*<)", page)
    assert step.replace("\xa0", " ") == (
        "Step /pay/*: 6 page loads for 10 of /cart before it, that is 60 % (23–159)."
    )


def test_the_checklist_shows_words_evidence_and_what_is_asked(ann: Client, audit: Audit) -> None:
    """R20, R28: the contradiction stands beside both messages, and the checkout says nothing."""
    page = text(ann, f"/audits/{audit.pk}/")
    assert "With you in 5 days" in page
    assert "is made in different ways: 3 days or 5 days" in page
    assert "the promise is kept in" in page
    assert "Should customers be told here what they may expect?" in page


def test_an_item_is_saved_by_itself_and_leads_back_to_its_place(
    ann: Client, audit: Audit, item: AuditItem
) -> None:
    given = {"version": "0", "s_accuracy": "3", "s_empathy": "", "words": "too bold", "query": "show=open"}
    answer = ann.post(f"/audits/{audit.pk}/items/{item.pk}/", given)
    assert answer["Location"] == f"/audits/{audit.pk}/?show=open#item-{item.pk}"
    item.refresh_from_db()
    assert (item.scores, item.words, item.version) == ({"accuracy": 3}, "too bold", 1)
    page = text(ann, f"/audits/{audit.pk}/result/")
    assert "Let the words name what is really kept" in page
    assert "33% (1/3)" in text(ann, "/audits/").replace("\u00a0", "")


def test_two_people_at_once_lose_nothing(ann: Client, audit: Audit, item: AuditItem) -> None:
    """The second is shown what the first saved, keeps what was typed, and can save once more."""
    address = f"/audits/{audit.pk}/items/{item.pk}/"
    ann.post(address, {"version": "0", "s_accuracy": "3", "words": "first"})
    late = ann.post(address, {"version": "0", "s_accuracy": "9", "words": "second", "after_en": "7 days"})
    page = late.content.decode()
    assert late.status_code == 409
    assert "Ann changed this meanwhile" in page
    assert "Accuracy: 3" in page
    assert ">second</textarea>" in page
    assert ">7 days</textarea>" in page
    assert '<option value="9" selected>' in page
    item.refresh_from_db()
    assert item.words == "first"
    ann.post(address, {"version": "1", "s_accuracy": "9", "words": "second"})
    item.refresh_from_db()
    assert (item.scores, item.words) == ({"accuracy": 9}, "second")


@pytest.mark.parametrize("given", [{"s_accuracy": "11"}, {"s_accuracy": "good"}, {"s_accuracy": "-1"}])
def test_a_score_that_is_none_is_told(
    ann: Client, audit: Audit, item: AuditItem, given: dict[str, str]
) -> None:
    answer = ann.post(f"/audits/{audit.pk}/items/{item.pk}/", {"version": "0", **given})
    assert answer.status_code == 400
    assert "Scores are whole numbers from 0 to 10" in answer.content.decode()
    item.refresh_from_db()
    assert item.scores == {}


def test_new_words_are_written_and_put_into_the_register(ann: Client, audit: Audit, item: AuditItem) -> None:
    """R29: wording before and after."""
    address = f"/audits/{audit.pk}/items/{item.pk}/"
    ann.post(address, {"version": "0", "after_en": "Within 7 days", "after_zh-hans": "7 天内"})
    assert "Let the new words stand in the register" in text(ann, f"/audits/{audit.pk}/")
    ann.post(f"{address}wording/", {"version": "1"})
    place = Occurrence.objects.get(pk=int(item.subject.split(":")[1]))
    assert dict(place.words) == {"en": "Within 7 days", "zh-hans": "7 天内"}
    item.refresh_from_db()
    assert item.wording["before"] == {"en": "With you in 5 days"}
    assert "Let the new words stand in the register" not in text(ann, f"/audits/{audit.pk}/")


def test_findings_are_noted_and_settled(ann: Client, audit: Audit, item: AuditItem) -> None:
    ann.post(f"/audits/{audit.pk}/items/{item.pk}/findings/", {"finding": "Says 3", "severity": "critical"})
    ann.post(f"/audits/{audit.pk}/items/{item.pk}/findings/", {"finding": " ", "severity": "critical"})
    found = AuditFinding.objects.get()
    assert "Says 3" in text(ann, f"/audits/{audit.pk}/result/")
    ann.post(f"/audits/{audit.pk}/findings/{found.pk}/settlement/")
    found.refresh_from_db()
    assert found.closed_at is not None
    assert "Says 3" not in text(ann, f"/audits/{audit.pk}/result/")


def test_an_audit_is_done_reopened_and_made_again(ann: Client, audit: Audit) -> None:
    ann.post(f"/audits/{audit.pk}/state/", {"state": "done", "next_due": "2026-03-30"})
    assert "due since March 30, 2026" in text(ann, "/audits/")
    ann.post(f"/audits/{audit.pk}/state/", {"state": "open"})
    audit.refresh_from_db()
    assert (audit.state, audit.next_due) == ("open", None)
    ann.post(f"/audits/{audit.pk}/state/", {"state": "done", "next_due": "soon"})
    audit.refresh_from_db()
    assert audit.state == "open"
    answer = ann.post(f"/audits/{audit.pk}/again/")
    assert Audit.objects.count() == 2
    assert answer["Location"] == f"/audits/{Audit.objects.latest('pk').pk}/"


def test_more_is_put_on_the_list_and_the_record_asked_again(ann: Client, audit: Audit) -> None:
    ann.post(f"/audits/{audit.pk}/items/new/", {"name": "The sign at the door"})
    assert "The sign at the door" in text(ann, f"/audits/{audit.pk}/")
    Occurrence.objects.create(promise=audit.organization.promises.get(), place="policy", words="Soon")
    ann.post(f"/audits/{audit.pk}/evidence/")
    assert audit.items.count() == 5


def test_the_list_can_be_narrowed_to_what_was_not_looked_at(
    ann: Client, audit: Audit, item: AuditItem
) -> None:
    ann.post(f"/audits/{audit.pk}/items/{item.pk}/", {"version": "0", "s_accuracy": "3"})
    page = text(ann, f"/audits/{audit.pk}/?show=open")
    assert f'id="item-{item.pk}"' not in page
    assert page.count('class="block audit-item"') == 2


@pytest.mark.parametrize("form", ["csv", "raw", "xlsx"])
def test_the_result_is_a_file_too(ann: Client, audit: Audit, item: AuditItem, form: str) -> None:
    ann.post(f"/audits/{audit.pk}/items/{item.pk}/", {"version": "0", "s_accuracy": "3", "words": "=1+1"})
    answer = ann.get(f"/audits/{audit.pk}/result/{form}/")
    assert answer.status_code == 200
    assert f"audit-{audit.pk}" in answer["Content-Disposition"]
    if form == "csv":
        written = answer.content.decode("utf-8-sig")
        assert "'=1+1" in written
        assert "is made in different ways" in written


def test_a_file_of_another_form_is_not_found(ann: Client, audit: Audit) -> None:
    assert ann.get(f"/audits/{audit.pk}/result/exe/").status_code == 404


def test_one_says_ones_own_view_of_courted(ann: Client, bo: Client, organization: Organization) -> None:
    """R154: Bo leads the north; a member of the staff there says their view beside his, and neither sees a form for more."""
    leader = Member.objects.get(name="Bo")
    north = Unit.objects.get(organization=organization, code="north")
    fay = sign_in(organization, "fay", roles=["front_line"], unit=north)
    made = starting.start(leader, kind="courted", name="North", scope=Scope(unit="north"))
    part = made.items.get(subject="part:respect")
    fay.post(f"/audits/{made.pk}/items/{part.pk}/", {"mine": "8"})
    bo.post(f"/audits/{made.pk}/items/{part.pk}/", {"mine": "5"})
    page = text(fay, f"/audits/{made.pk}/result/")
    assert "6.5 (members: 2, from 5 to 8)" in page
    assert "Make it an improvement" not in text(fay, f"/audits/{made.pk}/")


def test_the_pyramid_is_drawn_with_effort_against_impact(ann: Client, keeper: Member) -> None:
    """R51, R99."""
    made = starting.start(keeper, kind="pyramid", name="Pyramid", scope=Scope())
    part = made.items.get(subject="level:solve")
    given = {"version": "0", "s_score": "4", "s_effort": "2", "s_impact": "9", "s_check_solved": "0"}
    ann.post(f"/audits/{made.pk}/items/{part.pk}/", given)
    page = text(ann, f"/audits/{made.pk}/result/")
    assert "Begin with 2 Solve: what lies above rests on it" in page
    assert page.count('class="pyramid-outline"') == 6
    assert page.count('class="effort-point"') == 1
    part.refresh_from_db()
    assert part.scores["check_solved"] == 0


def test_a_branch_manager_can_only_audit_the_own_units(bo: Client) -> None:
    page = bo.post("/audits/new/", {**FORM, "unit": "south"}).content.decode()
    assert "Select a valid choice" in page
    bo.post("/audits/new/", {**FORM, "unit": "north-1"})
    assert Audit.objects.get().scope["unit"] == "north-1"


def test_an_auditor_must_see_what_is_audited(ann: Client, bo: Client) -> None:
    auditor = Member.objects.get(name="Bo")
    page = ann.post("/audits/new/", {**FORM, "auditor": auditor.pk}).content.decode()
    assert "This member does not see that unit" in page


def test_outsiders_see_no_audit(chen: Client, bo: Client, audit: Audit, item: AuditItem) -> None:
    """Chen is of another organization, Bo of one unit while the audit is of all."""
    for place in ("", "result/", "result/csv/", f"items/{item.pk}/"):
        address = f"/audits/{audit.pk}/{place}"
        assert (chen.get(address).status_code, bo.get(address).status_code) == (404, 404), place
    assert "All messages" not in text(bo, "/audits/")


def test_outsiders_and_onlookers_change_no_audit(
    chen: Client, bo: Client, dora: Client, audit: Audit, item: AuditItem
) -> None:
    """Dora, an analyst, may read it; she is told that she may not change it, and nothing is changed."""
    finding = AuditFinding.objects.create(item=item, words="x")
    attempts: list[tuple[str, dict[str, str]]] = [
        (f"items/{item.pk}/", {"version": "0", "s_accuracy": "1"}),
        (f"items/{item.pk}/wording/", {"version": "0"}),
        (f"items/{item.pk}/findings/", {"finding": "x"}),
        (f"findings/{finding.pk}/settlement/", {}),
        (f"findings/{finding.pk}/improvement/", {}),
        ("items/new/", {"name": "x"}),
        ("evidence/", {}),
        ("again/", {}),
        ("state/", {"state": "done"}),
    ]
    for place, given in attempts:
        address = f"/audits/{audit.pk}/{place}"
        said = [client.post(address, given).status_code for client in (chen, bo, dora)]
        assert said == [404, 404, 403], place
    audit.refresh_from_db()
    item.refresh_from_db()
    finding.refresh_from_db()
    assert (audit.state, item.version, finding.closed_at, finding.improvement) == ("open", 0, None, None)
    assert (Audit.objects.count(), AuditFinding.objects.count(), audit.items.count()) == (1, 1, 3)


def test_a_finding_becomes_an_improvement_by_one_press(ann: Client, audit: Audit, item: AuditItem) -> None:
    """R32, R82; pressing again opens nothing more."""
    ann.post(f"/audits/{audit.pk}/items/{item.pk}/findings/", {"finding": "Says 3", "severity": "quick"})
    assert "Make it a quick win" in text(ann, f"/audits/{audit.pk}/")
    address = f"/audits/{audit.pk}/findings/{AuditFinding.objects.get().pk}/improvement/"
    assert [ann.post(address).status_code for _ in range(2)] == [302, 302]
    made = Improvement.objects.get()
    assert (made.kind, made.origin) == ("quick_win", "audit")
    page = text(ann, f"/audits/{audit.pk}/")
    assert f"Improvement {made.number}" in page
    assert "Make it a quick win" not in page


def test_memory_and_recovery_say_what_is_missing(ann: Client) -> None:
    page = text(ann, "/audits/memory/")
    assert "Too few customers of one of the groups have answered since" in page
    assert "No data: the echo survey asks 60 to 90 days later" in page
    assert "Peak and end" in page


def test_recovery_stands_beside_those_who_had_no_problem(ann: Client, organization: Organization) -> None:
    """R152: twelve got it late and had it put right, twelve got it in time; all are content two weeks later."""
    send(organization, [each for i in range(24) for each in _followed(i)])
    for i in range(12):
        customer = Identity.objects.get(value=f"followed{i}@example.org").customer
        Case.objects.create(
            organization=organization,
            number=i,
            title="late",
            customer=customer,
            outcome="recovered",
            opened_at=NOW - timedelta(days=192),
            verified_at=NOW - timedelta(days=190),
        )
    page = text(ann, "/audits/memory/?period=365d&compared=likelihood")
    assert "Problem put right, as they say: 8.5" in page
    assert re.search(
        r"ustomers whose problem was put right[^<]*, n 12 against \d+, within 180 days\.</p>", page
    )
    assert "Who complains and gets help differs from others" in page


def test_memory_is_not_for_everybody(chen: Client, organization: Organization) -> None:
    """It speaks of all customers in scope; the front line has its cases. Chen sees none of this organization."""
    fay = sign_in(organization, "fay", roles=["front_line"])
    assert fay.get("/audits/memory/").status_code == 403
    assert "Delivery" not in text(chen, "/audits/memory/")


def _followed(i: int) -> list[incoming.Incoming]:
    start = NOW - timedelta(days=200)
    person = incoming.Person(identities={"email": f"followed{i}@example.org"})
    about: dict[str, Any] = {"touchpoint": "delivery", "customer": person}
    return [
        incoming.Interaction(
            key=f"followed{i}",
            started_at=start,
            experienced_at=start + timedelta(days=8 if i < 12 else 3),
            promise="deliver-5",
            **about,
        ),
        incoming.Answer(
            key=f"afterwards{i}",
            answered_at=NOW - timedelta(days=180),
            scores={"likelihood": 8.0 + i % 2},
            **about,
        ),
    ]


def test_an_onlooker_is_offered_nothing_to_change(dora: Client, audit: Audit) -> None:
    page = text(dora, f"/audits/{audit.pk}/")
    assert '<form class="form"' not in page
    assert dora.get("/audits/new/").status_code == 403


def test_the_list_takes_as_many_queries_for_many_audits(
    ann: Client, keeper: Member, audit: Audit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for kind in ("pyramid", "courted"):
        starting.start(keeper, kind=kind, name=kind, scope=Scope())
    ann.get("/audits/")
    with django_assert_max_num_queries(9):
        ann.get("/audits/")
    with django_assert_max_num_queries(20):
        ann.get(f"/audits/{audit.pk}/")


def test_an_item_of_another_audit_is_not_found(ann: Client, keeper: Member, audit: Audit) -> None:
    other = starting.start(keeper, kind="pyramid", name="P", scope=Scope())
    stranger = other.items.first()
    assert stranger is not None
    assert ann.post(f"/audits/{audit.pk}/items/{stranger.pk}/", {"version": "0"}).status_code == 404
