"""Recovery against customers who never had a problem, and never against the unrecovered only (R152).

Sixty customers got their parcel in time; twenty got it late and complained to nobody; forty got it late and had it put
right; ten had it not put right. All said afterwards how content they are; some ordered again.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.explain import company
from tests.explain.company import START, one

from mindgap.explain.finding import Finding, Period
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.recovery import Trouble, effects, measures, starts
from mindgap.ground import clock

pytestmark = pytest.mark.django_db
LATE_DAY, ENDED, AFTER = 7, 17, 40
GROUPS = {"fine": 60, "silent": 20, "solved": 40, "lost": 10}


@pytest.fixture(scope="module")
def followed(django_db_setup: None, django_db_blocker) -> Iterator[Any]:
    from django.core.management import call_command

    from mindgap.keep.facts import counter, snapshot

    with django_db_blocker.unblock():
        snapshot.forget()
        counter.forget()
        organization = company.declare()
        company.record(
            organization, [item for name, n in GROUPS.items() for i in range(n) for item in story(name, i)]
        )
        yield organization
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.frozen(START + timedelta(days=300)):
        yield


@pytest.fixture
def inquiry(followed: Any) -> Inquiry:
    return Inquiry(organization=followed)


def story(name: str, i: int) -> Iterator[Any]:
    """What happened to one customer."""
    from mindgap.keep import incoming

    person = incoming.Person(identities={"email": f"{name}{i}@example.org"})
    took = 3 if name == "fine" else LATE_DAY
    later = {"fine": 5 - i % 2, "silent": 3, "solved": 5 - i % 2, "lost": 1 + i % 2}[name]
    back = {"fine": i < 30, "silent": False, "solved": i < 30, "lost": i < 2}[name]

    def order(key: str, start: int, days: int) -> incoming.Interaction:
        begun = START + timedelta(days=start)
        return incoming.Interaction(
            key=f"{key}-{name}{i}",
            touchpoint="delivery",
            started_at=begun,
            experienced_at=begun + timedelta(days=days, hours=1),
            promise="five-days",
            customer=person,
        )

    def said(key: str, day: int, score: int) -> incoming.Answer:
        return incoming.Answer(
            key=f"{key}-{name}{i}",
            touchpoint="delivery",
            answered_at=START + timedelta(days=day, hours=3),
            scores={"satisfaction": score},
            customer=person,
        )

    yield order("first", 0, took)
    yield said("soon", took, 2 if took > 5 else 4)
    yield said("later", AFTER, later)
    if back:
        yield order("again", 60, 2)


def troubles(*names: str) -> list[Trouble]:
    from mindgap.keep.models import Identity

    day = clock.day_of(START.date())
    ends = {
        "solved": ("recovered", day + ENDED),
        "lost": ("not_recovered", day + ENDED),
        "silent": ("", None),
    }
    return [
        Trouble(identity.customer_id, day + LATE_DAY, *ends[name])
        for name in names
        for identity in Identity.objects.filter(value__startswith=name)
    ]


def level(found: tuple[Finding, ...], code: str, group: str) -> Finding:
    return next(each for each in found if each.code == code and each.group == {"recovery": group})


def test_recovered_customers_are_compared_with_those_who_had_no_problem(inquiry: Inquiry) -> None:
    """The twenty who got it late and said nothing had a problem all the same: they are in neither group."""
    found = effects(inquiry, "satisfaction", troubles("solved", "lost"))
    means = {
        name: level(found, "recovery.level", name) for name in ("no_problem", "recovered", "not_recovered")
    }
    assert {name: (each.value, each.n) for name, each in means.items()} == {
        "no_problem": (4.5, 60),
        "recovered": (4.5, 40),
        "not_recovered": (1.5, 10),
    }
    assert all(each.low is not None and each.high is not None for each in means.values())


def test_as_content_as_others_is_said_only_within_the_margin(inquiry: Inquiry) -> None:
    """Both groups gave fives and fours in turn; forty and sixty are just enough to rule out a fifth of a step."""
    gap = one(effects(inquiry, "satisfaction", troubles("solved", "lost")), "recovery.gap")
    assert (gap.value, gap.n, gap.details["n_before"]) == (0, 40, 60)
    assert gap.low < 0 < gap.high
    assert gap.details["margin"] == pytest.approx(0.2)
    assert gap.details["same_low"] > -0.2
    assert gap.details["same_high"] < 0.2
    assert gap.details["verdict"] == "restored"


def test_fewer_customers_cannot_say_that_it_is_the_same(inquiry: Inquiry) -> None:
    some = [each for each in troubles("solved") if each.customer % 2]
    gap = one(effects(inquiry, "satisfaction", some + troubles("lost")), "recovery.gap")
    assert gap.details["verdict"] == "undecided"


def test_the_step_from_the_unrecovered_is_told_apart(inquiry: Inquiry) -> None:
    repaired = one(effects(inquiry, "satisfaction", troubles("solved", "lost")), "recovery.repaired")
    assert repaired.value == pytest.approx(3.0)
    assert "verdict" not in repaired.details


def test_who_came_back_is_compared_alike(inquiry: Inquiry) -> None:
    """Thirty of forty against thirty of sixty."""
    found = effects(inquiry, "satisfaction", troubles("solved", "lost"))
    assert level(found, "recovery.returned", "recovered").value == 0.75
    assert level(found, "recovery.returned", "no_problem").value == 0.5
    step = one(found, "recovery.repeat")
    assert step.value == pytest.approx(0.25)
    assert step.low > 0
    assert step.details["verdict"] == "paradox"


def test_without_cases_there_is_nothing_to_compare(inquiry: Inquiry) -> None:
    found = effects(inquiry, "satisfaction", [])
    gap = one(found, "recovery.gap")
    assert gap.is_hidden
    assert gap.value is None
    assert level(found, "recovery.level", "no_problem").n == 60
    assert not [each for each in found if each.code == "recovery.repaired"]


def test_few_customers_stay_hidden(inquiry: Inquiry) -> None:
    found = effects(inquiry, "satisfaction", troubles("solved")[:4])
    assert level(found, "recovery.level", "recovered").is_hidden
    assert one(found, "recovery.gap").is_hidden


def test_the_first_end_that_a_customer_confirmed_counts(inquiry: Inquiry) -> None:
    """Later trouble does not take it back: what followed is what is measured."""
    given = [Trouble(7, 10, "recovered", 20), Trouble(7, 30, "not_recovered", 40), Trouble(8, 5)]
    made = starts(given, inquiry)
    assert (made.customers, made.groups, made.days) == ((7,), (1,), (20,))
    assert made.troubled == (8, 7, 7)


def test_what_ended_before_the_period_is_not_followed(inquiry: Inquiry) -> None:
    since = clock.date_of(30)
    made = starts([Trouble(7, 10, "recovered", 20)], inquiry.within(Period(since)))
    assert (made.customers, made.troubled) == ((), (7,))


def test_only_answers_on_a_closed_scale_are_offered(inquiry: Inquiry) -> None:
    assert [each.code for each in measures(inquiry)] == ["loyalty", "satisfaction", "effort"]
