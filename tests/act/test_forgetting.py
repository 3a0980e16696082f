"""Forgetting: cases, alerts and notices of somebody who is erased: what happened stays, who and what they said, not."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tests.act.case.conftest import NOON, at_noon, case, chain, opened, people
from tests.collect.erasure.test_erasure import CANARY, MAIL, dump, holding

from mindgap.act import forgetting
from mindgap.act.case import actions, escalation, follow
from mindgap.act.case.errors import NoSuchCase
from mindgap.act.models import Alert, AlertRule, Authority, Case, CaseEvent, Notice, Remedy
from mindgap.collect.channels.delivery import Delivery
from mindgap.collect.channels.vault import close, digest
from mindgap.collect.erasure import run
from mindgap.collect.models import SendingAccount
from mindgap.collect.receive import parcel, receive
from mindgap.ground import clock
from mindgap.keep import erasure, incoming, recorder
from mindgap.keep.models import Customer, Identity, Interaction, Organization

__all__ = ["at_noon", "case", "chain", "opened", "people"]
pytestmark = pytest.mark.django_db(transaction=True)
ORDER = f"order-{MAIL}"


@pytest.fixture
def ann(chain: Organization) -> Customer:
    """Ann, whose order has her address for a number."""
    person = incoming.Person({"email": MAIL}, name=f"{CANARY} Ann", attributes={"note": CANARY})
    # The first arrival makes no customer: its number would be Wang's.
    walk_in = incoming.Interaction("order-0", "delivery", NOON)
    order = incoming.Interaction(ORDER, "delivery", NOON, customer=person)
    receive(chain, [parcel(chain, walk_in), parcel(chain, order)], source="test")
    recorder.catch_up()
    return Customer.objects.get(identities__value=MAIL)


@pytest.fixture
def told(chain: Organization, people: SimpleNamespace, ann: Customer, opened: Callable[..., Case]) -> Case:
    """A case of Ann's in which everything was said that can be said, with the alert that opened it."""
    order = Interaction.objects.get(key=ORDER)
    made = opened(
        f"interaction:{ORDER}", title=f"{CANARY} waits", customer=ann, interaction=order, topic="late"
    )
    rule = AlertRule.objects.create(
        organization=chain, code="late", name={"en": "Late"}, trigger="promise_missed"
    )
    Alert.objects.create(
        organization=chain, rule=rule, event=f"interaction:{ORDER}", subject=f"customer:{ann.pk}", severity="high",
        customer=ann, interaction=order, case=made, saw={"comment": f"{CANARY} is angry"},
    )  # fmt: skip
    Authority.objects.create(
        organization=chain, member=people.nina, per_case_minor=10_000, per_month_minor=100_000
    )
    nina = people.nina
    actions.note(made.pk, nina, words=f"{CANARY} called twice")
    now = actions.contact(made.pk, nina, version=0, words=f"spoke to {CANARY}")
    now = actions.apologise(made.pk, nina, version=now.version, words=f"Dear {CANARY}")
    now = actions.promise_recovery(
        made.pk, nina, version=now.version, words=f"A box for {CANARY}", due=NOON + timedelta(days=2)
    )
    actions.remedy(made.pk, nina, version=now.version, kind="voucher", words=f"To {MAIL}", cost_minor=500)
    follow.reply(made.token, f"I am {CANARY}, call 13812349876")
    account = SendingAccount.objects.create(organization=chain, channel="smtp", name="mail", way="email")
    sent = Delivery.objects.create(
        organization=chain, account=account, kind="notice", reference="r1", address=digest("email", "n@x.org"),
        content="c", letter=close(CANARY.encode()), words=f"550 {MAIL}",
    )  # fmt: skip
    notice = Notice.objects.filter(case=made).first()
    assert notice is not None
    Notice.objects.filter(pk=notice.pk).update(delivery=sent, key=f"alert:interaction:{ORDER}:member:1")
    return Case.objects.get(pk=made.pk)


def erase(customer: Customer) -> Any:
    asked = erasure.ask(customer.organization_id, source="office", customer=customer)
    assert run.run_next(also=forgetting.forget)
    asked.refresh_from_db()
    assert (asked.state, asked.problem) == ("done", "")
    return asked


def trail(case: Case) -> list[tuple[Any, ...]]:
    return list(CaseEvent.objects.filter(case=case).values_list("kind", "at", "by_id", "by_customer"))


def test_what_happened_stays_and_who_and_what_they_said_is_nowhere(told: Case, ann: Customer) -> None:
    """P10, L1: the canary in title, trail, remedies, promise, notices, alert and keys; swept for in every table."""
    assert len(holding(dump())) > 12
    before, notices = trail(told), Notice.objects.count()
    done = erase(ann)
    assert holding(dump()) == []
    assert MAIL not in dump()
    # One case and one alert; the order, and the promise to put it right, which is one of its own.
    assert done.removed["interactions"] == 2
    assert done.removed["cases"] == 2
    after = Case.objects.get(pk=told.pk)
    for name in (
        "number",
        "state",
        "unit_id",
        "owner_id",
        "topic",
        "opened_at",
        "contacted_at",
        "recovery_due",
        "version",
    ):
        assert getattr(after, name) == getattr(told, name), name
    assert (after.title, after.recovery_promise, after.customer, after.answer) == ("", "", None, None)
    assert after.key.startswith("interaction:erased-")
    # Who of the company did what and when; a reply was a reply.
    assert trail(after) == before
    assert {"note", "contacted", "apologised", "promised", "remedy", "replied"} <= {
        kind for kind, *_ in before
    }
    given = Remedy.objects.get(kind="voucher")
    assert (given.cost_minor, given.words) == (500, "")
    alert = Alert.objects.get()
    assert (alert.case, alert.customer, alert.saw, alert.subject) == (after, None, {}, "erased")
    assert alert.event == after.key
    assert Notice.objects.count() == notices
    letter = Delivery.objects.get(reference="r1")
    assert (letter.letter, letter.address, letter.words) == ("", "", "")


def test_the_page_on_which_the_customer_followed_it_is_gone(told: Case, ann: Customer) -> None:
    assert follow.standing(told.token).said
    erase(ann)
    with pytest.raises(NoSuchCase):
        follow.standing(told.token)
    with pytest.raises(NoSuchCase):
        follow.reply(told.token, "still me")
    after = Case.objects.get(pk=told.pk)
    assert len(after.token) == len(told.token)
    assert not any(each.words for each in follow.standing(after.token).said)


def test_colleagues_go_on_with_a_case_whose_customer_is_gone(
    told: Case, people: SimpleNamespace, ann: Customer
) -> None:
    erase(ann)
    now = Case.objects.get(pk=told.pk)
    actions.note(now.pk, people.nina, words="The customer is unknown by now")
    with clock.frozen(NOON + timedelta(days=9)):
        while escalation.run_next():
            pass
        now = Case.objects.get(pk=told.pk)
        closed = actions.not_actionable(now.pk, people.nina, version=now.version, reason="erased")
    assert not closed.is_open
    assert CaseEvent.objects.filter(case=now, kind="note", words__startswith="The customer").exists()


def test_cases_of_others_stay_as_they_are(
    told: Case, chain: Organization, ann: Customer, opened: Callable[..., Case]
) -> None:
    """An outsider: a customer of the same company, and one of another company with the same address."""
    wang = opened("answer:9", title="Wang waits")
    other = Organization.objects.get(code="other")
    theirs = Customer.objects.create(id=1_000_000, organization=other)
    Identity.objects.create(organization=other, customer=theirs, kind="email", value=MAIL)
    away = Case.objects.create(organization=other, number=1, title="Elsewhere", customer=theirs)
    erase(ann)
    for each, customer in ((wang, wang.customer), (away, theirs)):
        now = Case.objects.get(pk=each.pk)
        assert (now.title, now.customer, now.token, now.key) == (each.title, customer, each.token, each.key)
    assert CaseEvent.objects.get(case=wang).words == "Wang waits"


def test_to_erase_twice_changes_nothing_more(told: Case, ann: Customer) -> None:
    """The worker may die after it and before the request is done: it is done again."""
    asked = erasure.ask(ann.organization_id, source="office", customer=ann)
    subject = run.find(asked)
    assert forgetting.forget(ann.organization_id, subject) == 2
    once = list(Case.objects.values("title", "key", "state", "customer"))
    assert forgetting.forget(ann.organization_id, subject) == 0
    assert list(Case.objects.values("title", "key", "state", "customer")) == once
