"""What is asked, from the command line and the address bar."""

from datetime import date

import pytest
from django.http import QueryDict

from mindgap.explain.errors import BadInquiry, UnknownColumn, UnknownValue
from mindgap.explain.finding import Period
from mindgap.explain.inquiry import Inquiry, conditions
from mindgap.ground import clock
from mindgap.ground.condition import Clause, Condition
from mindgap.keep.models import Organization, Unit

pytestmark = pytest.mark.django_db


def read(acme: Organization, query: str) -> Inquiry:
    return Inquiry.from_query(QueryDict(query), organization=acme)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "touchpoint=delivery&by=channel&since=2026-03-01&until=2026-03-31",
        "channel=web&channel=shop",
        "channel.not=web&seg_tier=gold&level=0.9",
        "value.at_least=9",
        "channel=-",
        "unit.filled=1",
        "channel.in=web",
        'where={"any": [{"column": "channel", "op": "is", "value": "web"}, {"column": "unit", "op": "is", "value": "south"}]}',
    ],
)
def test_an_address_comes_back_as_the_same_inquiry(acme: Organization, query: str) -> None:
    asked = read(acme, query)
    again = QueryDict(mutable=True)
    for name, value in asked.to_query():
        again.appendlist(name, value)
    assert Inquiry.from_query(again, organization=acme) == asked


def test_the_address_is_read(acme: Organization) -> None:
    asked = read(acme, "touchpoint=delivery&by=tier&since=2026-03-01&channel=web&lang=en&page=2&unit=")
    assert (asked.touchpoint, asked.by) == ("delivery", "seg_tier")
    assert asked.period == Period(date(2026, 3, 1), None)
    assert asked.where == Condition((Clause("channel", "is", "web"),))


def test_codes_become_the_numbers_of_the_facts(acme: Organization) -> None:
    asked = read(acme, "unit=north&state=open&since=2026-03-02")
    question = asked.question(("channel",))
    below = tuple(
        Unit.objects.filter(code__in=["north", "harbin"]).order_by("id").values_list("id", flat=True)
    )
    assert Clause("unit", "in", below) in question.where.items
    assert Clause("state", "is", 2) in question.where.items
    assert question.since == clock.day_of(date(2026, 3, 2))


def test_a_scope_is_part_of_every_question(acme: Organization) -> None:
    unit = Unit.objects.get(code="south")
    question = Inquiry(organization=acme, scope=frozenset({unit.id})).question(())
    assert list(question.where.clauses()) == [Clause("unit", "in", (unit.id,))]


def test_a_filter_cannot_widen_the_scope(acme: Organization) -> None:
    unit = Unit.objects.get(code="south")
    query = QueryDict(
        'where={"any": [{"column": "unit", "op": "is", "value": "north"}, {"column": "unit", "op": "filled"}]}'
    )
    asked = Inquiry.from_query(query, organization=acme, scope=frozenset({unit.id}))
    where = asked.question(()).where
    assert not where.any
    assert Condition((Clause("unit", "in", (unit.id,)),)) in where.items


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("channel=pigeon", UnknownValue),
        ("touchpoint=nowhere", UnknownValue),
        ("by=colour", UnknownColumn),
        ("seg_colour=red", UnknownColumn),
        ("since=tomorrow", BadInquiry),
        ("since=2026-02-01&until=2026-01-01", BadInquiry),
        ("level=much", BadInquiry),
        ("level=2", BadInquiry),
        ("where=[1]", BadInquiry),
        ("where={", BadInquiry),
        ("value.above=x", UnknownValue),
        ("day=someday", UnknownValue),
    ],
)
def test_what_cannot_be_asked_is_said(acme: Organization, query: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(acme, query)


def test_words_of_the_command_line(acme: Organization) -> None:
    catalog = Inquiry(organization=acme).catalog
    assert conditions(["channel=web"], catalog) == Condition.of(channel="web")
    assert conditions(["channel=web", "channel=shop"], catalog) == Condition(
        (Clause("channel", "in", ("web", "shop")),)
    )
    assert conditions(["tier!=gold"], catalog) == Condition((Clause("seg_tier", "not", "gold"),))
    with pytest.raises(BadInquiry):
        conditions(["channel"], catalog)
    with pytest.raises(UnknownColumn):
        conditions(["colour=red"], catalog)


def test_the_filter_of_a_finding_is_plain_where_it_can_be(acme: Organization) -> None:
    assert read(acme, "channel=web&seg_tier=gold").filter == {"channel": "web", "seg_tier": "gold"}
    assert read(acme, "channel=web&channel=shop").filter == {"channel": ["web", "shop"]}
    assert read(acme, "channel.not=web").filter == {
        "all": [{"column": "channel", "op": "not", "value": "web"}]
    }
