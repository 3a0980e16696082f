"""Control charts: a period that is out is named, one that only wavers is not, a small one is hidden."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from tests.explain import company
from tests.explain.company import one

from mindgap.explain.chart import charts
from mindgap.explain.inquiry import Inquiry
from mindgap.keep import incoming
from mindgap.keep.models import Organization
from mindgap.measure.chart import chart as of_track
from mindgap.measure.track import Track

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = datetime(2025, 1, 6, 9, tzinfo=UTC)


def answers(by_week: list[tuple[int, int]], *, place: str = "store") -> Organization:
    """Of each week (n, how many of them a 10); all others a 5."""
    organization = company.declare()
    items: list[incoming.Incoming] = [
        incoming.Answer(
            key=f"{week}-{i}",
            touchpoint=place,
            answered_at=MONDAY + timedelta(weeks=week, minutes=i),
            scores={"loyalty": 10 if i < hits else 5},
        )
        for week, (n, hits) in enumerate(by_week)
        for i in range(n)
    ]
    company.record(organization, items)
    return organization


def test_a_week_below_the_limits_is_out_and_all_limits_are_those_of_the_samples() -> None:
    weeks = [(40, 20 + place % 3) for place in range(23)] + [(40, 4)]
    found = one(charts(Inquiry(organization=answers(weeks)), "nps"), "chart.line", touchpoint="store")
    same = of_track(Track.nps([n - hits for n, hits in weeks], [0] * 24, [hits for _, hits in weeks]))
    assert found.value == pytest.approx(same.centre)
    assert found.n == 24 * 40
    points = found.details["points"]
    assert [point["value"] for point in points] == pytest.approx(same.values.tolist())
    assert [point["low"] for point in points] == pytest.approx(same.lows.tolist())
    assert found.details["out"] == ["2025-06-16"]
    assert points[-1]["out"] == -1
    assert found.details["chart"] == "shewhart"


def test_more_wavering_than_chance_widens_the_limits() -> None:
    """Laney's p': with thousands of answers every week would be out of plain limits."""
    draw = np.random.default_rng(1)
    weeks = [(300, int(draw.integers(90, 210))) for _ in range(24)]
    found = one(charts(Inquiry(organization=answers(weeks)), "nps"), "chart.line", touchpoint="store")
    assert found.details["chart"] == "laney"
    assert found.details["widened"] > 2
    assert "overdispersed" in found.warnings
    assert found.details["out"] == []


def test_the_first_periods_may_say_what_is_usual() -> None:
    weeks = [(20, 10 + place % 2) for place in range(10)] + [(20, 18)] * 3
    inquiry = Inquiry(organization=answers(weeks))
    found = one(charts(inquiry, "nps", baseline=10), "chart.line", touchpoint="store")
    assert found.n == 200
    assert found.details["baseline"] == {"since": "2025-01-06", "periods": 10}
    assert len(found.details["out"]) == 3
    assert "short_baseline" in found.warnings
    monthly = one(charts(inquiry, "nps", every="month"), "chart.line", touchpoint="store")
    assert [point["start"] for point in monthly.details["points"]] == [
        "2025-01-01", "2025-02-01", "2025-03-01",
    ]  # fmt: skip


def test_a_small_week_is_hidden_with_one_more_that_would_give_it_away() -> None:
    """P9: all weeks together and all but one shown make the last one known."""
    weeks = [(40, 20), (3, 1), (30, 12), (40, 22)]
    found = one(charts(Inquiry(organization=answers(weeks)), "nps"), "chart.line", touchpoint="store")
    shown = [point["n"] for point in found.details["points"]]
    assert shown == [40, None, None, 40]
    assert found.details["points"][1]["value"] is None


def test_few_answers_have_no_chart_and_the_running_week_no_point() -> None:
    found = one(charts(Inquiry(organization=answers([(2, 1), (2, 1)])), "nps"), "chart.line")
    assert found.is_hidden
    assert set(found.details) <= {"better", "goal"}


def test_answers_that_are_all_equal_have_a_level_and_no_limits() -> None:
    found = one(charts(Inquiry(organization=answers([(20, 20)] * 3)), "nps"), "chart.line")
    assert found.value == 100
    assert "points" not in found.details


def test_without_a_metric_the_headline_figures_are_charted(acme: Organization) -> None:
    found = charts(Inquiry(organization=acme))
    assert {each.metric for each in found} == {"csat", "effort.effort", "loyalty.nps", "missed"}
    assert one(found, "chart.line", metric="missed").value == pytest.approx(0.2)


def test_who_may_see_no_unit_sees_no_chart(acme: Organization) -> None:
    assert charts(Inquiry(organization=acme, scope=frozenset())) == ()
