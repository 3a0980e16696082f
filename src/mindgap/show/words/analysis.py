"""Sentences of the findings that come from a model: drivers, watch, expectation, repeat."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from mindgap.explain.finding import Finding
from mindgap.show.words import code, effect, stated
from mindgap.show.words.moment import week
from mindgap.show.words.number import number, percent, with_unit

Parts = dict[str, Any]


def _model(_finding: Finding, parts: Parts) -> str:
    return (
        _("%(place)s: the drivers explain %(value)s%(range)s of the differences in %(measure)s, n %(n)s.")
        % parts
    )


def _share(finding: Finding, parts: Parts) -> str:
    details = finding.details
    low, high = details["rank_low"], details["rank_high"]
    quadrant = code.quadrant(details.get("quadrant") or "")
    parts |= {"low": number(low, decimals=0), "high": number(high, decimals=0), "quadrant": quadrant}
    said = {
        (True, True): _(
            "%(place)s, %(measure)s: goes with %(value)s%(range)s of what is explained, rank %(low)s, n %(n)s. %(quadrant)s."
        ),
        (True, False): _(
            "%(place)s, %(measure)s: goes with %(value)s%(range)s of what is explained, rank %(low)s, n %(n)s."
        ),
        (False, True): _(
            "%(place)s, %(measure)s: goes with %(value)s%(range)s of what is explained, rank %(low)s to %(high)s, n %(n)s. %(quadrant)s."
        ),
        (False, False): _(
            "%(place)s, %(measure)s: goes with %(value)s%(range)s of what is explained, rank %(low)s to %(high)s, n %(n)s."
        ),
    }
    return said[low == high, bool(quadrant)] % parts


def _group(finding: Finding, parts: Parts) -> str:
    parts |= {"group": finding.details["name"], "r2": percent(finding.details["r2"]["value"])}
    return (
        _("%(place)s: %(group)s goes with %(value)s%(range)s of the %(r2)s that is explained, n %(n)s.")
        % parts
    )


def _level(finding: Finding, parts: Parts) -> str:
    details = finding.details
    if details.get("usual") is None:
        return (
            _("%(place)s, %(metric)s: %(value)s%(range)s lately; too few weeks to watch it, n %(n)s.") % parts
        )
    parts["usual"] = with_unit(details["usual"], finding.unit)
    if details["is_alert"]:
        parts["week"] = week(details["alerts"][-1])
        return (
            _(
                "%(place)s, %(metric)s: %(value)s%(range)s lately, clearly worse than the usual %(usual)s (alert: %(week)s), n %(n)s."
            )
            % parts
        )
    return (
        _("%(place)s, %(metric)s: %(value)s%(range)s lately, no alert beside the usual %(usual)s, n %(n)s.")
        % parts
    )


def _drift(finding: Finding, parts: Parts) -> str:
    if finding.details.get("is_real"):
        return (
            _("%(place)s: the expectation of %(measure)s moves by %(value)s%(range)s a month, n %(n)s.")
            % parts
        )
    return (
        _(
            "%(place)s: the expectation of %(measure)s does not clearly move (%(value)s%(range)s a month, n %(n)s)."
        )
        % parts
    )


def _surface(finding: Finding, parts: Parts) -> str:
    parts["term"] = code.surface(finding.details["term"])
    return _("%(place)s, %(measure)s: %(term)s %(value)s%(range)s, n %(n)s.") % parts


def _once(_finding: Finding, parts: Parts) -> str:
    return _("%(place)s: %(value)s%(range)s of the customers have not come back so far, n %(n)s.") % parts


def _ahead(finding: Finding, parts: Parts) -> str:
    parts |= {"days": number(finding.details["days"], decimals=0), "times": number(finding.value, decimals=2)}
    return (
        _(
            "%(place)s: a new customer may be expected to come back %(times)s times%(range)s in %(days)s days, n %(n)s."
        )
        % parts
    )


SENTENCES: dict[str, Callable[[Finding, Parts], str]] = {
    "driver.model": _model,
    "driver.share": _share,
    "driver.group": _group,
    "watch.level": _level,
    "expectation.drift": _drift,
    "expectation.surface": _surface,
    "repeat.once": _once,
    "repeat.ahead": _ahead,
    **effect.SENTENCES,
    **stated.SENTENCES,
}
