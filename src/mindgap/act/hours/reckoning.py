"""Reckoning: business time. What a calendar calls working hours, added to instants and counted between them.

A day's hours are wall-clock times where the unit is, so a day on which clocks are put forward or back has as many
hours as really pass. Hours may run over midnight; they belong to the day on which they begin.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from mindgap.act.hours.calendar import Calendar
from mindgap.ground import clock
from mindgap.keep.models import Organization, Unit

# From and to, in minutes from the midnight with which the day begins; `to` may lie in the next day.
Turn = tuple[int, int]
Turns = tuple[Turn, ...]

_DAY_MINUTES = 24 * 60
_SECOND = timedelta(seconds=1)
# Nobody closes for longer; a calendar that does is one with a mistake in it.
_MOST_DAYS = 800
WEEKDAYS = tuple(str(day) for day in range(7))
# Monday to Friday, 09:00 to 18:00: where nobody has said anything else.
USUAL_WEEK: dict[str, list[list[str]]] = {day: [["09:00", "18:00"]] for day in WEEKDAYS[:5]}


class BadCalendar(ValueError):
    """A calendar by which nobody can work; the words say which part of it, `where` names the field and place."""

    def __init__(self, where: str, words: str) -> None:
        super().__init__(f"{where}: {words}")
        self.where, self.words = where, words


@dataclass(frozen=True, slots=True)
class Hours:
    """The working hours of some place. `week` from Monday on; `changed` are days with hours of their own, or none."""

    zone: ZoneInfo
    week: tuple[Turns, ...]
    changed: Mapping[date, Turns] = field(default_factory=dict)
    _known: dict[date, tuple[tuple[datetime, datetime], ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def add(self, start: datetime, seconds: int) -> datetime:
        """The instant by which so many seconds of work have passed since `start`; `start` itself for none."""
        if seconds < 0:
            raise ValueError("business time is added, not taken away; see `back`")
        left = timedelta(seconds=seconds)
        if not left:
            return start.astimezone(UTC)
        for begins, ends in self._from(start):
            if ends - begins >= left:
                return begins + left
            left -= ends - begins
        raise self._never()

    def back(self, end: datetime, seconds: int) -> datetime:
        """The last instant from which so many seconds of work pass until `end`."""
        if seconds < 0:
            raise ValueError("business time is counted back by a positive number of seconds")
        left = timedelta(seconds=seconds)
        if not left:
            return end.astimezone(UTC)
        for begins, ends in self._until(end):
            if ends - begins >= left:
                return ends - left
            left -= ends - begins
        raise self._never()

    def between(self, start: datetime, end: datetime) -> int:
        """Whole seconds of work from `start` to `end`; negative when `end` comes first."""
        if end < start:
            return -self.between(end, start)
        worked = timedelta()
        for begins, ends in self._from(start, until=end):
            worked += ends - begins
        return worked // _SECOND

    def is_open(self, at: datetime) -> bool:
        """Whether somebody works at that instant."""
        return any(begins <= at < ends for begins, ends in self._around(at))

    def _from(self, start: datetime, *, until: datetime | None = None) -> Iterator[tuple[datetime, datetime]]:
        """Stretches of work after `start`, in order, cut at both ends."""
        start = start.astimezone(UTC)
        day, idle, last = start.astimezone(self.zone).date() - timedelta(days=1), 0, start
        final = until.astimezone(self.zone).date() if until else date.max
        while day <= final and idle < _MOST_DAYS:
            idle += 1
            for first, over in self._stretches(day):
                # Turns of one day never overlap, but one over midnight may reach into the next day's.
                begins, ends = max(first, last), min(over, until) if until else over
                if ends > begins:
                    yield begins, ends
                    last, idle = ends, 0
            day += timedelta(days=1)

    def _until(self, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Stretches of work before `end`, the latest first."""
        end = end.astimezone(UTC)
        day, idle, first = end.astimezone(self.zone).date(), 0, end
        while idle < _MOST_DAYS:
            idle += 1
            before = self._stretches(day - timedelta(days=1))
            reaches = max((ends for _, ends in before), default=None)
            for start, over in reversed(self._stretches(day)):
                # What the turn of the day before covers is counted there.
                begins, ends = max(start, reaches) if reaches else start, min(over, first)
                if ends > begins:
                    yield begins, ends
                    first, idle = begins, 0
            day -= timedelta(days=1)

    def _around(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = at.astimezone(self.zone).date()
        yield from self._stretches(day - timedelta(days=1))
        yield from self._stretches(day)

    def _stretches(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The turns that begin on a day, as instants."""
        if day not in self._known:
            turns = self.changed.get(day, self.week[day.weekday()])
            made, last = [], None
            for begins, ends in turns:
                first, final = self._instant(day, begins), self._instant(day, ends)
                first = max(first, last) if last else first
                if final > first:
                    made.append((first, final))
                    last = final
            self._known[day] = tuple(made)
        return self._known[day]

    def _instant(self, day: date, minutes: int) -> datetime:
        days, minutes = divmod(minutes, _DAY_MINUTES)
        day += timedelta(days=days)
        if not minutes:
            return clock.day_begins(day, self.zone)
        wall = datetime(day.year, day.month, day.day, minutes // 60, minutes % 60)
        return _first_instant(wall, self.zone)

    def _never(self) -> BadCalendar:
        return BadCalendar(
            "holidays", f"nobody works for {_MOST_DAYS} days on end; remove some of the days off"
        )


def read(calendar: Calendar, zone: ZoneInfo) -> Hours:
    """The hours of a calendar, in the zone of its own or else in the given one; `BadCalendar` when it makes no sense."""
    try:
        own = clock.zone(calendar.zone) if calendar.zone else zone
    except ValueError as problem:
        raise BadCalendar("zone", str(problem)) from problem
    if unknown := set(calendar.week) - set(WEEKDAYS):
        raise BadCalendar("week", f"{min(unknown)!r} is no weekday; 0 is Monday, 6 is Sunday")
    week = tuple(_turns(calendar.week.get(day) or [], f"week {day}") for day in WEEKDAYS)
    if not any(week):
        raise BadCalendar("week", "nobody ever works; give at least one weekday its hours")
    changed: dict[date, Turns] = {_date(day, "holidays"): () for day in calendar.holidays}
    for day, turns in calendar.exceptions.items():
        changed[_date(day, "exceptions")] = _turns(turns, f"exceptions {day}")
    return Hours(own, week, changed)


class Book:
    """All calendars of an organization, read once, for whoever reckons for many units."""

    def __init__(self, organization: Organization) -> None:
        self._zone = clock.zone(organization.zone)
        calendars = list(organization.calendars.prefetch_related("units").order_by("id"))
        self._default = next((each for each in calendars if each.is_default), None)
        self._of_unit = {unit.pk: each for each in calendars for unit in each.units.all()}
        units = Unit.objects.filter(organization=organization).exclude(zone="").values_list("id", "zone")
        self._zones: dict[int, str] = dict(units)
        self._read: dict[tuple[int | None, ZoneInfo], Hours] = {}

    def of(self, unit: Unit | None) -> Hours:
        """The hours of a unit: by the nearest calendar up the tree, else the default one, else Monday to Friday."""
        line = [int(part) for part in reversed(unit.path.split("/")) if part] if unit else []
        calendar = next((self._of_unit[id_] for id_ in line if id_ in self._of_unit), self._default)
        zone = next((clock.zone(self._zones[id_]) for id_ in line if id_ in self._zones), self._zone)
        key = (calendar.pk if calendar else None, zone)
        if key not in self._read:
            self._read[key] = read(calendar or Calendar(week=USUAL_WEEK), zone)
        return self._read[key]


def of(unit: Unit | None, organization: Organization) -> Hours:
    """The hours of a unit, or of the organization as a whole."""
    return Book(organization).of(unit)


def _turns(given: Any, where: str) -> Turns:
    if not isinstance(given, list | tuple):
        raise BadCalendar(where, 'hours are a list such as [["09:00", "12:00"], ["13:00", "18:00"]]')
    turns = sorted(_turn(each, where) for each in given)
    for (_, ends), (begins, _) in pairwise(turns):
        if begins < ends:
            raise BadCalendar(where, "hours overlap; join them")
    return tuple(turns)


def _turn(given: Any, where: str) -> Turn:
    if not isinstance(given, list | tuple) or len(given) != 2:
        raise BadCalendar(where, 'write each stretch with its begin and its end, such as ["09:00", "18:00"]')
    begins, ends = (_minutes(each, where) for each in given)
    if begins == ends:
        raise BadCalendar(where, f"{given[0]} to {given[1]} is no time; a whole day is 00:00 to 24:00")
    if begins >= _DAY_MINUTES:
        raise BadCalendar(where, "a stretch begins before 24:00")
    # 22:00 to 06:00 ends on the morning after.
    return begins, ends if ends > begins else ends + _DAY_MINUTES


def _minutes(text: Any, where: str) -> int:
    hours, colon, minutes = str(text).partition(":")
    is_time = colon and len(hours) == 2 and len(minutes) == 2 and f"{hours}{minutes}".isascii()
    if is_time and hours.isdigit() and minutes.isdigit() and int(minutes) < 60:
        found = int(hours) * 60 + int(minutes)
        if found <= _DAY_MINUTES:
            return found
    raise BadCalendar(
        where, f"{str(text)[:20]!r} is no time of day; write 09:00, or 24:00 for the end of the day"
    )


def _date(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise BadCalendar(where, f"{text[:20]!r} is no date; write 2026-10-01") from problem


def _first_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which a clock there shows that time, or, where it is left out, a later one."""
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall:
        return found
    # Clocks were put forward over it: the moment at which they were.
    early, late = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), found
    while late - early > _SECOND:
        middle = early + (late - early) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)
