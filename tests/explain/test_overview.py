"""What the first page needs."""

from datetime import date

import pytest
from tests.explain.company import one

from mindgap.explain.finding import Period
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.overview import overview, weighted
from mindgap.keep.models import Organization
from mindgap.measure import Estimate


@pytest.mark.django_db
def test_the_first_page_has_its_figures(inquiry: Inquiry) -> None:
    found = overview(inquiry)
    assert found.loyalty.value == pytest.approx(30)
    assert found.kept.value == pytest.approx(80 / 104)
    assert [finding.touchpoint for finding in found.kept_by_touchpoint] == ["delivery"]
    assert one(found.met, "gap.share", details={"outcome": "missed"}).value == pytest.approx(0.6)
    assert [finding.touchpoint for finding in found.worst] == ["delivery", "store"]
    assert [finding.details["count"] for finding in found.early] == [7]
    assert [finding.details["promise"] for finding in found.contradictions] == ["five-days"]
    assert not found.is_empty


@pytest.mark.django_db
def test_the_share_of_touchpoints_under_their_goal(inquiry: Inquiry) -> None:
    """R1: a CX problem you may have without knowing it."""
    found = overview(inquiry).under_goal
    assert found.n == 2
    assert "delivery" in found.details["touchpoints"]


@pytest.mark.django_db
def test_an_empty_record_is_empty(inquiry: Inquiry) -> None:
    nothing = Organization.objects.create(code="empty", name="Empty")
    assert overview(Inquiry(organization=nothing)).is_empty


@pytest.mark.django_db
def test_loyalty_is_compared_with_the_period_before(inquiry: Inquiry) -> None:
    """环比: the promoters answered first; nobody was asked a year ago."""
    asked = inquiry.within(Period(date(2026, 3, 16), date(2026, 3, 29)))
    (step,) = overview(asked).loyalty_changes
    assert step.code == "change.previous"
    assert (step.n, step.details["n_before"]) == (14, 16)
    assert step.details["is_real"]
    assert not step.details["is_better"]


def test_weighted_limits_are_recovered() -> None:
    a, b = Estimate(0.5, 0.4, 0.6, 100, "wilson"), Estimate(0.9, 0.8, 1.0, 100, "wilson")
    found = weighted([(0.5, a), (0.5, b)], 200)
    assert found.value == pytest.approx(0.7)
    assert found.low == pytest.approx(0.7 - 0.05 * 2**0.5)
