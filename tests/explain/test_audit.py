"""Contradictions and coverage of promises."""

import pytest
from tests.explain.company import one

from mindgap.explain.audit import audit, contradictions, coverage
from mindgap.explain.inquiry import Inquiry
from mindgap.keep.models import Occurrence

pytestmark = pytest.mark.django_db


def test_two_values_of_one_promise_contradict_each_other(inquiry: Inquiry) -> None:
    """R20: the poster says 3 days, the website and the register 5; the script that said 2 is out of use."""
    finding = one(contradictions(inquiry), "promise.contradiction")
    assert finding.value == 2
    assert finding.details["quantities"] == [3.0, 5.0]
    assert {place["place"] for place in finding.details["places"]} == {"register", "website", "advertisement"}


def test_agreeing_words_are_no_finding(inquiry: Inquiry) -> None:
    Occurrence.objects.filter(place="advertisement").delete()
    assert contradictions(inquiry) == ()


def test_coverage_shows_which_touchpoint_carries_which_promise(inquiry: Inquiry) -> None:
    """R19, R28: one of three touchpoints says what customers can expect."""
    found = coverage(inquiry)
    assert found.promises == ("five-days",)
    assert dict(zip(found.touchpoints, found.occurrences, strict=True)) == {
        "delivery": (2,),
        "store": (0,),
        "hotline": (0,),
    }
    assert found.finding.value == pytest.approx(1 / 3)
    assert sorted(found.finding.details["bare"]) == ["hotline", "store"]


def test_an_audit_holds_both(inquiry: Inquiry) -> None:
    assert [finding.code for finding in audit(inquiry)] == ["promise.contradiction", "promise.coverage"]
