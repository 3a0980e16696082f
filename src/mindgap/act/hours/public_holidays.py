"""Holidays: the public holidays of a country, and the weekends that are worked instead (China's 调休)."""

from dataclasses import dataclass
from datetime import date

import holidays

from mindgap.act.hours.calendar import Calendar
from mindgap.act.hours.reckoning import USUAL_WEEK


class UnknownCountry(LookupError):
    """Nobody knows the holidays of a country of that code."""


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """Days off with their names, and days at weekends that are worked instead."""

    off: dict[date, str]
    worked: tuple[date, ...]


def countries() -> tuple[str, ...]:
    """The ISO codes of the countries whose holidays are known."""
    return tuple(sorted(code for code in holidays.list_supported_countries(include_aliases=False)))


def of(country: str, first: int, last: int) -> PublicHolidays:
    """The public holidays of a country in the years from `first` to `last`; `UnknownCountry` when there are none.

    Days off are known for some years ahead, weekends worked instead only when the country has announced them.
    """
    years = range(first, last + 1)
    try:
        found = holidays.country_holidays(country.upper(), years=years)
    except NotImplementedError as problem:
        raise UnknownCountry(country) from problem
    worked = sorted(day for day in getattr(found, "weekend_workdays", ()) if day.year in years)
    return PublicHolidays(dict(sorted(found.items())), tuple(day for day in worked if day not in found))


def fill_in(calendar: Calendar, first: int, last: int) -> int:
    """Add the country's holidays, and worked weekends with the hours of a usual day, to a calendar; how many days.

    What the calendar says of a day already stays. Unsaved.
    """
    found = of(calendar.country, first, last)
    weekdays = [turns for turns in calendar.week.values() if turns] or list(USUAL_WEEK.values())
    said = {*calendar.holidays, *calendar.exceptions}
    off = {day.isoformat(): name for day, name in found.off.items() if day.isoformat() not in said}
    worked = {day.isoformat(): weekdays[0] for day in found.worked if day.isoformat() not in said}
    calendar.holidays = dict(sorted({**calendar.holidays, **off}.items()))
    calendar.exceptions = dict(sorted({**calendar.exceptions, **worked}.items()))
    return len(off) + len(worked)
