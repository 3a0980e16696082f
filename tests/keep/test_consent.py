"""Consent and opt-out: the last word counts, and no word is ever changed."""

from datetime import timedelta

import pytest
from tests.keep.company import Company

from mindgap.ground import clock
from mindgap.keep import consent, incoming, optout, recorder
from mindgap.keep.models import Consent, Contact, Customer, OptOut

# Readers wait for running transactions, such as one around a test.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company():
    return Company()


@pytest.fixture
def ann(company):
    company.customer("c1", incoming.Person({"email": "ann@x.org"}))
    recorder.catch_up()
    return Customer.objects.get()


def test_what_was_said_last_stands_for_its_purpose_only(ann):
    now = clock.now()
    consent.note(ann, purpose="marketing", given=True, at=now - timedelta(days=2))
    consent.note(ann, purpose="marketing", given=False, at=now)
    consent.note(ann, purpose="marketing", given=True, at=now - timedelta(days=1))
    assert consent.standing(ann, "marketing").given is False
    assert consent.standing(ann, "contact") is None
    assert Consent.objects.count() == 3


def test_a_consent_is_never_changed(ann):
    said = consent.note(ann, purpose="contact", given=True)
    said.given = False
    with pytest.raises(TypeError):
        said.save()
    assert Consent.objects.get().given


def test_an_opt_out_holds_for_its_channel_and_one_from_everywhere_for_all(company, ann):
    OptOut.objects.create(organization=company.organization, customer=ann, channel="sms")
    assert optout.is_out(ann, "sms")
    assert not optout.is_out(ann, "email")
    everywhere = OptOut.objects.create(organization=company.organization, customer=ann)
    assert optout.is_out(ann, "email")
    everywhere.lifted_at = clock.now()
    everywhere.save()
    assert not optout.is_out(ann, "email")


def test_what_a_customer_said_stays_theirs_when_two_turn_out_to_be_one(company, ann):
    """R64: otherwise merging would forget that somebody does not want to be asked."""
    company.customer("c2", incoming.Person({"phone": "1"}))
    recorder.catch_up()
    other = Customer.objects.exclude(id=ann.id).get()
    consent.note(other, purpose="contact", given=False)
    OptOut.objects.create(organization=company.organization, customer=other)
    company.customer("c3", incoming.Person({"email": "ann@x.org", "phone": "1"}))
    recorder.catch_up()
    assert Customer.objects.get() == ann
    assert consent.standing(ann, "contact").given is False
    assert optout.is_out(ann, "email")
    assert not Contact.objects.exists()
