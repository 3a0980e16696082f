"""Histories of customers: counted per history, corrections and filters respected."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.keep.facts.tail import put

from mindgap.ground.condition import Condition
from mindgap.keep import facts
from mindgap.keep.facts import Question
from mindgap.keep.models import Organization

pytestmark = pytest.mark.django_db(transaction=True)


def ask(organization, **more):
    found = facts.histories(Question(organization.id, until=20_100, **more))
    columns = (found.repeats, found.last, found.observed, found.n)
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


def visit(customer, day, interaction, **more):
    return {"customer": customer, "day": day, "interaction": interaction, "answer": 0, **more}


def test_days_of_a_customer_are_counted_once_each():
    organization = Organization.objects.create(code="acme")
    put(organization, visit(1, 20_000, 1), visit(1, 20_000, 2), visit(1, 20_030, 3), visit(2, 20_090, 4))
    # Answers are no visits, nobody knows customer 0, and who came on the last day was not observed.
    put(organization, {"customer": 3, "day": 20_010, "answer": 9}, visit(0, 20_010, 5), visit(4, 20_100, 6))
    assert ask(organization) == [(0, 0, 10, 1), (1, 30, 100, 1)]
    facts.close_tail(organization, force=True)
    assert ask(organization) == [(0, 0, 10, 1), (1, 30, 100, 1)]
    assert ask(organization, where=Condition.of(touchpoint=7)) == []
    assert ask(organization, measures=(2,)) == []


def test_nothing_is_known_of_nobody():
    assert ask(Organization.objects.create(code="acme")) == []


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    visits=st.lists(st.tuples(st.integers(0, 3), st.integers(20_080, 20_100)), max_size=12),
    back=st.lists(st.integers(0, 11), max_size=3, unique=True),
    closes=st.booleans(),
)
def test_equal_to_plain_counting(visits, back, closes):
    organization = Organization.objects.create(code=f"o{Organization.objects.count()}")
    given_ = [visit(customer, day, i + 1) for i, (customer, day) in enumerate(visits)]
    put(organization, *given_)
    if closes:
        facts.close_tail(organization, force=True)
    gone = [place for place in back if place < len(given_)]
    put(organization, *(given_[place] for place in gone), sign=-1)
    days: dict[int, set[int]] = {}
    for place, (customer, day) in enumerate(visits):
        if customer and place not in gone:
            days.setdefault(customer, set()).add(day)
    expected = Counter(
        (len(each) - 1, max(each) - min(each), 20_100 - min(each))
        for each in days.values()
        if min(each) < 20_100
    )
    assert ask(organization) == sorted((*key, n) for key, n in expected.items())
