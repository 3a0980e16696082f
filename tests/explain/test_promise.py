"""Promises of the small company, worked out by hand."""

from datetime import date

import pytest
from tests.explain.company import one

from mindgap.explain.early import early
from mindgap.explain.finding import Period
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.promise import promises, told
from mindgap.ground.condition import Clause, Condition
from mindgap.keep.models import Interaction

pytestmark = pytest.mark.django_db


def test_open_ones_are_censored(inquiry: Inquiry) -> None:
    """R30: six of the ten open ones were last seen before their promise fell due and may yet be kept.

    Known to be late or done at the promise: 104 of 110; 80 of the 104 kept it.
    """
    finding = one(promises(inquiry), "promise.kept")
    assert finding.value == pytest.approx(80 / 104)
    assert (finding.n, finding.population, finding.details["open"]) == (110, "not_cancelled", 10)
    assert "censored" in finding.warnings


def test_late_by_calendar_day_and_by_timestamp_are_two_rules(inquiry: Inquiry) -> None:
    found = promises(inquiry)
    calendar = one(found, "promise.missed", rule="calendar")
    timestamp = one(found, "promise.missed", rule="timestamp")
    assert (calendar.value, calendar.n, calendar.population) == (0.2, 100, "completed")
    # Those of the fifth day came an hour after the minute.
    assert timestamp.value == 0.5


def test_promises_by_unit(inquiry: Inquiry) -> None:
    found = promises(inquiry.split("unit"))
    assert one(found, "promise.missed", rule="calendar", group={"unit": "harbin"}).value == pytest.approx(
        5 / 60
    )
    assert one(found, "promise.missed", rule="calendar", group={"unit": "south"}).value == pytest.approx(
        15 / 40
    )


def test_a_unit_means_all_below_it(inquiry: Inquiry) -> None:
    found = promises(inquiry.also("unit", "north"))
    assert one(found, "promise.missed", rule="calendar").n == 60


def test_who_was_told_before_it_was_due(inquiry: Inquiry) -> None:
    late = Interaction.objects.filter(organization=inquiry.organization, state=1, value__gt=5).order_by("id")
    assert told(inquiry) == ()
    ids = list(late.values_list("id", flat=True))
    Interaction.objects.filter(id__in=ids[:8]).update(told_before_due=True)
    Interaction.objects.filter(id__in=ids[8:16]).update(told_before_due=False)
    finding = one(told(inquiry), "promise.told")
    assert (finding.value, finding.n, finding.touchpoint) == (0.5, 16, "delivery")
    assert told(inquiry.split("tier")) == ()
    by_unit = told(inquiry.split("unit"))
    assert one(by_unit, "promise.told", group={"unit": "harbin"}).value == 1.0
    assert one(by_unit, "promise.told", group={"unit": "south"}).n == 11
    march = inquiry.within(Period(date(2026, 3, 1), date(2026, 3, 31)))
    assert one(told(march.also("unit", "south")), "promise.told").n == 11
    assert told(inquiry.within(Period(None, date(2026, 3, 1)))) == ()
    elsewhere = (
        '{"any": [{"column": "unit", "op": "not", "value": "north"}, {"column": "channel", "op": "empty"}]}'
    )
    asked = Inquiry.from_query({"where": elsewhere}, organization=inquiry.organization)
    assert one(told(asked), "promise.told").n == 11
    assert told(Inquiry(organization=inquiry.organization, scope=frozenset())) == ()
    assert told(inquiry.narrowed(Condition((Clause("unit", "above", "north"),)))) == ()


def test_asked_before_it_happened_is_counted(inquiry: Inquiry) -> None:
    finding = one(early(inquiry), "asked.early", touchpoint="delivery")
    assert (finding.value, finding.n, finding.details["count"]) == (0.07, 100, 7)
