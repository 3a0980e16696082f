"""One figure against an earlier period, for every touchpoint or value of a column (环比, 同比)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.explain import company

from mindgap.explain.compare import compare
from mindgap.explain.errors import UnknownValue
from mindgap.explain.finding import Period
from mindgap.explain.inquiry import Inquiry
from mindgap.keep import incoming
from mindgap.keep.models import Organization

pytestmark = pytest.mark.django_db


def answers(organization: Organization, when: object, scores: list[int], name: str) -> None:
    items: list[incoming.Incoming] = [
        incoming.Answer(
            key=f"{name}{i}", touchpoint="store", answered_at=when, scores={"satisfaction": score}
        )  # type: ignore[arg-type]
        for i, score in enumerate(scores)
    ]
    company.record(organization, items)


@pytest.fixture(scope="module")
def fallen(acme: Organization) -> Organization:
    """Satisfaction at the store fell from all fives, 28 days before, to what the company has."""
    answers(acme, company.START - timedelta(days=28), [5] * 60, "then")
    return acme


@pytest.fixture
def month(fallen: Organization) -> Inquiry:
    day = company.START.date()
    return Inquiry(organization=fallen, period=Period(day, day + timedelta(days=27)))


def test_a_step_names_the_period_it_is_taken_from(month: Inquiry) -> None:
    (step,) = [each for each in compare(month, "csat") if each.touchpoint == "store"]
    assert step.code == "change.previous"
    until = month.period.since
    assert until is not None
    assert step.details["before"] == Period(until - timedelta(days=28), until - timedelta(days=1)).write()
    assert step.value is not None
    assert step.value < 0
    assert step.details["is_real"]
    assert not step.details["is_better"]


def test_what_was_not_there_before_has_no_step(month: Inquiry) -> None:
    steps = compare(month, "csat", against="last_year")
    assert steps
    assert all(step.is_hidden and step.code == "change.last_year" for step in steps)


def test_an_empty_record_has_no_steps(month: Inquiry) -> None:
    nothing = replace(month, period=Period(None, date(2001, 1, 1)))
    assert compare(nothing, "csat") == ()


def test_an_unknown_metric_is_said_so(month: Inquiry) -> None:
    with pytest.raises(UnknownValue):
        compare(month, "nonsense")
