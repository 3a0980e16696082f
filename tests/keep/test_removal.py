"""An organization removed with all that belongs to it."""

import pytest
from django.apps import apps
from tests.keep import asked
from tests.keep.company import Company, at

from mindgap.ground import clock, identity
from mindgap.keep import appender, consent, contact, facts, incoming, invitation, recorder, removal
from mindgap.keep.appender import Claim, Item
from mindgap.keep.facts import store
from mindgap.keep.models import (
    Arrival,
    Contact,
    ContactPolicy,
    Customer,
    Link,
    OptOut,
    Organization,
    Programme,
    Submission,
    Wave,
)

pytestmark = pytest.mark.django_db(transaction=True)


def fill(company):
    company.interaction("o1", experienced=at(2), customer="a@x.org", unit="north", channel="web")
    said = (incoming.Statement("satisfaction", 4, source="friends"),)
    company.answer("r1", interaction="o1", scores={"satisfaction": 2}, customer="a@x.org", expected=said)
    company.send(incoming.Answer("r2", at(1), scores={"joy": 1}))
    recorder.catch_up()
    facts.close_tail(company.organization, force=True)
    company.interaction("o2", experienced=at(3))
    recorder.catch_up()


def ask(company):
    """Everything that belongs to asking: survey, link, programme, wave, invitation, submission, consent, contact."""
    mine = {"organization": company.organization}
    made = asked.publish(company)
    customer = Customer.objects.filter(**mine).first()
    link = Link.objects.create(survey=made)
    programme = Programme.objects.create(**mine, survey=made, code="p")
    wave = Wave.objects.create(programme=programme, number=1, starts_at=clock.now())
    invited, token = invitation.make(made, customer=customer, programme=programme, wave=wave)
    Contact.objects.create(
        **mine, customer=customer, programme=programme, survey=made, wave=wave, invitation=invited,
        outcome="sent", candidate=contact.candidate("p", "1"),
    )  # fmt: skip
    ContactPolicy.objects.create(**mine)
    consent.note(customer, purpose="contact", given=True)
    OptOut.objects.create(**mine, customer=customer)
    item = Item(company.organization.id, identity.uuid7(), "answer", "x", b"{}", (Claim("quota", 1),))
    appender._append([[item]])
    said = (incoming.Consent("research", given=True),)
    asked.Visitor(
        company, made, invitation=invitation.digest_of(token), link=link.short, consents=said
    ).finish()
    asked.take_in()


def test_nothing_of_it_remains_and_everything_of_others_does():
    gone, stays = Company("gone"), Company("stays")
    fill(stays)
    ask(stays)
    before = {model: model.objects.count() for model in apps.get_app_config("keep").get_models()}
    question = facts.Question(stays.organization.id, ("measure", "value"))
    counted = facts.counts(question).rows()
    own = {
        model: model.objects.filter(organization=gone.organization).count()
        for model in before
        if hasattr(model, "organization")
    }
    fill(gone)
    ask(gone)
    assert Submission.objects.filter(organization=gone.organization).exists()
    removal.remove(gone.organization)
    for model, count in before.items():
        assert model.objects.count() == count - own.get(model, 0) - (model is Organization)
    assert facts.counts(question).rows() == counted
    assert facts.verify(stays.organization) == ()
    assert not (store.folder() / f"organization={gone.organization.id}").exists()
    assert Arrival.objects.exists()
