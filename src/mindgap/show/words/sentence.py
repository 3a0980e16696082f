"""One whole sentence per kind of finding: what it is, how sure, out of how many."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mindgap.explain.finding import NOT_KNOWN, Finding
from mindgap.show.words import code
from mindgap.show.words.analysis import SENTENCES
from mindgap.show.words.audit import SENTENCES as AUDITS
from mindgap.show.words.memory import SENTENCES as MEMORIES
from mindgap.show.words.name import Names
from mindgap.show.words.number import count, figure, interval, number, percent, with_unit

Parts = dict[str, Any]


def sentence(finding: Finding, names: Names) -> str:
    """What the finding says, in the language of the reader; the interval and n are part of it."""
    parts = _parts(finding, names)
    if finding.is_hidden:
        return _("%(place)s: too few answers to show a figure.") % parts
    if "not_reached" in finding.warnings:
        return _still_open(finding, parts)
    if NOT_KNOWN in finding.warnings or (finding.value is None and finding.code not in _WITHOUT_VALUE):
        return _("%(place)s: the answers cannot say this yet (n %(n)s).") % parts
    said = _BY_CODE.get(finding.code)
    if said is None:
        return _("%(place)s: %(metric)s %(value)s%(range)s, n %(n)s.") % parts
    return said(finding, parts)


def title(finding: Finding, names: Names) -> str:
    """The sentence without interval and n: the title of a chart or table."""
    return _("%(place)s: %(metric)s %(value)s") % _parts(finding, names)


def _parts(finding: Finding, names: Names) -> Parts:
    group = names.group(finding)
    here = names.touchpoint(finding)
    return {
        "place": _("%(touchpoint)s, %(group)s") % {"touchpoint": here, "group": group} if group else here,
        "metric": names.metric(finding.metric),
        "value": figure(finding),
        "range": _range(finding),
        "n": count(finding.n),
        "measure": names.of("measure", finding.measure)
        if finding.code in SENTENCES and finding.measure
        else "",
        "promise": names.of("promise", finding.details["promise"]) if "promise" in finding.details else "",
    }


def _range(finding: Finding) -> str:
    between = interval(finding)
    return _(" (%(interval)s)") % {"interval": between} if between else ""


def _gap_mean(finding: Finding, parts: Parts) -> str:
    parts["size"] = with_unit(abs(finding.value or 0.0), finding.unit)
    sure = (finding.low or 0) > 0 or (finding.high or 0) < 0
    promise = finding.details.get("against") == "promise"
    if not sure:
        if promise:
            return _("%(place)s: no clear gap to the promise (%(value)s%(range)s, n %(n)s).") % parts
        return _("%(place)s: no clear gap to what customers expected (%(value)s%(range)s, n %(n)s).") % parts
    if (finding.value or 0) > 0:
        if promise:
            return _("%(place)s: on average %(size)s better than promised%(range)s, n %(n)s.") % parts
        return _("%(place)s: on average %(size)s better than expected%(range)s, n %(n)s.") % parts
    if promise:
        return _("%(place)s: on average %(size)s worse than promised%(range)s, n %(n)s.") % parts
    return _("%(place)s: on average %(size)s worse than expected%(range)s, n %(n)s.") % parts


def _gap_quantile(finding: Finding, parts: Parts) -> str:
    q = finding.details["quantile"]
    parts["share"] = percent(1 - q, decimals=0)
    if finding.details.get("against") == "promise":
        return (
            _("%(place)s: for %(share)s the gap to the promise is %(value)s%(range)s or better, n %(n)s.")
            % parts
        )
    return (
        _("%(place)s: for %(share)s the gap to the expectation is %(value)s%(range)s or better, n %(n)s.")
        % parts
    )


def _gap_share(finding: Finding, parts: Parts) -> str:
    promise = finding.details.get("against") == "promise"
    return {
        ("exceeded", True): _("%(place)s: %(value)s%(range)s got more than promised, n %(n)s."),
        ("met", True): _("%(place)s: %(value)s%(range)s got exactly what was promised, n %(n)s."),
        ("missed", True): _("%(place)s: %(value)s%(range)s got less than promised, n %(n)s."),
        ("exceeded", False): _("%(place)s: %(value)s%(range)s got more than they expected, n %(n)s."),
        ("met", False): _("%(place)s: %(value)s%(range)s got exactly what they expected, n %(n)s."),
        ("missed", False): _("%(place)s: %(value)s%(range)s got less than they expected, n %(n)s."),
    }[finding.details["outcome"], promise] % parts


def _kept(finding: Finding, parts: Parts) -> str:
    still_open = finding.details.get("open") or 0
    if not still_open:
        return _("%(place)s: the promise is kept in %(value)s%(range)s of cases, n %(n)s.") % parts
    parts["open"] = count(still_open)
    return (
        ngettext(
            "%(place)s: the promise is kept in %(value)s%(range)s of cases, n %(n)s, of which %(open)s is still open.",
            "%(place)s: the promise is kept in %(value)s%(range)s of cases, n %(n)s, of which %(open)s are still open.",
            int(still_open),
        )
        % parts
    )


def _missed(finding: Finding, parts: Parts) -> str:
    if finding.rule == "timestamp":
        return (
            _("%(place)s: the promise was missed, to the minute, in %(value)s%(range)s of cases, n %(n)s.")
            % parts
        )
    return (
        _("%(place)s: the promise was missed, by calendar day, in %(value)s%(range)s of cases, n %(n)s.")
        % parts
    )


def _told(_finding: Finding, parts: Parts) -> str:
    return (
        _("%(place)s: %(value)s%(range)s of those with a missed promise were told before, n %(n)s.") % parts
    )


def _still_open(finding: Finding, parts: Parts) -> str:
    parts["share"] = percent(finding.details["share"], decimals=0)
    return (
        _("%(place)s: so many are still open that nothing can be promised for %(share)s of cases, n %(n)s.")
        % parts
    )


def _advice(finding: Finding, parts: Parts) -> str:
    parts["share"] = percent(finding.details["share"], decimals=0)
    return _("%(place)s: %(value)s%(range)s can be kept in %(share)s of cases, n %(n)s.") % parts


def _slack(finding: Finding, parts: Parts) -> str:
    parts["share"] = percent(finding.details["share"], decimals=0)
    if (finding.value or 0) >= 0:
        return (
            _(
                "%(place)s: the promise could be %(value)s shorter%(range)s and be kept in %(share)s of cases, n %(n)s."
            )
            % parts
        )
    # How much longer, and between what: the words hold the sign already.
    low, high = (None if end is None else -end for end in (finding.high, finding.low))
    longer = replace(finding, value=-(finding.value or 0.0), low=low, high=high)
    parts |= {"value": figure(longer), "range": _range(longer)}
    return (
        _(
            "%(place)s: the promise would have to be %(value)s longer%(range)s to be kept in %(share)s of cases, n %(n)s."
        )
        % parts
    )


def _contradiction(finding: Finding, parts: Parts) -> str:
    quantities = finding.details["quantities"]
    parts["quantities"] = _(" or ").join(
        with_unit(each, finding.unit, decimals=_places(each)) for each in quantities
    )
    return (
        _("%(place)s: the promise %(promise)s is made in different ways: %(quantities)s (%(n)s places).")
        % parts
    )


def _coverage(finding: Finding, parts: Parts) -> str:
    parts["covered"] = number(finding.details["covered"], decimals=0)
    return _("%(covered)s of %(n)s touchpoints carry a promise in words.") % parts


def _early(finding: Finding, parts: Parts) -> str:
    early = int(finding.details.get("count", 0))
    parts["count"] = count(early)
    return (
        ngettext(
            "%(place)s: %(count)s answer was asked for before the experience, %(value)s%(range)s of %(n)s.",
            "%(place)s: %(count)s answers were asked for before the experience, %(value)s%(range)s of %(n)s.",
            early,
        )
        % parts
    )


def _worst(finding: Finding, parts: Parts) -> str:
    parts["rank"] = number(finding.details["rank"], decimals=0)
    chance = finding.details["among_worst"]
    # Drawn chances are never quite sure.
    sure = _("over %(share)s") % {"share": percent(_SURE, decimals=0)}
    parts["chance"] = sure if chance > _SURE else percent(chance, decimals=0)
    return (
        _(
            "%(place)s is number %(rank)s: %(value)s%(range)s bad experiences, among the worst with a chance of %(chance)s, n %(n)s."
        )
        % parts
    )


def _problem(finding: Finding, parts: Parts) -> str:
    parts["kind"] = code.kind(finding.details["kind"])
    return _("%(place)s: %(kind)s; %(value)s%(range)s bad experiences, n %(n)s.") % parts


def _change(finding: Finding, parts: Parts) -> str:
    last_year = finding.code == "change.last_year"
    is_real = finding.details.get("is_real")
    if is_real and last_year:
        return (
            _("%(place)s: %(metric)s changed by %(value)s%(range)s since the same period last year, n %(n)s.")
            % parts
        )
    if is_real:
        return (
            _("%(place)s: %(metric)s changed by %(value)s%(range)s since the period before, n %(n)s.") % parts
        )
    if last_year:
        return (
            _(
                "%(place)s: %(metric)s shows no clear change since the same period last year (%(value)s%(range)s, n %(n)s)."
            )
            % parts
        )
    return (
        _(
            "%(place)s: %(metric)s shows no clear change since the period before (%(value)s%(range)s, n %(n)s)."
        )
        % parts
    )


def _under_goal(finding: Finding, parts: Parts) -> str:
    parts["under"] = number(len(finding.details["touchpoints"]), decimals=0)
    return _("%(under)s of %(n)s touchpoints with a goal lie clearly below it.") % parts


def _places(value: float) -> int:
    return 0 if float(value).is_integer() else 1


_SURE = 0.99
_WITHOUT_VALUE = ("promise.coverage", "problem.kind")
_BY_CODE: dict[str, Callable[[Finding, Parts], str]] = {
    "gap.mean": _gap_mean,
    "gap.quantile": _gap_quantile,
    "gap.share": _gap_share,
    "promise.kept": _kept,
    "promise.missed": _missed,
    "promise.told": _told,
    "promise.advice": _advice,
    "promise.slack": _slack,
    "promise.contradiction": _contradiction,
    "promise.coverage": _coverage,
    "asked.early": _early,
    "worst.rank": _worst,
    "problem.kind": _problem,
    "change.previous": _change,
    "change.last_year": _change,
    "goal.under": _under_goal,
    **SENTENCES,
    **AUDITS,
    **MEMORIES,
}
