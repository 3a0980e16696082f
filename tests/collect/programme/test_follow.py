"""Reminders, thanks and expiry: never after an answer, an opt-out or a bounce, never against the cap."""

from datetime import timedelta

import pytest
from tests.collect.programme.conftest import NOON, delivered, send_all, work

from mindgap.ground import clock
from mindgap.keep.models import Contact, Customer, Invitation, OptOut

pytestmark = pytest.mark.django_db(transaction=True)


def asked(receiver) -> int:
    return len(receiver.asked)


@pytest.fixture
def invited(store, programme, channels, receiver, http) -> Invitation:
    """Ann was asked at noon and will be reminded after three days and after seven."""
    programme("after", reminders=[3, 7], event={"touchpoint": "delivery", "thanks": True})
    delivered(store)
    work()
    send_all(http)
    return Invitation.objects.get()


def days_later(days: float, http) -> None:
    with clock.frozen(NOON + timedelta(days=days)):
        work()
        send_all(http)


def test_who_does_not_answer_is_reminded_on_the_days_that_are_set(invited, receiver, http) -> None:
    for days, messages in ((2.9, 1), (3, 2), (3.1, 2), (7, 3), (8, 3), (20, 3)):
        days_later(days, http)
        assert asked(receiver) == messages
    invited.refresh_from_db()
    assert invited.reminded == 2
    assert Contact.objects.filter(outcome="sent").count() == 1
    link = f'"link":"http://127.0.0.1:8377/s/{invited.survey.short}/'
    assert all(link in each.body.decode() for each in receiver.asked)


def test_a_reminder_waits_for_the_morning(invited, receiver, http) -> None:
    days_later(3.5, http)
    assert asked(receiver) == 1
    days_later(3.5 + 9 / 24, http)
    assert asked(receiver) == 2


@pytest.mark.parametrize("state", ["answered", "bounced", "revoked", "expired"])
def test_nobody_is_reminded_when_it_is_over(invited, receiver, http, state) -> None:
    Invitation.objects.update(state=state)
    days_later(3, http)
    assert asked(receiver) == 1


def test_nobody_is_reminded_after_an_opt_out(invited, receiver, http) -> None:
    ann = Customer.objects.get()
    OptOut.objects.create(organization=ann.organization, customer=ann, channel="email")
    days_later(3, http)
    assert asked(receiver) == 1


def test_who_answered_is_thanked_once(invited, receiver, http) -> None:
    Invitation.objects.update(state="answered", answered_at=NOON + timedelta(days=1))
    for days in (1.1, 1.2, 5):
        days_later(days, http)
    assert asked(receiver) == 2
    assert '"type":"message.thanks"' in receiver.asked[1].body.decode()


def test_an_invitation_expires(invited, http) -> None:
    days_later(31, http)
    invited.refresh_from_db()
    assert invited.state == "expired"
