"""The contact ledger, its policy, and the programmes that it decides for."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from tests.keep import asked
from tests.keep.company import Company

from mindgap.ground import clock
from mindgap.keep import contact, incoming, recorder
from mindgap.keep.models import Contact, ContactPolicy, Customer, Programme, Wave

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


def test_the_same_candidate_is_decided_on_once_even_without_a_programme(company):
    """A unique key with an empty part in it would be none."""
    mine = {"organization": company.organization, "survey": asked.publish(company), "outcome": "sent"}
    Contact.objects.create(**mine, candidate=contact.candidate("by-hand", "o1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.create(**mine, candidate=contact.candidate("by-hand", "o1"))
    assert contact.candidate("a", "b:c") != contact.candidate("a:b", "c")


def test_only_those_who_were_really_asked_count_against_the_cap(company, ann):
    mine = {"organization": company.organization, "survey": asked.publish(company), "customer": ann}
    now = clock.now()
    for place, (outcome, days) in enumerate((("sent", 1), ("sent", 40), ("skipped_cap", 1), ("failed", 1))):
        Contact.objects.create(
            **mine, outcome=outcome, decided_at=now - timedelta(days=days), candidate=str(place)
        )
    assert contact.sent_since(ann, now - timedelta(days=30)) == 1
    assert contact.sent_since(ann, now - timedelta(days=365)) == 2


def test_an_organization_that_set_no_policy_has_the_careful_one(company):
    policy = contact.policy(company.organization.id)
    assert (policy.cap_days, policy.cap_count, policy.year_count) == (30, 1, 4)
    assert (policy.quiet_from, policy.quiet_to) == ("21:00", "09:00")
    assert policy.suppress_on_open_case
    ContactPolicy.objects.create(organization=company.organization, cap_count=2)
    assert contact.policy(company.organization.id).cap_count == 2


@pytest.mark.parametrize("text", ["24:00", "9:00", "21:60", "21:00\n", "night"])
def test_quiet_hours_are_times_of_day(company, text):
    with pytest.raises(ValidationError):
        ContactPolicy(organization=company.organization, quiet_from=text).full_clean()


def test_a_share_is_between_nothing_and_all(company):
    mine = {"organization": company.organization, "survey": asked.publish(company)}
    programme = Programme.objects.create(**mine, code="after-delivery", sample=0.5)
    Wave.objects.create(programme=programme, number=1, starts_at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Wave.objects.create(programme=programme, number=1, starts_at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Programme.objects.create(**mine, code="more-than-all", sample=1.5)
