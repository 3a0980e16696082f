"""Gaps of the small company, worked out by hand."""

import pytest
from tests.explain.company import one

from mindgap.explain.cell import interactions
from mindgap.explain.gap import distribution, gaps
from mindgap.explain.inquiry import Inquiry

pytestmark = pytest.mark.django_db


def test_earlier_than_promised_is_good(inquiry: Inquiry) -> None:
    """R11: experienced minus promised, oriented so that + is good: 50 came 2 days early, 20 came 2 days late."""
    finding = one(gaps(inquiry), "gap.mean", touchpoint="delivery")
    assert finding.value == pytest.approx(0.6)
    assert (finding.n, finding.unit, finding.population) == (100, "days", "completed")


def test_quantiles_show_the_whole_distribution(inquiry: Inquiry) -> None:
    """R13: not only a mean."""
    found = [f for f in gaps(inquiry) if f.code == "gap.quantile" and f.touchpoint == "delivery"]
    assert {f.details["quantile"]: f.value for f in found} == {0.05: -2, 0.25: 0, 0.5: 0, 0.75: 2, 0.95: 2}


@pytest.mark.parametrize(("outcome", "share"), [("exceeded", 0.5), ("met", 0.3), ("missed", 0.2)])
def test_shares_of_outcomes(inquiry: Inquiry, outcome: str, share: float) -> None:
    """R166: exceed, meet and miss rates."""
    finding = one(gaps(inquiry), "gap.share", touchpoint="delivery", details={"outcome": outcome})
    assert finding.value == pytest.approx(share)
    assert finding.rule == "calendar"


def test_stated_expectations_have_gaps_too(inquiry: Inquiry) -> None:
    """R31: twelve of twenty expected a 4 and got a 3, eight got a 5."""
    finding = one(gaps(inquiry), "gap.mean", touchpoint="store")
    assert finding.value == pytest.approx(-0.2)
    assert finding.details["against"] == "expectation"


def test_gaps_by_channel(inquiry: Inquiry) -> None:
    found = gaps(inquiry.split("channel"), against=("promise",))
    web = one(found, "gap.mean", group={"channel": "web"})
    shop = one(found, "gap.mean", group={"channel": "shop"})
    assert web.value == pytest.approx((80 - 10) / 60)
    assert shop.value == pytest.approx((20 - 30) / 40)


def test_the_distribution_is_the_counts(inquiry: Inquiry) -> None:
    (cell,) = interactions(inquiry)
    assert distribution(cell) == ((-2.0, 20.0), (0.0, 30.0), (2.0, 50.0))
