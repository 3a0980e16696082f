"""Retention: how many customers come back, by how satisfied they had been, and by the year they came (R62, R94).

Whoever has not come back yet counts for as long as they were seen (Kaplan–Meier). The clock starts at the score, so
nobody counts as kept for time that passed before it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from mindgap.explain.disclosure import concealed, policy
from mindgap.explain.errors import BadInquiry
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.metric import Metric
from mindgap.explain.subject import Subject
from mindgap.ground import clock
from mindgap.ground.condition import Clause, Condition
from mindgap.keep import facts
from mindgap.keep.facts import Followed
from mindgap.keep.interaction import COMPLETED
from mindgap.measure import Counts, Difference, Estimate, MeasureError, Outcomes
from mindgap.measure.retention import log_rank, retention, retention_difference

YEAR = 365
# What a score says of the experience, worst first: detractors, passives and promoters for an NPS.
GROUPS = ("bad", "middle", "best")


@dataclass(frozen=True, slots=True)
class _Group:
    """Customers that are followed together, and how many days they had been known for, on average."""

    name: str
    outcomes: Outcomes
    known: float

    @property
    def n(self) -> float:
        return float(self.outcomes.n)


def retentions(inquiry: Inquiry, metric: str | None = None, *, days: int = YEAR) -> tuple[Finding, ...]:
    """`retention.back`: share of customers who came back within so many days.

    With `metric`: of customers who gave it, in the period, from their first score on, by what the score says (`bad`,
    `middle`, `best`); the filter is one of scores, any completed interaction counts as coming back. Without: of new
    customers of the period, by the year in which they first came. Then `retention.step` between neighbouring groups.
    """
    if days < 1:
        raise BadInquiry("days", "at least one day must pass")
    measures = tuple(sorted(inquiry.catalog.counted))
    if not measures:
        return ()
    asked = inquiry.split(None)
    today = clock.local_day(clock.now(), clock.zone(inquiry.organization.zone))
    completed = Condition((Clause("state", "is", COMPLETED),))
    if metric is None:
        visits = replace(asked.question((), measures=measures, where=completed), as_of=None)
        groups = list(_by_year(facts.after_first(visits, until=today)))
        return _stated(asked, groups, "year", days)
    chosen = inquiry.catalog.metric(metric)
    scored = replace(asked.question((), measures=(chosen.measure_id,)), as_of=None)
    everywhere = replace(asked, where=Condition(), touchpoint=None).question(
        (), measures=measures, where=completed
    )
    visits = replace(everywhere, since=None, until=None, as_of=None)
    groups = list(_by_score(facts.after_score(scored, visits, until=today), asked, chosen))
    return _stated(asked, groups, "score", days, measure=chosen.measure)


def _by_year(found: Followed) -> Iterator[_Group]:
    for year in np.unique(found.group).tolist():
        yield _group(str(year), found, found.group == year)


def _by_score(found: Followed, inquiry: Inquiry, metric: Metric) -> Iterator[_Group]:
    step = float(inquiry.catalog.measures[metric.measure_id].step)
    said = {value: _said(metric, value * step) for value in np.unique(found.group).tolist()}
    for name in GROUPS:
        inside = np.isin(found.group, [value for value, each in said.items() if each == name])
        if inside.any():
            yield _group(name, found, inside)


def _said(metric: Metric, value: float) -> str:
    one = Counts([1], values=[value])
    if metric.bad(one):
        return "bad"
    try:
        is_best = metric.top(one) if metric.kind != "likelihood" else one.between(low=9)
    except MeasureError:
        is_best = 0.0
    return "best" if is_best else "middle"


def _group(name: str, found: Followed, inside: np.ndarray[Any, Any]) -> _Group:
    n, is_back = found.n[inside], found.is_back[inside]
    outcomes = Outcomes(
        found.days[inside], completed=np.where(is_back, n, 0), still_open=np.where(is_back, 0, n)
    )
    return _Group(name, outcomes, float(found.known[inside].sum() / max(n.sum(), 1)))


def _stated(
    inquiry: Inquiry, groups: Sequence[_Group], column: str, days: int, *, measure: str = ""
) -> tuple[Finding, ...]:
    subject = Subject.of(inquiry, measure=measure, metric="retention", unit="share", population="customers")
    shown = [group for group in groups if not policy().hides(group.n)]
    rank = _rank(shown)
    found = []
    for group in groups:
        details: dict[str, Any] = {"days": days, "better": 1}
        if group in shown:
            details |= {"known_days": group.known, **rank}
        about = subject.about(group={column: group.name})
        found.append(
            about.states("retention.back", group.n, partial(_back, group, days, inquiry.level), **details)
        )
    for before, after in pairwise(groups):
        step = partial(_step, before, after, days, inquiry.level, is_chosen=column == "score")
        found.append(
            subject.about(group={column: after.name}).differs(
                "retention.step", (before.n, after.n), step, days=days, against=before.name, better=1
            )
        )
    return concealed(found, inquiry)


def _rank(groups: Sequence[_Group]) -> dict[str, Any]:
    """Whether the groups come back alike at all."""
    try:
        return {"p": log_rank([group.outcomes for group in groups]).p}
    except MeasureError:
        return {}


def _back(group: _Group, days: int, level: float) -> Estimate:
    away = retention(group.outcomes, at=days, level=level)
    return Estimate(1 - away.value, 1 - away.high, 1 - away.low, away.n, away.method, away.warnings)


def _step(before: _Group, after: _Group, days: int, level: float, *, is_chosen: bool) -> Difference:
    # Who is satisfied chose to be so; which year a customer came in is no choice between treatments either.
    away = retention_difference(before.outcomes, after.outcomes, at=days, by_chance=False, level=level)
    warnings = away.warnings if is_chosen else ()
    return Difference(-away.value, -away.high, -away.low, away.p, away.n_a, away.n_b, away.method, warnings)
