"""The sample company: the same every time, and removed as a whole."""

from datetime import UTC, datetime

import pytest

from mindgap.collect import sample
from mindgap.ground import clock
from mindgap.keep.models import (
    Answer,
    Arrival,
    Customer,
    FactFile,
    Interaction,
    Organization,
    Quarantine,
    Reading,
)

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def _load() -> Organization:
    with clock.frozen(TODAY):
        return sample.load(scale=0.02)


def _content() -> list[tuple[str, ...]]:
    answers = Answer.objects.order_by("key").values_list("key", "digest", "comment")
    return [
        *map(tuple, answers),
        *map(tuple, Interaction.objects.order_by("key").values_list("key", "digest")),
    ]


def test_two_loads_on_one_day_tell_the_same_story() -> None:
    _load()
    first = _content()
    sample.remove()
    _load()
    assert len(first) > 1500
    assert Customer.objects.count() == 800
    assert _content() == first


def test_loading_twice_changes_nothing() -> None:
    _load()
    before = (Arrival.objects.count(), Answer.objects.count(), Interaction.objects.count())
    _load()
    assert (Arrival.objects.count(), Answer.objects.count(), Interaction.objects.count()) == before


def test_nothing_of_it_is_refused() -> None:
    _load()
    assert not Quarantine.objects.exists()


def test_it_is_labelled_and_speaks_three_languages() -> None:
    organization = _load()
    assert organization.is_sample
    assert set(organization.name) == {"en", "zh-hans", "zh-hant"}
    for touchpoint in organization.touchpoints.all():
        assert set(touchpoint.name) == {"en", "zh-hans", "zh-hant"}
    assert set(Answer.objects.exclude(comment="").values_list("language", flat=True)) == {
        "en",
        "zh-hans",
        "zh-hant",
    }


def test_removing_it_leaves_others_alone_and_nothing_of_itself() -> None:
    other = Organization.objects.create(code="real", name={"en": "Real"})
    _load()
    assert sample.remove()
    assert list(Organization.objects.all()) == [other]
    for model in (Answer, Interaction, Customer, Reading, FactFile, Arrival):
        assert not model.objects.exists()
    assert not sample.remove()
