"""Programmes at work: one person is asked once, whoever competes and whatever dies (R11, R112)."""

import os
import signal
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections, transaction
from tests.collect.programme.conftest import ANN, NOON, another, delivered, outcomes, send_all, steps, work

from mindgap.collect.channels import deliver
from mindgap.collect.channels.delivery import Delivery
from mindgap.collect.programme import candidates, run
from mindgap.ground import clock
from mindgap.keep import consent, incoming
from mindgap.keep.models import Contact, Customer, Invitation, OptOut, Unit

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_surveys_and_three_channels_compete_and_exactly_one_invitation_leaves(
    store, programme, visit, channels, receiver, http
) -> None:
    """Must be shown 6: the ledger says of each candidate why it was sent or not."""
    everything = ["sms", "email", "wecom"]
    programme("after", priority=1, channels=everything)
    programme("yearly", priority=5, survey=another(visit, "yearly"), channels=everything)
    delivered(store)
    work()
    send_all(http)
    work()
    assert outcomes() == {"after": "lost_auction", "yearly": "sent"}
    assert (Invitation.objects.count(), Delivery.objects.count(), len(receiver.asked)) == (1, 1, 1)
    assert receiver.asked[0].path == "/sms"
    sent, lost = Contact.objects.get(outcome="sent"), Contact.objects.get(outcome="lost_auction")
    order = ["trigger", "in_time", "consent", "channel", "quiet", "cap", "answer_rest", "survey_rest", "case"]
    assert steps(sent) == [*order, "auction", "draw", "send"]
    assert steps(lost) == [*order, "auction"]
    assert lost.reasons[-1]["saw"] == {"priority": 1, "rivals": 1, "winner": "yearly"}
    # The next delivery, a day later, meets the cap.
    with clock.frozen(NOON + timedelta(days=1)):
        delivered(store, "d2")
        work()
    assert Contact.objects.filter(outcome="skipped_cap").count() == 2
    assert Invitation.objects.count() == 1


def test_one_person_under_several_identities_is_asked_once(store, programme, channels) -> None:
    """R64: e-mail, phone and the like are one customer before anything is decided."""
    programme("after")
    delivered(store, "d1", incoming.Person({"email": "ann@x.org"}))
    delivered(store, "d2", incoming.Person({"phone": "+8613800000000"}))
    assert Customer.objects.count() == 2
    run.run_next(limit=0)
    delivered(store, "d3", ANN)
    work()
    assert Customer.objects.count() == 1
    assert sorted(Contact.objects.values_list("outcome", flat=True)) == [
        "lost_auction",
        "lost_auction",
        "sent",
    ]


def test_the_same_interaction_is_one_candidate_however_often_it_arrives(store, programme, channels) -> None:
    programme("after")
    for _ in range(3):
        delivered(store)
        work()
    assert Contact.objects.count() == Invitation.objects.count() == 1


def test_a_delay_is_waited_for(store, programme, channels) -> None:
    programme("after", delay_minutes=120)
    delivered(store)
    work()
    assert outcomes() == {"after": "delayed_until"}
    with clock.frozen(NOON + timedelta(minutes=121)):
        work()
    assert outcomes() == {"after": "sent"}


@pytest.mark.parametrize(("zone", "hours"), [("", 12), ("America/New_York", 9.5)])
def test_at_night_it_waits_for_the_morning_of_the_customer(store, programme, channels, zone, hours) -> None:
    """23:30 in Shanghai is 11:30 in New York."""
    programme("after")
    night = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)
    with clock.frozen(night):
        delivered(store, person=incoming.Person(ANN.identities, attributes={"zone": zone} if zone else {}))
        work()
        assert outcomes() == {"after": "sent" if zone else "delayed_until"}
    if zone:
        return
    row = Contact.objects.get()
    assert row.until == datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
    with clock.frozen(row.until):
        work()
    row.refresh_from_db()
    assert row.outcome == "sent"
    assert [each["passed"] for each in row.reasons if each["step"] == "quiet"] == [False, True]


def test_the_zone_of_the_unit_comes_before_that_of_the_organization(store, programme, channels) -> None:
    Unit.objects.create(organization=store, code="ny", zone="America/New_York")
    programme("after")
    delivered(store, unit="ny")
    work()
    row = Contact.objects.get()
    assert (row.outcome, row.until) == ("delayed_until", NOON + timedelta(hours=9))


@pytest.mark.parametrize(
    ("prepare", "outcome"),
    [
        (lambda ann: consent.note(ann, purpose="contact", given=False), "skipped_consent"),
        (lambda ann: OptOut.objects.create(organization=ann.organization, customer=ann), "skipped_optout"),
        (
            lambda ann: OptOut.objects.create(organization=ann.organization, customer=ann, channel="email"),
            "skipped_optout",
        ),
        (lambda ann: ann.identities.all().delete(), "no_address"),
    ],
)
def test_what_the_customer_said_is_looked_at_in_the_moment_of_sending(
    store, programme, channels, prepare, outcome
) -> None:
    programme("after", delay_minutes=60)
    delivered(store)
    work()
    prepare(Customer.objects.get())
    with clock.frozen(NOON + timedelta(hours=2)):
        work()
    assert outcomes() == {"after": outcome}
    assert not Invitation.objects.exists()


def test_an_open_case_suppresses_ordinary_surveys_only(store, programme, visit, channels) -> None:
    programme("after", priority=9)
    programme("recovery", kind="recovery", survey=another(visit, "recovery"))
    delivered(store)
    while run.run_next(has_open_case=lambda customer: customer == Customer.objects.get().pk):
        pass
    assert outcomes() == {"after": "skipped_open_case", "recovery": "sent"}


def test_the_channel_a_customer_likes_best_comes_first(store, programme, channels) -> None:
    programme("after", channels=["email", "sms", "wecom"])
    liking = incoming.Person(ANN.identities, attributes={"preferred_channel": "wecom"})
    delivered(store, person=liking)
    work()
    assert Contact.objects.get().channel == Invitation.objects.get().channel == "wecom"


def test_what_is_cancelled_before_it_is_due_is_not_asked_about(store, programme, channels) -> None:
    programme("after", delay_minutes=60)
    delivered(store)
    work()
    delivered(store, experienced_at=None, cancelled=True)
    with clock.frozen(NOON + timedelta(hours=2)):
        work()
    row = Contact.objects.get()
    assert (row.outcome, row.reasons[-1]["step"]) == ("failed", "holds")


def test_history_that_is_imported_and_conditions_that_do_not_hold_ask_nobody(
    store, programme, channels
) -> None:
    """Ten years of orders must not become ten years of invitations."""
    programme("after", condition={"all": [{"column": "late", "op": "is", "value": True}]})
    delivered(store, "in-time", due_at=NOON + timedelta(days=1))
    delivered(store, "old", due_at=NOON - timedelta(days=20), experienced_at=NOON - timedelta(days=10))
    work()
    assert not Contact.objects.exists()
    delivered(store, "late", due_at=NOON - timedelta(days=1))
    work()
    assert outcomes() == {"after": "sent"}


def test_who_is_nobody_in_particular_is_counted_and_asked_once_known(store, programme, channels) -> None:
    programme("after")
    delivered(store, person=None)
    work()
    assert outcomes() == {"after": "no_address"}
    delivered(store)
    work()
    assert outcomes() == {"after": "sent"}


def test_a_paused_programme_waits_and_an_ended_one_gives_up(store, programme, channels) -> None:
    made = programme("after", delay_minutes=60)
    delivered(store)
    work()
    for state, outcome in (("paused", "delayed_until"), ("ended", "failed")):
        made.state = state
        made.save()
        with clock.frozen(NOON + timedelta(hours=2)):
            work()
        assert outcomes() == {"after": outcome}


def test_workers_that_meet_at_one_customer_send_once(store, programme, visit, channels) -> None:
    """R112, in the face of several workers: eight decide at once."""
    for place in range(3):
        programme(f"p{place}", survey=another(visit, f"s{place}"))
    delivered(store)
    candidates.take_events()
    customer, start = Customer.objects.get().pk, threading.Barrier(8)

    def decide() -> None:
        start.wait()
        try:
            run.decide_for(customer, clock.now())
        finally:
            connections.close_all()

    workers = [threading.Thread(target=decide) for _ in range(8)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert sorted(outcomes().values()) == ["lost_auction", "lost_auction", "sent"]
    assert Invitation.objects.count() == Delivery.objects.count() == 1


@pytest.mark.parametrize("is_committed", [False, True])
def test_a_worker_that_is_killed_between_deciding_and_sending_asks_nobody_twice(
    store, programme, channels, receiver, http, is_committed
) -> None:
    """kill -9, before the commit and after it."""
    programme("after")
    delivered(store)
    candidates.take_events()
    customer = Customer.objects.get().pk
    _die_after_deciding(customer, is_committed=is_committed)
    assert Invitation.objects.count() == int(is_committed)
    for _ in range(2):
        work()
        send_all(http)
    assert outcomes() == {"after": "sent"}
    assert len(receiver.asked) == Invitation.objects.count() == 1


def _die_after_deciding(customer: int, *, is_committed: bool) -> None:
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            with transaction.atomic():
                run.decide_for(customer, clock.now())
                if not is_committed:
                    os.kill(os.getpid(), signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


def test_a_message_that_never_left_does_not_count_as_asked(
    store, programme, channels, receiver, http
) -> None:
    receiver.answer = lambda request: (410, b"{}", {})
    programme("after")
    delivered(store)
    work()
    send_all(http)
    assert Delivery.objects.get().state == "failed"
    work()
    row = Contact.objects.get()
    assert (row.outcome, row.reasons[-1]["step"]) == ("failed", "delivery")
    assert deliver.letter_of(Invitation.objects.get()) is not None
