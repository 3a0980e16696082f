"""An organization removed with all that belongs to it."""

import pytest
from django.apps import apps
from tests.keep.company import Company, at

from mindgap.keep import facts, incoming, recorder, removal
from mindgap.keep.facts import store
from mindgap.keep.models import Arrival, Organization

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


def test_nothing_of_it_remains_and_everything_of_others_does():
    gone, stays = Company("gone"), Company("stays")
    fill(stays)
    before = {model: model.objects.count() for model in apps.get_app_config("keep").get_models()}
    question = facts.Question(stays.organization.id, ("measure", "value"))
    counted = facts.counts(question).rows()
    own = {
        model: model.objects.filter(organization=gone.organization).count()
        for model in before
        if hasattr(model, "organization")
    }
    fill(gone)
    removal.remove(gone.organization)
    for model, count in before.items():
        assert model.objects.count() == count - own.get(model, 0) - (model is Organization)
    assert facts.counts(question).rows() == counted
    assert facts.verify(stays.organization) == ()
    assert not (store.folder() / f"organization={gone.organization.id}").exists()
    assert Arrival.objects.exists()
