"""Programmes: list, page, form, policy and the ledger that says why somebody was or was not asked (R11, R112)."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries
from tests.show.conftest import NOW, sign_in

from mindgap.collect.channels.account import SendingAccount
from mindgap.collect.programme import decision
from mindgap.collect.programme.plan import Plan
from mindgap.keep import contact, definition, invitation
from mindgap.keep import survey as surveys
from mindgap.keep.models import (
    Contact,
    ContactPolicy,
    Customer,
    Organization,
    Programme,
    Submission,
    Survey,
    Wave,
)
from mindgap.show.pages.programmes import naming

PLACES = ("/programmes/", "/programmes/after/", "/programmes/contacts/")
CHANGES = ("/programmes/new/", "/programmes/policy/", "/programmes/after/edit/")
FORM: dict[str, Any] = {
    "name_en": "After delivery", "code": "after-delivery", "kind": "transaction", "trigger": "event",
    "touchpoint": "delivery", "happened": "completed", "delay_minutes": "60", "every": "1", "unit": "month",
    "at": "09:00", "percent": "25", "priority": "3", "way_1": "email", "way_2": "sms", "remind": "7, 3",
    "expires_days": "14", "segment": "tier", "segment_value": "gold", "needs_consent": "on",
}  # fmt: skip


@pytest.fixture
def survey(organization: Organization) -> Survey:
    return Survey.objects.create(organization=organization, code="visit", name="Visit", state="live")


@pytest.fixture
def programme(organization: Organization, survey: Survey) -> Programme:
    return Programme.objects.create(
        organization=organization,
        survey=survey,
        code="after",
        name="After the visit",
        state="running",
        event={"touchpoint": "delivery"},
        channels=["email"],
    )


@pytest.fixture
def asked(programme: Programme) -> list[Customer]:
    """One customer was asked, a second one lost an auction, a third one waits."""
    customers = list(Customer.objects.order_by("id")[:3])
    for customer, outcome in zip(customers, ("sent", "lost_auction", "delayed_until"), strict=True):
        rival = decision.Candidate(key="r", programme="yearly", due_at=NOW, priority=9)
        mine = decision.Candidate(key="m", programme="after", due_at=NOW)
        facts = decision.Facts(zone=clock_zone(), ways=(("email", "free"),))
        made = decision.decide(
            mine, facts, decision.Rules(), NOW, rivals=[rival] if outcome == "lost_auction" else []
        )
        Contact.objects.create(
            organization=programme.organization,
            customer=customer,
            programme=programme,
            survey=programme.survey,
            outcome=outcome,
            reasons=list(made.steps),
            until=NOW + timedelta(hours=1) if outcome == "delayed_until" else None,
            decided_at=NOW,
            candidate=contact.candidate("after", str(customer.pk)),
        )
    return customers


def clock_zone() -> ZoneInfo:
    return ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize("place", [*PLACES, *CHANGES])
def test_outsiders_and_those_without_the_role_see_nothing(
    chen: Client, bo: Client, programme: Programme, place: str
) -> None:
    assert bo.get(place).status_code == 403
    theirs = chen.get(place)
    assert theirs.status_code == (404 if "after" in place else 200)
    assert "After the visit" not in theirs.content.decode()


@pytest.mark.parametrize("place", CHANGES)
def test_readers_may_look_and_not_change(dora: Client, programme: Programme, place: str) -> None:
    assert dora.get("/programmes/").status_code == 200
    assert dora.get(place).status_code == 403
    assert dora.post("/programmes/after/state/", {"state": "ended"}).status_code == 403
    assert dora.post("/programmes/after/list/", {"list": "a@x.org"}).status_code == 403
    programme.refresh_from_db()
    assert programme.state == "running"


def test_without_a_survey_the_form_says_what_to_do_first(ann: Client) -> None:
    assert "Add one under Surveys first" in ann.get("/programmes/new/").content.decode()


def test_an_empty_list_says_what_a_programme_is(ann: Client) -> None:
    page = ann.get("/programmes/").content.decode()
    assert "No programme asks anybody yet" in page


def test_the_page_says_from_candidates_to_answers_and_why_not_all(ann: Client, asked: list[Customer]) -> None:
    page = ann.get("/programmes/after/").content.decode()
    row = re.search(r"Asked, of those decided</th>.*?</tr>", page, re.DOTALL)
    assert row
    assert re.search(r'data-label="n">1<', row[0])
    assert re.search(r"50(\.0)?\s?%", row[0])
    assert re.search(r'data-label="95% interval">\d+(\.\d+)?\s?%–\d+', row[0])
    assert "Another programme asked" in page


def test_the_ledger_explains_each_step(ann: Client, asked: list[Customer]) -> None:
    """Must be shown 6: the reasons are visible."""
    page = ann.get("/programmes/contacts/?outcome=lost_auction").content.decode()
    assert "The programme yearly came first." in page
    assert "Channels in order: email – possible." in page
    assert "of at most 1 in 30 days" in page
    assert "Handed over" not in page


def test_a_customer_is_found_by_any_identity_and_shown_as_far_as_one_may_see(
    ann: Client, dora: Client, organization: Organization, asked: list[Customer]
) -> None:
    identity = asked[0].identities.first()
    assert identity is not None
    where = f"/programmes/contacts/?who={identity.value.upper()}"
    assert identity.value in ann.get(where).content.decode()
    masked = sign_in(organization, "eve", roles=["analyst"], personal_data="masked").get(where)
    assert identity.value not in masked.content.decode().replace(identity.value.upper(), "")
    blind = dora.get(where).content.decode()
    assert identity.value not in blind
    assert blind.count("<details>") >= 3


def test_a_form_makes_a_programme_that_the_worker_understands(
    ann: Client, organization: Organization, survey: Survey
) -> None:
    for channel, way in (("smtp", "email"), ("aliyun_sms", "sms")):
        SendingAccount.objects.create(organization=organization, channel=channel, name=channel, way=way)
    reply = ann.post("/programmes/new/", {**FORM, "survey": survey.pk})
    assert reply.status_code == 302, reply.context["form"].errors
    made = Programme.objects.get()
    assert (made.state, made.sample, made.channels, made.reminders) == (
        "draft",
        0.25,
        ["email", "sms"],
        [3, 7],
    )
    plan = Plan.of(made)
    assert (plan.touchpoint, plan.needs_consent, plan.expires_days) == ("delivery", True, 14)
    assert plan.condition.holds({"segment.tier": "gold"})
    assert not plan.condition.holds({"segment.tier": "basic"})
    page = ann.get("/programmes/after-delivery/edit/").content.decode()
    assert 'value="gold"' in page
    assert 'value="3, 7"' in page
    # Saving what is shown changes nothing.
    shown = {**FORM, "survey": survey.pk, "name_en": "After delivery"}
    assert ann.post("/programmes/after-delivery/edit/", shown).status_code == 302
    again = Programme.objects.get()
    assert (again.event, again.condition, again.sample) == (made.event, made.condition, made.sample)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"touchpoint": ""}, "touchpoint"),
        ({"remind": "soon"}, "remind"),
        ({"remind": "0"}, "remind"),
        ({"code": "contacts"}, "code"),
        ({"percent": "101"}, "percent"),
        ({"segment_value": ""}, "segment_value"),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field(
    ann: Client, organization: Organization, survey: Survey, wrong: dict[str, str], field: str
) -> None:
    SendingAccount.objects.create(organization=organization, channel="smtp", name="Mail", way="email")
    reply = ann.post("/programmes/new/", {**FORM, "way_2": "", "survey": survey.pk, **wrong})
    assert reply.status_code == 200
    assert field in reply.context["form"].errors
    assert not Programme.objects.exists()


def test_a_programme_of_many_parts_keeps_its_condition(
    ann: Client, programme: Programme, survey: Survey
) -> None:
    programme.condition = {"any": [{"column": "late", "op": "is", "value": True}]}
    programme.save()
    ann.post("/programmes/after/edit/", {**FORM, "survey": survey.pk, "way_2": "", "segment": ""})
    before = programme.condition
    programme.refresh_from_db()
    assert programme.condition == before
    assert programme.priority == 3


def test_it_is_started_paused_and_ended_and_never_asks_about_the_past(
    ann: Client, programme: Programme
) -> None:
    Programme.objects.update(state="draft")
    for state in ("running", "paused", "ended"):
        ann.post("/programmes/after/state/", {"state": state})
        programme.refresh_from_db()
        assert programme.state == state
    assert programme.since == NOW
    ann.post("/programmes/after/state/", {"state": "draft"})
    programme.refresh_from_db()
    assert programme.state == "ended"


def test_it_is_not_started_while_its_survey_takes_no_answers(ann: Client, programme: Programme) -> None:
    Programme.objects.update(state="draft")
    Survey.objects.update(state="draft")
    page = ann.post("/programmes/after/state/", {"state": "running"}, follow=True).content.decode()
    assert "Publish its survey first" in page
    programme.refresh_from_db()
    assert programme.state == "draft"


def test_a_list_makes_candidates_and_names_the_unknown(ann: Client, programme: Programme) -> None:
    text = "customer1@example.org\ncustomer2@example.org\nnobody@example.org"
    page = ann.post("/programmes/after/list/", {"list": text}, follow=True).content.decode()
    assert "Wave 1 has 2 candidates." in page
    assert "nobody@example.org" in page
    assert Contact.objects.filter(wave__number=1).count() == 2


def test_the_policy_is_saved_and_bad_hours_are_refused(ann: Client, organization: Organization) -> None:
    good = {
        "cap_count": 2, "cap_days": 14, "year_count": 6, "rest_after_answer_days": 60, "per_survey_rest_days": 30,
        "quiet_from": "20:00", "quiet_to": "08:30",
    }  # fmt: skip
    assert ann.post("/programmes/policy/", {**good, "quiet_from": "25:00"}).status_code == 200
    assert not ContactPolicy.objects.exists()
    assert ann.post("/programmes/policy/", good).status_code == 302
    kept = contact.policy(organization.pk)
    assert (kept.cap_count, kept.quiet_to, kept.suppress_on_open_case) == (2, "08:30", False)


def test_every_outcome_and_step_has_words() -> None:
    assert set(naming.OUTCOMES) == set(contact.OUTCOMES)
    steps = {"trigger", "customer", "holds", "send", "delivery"}
    known = decision.Facts(zone=clock_zone(), ways=(("email", "free"),))
    made = decision.decide(
        decision.Candidate(key="k", programme="p", due_at=NOW), known, decision.Rules(), NOW
    )
    steps |= {each["step"] for each in made.steps}
    for step in steps:
        for passed in (True, False):
            said = naming.sentence({"step": step, "passed": passed, "saw": {}}, clock_zone())
            assert said != step
            assert said.endswith(".")


@pytest.mark.parametrize("place", PLACES)
def test_pages_cost_few_queries(
    ann: Client, asked: list[Customer], place: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(25):
        assert ann.get(place).status_code == 200


def test_waves_are_held_against_each_other_with_n_and_interval(
    ann: Client, organization: Organization
) -> None:
    """R197."""
    asked = Survey.objects.create(organization=organization, code="quarter", state="live")
    question = {"code": "nps", "type": "nps", "text": {"en": "Would you recommend us?"}}
    raw = {"title": {"en": "Quarter"}, "pages": [{"code": "one", "questions": [question]}]}
    surveys.save_draft(asked, definition.read(raw), expected_digest=surveys.draft(asked).digest)
    version = surveys.publish(asked)
    quarterly = Programme.objects.create(
        organization=organization, survey=asked, code="quarterly", trigger="schedule", state="running"
    )
    for number, values in ((1, [10] * 30 + [8] * 10), (2, [10] * 10 + [8] * 10 + [2] * 20), (3, [9, 9])):
        wave = Wave.objects.create(
            programme=quarterly, number=number, starts_at=NOW - timedelta(days=300 - number)
        )
        for place, value in enumerate(values):
            invited, _token = invitation.make(asked, programme=quarterly, wave=wave)
            Submission.objects.create(
                id=10_000_000 + 1000 * number + place, organization=organization, key=uuid4(), survey=asked,
                version=version, invitation=invited, state="finished", started_at=NOW, changed_at=NOW,
                finished_at=NOW, answers={"nps": value},
            )  # fmt: skip
    page = re.sub(r"\s+", " ", ann.get("/programmes/quarterly/").content.decode())
    assert "Wave against wave" in page
    assert "Would you recommend us?" in page
    assert "1 clear change" in page
    assert ">+75</td>" in page
    # +75 and −25, and the step between them.
    assert re.search(r">−25</td>.*?>40</td>.*?−100 \(−1\d\d … −\d\d\)", page)
    assert "Too few answered for a figure." in page
