"""How long something took, in the unit of its promise."""

from datetime import UTC, datetime, timedelta

import pytest

from mindgap.ground import clock, duration

SAO_PAULO = clock.zone("America/Sao_Paulo")


def at(day, hour, minute=0):
    return datetime(2018, 11, day, hour, minute, tzinfo=SAO_PAULO)


def test_days_are_dates_apart_not_hours():
    """R8: ordered late on Monday, delivered early on Wednesday: two days."""
    assert duration.between(at(5, 23, 59), at(7, 0, 1), "days", SAO_PAULO) == 2
    assert duration.between(at(5, 0, 1), at(5, 23, 59), "days", SAO_PAULO) == 0
    assert duration.between(at(7, 0), at(5, 0), "days", SAO_PAULO) == -2


def test_days_count_right_over_the_night_the_clocks_jump():
    """From 3 to 4 November 2018 the day had 23 hours."""
    assert duration.between(at(3, 23, 30), at(4, 1, 30), "days", SAO_PAULO) == 1
    assert duration.between(at(3, 23, 30), at(4, 1, 30), "hours", SAO_PAULO) == 1


@pytest.mark.parametrize(("unit", "expected"), [("seconds", 5399), ("minutes", 89), ("hours", 1)])
def test_smaller_units_are_whole_and_elapsed(unit, expected):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert duration.between(start, start + timedelta(seconds=5399), unit, SAO_PAULO) == expected
    assert duration.between(start + timedelta(seconds=5399), start, unit, SAO_PAULO) == -expected


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="fortnights"):
        duration.between(at(1, 0), at(2, 0), "fortnights", SAO_PAULO)
