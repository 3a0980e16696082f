"""Days, weeks and months as people on the spot call them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.ground import clock

SAO_PAULO = clock.zone("America/Sao_Paulo")
SHANGHAI = clock.zone("Asia/Shanghai")


def test_now_is_aware_and_in_utc():
    assert clock.now().tzinfo is UTC


def test_a_frozen_clock_stands_still_and_goes_on_afterwards():
    instant = datetime(2026, 1, 1, 8, tzinfo=SHANGHAI)
    with clock.frozen(instant):
        assert clock.now() == datetime(2026, 1, 1, tzinfo=UTC)
        with clock.frozen(instant + timedelta(days=1)):
            assert clock.now().day == 2
        assert clock.now().day == 1
    assert clock.now() > instant


def test_a_clock_cannot_be_frozen_at_nobodys_time():
    with pytest.raises(ValueError, match="zone"), clock.frozen(datetime(2026, 1, 1)):
        pass


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Asia"])
def test_an_unknown_zone_is_refused_with_the_mend(name):
    with pytest.raises(ValueError, match="IANA"):
        clock.zone(name)


def test_a_day_is_that_of_the_place():
    late = datetime(2026, 1, 1, 23, 30, tzinfo=UTC)
    assert clock.date_of(clock.local_day(late, SHANGHAI)) == date(2026, 1, 2)
    assert clock.date_of(clock.local_day(late, SAO_PAULO)) == date(2026, 1, 1)


def test_a_day_begins_at_the_first_instant_that_exists():
    """In São Paulo clocks jumped from 24:00 to 1:00 on 4 November 2018: that Sunday had no midnight."""
    begins = clock.day_begins(date(2018, 11, 4), SAO_PAULO)
    assert begins == datetime(2018, 11, 4, 3, tzinfo=UTC)
    assert begins.astimezone(SAO_PAULO).hour == 1
    assert clock.local_day(begins, SAO_PAULO) == clock.day_of(date(2018, 11, 4))
    assert clock.local_day(begins - timedelta(microseconds=1), SAO_PAULO) == clock.day_of(date(2018, 11, 3))


def test_a_midnight_that_comes_twice_begins_no_day_twice():
    """On 17 February 2018 the hour before midnight was lived twice; the eighteenth began once."""
    begins = clock.day_begins(date(2018, 2, 18), SAO_PAULO)
    assert begins == datetime(2018, 2, 18, 3, tzinfo=UTC)
    assert clock.local_day(begins - timedelta(hours=2), SAO_PAULO) == clock.day_of(date(2018, 2, 17))


@given(
    st.dates(date(1990, 1, 1), date(2037, 12, 31)),
    st.sampled_from(
        ["America/Sao_Paulo", "Asia/Shanghai", "Europe/Berlin", "Asia/Beirut", "America/Havana", "UTC"]
    ),
)
def test_the_beginning_of_a_day_lies_on_it_and_the_moment_before_does_not(when, name):
    where = clock.zone(name)
    begins = clock.day_begins(when, where)
    assert clock.local_day(begins, where) == clock.day_of(when)
    assert clock.local_day(begins - timedelta(microseconds=1), where) == clock.day_of(when) - 1


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_days_weeks_and_months_go_there_and_back(when):
    day = clock.day_of(when)
    assert clock.date_of(day) == when
    monday = clock.week_start(clock.week_of(day))
    assert monday.weekday() == 0
    assert timedelta(0) <= when - monday < timedelta(7)
    first = clock.month_start(clock.month_of(day))
    assert (first.year, first.month, first.day) == (when.year, when.month, 1)


def test_numbers_begin_in_january_1970():
    assert (clock.day_of(date(1970, 1, 1)), clock.week_of(0), clock.month_of(0)) == (0, 0, 0)
    assert clock.week_of(clock.day_of(date(1970, 1, 5))) == 1


def test_a_wall_clock_time_is_an_instant_of_its_zone():
    assert clock.instant_of(datetime(2026, 7, 1, 8), SHANGHAI) == datetime(2026, 7, 1, tzinfo=UTC)
    aware = datetime(2026, 7, 1, 8, tzinfo=SAO_PAULO)
    assert clock.instant_of(aware, SHANGHAI) == aware
    assert clock.instant_of(aware, SHANGHAI).tzinfo is UTC
