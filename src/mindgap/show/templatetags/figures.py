"""Numbers on pages: one filter per kind of number, and one tag for a figure, which never stands without interval and n."""

from datetime import date, datetime
from typing import Any

from django import template

from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.ground import clock
from mindgap.show import words
from mindgap.show.words.choice import TOUCHPOINT_KINDS, word
from mindgap.show.words.number import decimals, is_signed

register = template.Library()

# Findings whose unit is already part of the written value, or needs none.
_WRITTEN = ("share", "")


@register.filter
def points(value: float | None) -> str:
    """A score from -100 to 100 with its sign."""
    return words.number(value, signed=True)


@register.filter
def share(value: float | None) -> str:
    """A share (0 to 1) in percent."""
    return words.percent(value)


@register.filter
def number(value: float | None) -> str:
    """How many, or how much: whole numbers without decimals, large ones as the language writes them."""
    if value is None or float(value).is_integer():
        return words.count(value)
    return words.number(value)


@register.filter
def duration(value: float | None, unit: str) -> str:
    """A number of days, hours, minutes or seconds with its unit."""
    whole = value is not None and float(value).is_integer()
    return words.with_unit(value, unit, decimals=0 if whole else 1)


@register.filter
def signed(value: float | None) -> str:
    """A step or a gap with its sign."""
    return words.number(value, signed=True)


@register.filter
def day(value: date | str | None) -> str:
    """A date as the language writes it."""
    return "–" if value is None else words.date(value)


@register.filter
def value(finding: Finding) -> str:
    """The value of a finding in its unit, as it stands in a table."""
    return words.figure(finding)


@register.filter
def interval(finding: Finding) -> str:
    """The interval of a finding, as it stands in a table."""
    return words.interval(finding) or "–"


@register.filter
def touchpoint_kind(code: str) -> str:
    """The word for a kind of touchpoint."""
    return word(TOUCHPOINT_KINDS, code)


@register.filter
def period(inquiry: Inquiry) -> str:
    """The period of an inquiry in words."""
    return words.period(inquiry.period)


@register.filter
def moment(instant: datetime, inquiry: Inquiry) -> str:
    """An instant in the organization's zone."""
    return words.instant(instant, clock.zone(inquiry.organization.zone))


@register.inclusion_tag("frame/_figure.html", takes_context=True)
def figure(context: template.Context, finding: Finding, **about: Any) -> dict[str, Any]:
    """`{% figure finding label="…" %}`: the block of one figure.

    `about` may hold `label`, `change` and `change_is` (better, worse, unclear), `why`, `action` ({url, label}).
    """
    label = about.pop("label", "") or _label(context, finding)
    return {"figure": {**written(finding), "label": label, **about}}


def written(finding: Finding) -> dict[str, Any]:
    """A finding as the finished texts of `frame/_figure.html`."""
    if finding.value is None:
        return {"few": True, "unknown": not finding.is_hidden}
    has_unit = finding.unit not in _WRITTEN
    return {
        "few": False,
        "value": _bare(finding) if has_unit else words.figure(finding),
        "unit": words.unit_name(finding.unit) if has_unit else "",
        "interval": words.interval(finding),
        "n": words.count(finding.n),
    }


def _bare(finding: Finding) -> str:
    """The value without its unit, which stands beside it in smaller type."""
    return words.number(finding.value, decimals=decimals(finding), signed=is_signed(finding))


def _label(context: template.Context, finding: Finding) -> str:
    names = context.get("names")
    return names.metric(finding.metric) if names else words.metric(finding.metric or "")
