"""Sentences on what changed: effects beside a comparison, dated events, charts, customers who come back."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mindgap.explain.finding import Finding
from mindgap.show.words import code
from mindgap.show.words.moment import date
from mindgap.show.words.number import number, percent, with_unit

Parts = dict[str, Any]


def _effect(finding: Finding, parts: Parts) -> str:
    visible = abs(finding.details["smallest_visible"])
    parts["visible"] = percent(visible) if finding.unit == "share" else with_unit(visible, finding.unit)
    alone = not finding.details["others"]
    verdict = finding.details["verdict"]
    if verdict == "not_verifiable":
        return (
            _(
                "%(place)s, %(metric)s: changed by %(value)s%(range)s; its own history is too short or too uneven to verify that, n %(n)s."
            )
            % parts
        )
    if alone:
        return {
            "verified": _(
                "%(place)s, %(metric)s: changed by %(value)s%(range)s against its own history, n %(n)s: verified."
            ),
            "worse": _(
                "%(place)s, %(metric)s: changed by %(value)s%(range)s against its own history, n %(n)s: worse."
            ),
            "no_effect_seen": _(
                "%(place)s, %(metric)s: no effect to be seen against its own history (%(value)s%(range)s, n %(n)s); one of %(visible)s would most likely have shown."
            ),
        }[verdict] % parts
    return {
        "verified": _(
            "%(place)s, %(metric)s: changed by %(value)s%(range)s more than where nothing was done, n %(n)s: verified."
        ),
        "worse": _(
            "%(place)s, %(metric)s: changed by %(value)s%(range)s beside where nothing was done, n %(n)s: worse."
        ),
        "no_effect_seen": _(
            "%(place)s, %(metric)s: no effect to be seen beside where nothing was done (%(value)s%(range)s, n %(n)s); one of %(visible)s would most likely have shown."
        ),
    }[verdict] % parts


def _average(finding: Finding, parts: Parts) -> str:
    parts["on"] = date(finding.details["on"])
    if (finding.low or 0) > 0 or (finding.high or 0) < 0:
        return (
            _(
                "%(place)s, %(metric)s: since %(on)s on average %(value)s%(range)s beside where it was heading, n %(n)s."
            )
            % parts
        )
    return (
        _(
            "%(place)s, %(metric)s: since %(on)s no clear change beside where it was heading (%(value)s%(range)s, n %(n)s)."
        )
        % parts
    )


def _latest(finding: Finding, parts: Parts) -> str:
    parts["on"] = date(finding.details["on"])
    return (
        _(
            "%(place)s, %(metric)s: at last %(value)s%(range)s beside where it was heading before %(on)s, n %(n)s."
        )
        % parts
    )


def _jump(finding: Finding, parts: Parts) -> str:
    parts["on"] = date(finding.details["on"])
    return _("%(place)s, %(metric)s: a jump of %(value)s%(range)s on %(on)s, n %(n)s.") % parts


def _bend(finding: Finding, parts: Parts) -> str:
    days = int(finding.details["days"])
    parts |= {"on": date(finding.details["on"]), "days": number(days, decimals=0)}
    return (
        ngettext(
            "%(place)s, %(metric)s: from %(on)s on the slope is %(value)s%(range)s another one per %(days)s day, n %(n)s.",
            "%(place)s, %(metric)s: from %(on)s on the slope is %(value)s%(range)s another one per %(days)s days, n %(n)s.",
            days,
        )
        % parts
    )


def _line(finding: Finding, parts: Parts) -> str:
    out = finding.details.get("out")
    if out is None:
        return (
            _("%(place)s, %(metric)s: usually %(value)s%(range)s; too few periods for limits, n %(n)s.")
            % parts
        )
    if not out:
        return (
            _("%(place)s, %(metric)s: usually %(value)s%(range)s; no period was out of the limits, n %(n)s.")
            % parts
        )
    parts |= {"last": date(out[-1]), "count": number(len(out), decimals=0)}
    return (
        ngettext(
            "%(place)s, %(metric)s: usually %(value)s%(range)s; %(count)s period was out of the limits, from %(last)s, n %(n)s.",
            "%(place)s, %(metric)s: usually %(value)s%(range)s; %(count)s periods were out of the limits, the last from %(last)s, n %(n)s.",
            len(out),
        )
        % parts
    )


def _back(finding: Finding, parts: Parts) -> str:
    parts["days"] = number(finding.details["days"], decimals=0)
    if "score" in finding.group:
        return (
            _("%(place)s: %(value)s%(range)s came back within %(days)s days of saying so, n %(n)s.") % parts
        )
    return (
        _("%(place)s: %(value)s%(range)s of the new customers came back within %(days)s days, n %(n)s.")
        % parts
    )


def _step(finding: Finding, parts: Parts) -> str:
    column = next(iter(finding.group), "")
    against = str(finding.details["against"])
    parts["against"] = code.said(against) if column == "score" else against
    if finding.details["p"] < _SIGNIFICANT:
        return _("%(place)s: %(value)s%(range)s more came back than of %(against)s, n %(n)s.") % parts
    return (
        _("%(place)s: not clearly more or fewer came back than of %(against)s (%(value)s%(range)s, n %(n)s).")
        % parts
    )


_SIGNIFICANT = 0.05
SENTENCES: dict[str, Callable[[Finding, Parts], str]] = {
    "comparison.effect": _effect,
    "series.average": _average,
    "series.latest": _latest,
    "series.step": _jump,
    "series.bend": _bend,
    "chart.line": _line,
    "retention.back": _back,
    "retention.step": _step,
}
