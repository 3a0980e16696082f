"""The standing watch: a lasting fall is found, a quiet line stays quiet, and little is said of few."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from tests.explain import company
from tests.explain.company import one

from mindgap.explain.inquiry import Inquiry
from mindgap.explain.watch import watch
from mindgap.keep import incoming
from mindgap.keep.models import Organization

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = datetime(2025, 1, 6, 9, tzinfo=UTC)


def answers(weeks: int, *, fall_from: int | None = None, a_week: int = 40) -> Organization:
    organization = company.declare(f"w{weeks}-{a_week}")
    draw = np.random.default_rng(4)
    items: list[incoming.Incoming] = []
    for week in range(weeks):
        low = fall_from is not None and week >= fall_from
        for i in range(a_week):
            score = int(draw.choice([2, 3, 4, 5], p=[0.3, 0.3, 0.2, 0.2] if low else [0.05, 0.15, 0.4, 0.4]))
            when = MONDAY + timedelta(weeks=week, hours=i % 120)
            items.append(
                incoming.Answer(
                    key=f"{week}-{i}", touchpoint="store", answered_at=when, scores={"satisfaction": score}
                )
            )
    company.record(organization, items)
    return organization


def test_a_lasting_fall_gives_an_alert_within_weeks() -> None:
    found = one(watch(Inquiry(organization=answers(34, fall_from=30))), "watch.level")
    assert (found.touchpoint, found.metric) == ("store", "csat")
    assert found.details["usual"] == pytest.approx(4.15, abs=0.06)
    assert found.value < 3.6
    assert found.details["is_alert"]
    first = datetime.fromisoformat(found.details["alerts"][0])
    assert timedelta(weeks=30) <= first - MONDAY.replace(tzinfo=None, hour=0) <= timedelta(weeks=33)
    assert found.details["weeks_between_false_alerts"] == pytest.approx(364, rel=0.02)


def test_a_quiet_line_gives_none() -> None:
    found = one(watch(Inquiry(organization=answers(34))), "watch.level")
    assert (found.details["alerts"], found.details["is_alert"]) == ([], False)


def test_before_the_baseline_is_full_nothing_is_watched() -> None:
    found = one(watch(Inquiry(organization=answers(6))), "watch.level")
    assert found.value is not None
    assert (found.details["usual"], found.details["is_alert"]) == (None, None)


def test_few_are_hidden_with_all_that_is_known_of_them() -> None:
    """P9."""
    found = one(watch(Inquiry(organization=answers(3, a_week=1))), "watch.level")
    assert found.is_hidden
    assert set(found.details) <= {"better", "goal"}


def test_missed_promises_are_watched_as_shares(acme: Organization) -> None:
    found = one(watch(Inquiry(organization=acme)), "watch.level", metric="missed")
    assert found.value == pytest.approx(0.2)
    assert found.details["better"] == -1
