"""The cells of a table twin, in finished text."""

from django.utils.translation import gettext as _

from mindgap.explain.finding import Finding
from mindgap.show import words

NOTHING = "–"


def head(column: str) -> tuple[str, str, str, str]:
    """The heads over the cells of `row`."""
    return column, _("Value"), _("Interval"), "n"


def row(label: str, finding: Finding, *, signed: bool | None = None) -> tuple[str, str, str, str]:
    """A finding as four cells; where too few answered it says so instead of a value."""
    return label, value(finding, signed=signed), interval(finding), count(finding.n)


def value(finding: Finding, *, signed: bool | None = None) -> str:
    """The value in its unit, or why there is none."""
    if finding.is_hidden:
        return _("too few answers")
    return words.figure(finding, signed=signed)


def interval(finding: Finding) -> str:
    """The interval, without unit."""
    return words.interval(finding) or NOTHING


def count(n: float | None) -> str:
    """How many."""
    return words.count(n)


def number(amount: float | None, unit: str) -> str:
    """An amount that is no finding, in a unit."""
    whole = amount is not None and unit != "share" and float(amount).is_integer()
    return words.with_unit(amount, unit, decimals=0 if whole else 1)


def span(first: float, last: float) -> str:
    """The values that a column of a distribution holds."""
    if first == last:
        return number(first, "")
    return _("%(first)s to %(last)s") % {"first": number(first, ""), "last": number(last, "")}


def brief(finding: Finding | None) -> str:
    """Value, interval and n in one cell."""
    if finding is None:
        return NOTHING
    if finding.value is None:
        return value(finding)
    return _("%(value)s (%(interval)s), n %(n)s") % {
        "value": words.figure(finding),
        "interval": interval(finding),
        "n": count(finding.n),
    }
