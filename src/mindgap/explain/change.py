"""Change: this period against the one before (环比) and against the same one last year (同比); real, or within noise."""

import calendar
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from mindgap.explain.cell import Cell, answers, interactions
from mindgap.explain.disclosure import concealed
from mindgap.explain.figure import Figure, Gap, Missed, Score, figures
from mindgap.explain.finding import Finding, Period
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.tally import HAPPENED, tally
from mindgap.ground import clock
from mindgap.ground.condition import Clause, Condition
from mindgap.measure import benjamini_hochberg

AGAINST = ("previous", "last_year")
# Without a period the newest days are compared.
DAYS = 90
SIGNIFICANT = 0.05

Key = tuple[Any, ...]


def changes(inquiry: Inquiry, *, against: str = "previous") -> tuple[Finding, ...]:
    """The steps of every touchpoint's headline score, gap and missed promises from an earlier period to this one.

    Codes `change.previous` and `change.last_year`; `metric` names the figure, `value` is the step in its unit. The
    whole list is one family: `is_real` among the details follows from p-values adjusted after Benjamini and
    Hochberg. An inquiry without a period means the last 90 days in which anything happened.
    """
    now = settled(inquiry)
    if now is None:
        return ()
    assert now.period.since is not None
    assert now.period.until is not None
    before = earlier(now.period, against)
    old = dict(_cells(now.within(before)))
    found = [
        _step(figure, cell, old.get(key), against, before)
        for key, cell in _cells(now)
        for figure in headline(inquiry, cell)
    ]
    return family(concealed([finding for finding in found if finding is not None], now))


def family(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings with `p_adjusted`, `is_real` and `is_better` among their details; those without p are left alone."""
    every = list(findings)
    tested = [i for i, finding in enumerate(every) if "p" in finding.details]
    adjusted = benjamini_hochberg([every[i].details["p"] for i in tested])
    for i, p in zip(tested, adjusted.tolist(), strict=True):
        # A step is the value itself, or stands beside it (a group against all others).
        value = every[i].details.get("step", every[i].value) or 0.0
        better = every[i].details.get("better", 1)
        every[i] = every[i].with_details(p_adjusted=p, is_real=p < SIGNIFICANT, is_better=value * better > 0)
    return tuple(every)


def headline(inquiry: Inquiry, cell: Cell) -> tuple[Figure, ...]:
    """What stands for a cell when it is compared: its first metric, or its gap and missed promises."""
    scores = [
        figure for figure in figures(inquiry.catalog) if isinstance(figure, Score) and figure.suits(cell)
    ]
    if cell.measure.id in inquiry.catalog.counted:
        return (Gap("promise"), Gap("expectation"), Missed())
    return (*scores[:1], Gap("expectation", is_answer=True))


def settled(inquiry: Inquiry) -> Inquiry | None:
    """The inquiry with both ends of its period known; None when nothing has happened yet."""
    since, until = inquiry.period.since, inquiry.period.until
    if since and until:
        return inquiry
    happened = Condition((Clause("state", "in", tuple(HAPPENED)),))
    days = tally(inquiry.split(None), "day", where=happened).columns["day"]
    if not days.size:
        return None
    last = until or clock.date_of(int(days.max()))
    first = since or max(clock.date_of(int(days.min())), last - timedelta(days=DAYS - 1))
    return inquiry.within(Period(min(first, last), last))


def earlier(period: Period, against: str) -> Period:
    """The period to compare with: as long and just before, or the same dates a year ago.

    Whole months are compared with as many whole months, however long those are.
    """
    since, until = period.since, period.until
    assert since is not None
    assert until is not None
    whole = since.day == 1 and (until + timedelta(days=1)).day == 1
    if against == "last_year":
        last = _shifted(until, -12)
        return Period(_shifted(since, -12), _month_end(last) if whole else last)
    if whole:
        months = (until.year - since.year) * 12 + until.month - since.month + 1
        return Period(_shifted(since, -months), since - timedelta(days=1))
    return Period(since - (until - since) - timedelta(days=1), since - timedelta(days=1))


def _cells(inquiry: Inquiry) -> list[tuple[Key, Cell]]:
    every = [*answers(inquiry, "state", "value", "gap_expected")]
    every += interactions(inquiry, "state", "outcome", "outcome_time", "gap_promised", "gap_expected")
    return [
        ((cell.touchpoint.id if cell.touchpoint else 0, cell.measure.id, *cell.subject.group.items()), cell)
        for cell in every
    ]


def _step(figure: Figure, now: Cell, old: Cell | None, against: str, before: Period) -> Finding | None:
    part = figure.part(now.tally)
    if not part.total:
        return None
    then = part.only(part.n < 0) if old is None else figure.part(old.tally)
    details = {**figure.details(), "figure": figure.code, "before": before.write()}
    finding = figure.about(now).differs(
        f"change.{against}", (then.total, part.total), lambda: figure.difference(now, then, part), **details
    )
    if finding.is_hidden or finding.value is None:
        return finding
    return replace(finding, details={**finding.details, "now": figure.state(now, part).value})


def _shifted(when: date, months: int) -> date:
    year, month = divmod(when.year * 12 + when.month - 1 + months, 12)
    return date(year, month + 1, min(when.day, calendar.monthrange(year, month + 1)[1]))


def _month_end(when: date) -> date:
    return when.replace(day=calendar.monthrange(when.year, when.month)[1])
