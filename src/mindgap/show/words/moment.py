"""Dates, weeks, months and periods as the reader writes them."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from mindgap.explain.finding import Period


def date(when: dt.date | str) -> str:
    """`Nov. 22, 2026`, `2026年11月22日`."""
    day = dt.date.fromisoformat(when) if isinstance(when, str) else when
    return formats.date_format(day, "DATE_FORMAT")


def instant(when: dt.datetime, zone: ZoneInfo) -> str:
    """A moment in the organization's zone, 24 hours."""
    local = when.astimezone(zone)
    return f"{date(local.date())} {local:%H:%M}"


def week(first: dt.date | str) -> str:
    """A week by its Monday."""
    return _("week of %(monday)s") % {"monday": date(first)}


def month(first: dt.date | str) -> str:
    """`November 2026`, `2026年11月`; takes `2026-11` too."""
    text = first if isinstance(first, str) else first.isoformat()
    return formats.date_format(dt.date.fromisoformat(f"{text[:7]}-01"), "YEAR_MONTH_FORMAT")


def period(when: Period) -> str:
    """Both ends, one, or the whole record."""
    if when.since and when.until:
        if when.since == when.until:
            return date(when.since)
        return _("%(since)s to %(until)s") % {"since": date(when.since), "until": date(when.until)}
    if when.since:
        return _("since %(since)s") % {"since": date(when.since)}
    if when.until:
        return _("until %(until)s") % {"until": date(when.until)}
    return _("the whole record")
