"""How long something took, and how far away it is: whole sentences, in the largest unit that says enough."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def span(seconds: float) -> str:
    """`40 minutes`, `7 hours`, `3 days`."""
    n, unit = _largest(seconds)
    if unit == "days":
        return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}
    if unit == "hours":
        return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}
    return ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}


def due(when: datetime, now: datetime) -> str:
    """`due in 3 hours`, `2 days overdue`."""
    away = (when - now).total_seconds()
    n, unit = _largest(abs(away))
    if away >= 0:
        return _coming(n, unit)
    if unit == "days":
        return ngettext("%(n)s day overdue", "%(n)s days overdue", n) % {"n": n}
    if unit == "hours":
        return ngettext("%(n)s hour overdue", "%(n)s hours overdue", n) % {"n": n}
    return ngettext("%(n)s minute overdue", "%(n)s minutes overdue", n) % {"n": n}


def ago(when: datetime, now: datetime) -> str:
    """`5 minutes ago`, `3 days ago`."""
    n, unit = _largest((now - when).total_seconds())
    if unit == "days":
        return ngettext("%(n)s day ago", "%(n)s days ago", n) % {"n": n}
    if unit == "hours":
        return ngettext("%(n)s hour ago", "%(n)s hours ago", n) % {"n": n}
    return ngettext("%(n)s minute ago", "%(n)s minutes ago", n) % {"n": n} if n else _("just now")


def _coming(n: int, unit: str) -> str:
    if unit == "days":
        return ngettext("due in %(n)s day", "due in %(n)s days", n) % {"n": n}
    if unit == "hours":
        return ngettext("due in %(n)s hour", "due in %(n)s hours", n) % {"n": n}
    return ngettext("due in %(n)s minute", "due in %(n)s minutes", n) % {"n": n}


def _largest(seconds: float) -> tuple[int, str]:
    """The number and its unit: days from two days on, hours from two hours on, else minutes."""
    if seconds >= 2 * _DAY:
        return int(seconds // _DAY), "days"
    if seconds >= 2 * _HOUR:
        return int(seconds // _HOUR), "hours"
    return max(0, int(seconds // _MINUTE)), "minutes"
