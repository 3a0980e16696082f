"""What is remembered against what was said, and peak and end of a journey (R149)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.explain import company
from tests.explain.company import START, one

from mindgap.explain.inquiry import Inquiry
from mindgap.explain.memory import endings, remembered, ways

pytestmark = pytest.mark.django_db
CUSTOMERS = 60


@pytest.fixture(scope="module")
def followed(django_db_setup: None, django_db_blocker) -> Iterator[Any]:
    from django.core.management import call_command

    from mindgap.keep.facts import counter, snapshot
    from mindgap.keep.models import Measure, Stage, Touchpoint

    with django_db_blocker.unblock():
        snapshot.forget()
        counter.forget()
        organization = company.declare()
        Measure.objects.create(
            organization=organization, code="memory", kind="satisfaction", minimum=1, maximum=5, name="Memory"
        )
        stage = Stage.objects.get(journey__organization=organization, code="s2")
        Touchpoint.objects.filter(organization=organization, code="hotline").update(stage=stage)
        company.record(organization, [item for i in range(CUSTOMERS) for item in story(i)])
        yield organization
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def inquiry(followed: Any) -> Inquiry:
    return Inquiry(organization=followed)


def story(i: int) -> Iterator[Any]:
    """Store, hotline and delivery in this order; the whole is judged by the last alone; half remember it as worse."""
    from mindgap.keep import incoming

    person = incoming.Person(identities={"email": f"c{i}@example.org"})
    scores = (1 + i % 5, 1 + (i * 7 + i // 5) % 5, 1 + (i * 3 + i // 7) % 5)

    def said(key: str, day: int, touchpoint: str, **given: int) -> incoming.Answer:
        return incoming.Answer(
            key=f"{key}{i}",
            touchpoint=touchpoint,
            answered_at=START + timedelta(days=day),
            scores=dict(given),
            customer=person,
        )

    visited = ("store", "hotline", "delivery") if i % 3 else ("store", "delivery")
    for day, touchpoint in enumerate(visited):
        yield said(touchpoint, day, touchpoint, satisfaction=scores[day])
    last = scores[len(visited) - 1]
    yield said("whole", 10, "", loyalty=2 * last - i % 2)
    yield said("memory", 80, "", memory=max(1, last - i % 2))


def test_the_same_customers_are_asked_then_and_now(inquiry: Inquiry) -> None:
    """Half of them took off a point of five, which is 25 of 100, unless there was none to take off."""
    found = remembered(inquiry, "satisfaction")
    levels = {each.group["memory"]: each for each in found if each.code == "memory.level"}
    assert {each.n for each in found} == {CUSTOMERS}
    shift = one(found, "memory.shift")
    assert shift.value == pytest.approx(levels["now"].value - levels["then"].value)
    assert -12.5 <= shift.value < 0
    assert shift.low < shift.value < shift.high < 0
    assert shift.details["p"] < 0.01
    assert shift.unit == "index"


def test_without_an_echo_there_is_no_memory(inquiry: Inquiry) -> None:
    assert remembered(inquiry, "satisfaction", memory="effort")[-1].n == 0
    assert remembered(inquiry, "satisfaction", memory="nothing") == ()


def test_a_journey_needs_moments_asked_alike_and_a_judgement_apart(inquiry: Inquiry) -> None:
    (way,) = ways(inquiry)
    assert (way.journey.code, way.moment.code, way.overall.code) == ("buying", "satisfaction", "loyalty")
    assert len(way.touchpoints) == 3
    assert way.is_apart
    assert ways(inquiry.also("measure", "satisfaction")) == ()


def test_a_judgement_that_follows_the_end_is_seen_as_such(inquiry: Inquiry) -> None:
    """Two steps of loyalty per step of the last score; mean, worst and number count for nothing beside it."""
    found = {each.group["term"]: each for each in endings(inquiry)}
    assert set(found) == {"mean", "worst", "last", "touchpoints"}
    assert found["last"].value == pytest.approx(2, abs=0.35)
    assert found["last"].low > 1
    for term in ("mean", "worst", "touchpoints"):
        assert found[term].low < 0 < found[term].high
    assert found["last"].details["p"] < 0.001
    assert found["last"].details["r2"] > found["last"].details["r2_mean"]
    assert found["last"].n == CUSTOMERS


def test_a_part_too_small_says_nothing(inquiry: Inquiry) -> None:
    hidden = endings(inquiry, days=1)
    assert all(each.value is None for each in hidden)
