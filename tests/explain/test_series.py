"""Interrupted series: a jump that was put in comes out, a line that only goes on does not."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from tests.explain import company
from tests.explain.company import one

from mindgap.explain.errors import BadInquiry
from mindgap.explain.finding import Period
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.series import events
from mindgap.keep import incoming
from mindgap.keep.models import Organization
from mindgap.measure.series import interrupted

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2025, 1, 1, 2, tzinfo=UTC)
ON = date(2025, 3, 26)


def answers(
    *, jump: float = 0.0, slope: float = 0.0, weeks: int = 24, n: int = 36, skip: tuple[int, ...] = ()
) -> Organization:
    """Weeks counted from a Wednesday; the jump comes with the thirteenth."""
    organization = company.declare()
    draw = np.random.default_rng(5)
    items: list[incoming.Incoming] = []
    for week in range(weeks):
        mean = 3 + slope * week + (jump if week >= 12 else 0)
        scores = np.clip(np.round(draw.normal(mean, 0.8, n)), 1, 5)
        items += [
            incoming.Answer(
                key=f"{week}-{i}",
                touchpoint="store",
                answered_at=START + timedelta(weeks=week, days=i % 7, minutes=i),
                scores={"satisfaction": float(score)},
            )
            for i, score in enumerate(scores)
            if week not in skip
        ]
    company.record(organization, items)
    return organization


def test_a_jump_is_found_and_is_that_of_the_weekly_means() -> None:
    found = events(Inquiry(organization=answers(jump=0.9)), "csat", ON)
    average = one(found, "series.average")
    assert average.value == pytest.approx(0.9, abs=0.3)
    assert average.low > 0
    assert average.details["p"] < 0.01
    assert (average.details["days"], average.details["before"], average.details["after"]) == (7, 12, 12)
    assert (average.n, average.details["n_before"]) == (432, 432)
    draw = np.random.default_rng(5)
    means = [
        np.clip(np.round(draw.normal(3 + (0.9 if week >= 12 else 0), 0.8, 36)), 1, 5).mean()
        for week in range(24)
    ]
    same = interrupted(means, start=12, weights=[36] * 24)
    for code, term in (("series.step", "step"), ("series.bend", "bend"), ("series.latest", "latest")):
        finding, expected = one(found, code), getattr(same, term)
        assert (finding.value, finding.low, finding.high) == pytest.approx(
            (expected.value, expected.low, expected.high)
        )


def test_a_slope_that_goes_on_is_no_effect() -> None:
    average = one(events(Inquiry(organization=answers(slope=0.03)), "csat", ON), "series.average")
    assert average.low < 0 < average.high


def test_a_week_without_answers_makes_the_pieces_longer() -> None:
    average = one(
        events(Inquiry(organization=answers(jump=1, weeks=28, skip=(5,))), "csat", ON), "series.average"
    )
    assert average.details["days"] == 28
    assert average.value == pytest.approx(1, abs=0.5)


def test_too_few_pieces_say_nothing_yet() -> None:
    found = events(Inquiry(organization=answers(weeks=14)), "csat", ON)
    assert {each.code for each in found} == {"series.average", "series.latest", "series.step", "series.bend"}
    assert all(each.value is None for each in found)


def test_two_years_let_a_season_be_told_from_the_event() -> None:
    average = one(
        events(Inquiry(organization=answers(weeks=110, n=5, jump=0.8)), "csat", ON), "series.average"
    )
    assert average.details["lags"] >= 50


def test_a_side_with_few_is_hidden_and_nothing_is_told_of_the_other() -> None:
    """P9."""
    found = events(Inquiry(organization=answers(weeks=13, n=3)), "csat", ON)
    (hidden,) = found
    assert hidden.is_hidden
    assert set(hidden.details) == {"better"}


def test_the_day_lies_inside_the_period_and_the_scope_is_kept() -> None:
    organization = answers(weeks=14)
    with pytest.raises(BadInquiry, match="on"):
        events(Inquiry(organization=organization, period=Period(ON, None)), "csat", ON)
    assert events(Inquiry(organization=organization, scope=frozenset()), "csat", ON) == ()
