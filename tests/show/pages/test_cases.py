"""The queue and the page of a case: shown as far as each member may see, changed by whoever may, and nothing typed is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries
from tests.show.conftest import NOW, send, sign_in

from mindgap.act.case import actions, states
from mindgap.act.case.opening import open_case
from mindgap.act.models import Authority, Case, Playbook, Remedy
from mindgap.keep import incoming
from mindgap.keep.models import Answer, Interaction, Member, Organization, Promise, Touchpoint, Unit
from mindgap.show.pages.cases.verbs import VERBS

SAID = "太慢了, call me at 13800138000"
RESOLVED = {"fault": "company", "cause": "late_untold", "severity": "forgivable", "controllable": "yes"}
# What each action is sent with, so that it would be done if it may be done.
FORMS: dict[str, dict[str, Any]] = {
    "acknowledge": {},
    "contact": {"words": "Called, wants a refund"},
    "remedy": {"kind": "refund", "cost": "20"},
    "apologise": {"words": "We are sorry"},
    "promise_recovery": {"words": "A new parcel", "due": "2026-04-03T12:00"},
    "keep_promise": {},
    "resolve": RESOLVED,
    "note": {"words": "Spoke to the driver"},
    "await_customer": {"words": "Which colour?"},
    "reassign": {"owner": "", "reason": "On holiday"},
    "escalate": {"reason": "Angry"},
    "merge": {"into": "2"},
    "not_actionable": {"reason": "Not ours"},
    "improve": {"title": "Say so before it is late", "side": "both", "kind": "repair"},
    "close": {},
    "reopen": {"reason": "Still broken"},
}


@pytest.fixture
def shop(bare: Organization) -> Organization:
    """A late delivery to Wang Xiaoming in the north, who answered 2 of 10."""
    person = incoming.Person(
        identities={"email": "wang@example.org", "phone": "+8613800138000"}, name="王小明"
    )
    about: dict[str, Any] = {"unit": "north-1", "channel": "web", "customer": person}
    start = NOW - timedelta(days=9)
    send(
        bare,
        [
            incoming.Interaction(
                key="d1", touchpoint="delivery", started_at=start, experienced_at=start + timedelta(days=8),
                promise="deliver-5", **about,
            ),
            incoming.Answer(
                key="a0", touchpoint="checkout", answered_at=start, scores={"satisfaction": 4}, **about
            ),
            incoming.Answer(
                key="a1", touchpoint="delivery", interaction="d1", answered_at=NOW - timedelta(hours=1),
                scores={"likelihood": 2, "satisfaction": 1}, comment=SAID, **about,
            ),
        ],
    )  # fmt: skip
    return bare


@pytest.fixture
def case(shop: Organization) -> Case:
    return opened(shop)


def opened(shop: Organization, key: str = "a1", **more: Any) -> Case:
    answer = Answer.objects.get(organization=shop, key="a1")
    about = {
        "customer": answer.customer, "answer": answer, "touchpoint": answer.touchpoint, "unit": answer.unit,
        "interaction": Interaction.objects.get(key="d1"), "promise": Promise.objects.get(code="deliver-5"),
        "opened_at": NOW - timedelta(hours=1), **more,
    }  # fmt: skip
    made, _new = open_case(organization=shop, key=key, title="2 of 10 after a late delivery", **about)
    return made


@pytest.fixture
def staff(shop: Organization) -> Callable[..., Client]:
    """Sign somebody in: `staff("bo", "branch_manager", unit="north")`."""

    def make(name: str, *roles: str, unit: str = "", personal_data: str = "masked", **more: Any) -> Client:
        place = Unit.objects.get(organization=shop, code=unit) if unit else None
        return sign_in(shop, name, roles=list(roles), unit=place, personal_data=personal_data, **more)

    return make


def member(name: str) -> Member:
    return Member.objects.get(user__username=name)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def place(case: Case, verb: str = "") -> str:
    return f"/cases/{case.number}/" + (f"{VERBS[verb].path}/" if verb else "")


def test_the_queue_says_who_waits_since_when_and_for_what(case: Case, staff: Callable[..., Client]) -> None:
    page = text(staff("bo", "branch_manager", unit="north").get("/cases/"))
    assert "2 of 10 after a late delivery" in page
    assert "due in" in page
    # Masked, as he may see them.
    assert "王**" in page
    assert "王小明" not in page
    assert "太慢了, call me at ***" in page
    assert "Nobody" in page


def test_the_queue_is_narrowed_by_kind_words_unit_and_urgency(
    case: Case, staff: Callable[..., Client]
) -> None:
    ann = staff("ann", "admin", personal_data="full")
    assert "2 of 10" in text(ann.get("/cases/?shown=unowned"))
    assert "Nobody waits here" in text(ann.get("/cases/?shown=mine"))
    assert "2 of 10" in text(ann.get("/cases/?shown=open&words=late"))
    assert "2 of 10" in text(ann.get(f"/cases/?shown=open&words={case.number}"))
    assert "2 of 10" in text(ann.get("/cases/?shown=open&words=d1"))
    assert "2 of 10" in text(ann.get("/cases/?shown=open&words=小明"))
    assert "2 of 10" in text(ann.get("/cases/?shown=open&words=138-0013-8000"))
    assert "No such case" in text(ann.get("/cases/?shown=open&words=marmalade"))
    assert "2 of 10" in text(ann.get("/cases/?shown=open&unit=north"))
    assert "No such case" in text(ann.get("/cases/?shown=open&unit=south"))
    assert "No such case" in text(ann.get("/cases/?shown=open&critical=1"))
    assert "2 of 10" in text(ann.get("/cases/?shown=nonsense&page=x&unit=nowhere"))


def test_the_page_tells_the_story_and_what_may_help(
    case: Case, shop: Organization, staff: Callable[..., Client]
) -> None:
    Playbook.objects.create(
        organization=shop,
        code="late",
        name="Late parcel",
        steps=[{"en": "Call within the hour"}],
        touchpoints=["delivery"],
    )
    page = text(staff("ann", "admin", personal_data="full").get(place(case)))
    for words in (
        "2 of 10", "1 of 5", SAID, "王小明", 'href="tel:+8613800138000"', 'href="mailto:wang@example.org?body=',
        "Worse than promised by 3 days.", "8 days", "5 days", "Checkout", "Late parcel", "Call within the hour",
        "not tried here yet", "Acknowledge", "First contact", "Put right", "Customer's time", "Business time",
        "The case was opened",
    ):  # fmt: skip
        assert words in page


def test_nobody_but_those_who_see_everything_is_given_a_way_to_reach_the_customer(
    case: Case, staff: Callable[..., Client]
) -> None:
    masked = text(staff("bo", "branch_manager", unit="north").get(place(case)))
    assert "王**" in masked
    assert "138****8000" in masked
    for personal in ("王小明", "13800138000", "wang@", "tel:", "mailto:"):
        assert personal not in masked
    nothing = text(staff("eva", "executive", personal_data="none").get(place(case)))
    for personal in ("王", "8000", "wang", "太慢了", "tel:", "mailto:"):
        assert personal not in nothing
    assert "shown to members who may see personal data" in nothing
    # An executive looks, and changes nothing.
    assert "<button" not in nothing.split('id="content"')[1]


def test_history_at_units_that_the_member_does_not_see_is_counted_and_not_told(
    case: Case, shop: Organization, staff: Callable[..., Client]
) -> None:
    person = incoming.Person(identities={"email": "wang@example.org"})
    send(
        shop,
        [
            incoming.Answer(
                key="s1", touchpoint="checkout", answered_at=NOW, scores={"satisfaction": 1},
                comment="Rude in the south", unit="south-1", customer=person,
            )
        ],
    )  # fmt: skip
    page = text(staff("bo", "branch_manager", unit="north").get(place(case)))
    assert "Rude in the south" not in page
    assert "1 more at units that you do not see." in page
    assert "Rude in the south" in text(staff("ann", "admin", personal_data="full").get(place(case)))


@pytest.mark.parametrize(
    "address", ["/cases/", "/cases/1/", *(f"/cases/1/{each.path}/" for each in VERBS.values())]
)
def test_outsiders_see_no_case_and_change_none(
    case: Case, staff: Callable[..., Client], address: str
) -> None:
    other = Organization.objects.create(code="other", name="Other Company")
    chen = sign_in(other, "chen", roles=["admin"], personal_data="full")
    sue = staff("sue", "branch_manager", unit="south", personal_data="full")
    olga = staff("olga", "analyst")
    is_action = address.count("/") > 3
    form = {
        "version": case.version,
        **next((FORMS[c] for c, v in VERBS.items() if address.endswith(f"1/{v.path}/")), {}),
    }

    def ask(client: Client) -> Any:
        return client.post(address, form) if is_action else client.get(address)

    for client in (chen, sue):
        answer = ask(client)
        assert answer.status_code == (200 if address == "/cases/" else 404)
        assert "2 of 10" not in text(answer)
    assert ask(olga).status_code == 403
    assert ask(Client()).status_code == 302
    case.refresh_from_db()
    assert (case.version, case.events.count()) == (0, 1)


@pytest.mark.parametrize("verb", list(VERBS))
def test_an_executive_looks_but_does_nothing(case: Case, staff: Callable[..., Client], verb: str) -> None:
    eva = staff("eva", "executive", personal_data="none")
    assert eva.get(place(case)).status_code == 200
    assert eva.post(place(case, verb), {"version": 0, **FORMS[verb]}).status_code == 403
    case.refresh_from_db()
    assert (case.version, case.events.count()) == (0, 1)


def test_front_line_people_do_not_open_what_a_colleague_takes_care_of(
    case: Case, staff: Callable[..., Client]
) -> None:
    staff("flo", "front_line", unit="north")
    gus = staff("gus", "front_line", unit="north")
    assert gus.get(place(case)).status_code == 200
    actions.acknowledge(case.pk, member("flo"), version=0)
    assert gus.get(place(case)).status_code == 404
    assert gus.post(place(case, "note"), {"version": 1, "words": "me too"}).status_code == 404


def test_from_acknowledgement_to_resolution_over_the_page(case: Case, staff: Callable[..., Client]) -> None:
    flo = staff("flo", "front_line", unit="north", personal_data="full")
    Authority.objects.create(
        organization=case.organization, role="front_line", per_case_minor=5000, per_month_minor=9000
    )

    def act(verb: str, **form: Any) -> str:
        case.refresh_from_db()
        answer = flo.post(place(case, verb), {"version": case.version, **FORMS[verb], **form}, follow=True)
        assert answer.redirect_chain, text(answer)
        return text(answer)

    assert "You take care of this case." in act("acknowledge")
    assert "The contact is noted." in act("contact")
    assert "50.00 CNY in this case and 90.00 CNY this month" in text(flo.get(place(case)))
    page = act("remedy")
    assert "20.00 CNY" in page
    assert "30.00 CNY in this case and 70.00 CNY this month" in page
    assert "We are sorry" in act("apologise")
    page = act("promise_recovery")
    # Written in Shanghai's time and shown in it.
    assert "April 3, 2026 12:00" in page
    assert "the customer will be asked" in act("resolve").lower()
    case.refresh_from_db()
    assert (case.state, case.cause, case.is_controllable) == (states.RESOLVED, "late_untold", True)
    assert case.owner == member("flo")
    assert case.recovery_due is not None
    assert case.recovery_due.isoformat() == "2026-04-03T04:00:00+00:00"


def test_a_remedy_beyond_the_authority_waits_for_a_lead(case: Case, staff: Callable[..., Client]) -> None:
    flo = staff("flo", "front_line", unit="north")
    bo = staff("bo", "branch_manager", unit="north")
    shop = case.organization
    Authority.objects.create(organization=shop, role="front_line", per_case_minor=1000, per_month_minor=1000)
    Authority.objects.create(
        organization=shop, role="branch_manager", per_case_minor=9000, per_month_minor=9000
    )
    flo.post(place(case, "remedy"), {"version": 0, "kind": "voucher", "cost": "50.00"})
    asked = Remedy.objects.get()
    assert (asked.state, asked.cost_minor) == ("asked", 5000)
    approval = f"/cases/{case.number}/remedies/{asked.pk}/approval/"
    assert "Waits for approval" in text(flo.get(place(case)))
    assert approval not in text(flo.get(place(case)))
    flo.post(approval, {"version": 1})
    asked.refresh_from_db()
    assert asked.state == "asked"
    assert approval in text(bo.get(place(case)))
    bo.post(approval, {"version": 1})
    asked.refresh_from_db()
    assert (asked.state, asked.approved_by) == ("given", member("bo"))
    assert bo.post(f"/cases/{case.number}/remedies/{asked.pk}/nonsense/").status_code == 404


def test_whoever_is_second_sees_what_changed_and_keeps_their_words(
    case: Case, staff: Callable[..., Client]
) -> None:
    staff("ann", "admin", personal_data="full")
    bo = staff("bo", "branch_manager", unit="north")
    actions.contact(case.pk, member("ann"), version=0, words="He wants his money back")
    answer = bo.post(place(case, "resolve"), {"version": 0, **RESOLVED, "words": "A long story I typed"})
    page = text(answer)
    assert answer.status_code == 409
    assert "Somebody else was faster" in page
    assert "He wants his money back" in page
    assert "A long story I typed" in page
    case.refresh_from_db()
    assert case.state == states.CONTACTED
    # The form goes by what is shown now: sent again, it is done.
    assert f'name="version" value="{case.version}"' in page
    assert bo.post(place(case, "resolve"), {"version": case.version, **RESOLVED}).status_code == 302


def test_a_note_is_kept_whoever_was_faster(case: Case, staff: Callable[..., Client]) -> None:
    bo = staff("bo", "branch_manager", unit="north")
    actions.acknowledge(case.pk, member("bo"), version=0)
    assert bo.post(place(case, "note"), {"version": 0, "words": "Too late?"}).status_code == 302
    assert "Too late?" in text(bo.get(place(case)))


@pytest.mark.parametrize(
    ("verb", "form", "words"),
    [
        ("resolve", {**RESOLVED, "cause": ""}, "This field is required"),
        ("note", {"words": "  "}, "This field is required"),
        ("remedy", {"kind": "refund", "cost": "-1"}, "greater than or equal to 0"),
        ("remedy", {"kind": "refund", "cost": "1.234"}, "no more than 2 decimal places"),
        ("promise_recovery", {"words": "Soon", "due": "2026-03-01T12:00"}, "still to come"),
        ("merge", {"into": "77"}, "no other case of that number"),
        ("reassign", {"owner": "", "reason": ""}, "This field is required"),
    ],
)
def test_what_is_missing_is_said_beside_the_field_and_nothing_is_done(
    case: Case, staff: Callable[..., Client], verb: str, form: dict[str, str], words: str
) -> None:
    bo = staff("bo", "branch_manager", unit="north")
    answer = bo.post(place(case, verb), {"version": 0, **form})
    assert answer.status_code == 422
    assert words in text(answer)
    case.refresh_from_db()
    assert case.version == 0


def test_what_came_of_cases_is_told_with_interval_and_n_or_why_not(
    case: Case, shop: Organization, staff: Callable[..., Client]
) -> None:
    eva = staff("eva", "executive", personal_data="none")
    assert "Too few to say anything" in text(eva.get("/cases/record/"))
    for n in range(6):
        made = opened(shop, key=f"said-{n}", interaction=None)
        Case.objects.filter(pk=made.pk).update(outcome="recovered" if n < 4 else "not_recovered")
    page = text(eva.get("/cases/record/?days=30"))
    # Four of six, with Wilson's interval.
    assert "66.7" in page
    assert "30.0" in page
    assert "90.3" in page
    # Whoever sees other units only is told of those.
    assert "66.7" not in text(staff("sue", "branch_manager", unit="south").get("/cases/record/"))
    assert staff("olga", "analyst").get("/cases/record/").status_code == 403


def test_only_colleagues_who_may_have_it_are_offered(case: Case, staff: Callable[..., Client]) -> None:
    bo = staff("bo", "branch_manager", unit="north")
    staff("flo", "front_line", unit="north")
    staff("sue", "branch_manager", unit="south")
    staff("eva", "executive")
    page = text(bo.get(place(case)))
    assert ">Flo<" in page
    assert ">Sue<" not in page
    assert ">Eva<" not in page
    bo.post(place(case, "reassign"), {"version": 0, "owner": member("flo").pk, "reason": "Her parcel"})
    case.refresh_from_db()
    assert case.owner == member("flo")
    assert "Owner: Flo" in text(bo.get(place(case)))


def test_the_cause_becomes_an_improvement_once(case: Case, staff: Callable[..., Client]) -> None:
    flo, bo = staff("flo", "front_line", unit="north"), staff("bo", "branch_manager", unit="north")
    assert flo.post(place(case, "improve"), {"version": 0, **FORMS["improve"]}).status_code == 403
    assert bo.post(place(case, "improve"), {"version": 0, **FORMS["improve"]}).status_code == 302
    case.refresh_from_db()
    assert case.improvement is not None
    assert (case.improvement.title, case.improvement.source) == (
        "Say so before it is late",
        {"cases": [case.number]},
    )
    assert case.improvement.touchpoint == case.touchpoint
    page = text(bo.get(place(case)))
    assert f'href="/improvements/{case.improvement.number}/"' in page
    assert 'id="do-improve"' not in page
    again = bo.post(place(case, "improve"), {"version": case.version, **FORMS["improve"]})
    assert again.status_code == 409


def test_two_cases_of_one_customer_become_one(
    case: Case, shop: Organization, staff: Callable[..., Client]
) -> None:
    other = opened(shop, key="again", interaction=None, touchpoint=Touchpoint.objects.get(code="checkout"))
    bo = staff("bo", "branch_manager", unit="north")
    bo.post(place(other, "merge"), {"version": other.version, "into": case.number})
    other.refresh_from_db()
    assert other.merged_into == case
    assert f"It goes on in case {case.number}." in text(bo.get(place(other)))
    assert "Another case was merged into this one" in text(bo.get(place(case)))


def test_queries_do_not_grow_with_the_queue_nor_with_the_story(
    case: Case,
    shop: Organization,
    staff: Callable[..., Client],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    bo = staff("bo", "branch_manager", unit="north")
    for n in range(20):
        opened(shop, key=f"more-{n}", interaction=None)
    with django_assert_max_num_queries(14):
        assert text(bo.get("/cases/?shown=open")).count("queue-row") == 21
    for n in range(10):
        actions.note(case.pk, member("bo"), words=f"note {n}")
    with django_assert_max_num_queries(28):
        bo.get(place(case))
