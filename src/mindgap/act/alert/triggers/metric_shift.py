"""Metric shift: the level of a touchpoint has moved for good, by a CUSUM and never by a fixed drop (R84).

The baseline are the 26 weeks before the rule began (and, year by year, before its anniversary); what follows is watched.
A shift is stated with n and interval, and not at all while there are fewer than the least n.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from mindgap.act.alert.trigger import PLACE, Happening, Look, Setting, Trigger
from mindgap.explain.finding import Finding, Period
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.watch import watch
from mindgap.ground import clock
from mindgap.ground.condition import Clause, Condition
from mindgap.keep.models import Metric, Organization, Touchpoint
from mindgap.measure.watch import BASELINE

_YEAR = timedelta(weeks=52)
_SENTENCE: Final[dict[str, str]] = {
    "en": "{name} is at {value} ({low} to {high}, n = {n}) in the last four weeks; usual was {usual}.",
    "zh-hans": "最近四周{name}为 {value}（{low}～{high}，n = {n}）；此前通常为 {usual}。",
    "zh-hant": "最近四週{name}為 {value}（{low}～{high}，n = {n}）；此前通常為 {usual}。",
}
_MISSED: Final[dict[str, str]] = {
    "en": "The share of missed promises", "zh-hans": "承诺未兑现的比例", "zh-hant": "承諾未兌現的比例",
}  # fmt: skip


def _look(look: Look) -> Iterator[Happening]:
    organization, anchor = look.organization, look.anchor
    while anchor + _YEAR <= look.until:
        anchor += _YEAR
    zone = clock.zone(organization.zone)
    first = clock.week_start(clock.week_of(clock.local_day(anchor, zone)) - BASELINE)
    inquiry = Inquiry(organization=organization, period=Period(first, None), where=_in_facts(look.condition))
    names = {each.code: dict(each.name) for each in Metric.objects.filter(organization=organization)}
    ids = dict(Touchpoint.objects.filter(organization=organization).values_list("code", "id"))
    for finding in watch(inquiry, false_a_year=float(look.settings["false_a_year"])):
        if look.settings["metric"] not in ("", finding.metric) or finding.is_hidden:
            continue
        if finding.value is None or (finding.n or 0) < look.settings["least_n"]:
            continue
        for week in finding.details["alerts"]:
            ended = clock.day_begins(date.fromisoformat(week) + timedelta(days=7), zone)
            if look.since < ended <= look.until:
                yield _happening(finding, week, ended, names, ids, organization)


def _happening(
    finding: Finding,
    week: str,
    ended: datetime,
    names: dict[str, dict[str, str]],
    ids: dict[str, int],
    organization: Organization,
) -> Happening:
    subject = f"watch:{finding.metric}:{finding.touchpoint}"
    saw = {
        "metric": finding.metric, "value": finding.value, "low": finding.low, "high": finding.high, "n": finding.n,
        "usual": finding.details["usual"], "unit": finding.unit, "week": week,
    }  # fmt: skip
    name = names.get(finding.metric or "") or _MISSED
    return Happening(
        event=f"{subject}:{week}",
        subject=subject,
        happened_at=ended,
        since=ended,
        touchpoint=ids.get(finding.touchpoint or ""),
        row={"touchpoint": finding.touchpoint},
        saw=saw,
        facts={"sentence": _sentence(saw, name, organization.language), "at": None},
    )


def _sentence(saw: dict[str, Any], name: dict[str, str], code: str) -> dict[str, str]:
    said = {key: _written(saw[key], saw["unit"]) for key in ("value", "low", "high", "usual")}
    return {
        each: text.format(
            name=name.get(each) or name.get("en") or name.get(code) or "", n=f"{saw['n']:g}", **said
        )
        for each, text in _SENTENCE.items()
    }


def _written(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    return f"{100 * value:.1f}%" if unit == "share" else f"{value:.1f}".replace("-", "\N{MINUS SIGN}")


def _in_facts(condition: Condition) -> Condition:
    """The condition in the columns of the facts."""
    return Condition(
        tuple(
            _in_facts(item)
            if isinstance(item, Condition)
            else Clause(item.column.replace("segment.", "seg_"), item.op, item.value)
            for item in condition.items
        ),
        any=condition.any,
    )


TRIGGER = Trigger(
    code="metric_shift",
    columns=PLACE,
    settings=(
        Setting("metric", "", kind="metric"),
        Setting("least_n", 100, least=20),
        Setting("false_a_year", 6, most=52),
    ),
    look=_look,
    every=timedelta(days=1),
    judges_itself=True,
)
