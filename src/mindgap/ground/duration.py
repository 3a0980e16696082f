"""How long: the units in which a promise and its keeping are counted."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from mindgap.ground import clock

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600}


def between(start: datetime, end: datetime, unit: str, where: ZoneInfo) -> int:
    """Whole `unit`s from `start` to `end`.

    Days are calendar days at `where` (an order of Monday night delivered on Wednesday morning took two days);
    the smaller units are elapsed time, rounded towards zero. Negative when `end` comes first.
    """
    if unit == "days":
        return clock.local_day(end, where) - clock.local_day(start, where)
    if unit not in SECONDS:
        raise ValueError(f"{unit!r} is no unit of duration; use days, hours, minutes or seconds")
    # In UTC: between two times of one zone Python would subtract what the clocks on the wall show.
    elapsed = end.astimezone(UTC) - start.astimezone(UTC)
    return int(elapsed.total_seconds() / SECONDS[unit])
