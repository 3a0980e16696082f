"""Scores of the small company, worked out by hand."""

import pytest
from tests.explain.company import one

from mindgap.explain.figure import find
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.score import scores, trend
from mindgap.ground.condition import Condition

pytestmark = pytest.mark.django_db


def test_the_headline_counts_what_is_completed(inquiry: Inquiry) -> None:
    finding = one(scores(inquiry), "score.mean", touchpoint="delivery", group={})
    assert finding.value == pytest.approx((25 * 5 + 25 * 4 + 16 * 5 + 14 * 4 + 20 * 2) / 100)
    assert (finding.n, finding.population, finding.metric) == (100, "completed", "csat")
    assert finding.low < finding.value < finding.high


def test_open_ones_stand_beside_the_headline(inquiry: Inquiry) -> None:
    finding = one(scores(inquiry), "score.mean", touchpoint="delivery", group={"state": "open"})
    assert (finding.value, finding.n, finding.population) == (1.0, 5, "open")


def test_answers_are_split_by_how_the_promise_was_kept(inquiry: Inquiry) -> None:
    """R8: the outcome of the promise is linked to what customers say."""
    kept = one(scores(inquiry), "score.mean", touchpoint="delivery", group={"promise": "kept"})
    missed = one(scores(inquiry), "score.mean", touchpoint="delivery", group={"promise": "missed"})
    assert kept.value == pytest.approx((41 * 5 + 39 * 4) / 80)
    assert (missed.value, missed.n) == (2.0, 20)


def test_loyalty_is_asked_apart_from_any_touchpoint(inquiry: Inquiry) -> None:
    finding = one(scores(inquiry), "score.nps")
    assert finding.touchpoint is None
    assert finding.value == pytest.approx(30.0)
    assert (finding.n, finding.unit) == (30, "points")


def test_top_boxes_are_a_share(inquiry: Inquiry) -> None:
    finding = one(scores(inquiry), "score.top", touchpoint="delivery", group={})
    assert (finding.value, finding.unit) == (0.8, "share")


def test_a_small_group_hides_value_and_n(inquiry: Inquiry) -> None:
    finding = one(scores(inquiry), "score.effort", touchpoint="hotline")
    assert (finding.value, finding.low, finding.high, finding.n) == (None, None, None, None)
    assert finding.warnings == ("too_few",)


def test_groups_carry_codes(inquiry: Inquiry) -> None:
    found = scores(inquiry.at("store").split("tier"))
    gold = one(found, "score.mean", group={"seg_tier": "gold"})
    assert gold.n == 10


def test_a_filter_narrows_and_is_stated(inquiry: Inquiry) -> None:
    asked = inquiry.at("delivery").narrowed(Condition.of(outcome="missed"))
    finding = one(scores(asked), "score.mean", group={})
    assert (finding.value, finding.filter) == (2.0, {"outcome": "missed"})


def test_a_scope_hides_other_units(inquiry: Inquiry) -> None:
    nobody = Inquiry(organization=inquiry.organization, scope=frozenset())
    assert scores(nobody) == ()


def test_the_trend_has_a_finding_per_week(inquiry: Inquiry) -> None:
    (figure,) = [each for each in find(inquiry.catalog, "nps") if each.name == "loyalty.nps"]
    found = trend(inquiry, figure, every="week")
    assert [finding.group["week"] for finding in found] == [
        "2026-03-02",
        "2026-03-09",
        "2026-03-16",
        "2026-03-23",
    ]
    assert sum(finding.n for finding in found) == 30
    assert all(finding.low <= finding.value <= finding.high for finding in found)
