"""This period against earlier ones: what is real and what is noise."""

from datetime import date, timedelta

import pytest
from tests.explain import company
from tests.explain.company import one

from mindgap.explain.change import changes, earlier, settled
from mindgap.explain.finding import Period
from mindgap.explain.inquiry import Inquiry
from mindgap.keep import incoming
from mindgap.keep.models import Organization


@pytest.mark.parametrize(
    ("now", "against", "before"),
    [
        (("2026-03-01", "2026-03-31"), "previous", ("2026-02-01", "2026-02-28")),
        (("2026-01-01", "2026-03-31"), "previous", ("2025-10-01", "2025-12-31")),
        (("2026-03-02", "2026-03-08"), "previous", ("2026-02-23", "2026-03-01")),
        (("2024-02-01", "2024-02-29"), "last_year", ("2023-02-01", "2023-02-28")),
        (("2025-02-01", "2025-02-28"), "last_year", ("2024-02-01", "2024-02-29")),
        (("2026-03-02", "2026-03-08"), "last_year", ("2025-03-02", "2025-03-08")),
    ],
)
def test_the_period_to_compare_with(now: tuple[str, str], against: str, before: tuple[str, str]) -> None:
    """环比 and 同比: whole months against whole months."""
    found = earlier(Period(*map(date.fromisoformat, now)), against)
    assert found == Period(*map(date.fromisoformat, before))


@pytest.fixture(scope="module")
def moving(acme: Organization) -> Organization:
    """Loyalty fell from a month before; store scores stayed about the same."""
    before = company.START - timedelta(days=28)
    items: list[incoming.Incoming] = company.loyalty(before, {10: 60, 8: 9, 3: 1}, "before")
    items += [
        incoming.Answer(
            key=f"then{i}",
            touchpoint="store",
            answered_at=before,
            scores={"satisfaction": 3 if i < 11 else 5},
        )
        for i in range(20)
    ]
    company.record(acme, items)
    return acme


@pytest.mark.django_db
def test_real_changes_are_told_from_noise(moving: Organization) -> None:
    asked = Inquiry(organization=moving, period=Period(date(2026, 3, 2), date(2026, 3, 29)))
    found = changes(asked)
    loyalty = one(found, "change.previous", metric="loyalty.nps")
    assert loyalty.value == pytest.approx(30 - 100 * 59 / 70)
    assert loyalty.details["is_real"]
    assert not loyalty.details["is_better"]
    assert loyalty.details["p_adjusted"] >= loyalty.details["p"]
    store = one(found, "change.previous", metric="csat", touchpoint="store")
    assert not store.details["is_real"]
    assert store.details["before"] == {"since": "2026-02-02", "until": "2026-03-01"}


@pytest.mark.django_db
def test_what_had_no_earlier_period_is_hidden_not_compared(moving: Organization) -> None:
    asked = Inquiry(organization=moving, period=Period(date(2026, 3, 2), date(2026, 3, 29)))
    delivery = one(changes(asked), "change.previous", metric="csat", touchpoint="delivery")
    assert delivery.is_hidden
    assert "p_adjusted" not in delivery.details


@pytest.mark.django_db
def test_without_a_period_the_newest_days_are_meant(moving: Organization) -> None:
    asked = settled(Inquiry(organization=moving))
    assert asked is not None
    assert asked.period == Period(date(2026, 2, 2), date(2026, 3, 29))


@pytest.mark.django_db
def test_nothing_recorded_has_no_changes(moving: Organization) -> None:
    empty = Organization.objects.create(code="empty", name="Empty")
    assert changes(Inquiry(organization=empty)) == ()
