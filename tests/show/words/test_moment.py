"""Dates in the language of the reader."""

from datetime import UTC, date, datetime

from django.utils.translation import override

from mindgap.explain.finding import Period
from mindgap.ground import clock
from mindgap.show import words


def test_dates_are_localised() -> None:
    with override("zh-hans"):
        assert words.date("2026-11-22") == "2026年11月22日"
        assert words.month("2026-11") == "2026年11月"
    with override("en"):
        assert words.month(date(2026, 11, 1)) == "November 2026"


def test_a_period_says_both_ends() -> None:
    with override("en"):
        assert words.period(Period(date(2026, 3, 1), date(2026, 3, 31))) == "March 1, 2026 to March 31, 2026"
        assert words.period(Period(date(2026, 3, 1), date(2026, 3, 1))) == "March 1, 2026"
        assert words.period(Period(date(2026, 3, 1))) == "since March 1, 2026"
        assert words.period(Period(None, date(2026, 3, 1))) == "until March 1, 2026"
        assert words.period(Period()) == "the whole record"


def test_a_moment_is_that_of_the_organization() -> None:
    with override("en"):
        late = datetime(2026, 3, 1, 20, 30, tzinfo=UTC)
        assert words.instant(late, clock.zone("Asia/Shanghai")) == "March 2, 2026 04:30"
