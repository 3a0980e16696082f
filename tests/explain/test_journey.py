"""The map: one common index, expected beside experienced, peak and end."""

import pytest

from mindgap.explain.inquiry import Inquiry
from mindgap.explain.journey import journeys

pytestmark = pytest.mark.django_db


def test_touchpoints_stand_in_the_order_of_the_journey(inquiry: Inquiry) -> None:
    """R60: hotline belongs to no stage and stands apart."""
    found = journeys(inquiry)
    assert [(journey.code, [stop.code for stop in journey.stops]) for journey in found] == [
        ("buying", ["store", "delivery"]),
        ("", ["hotline"]),
    ]


def test_expected_and_experienced_share_one_index(inquiry: Inquiry) -> None:
    """R171: a 4 of 1 to 5 is 75; the mean of twelve 3 and eight 5 is 3.8, which is 70; the gap is a fifth of a step."""
    store = journeys(inquiry)[0].stops[0]
    assert store.expected.value == pytest.approx(75)
    assert store.experienced.value == pytest.approx(70)
    assert store.gap.value == pytest.approx(-5)
    assert store.gap.n == 20


def test_promises_stay_in_their_own_unit(inquiry: Inquiry) -> None:
    delivery = journeys(inquiry)[0].stops[1]
    assert delivery.promise_gap.value == pytest.approx(0.6)
    assert delivery.promise_gap.unit == "days"
    assert delivery.kept.value == pytest.approx(80 / 104)
    assert delivery.is_moment_of_truth
    assert delivery.expected is None


def test_peak_and_end_are_marked_once(inquiry: Inquiry) -> None:
    stops = journeys(inquiry)[0].stops
    assert [stop.is_end for stop in stops] == [False, True]
    assert sum(stop.is_peak for stop in stops) == 1


def test_a_stop_with_too_few_answers_has_no_value(inquiry: Inquiry) -> None:
    hotline = journeys(inquiry)[1].stops[0]
    assert hotline.experienced.is_hidden
    assert not hotline.is_end
