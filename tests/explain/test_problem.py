"""Which side is at fault."""

import pytest
from tests.explain.company import one

from mindgap.explain.inquiry import Inquiry
from mindgap.explain.problem import kind_of, problems
from mindgap.keep.models import Metric

SHORT, HIGH, LOW = "experience_short", "expectation_too_high", "expectation_too_low"


@pytest.mark.parametrize(
    ("sides", "kind"),
    [
        (set(), "none_clear"),
        ({SHORT}, SHORT),
        ({HIGH}, HIGH),
        ({LOW}, LOW),
        ({SHORT, HIGH}, "both"),
        ({SHORT, LOW}, "both"),
        ({HIGH, LOW}, HIGH),
    ],
)
def test_the_kind_follows_from_the_sides(sides: set[str], kind: str) -> None:
    """R2, R196: experience, expectation too high, too low, or both."""
    assert kind_of(sides) == kind


@pytest.mark.django_db
def test_a_missed_goal_and_an_undeliverable_promise_are_both_at_fault(inquiry: Inquiry) -> None:
    """Satisfaction 4.01 lies below its goal of 4.5, and 77 % kept is clearly less than nearly always."""
    finding = one(problems(inquiry), "problem.kind", touchpoint="delivery")
    assert finding.details["kind"] == "both"
    assert {sign["reason"] for sign in finding.details["evidence"]} == {"goal", "not_deliverable"}
    assert "no_goal" not in finding.warnings


@pytest.mark.django_db
def test_a_goal_that_is_reached_leaves_the_promise(inquiry: Inquiry) -> None:
    Metric.objects.update(goal=4.0)
    finding = one(problems(inquiry), "problem.kind", touchpoint="delivery")
    assert finding.details["kind"] == HIGH


@pytest.mark.django_db
def test_without_a_goal_the_finding_says_so(inquiry: Inquiry) -> None:
    Metric.objects.update(goal=None)
    finding = one(problems(inquiry), "problem.kind", touchpoint="delivery")
    assert "no_goal" in finding.warnings
