"""A touchpoint over time, and how its gaps are spread."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mindgap.explain.cell import Cell, answers, interactions
from mindgap.explain.figure import Figure, Gap, find
from mindgap.explain.finding import Finding
from mindgap.explain.gap import distribution
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.score import trend
from mindgap.show import charts, words
from mindgap.show.charts import Line
from mindgap.show.words.title import gap_title, trend_title

# Longer periods are followed by month: a year of weeks is a fence.
WEEKS_UP_TO = 200
# Fewer than this give single customers away in a distribution.
LEAST = 8


def trend_chart(inquiry: Inquiry, headline: Finding, step: Finding | None) -> charts.Chart | None:
    """The headline figure by week or month; nothing where there is only one of them."""
    figure = _figure(inquiry, headline)
    every = _every(inquiry)
    found = {
        finding.group[every]: finding for finding in trend(inquiry, figure, every=every) if _is_whole(finding)
    }
    if len(found) < 2:
        return None
    names = words.Names.of_inquiry(inquiry)
    summary = (
        _("By week, with the interval of each week.")
        if every == "week"
        else _("By month, with the interval of each month.")
    )
    return charts.trend(
        [(code, _label(code, every)) for code in _steps(sorted(found), every)],
        [Line(names.metric(headline.metric), found)],
        id="trend",
        title=trend_title(headline, step, names),
        summary=summary,
        column=words.column(every),
        better=figure.better,
    )


def gap_charts(inquiry: Inquiry) -> Iterator[charts.Chart]:
    """How the gaps to the promise, and to what customers expected, are spread."""
    for cell in interactions(inquiry):
        yield from _spread(inquiry, cell, Gap("promise"))
        yield from _spread(inquiry, cell, Gap("expectation"))
    for cell in answers(inquiry, "state", "gap_expected"):
        yield from _spread(inquiry, cell, Gap("expectation", is_answer=True))


def _spread(inquiry: Inquiry, cell: Cell, figure: Gap) -> Iterator[charts.Chart]:
    finding = figure.state(cell)
    if finding.value is None or (finding.n or 0) < LEAST:
        return
    promise = figure.against == "promise"
    names = words.Names.of_inquiry(inquiry)
    yield charts.distribution(
        distribution(cell, figure.against),
        id=f"spread-{figure.against}-{cell.measure.id}",
        title=gap_title(finding, names, of_measure=figure.is_answer),
        summary=words.sentence(finding, names),
        unit=cell.measure.unit,
        promise=0.0,
        mark=_("As promised") if promise else _("As expected"),
        beyond="before",
        step=cell.step,
    )


def _figure(inquiry: Inquiry, headline: Finding) -> Figure:
    """The figure whose finding this is."""
    return next(
        figure for figure in find(inquiry.catalog, headline.metric or "") if figure.rule == headline.rule
    )


def _is_whole(finding: Finding) -> bool:
    return set(finding.group) <= {"week", "month"}


def _every(inquiry: Inquiry) -> str:
    since, until = inquiry.period.since, inquiry.period.until
    return "week" if since and until and (until - since).days <= WEEKS_UP_TO else "month"


def _steps(codes: Sequence[str], every: str) -> Iterator[str]:
    """All weeks or months from the first to the last, also those in which nothing was counted."""
    at, last = _first_day(codes[0]), _first_day(codes[-1])
    while at <= last:
        yield at.isoformat() if every == "week" else at.isoformat()[:7]
        at = at + timedelta(days=7) if every == "week" else (at + timedelta(days=31)).replace(day=1)


def _first_day(code: str) -> date:
    return date.fromisoformat(code if len(code) > 7 else f"{code}-01")


def _label(code: str, every: str) -> str:
    day = _first_day(code)
    return (
        formats.date_format(day, pgettext("format of a day without its year", "F j"))
        if every == "week"
        else words.month(day)
    )
