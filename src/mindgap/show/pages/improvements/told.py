"""Told: a plan, a shortfall and a result in whole sentences, each figure with its interval and n."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mindgap.act.improvement.errors import Shortfall
from mindgap.act.improvement.improvement import Improvement, ImprovementEvent
from mindgap.act.improvement.plan import Level, Plan
from mindgap.ground import clock
from mindgap.show.pages.improvements import naming
from mindgap.show.words import Names, choice, moment
from mindgap.show.words.number import count, number, percent, with_unit

_PLACES = 1


def level(value: float | None, unit: str) -> str:
    """A level as its metric is written."""
    if unit == "points":
        return number(value, decimals=_PLACES, signed=True)
    return percent(value) if unit == "share" else with_unit(value, unit)


def step(value: float | None, unit: str, *, signed: bool = True) -> str:
    """A change: percentage points for a share, points for a score, else the unit of the measure."""
    if value is None:
        return "–"
    if unit == "share":
        return _("%(number)s percentage points") % {
            "number": number(100 * value, decimals=_PLACES, signed=signed)
        }
    if unit == "points":
        return _("%(number)s points") % {"number": number(value, decimals=_PLACES, signed=signed)}
    return with_unit(value, unit, signed=signed)


def span(low: float | None, high: float | None, unit: str, *, signed: bool = False) -> str:
    """Both limits of an interval."""
    factor = 100 if unit == "share" else 1
    ends = [
        None if end is None else number(end * factor, decimals=_PLACES, signed=signed) for end in (low, high)
    ]
    return _("%(low)s to %(high)s") % {"low": ends[0] or "–", "high": ends[1] or "–"}


def plan(found: Plan, names: Names) -> list[str]:
    """What the plan says, sentence by sentence."""
    return [text for text in _plan(found, names) if text]


def _plan(found: Plan, names: Names) -> Iterator[str]:
    metric = names.metric(found.metric)
    before = _whole(found.baseline, found.unit)
    yield _("%(metric)s was %(value)s (%(range)s, n %(n)s) from %(since)s to %(until)s.") % {
        "metric": metric, **before, **_ends(found.before.since, found.before.until),
    }  # fmt: skip
    if found.was_picked:
        yield _(
            "It was chosen because its figures were bad, and such figures get better by themselves:"
            " without doing anything %(value)s (%(range)s) is to be expected."
        ) % _whole(found.expected, found.unit)
    yield _("The target is %(target)s: a change of %(effect)s, measured from %(since)s to %(until)s.") % {
        "target": level(found.target, found.unit), "effect": step(found.effect, found.unit),
        **_ends(found.after.since, found.after.until),
    }  # fmt: skip
    yield from _power(found)
    if found.override:
        yield _("The deadline was accepted although it is too early: %(words)s") % {
            "words": found.override["words"]
        }


def _power(found: Plan) -> Iterator[str]:
    if found.sees is None:
        yield _(
            "Before and after alone cannot be told from chance, season or other causes: whatever comes out, the result will be called not verifiable."
        )
        yield str(naming.REASONS.get(found.reason, ""))
        return
    told = {
        "sees": step(abs(found.sees), found.unit, signed=False), "n": count(found.answers_expected),
        "rate": number(found.a_week, decimals=0), "places": count(len(found.others)),
    }  # fmt: skip
    if found.method == "comparison":
        yield (
            ngettext(
                "Compared with %(places)s place where nothing is changed, %(n)s answers by the deadline show a change of %(sees)s or more, four times of five.",
                "Compared with %(places)s places where nothing is changed, %(n)s answers by the deadline show a change of %(sees)s or more, four times of five.",
                len(found.others),
            )
            % told
        )
    else:
        yield (
            _(
                "Compared with its own history, %(n)s answers by the deadline show a change of %(sees)s or more, four times of five."
            )
            % told
        )
    if found.weeks_needed is not None:
        yield ngettext(
            "To see the target it takes %(needed)s answers, %(weeks)s week at %(rate)s answers a week.",
            "To see the target it takes %(needed)s answers, %(weeks)s weeks at %(rate)s answers a week.",
            found.weeks_needed,
        ) % {**told, "needed": count(found.answers_needed), "weeks": count(found.weeks_needed)}


def shortfall(found: Shortfall, unit: str) -> str:
    """Why a deadline is too early, and what would be enough."""
    told = {
        "rate": number(found.a_week, decimals=0), "sees": step(found.sees, unit, signed=False),
        "effect": step(abs(found.effect), unit, signed=False),
    }  # fmt: skip
    if found.weeks_more is None:
        return (
            _(
                "At %(rate)s answers a week this sees a change of %(sees)s by the deadline; your target is one of %(effect)s."
                " No later deadline is enough: too few answered before, or the places waver too much. Aim further, or compare a longer period before."
            )
            % told
        )
    return ngettext(
        "At %(rate)s answers a week this sees a change of %(sees)s by the deadline; your target is one of %(effect)s. It needs %(weeks)s week more.",
        "At %(rate)s answers a week this sees a change of %(sees)s by the deadline; your target is one of %(effect)s. It needs %(weeks)s weeks more.",
        int(found.weeks_more),
    ) % {**told, "weeks": count(found.weeks_more)}


def result(improvement: Improvement) -> list[str]:
    """What the planned test said."""
    return [text for text in _result(improvement.result, Plan.read(improvement.plan)) if text]


def _result(found: dict[str, Any], planned: Plan) -> Iterator[str]:
    finding = found.get("finding") or {}
    if finding.get("value") is None:
        yield _("Not verifiable: there is no figure.")
        yield str(naming.REASONS.get(found.get("reason", ""), ""))
        return
    unit, details = planned.unit, finding["details"]
    told = {
        "effect": step(finding["value"], unit), "range": span(finding["low"], finding["high"], unit, signed=True),
        "n": count(finding["n"]), "sees": step(details["smallest_visible"], unit, signed=False),
    }  # fmt: skip
    yield {
        "verified": _("Verified: what was done changed it by %(effect)s (%(range)s, n %(n)s)."),
        "worse": _("Worse: where it was done it changed by %(effect)s (%(range)s, n %(n)s)."),
        "no_effect_seen": _(
            "No effect seen: %(effect)s (%(range)s, n %(n)s). An effect of %(sees)s would most likely have been seen; a smaller one may be there."
        ),
        "not_verifiable": _(
            "Not verifiable: the figure is %(effect)s (%(range)s, n %(n)s), and may have other causes."
        ),
    }[found["verdict"]] % told
    yield str(naming.REASONS.get(found.get("reason", ""), ""))
    yield _raw(details, planned)
    if late := found.get("days_late"):
        yield ngettext(
            "It was done %(n)s day after the measuring had begun, so the effect is understated.",
            "It was done %(n)s days after the measuring had begun, so the effect is understated.",
            late,
        ) % {"n": late}
    reached = found.get("reached")
    if reached:
        told = {
            "value": level(reached["value"], unit),
            "target": level(planned.target, unit),
            "n": count(reached["n"]),
        }
        yield (
            _("The level afterwards was %(value)s (n %(n)s): the target of %(target)s is reached.")
            if reached["is_target"]
            else _("The level afterwards was %(value)s (n %(n)s): the target of %(target)s is not reached.")
        ) % told


def _raw(details: dict[str, Any], planned: Plan) -> str:
    """The plain step beside the controlled one, and what explains the difference."""
    raw, unit = details["raw"], planned.unit
    told = {
        "raw": step(raw["value"], unit), "range": span(raw["low"], raw["high"], unit, signed=True),
        "picking": step(details["by_picking"], unit), "drift": step(details["by_drift"], unit),
    }  # fmt: skip
    if planned.was_picked and planned.method == "comparison":
        return (
            _(
                "Before and after, plainly: %(raw)s (%(range)s). Of this, %(picking)s is what a place that was chosen for being bad gains by itself, and %(drift)s happened elsewhere too."
            )
            % told
        )
    if planned.was_picked:
        return (
            _(
                "Before and after, plainly: %(raw)s (%(range)s). Of this, %(picking)s is what a place that was chosen for being bad gains by itself."
            )
            % told
        )
    if planned.method == "comparison":
        return (
            _("Before and after, plainly: %(raw)s (%(range)s). Of this, %(drift)s happened elsewhere too.")
            % told
        )
    return _("Before and after, plainly: %(raw)s (%(range)s).") % told


def trail(improvement: Improvement) -> list[dict[str, Any]]:
    """The entries of the trail, latest first."""
    zone = clock.zone(improvement.organization.zone)
    names = Names(improvement.organization)
    rows = improvement.events.select_related("by__user").order_by("-id")
    return [
        {
            "what": choice.word(naming.EVENTS, each.kind),
            "who": str(each.by) if each.by else _("the system"),
            "when": moment.instant(each.at, zone),
            "words": choice.word(naming.STATES, each.words) if each.kind == "tested" else each.words,
            "changes": list(changes(each)),
            "old": _old(each, names),
        }
        for each in rows
    ]


def changes(event: ImprovementEvent) -> Iterator[str]:
    """What an entry changed, field by field."""
    for name, pair in event.changes.items():
        if name in naming.FIELDS and isinstance(pair, list):
            words = {"kind": naming.KINDS, "side": naming.SIDES}.get(name, {})
            before, after = (
                choice.word(words, str(each)) if each not in (None, "") else "–" for each in pair
            )
            yield _("%(field)s: %(before)s → %(after)s") % {
                "field": naming.FIELDS[name], "before": before, "after": after,
            }  # fmt: skip


def _old(event: ImprovementEvent, names: Names) -> list[str]:
    """What a plan said that a later one replaced."""
    old = (event.changes.get("plan") or [None])[0]
    return plan(Plan.read(old), names) if old else []


def _whole(found: Level, unit: str) -> dict[str, str]:
    return {
        "value": level(found.value, unit),
        "range": span(found.low, found.high, unit),
        "n": count(found.n),
    }


def _ends(since: Any, until: Any) -> dict[str, str]:
    return {"since": moment.date(since), "until": moment.date(until)}
