"""When things happen at the sample company: two years up to today, with weekends and the sales of June and November."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from mindgap.ground import clock

DAYS = 730
ZONE = ZoneInfo("Asia/Shanghai")
_HOUR = 3600


class Calendar:
    """Instants as seconds since the epoch, drawn as busily as a retailer's year is."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        self.today = until.astimezone(ZONE).date()
        first = self.today - timedelta(days=DAYS)
        self._dates = [first + timedelta(days=number) for number in range(DAYS)]
        busy = np.array([_busy(day) for day in self._dates])
        self._weights = busy / busy.sum()
        self._starts = np.array([clock.day_begins(day, ZONE).timestamp() for day in self._dates])
        self._is_peak = np.array([is_peak(day) for day in self._dates])

    def draw(
        self, count: int, chance: np.random.Generator
    ) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """`count` instants between eight and eleven at night, and whether each lies in a sale."""
        days = chance.choice(DAYS, size=count, p=self._weights)
        return self._starts[days] + chance.uniform(8 * _HOUR, 23 * _HOUR, size=count), self._is_peak[days]

    def ago(self, days: int) -> float:
        """The instant `days` before today."""
        return (clock.day_begins(self.today, ZONE) - timedelta(days=days)).timestamp()

    def evening(self, instant: float, days: int) -> datetime:
        """Nine in the evening, `days` days after the local day of an instant: the end of a promised day."""
        day = datetime.fromtimestamp(instant, ZONE).date() + timedelta(days=days)
        return datetime(day.year, day.month, day.day, 21, tzinfo=ZONE)


def when(instant: float) -> datetime:
    """Seconds since the epoch as an instant, whole seconds."""
    return datetime.fromtimestamp(int(instant), UTC)


def is_peak(day: date) -> bool:
    """The two sales of the year."""
    return (day.month == 11 and 1 <= day.day <= 13) or (day.month == 6 and 8 <= day.day <= 20)


def _busy(day: date) -> float:
    return (2.6 if is_peak(day) else 1.0) * (1.35 if day.weekday() >= 5 else 1.0)
