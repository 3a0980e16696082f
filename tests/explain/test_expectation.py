"""Expectation by itself: its drift, and the surface over expectation and experience."""

from datetime import UTC, datetime

import numpy as np
import pytest
from tests.explain import company
from tests.explain.company import one

from mindgap.explain.expectation import drifts, surfaces
from mindgap.explain.inquiry import Inquiry
from mindgap.keep import incoming
from mindgap.keep.models import Organization
from mindgap.measure.surface import response_surface

pytestmark = pytest.mark.django_db(transaction=True)


def asked(rows: list[tuple[int, int, int, int]]) -> Organization:
    """Answers of (month, expected, experienced, loyalty)."""
    organization = company.declare()
    items: list[incoming.Incoming] = [
        incoming.Answer(
            key=f"a{i}",
            touchpoint="store",
            answered_at=datetime(2025, month, 3, tzinfo=UTC),
            scores={"satisfaction": got, "loyalty": loyalty},
            expected=(incoming.Statement(measure="satisfaction", value=wanted),),
        )
        for i, (month, wanted, got, loyalty) in enumerate(rows)
    ]
    company.record(organization, items)
    return organization


def drawn(n: int = 150) -> np.ndarray:
    draw = np.random.default_rng(8)
    e, p = draw.integers(2, 6, n), draw.integers(1, 6, n)
    loyalty = np.clip(np.round(4 + 1.3 * (p - 3) - 0.3 * (e - 3) + draw.normal(size=n)), 0, 10).astype(int)
    return np.column_stack([1 + np.arange(n) % 6, e, p, loyalty])


def test_the_surface_from_sums_is_that_of_the_rows() -> None:
    """Edwards and Parry: a1 to a4 about the middle of the scale."""
    table = drawn()
    found = surfaces(Inquiry(organization=asked(table.tolist())), "loyalty")
    same = response_surface(table[:, 1], table[:, 2], table[:, 3], midpoint=3)
    for term in ("a1", "a2", "a3", "a4"):
        finding = one(found, "expectation.surface", details={"term": term})
        expected = getattr(same, term)
        assert (finding.value, finding.low, finding.high) == pytest.approx(
            (expected.value, expected.low, expected.high)
        )
        assert finding.n == 150
    assert found[0].details["gap_p"] == pytest.approx(same.constraint.p)
    assert found[0].details["r2_plane"] == pytest.approx(same.r2_plane.value)


def test_a_surface_of_few_is_hidden_and_one_of_equal_answers_not_known() -> None:
    (first, *_) = surfaces(Inquiry(organization=asked(drawn(4).tolist())), "loyalty")
    assert first.is_hidden


def test_equal_expectations_make_no_surface() -> None:
    table = drawn(60)
    table[:, 1] = 4
    found = surfaces(Inquiry(organization=asked(table.tolist())), "loyalty")
    assert {each.warnings for each in found} == {("not_known",)}
    assert surfaces(Inquiry(organization=company.declare("empty")), "loyalty") == ()


def test_a_rising_expectation_is_seen() -> None:
    """R117."""
    rows = [(month, 2 + (month + i) // 4, 3, 5) for month in range(1, 9) for i in range(12)]
    rows = [(month, min(5, wanted), got, loyal) for month, wanted, got, loyal in rows]
    found = one(drifts(Inquiry(organization=asked(rows))), "expectation.drift")
    assert found.value > 0
    assert found.details["is_real"]
    assert found.details["months"] == 8
    assert found.n == 96


def test_expectations_of_one_month_show_no_drift() -> None:
    rows = [(1, 2 + i % 3, 3, 5) for i in range(20)]
    found = one(drifts(Inquiry(organization=asked(rows))), "expectation.drift")
    assert found.warnings == ("not_known",)
