"""Explore: picture and table of any metric by any column; the same as a file."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mindgap.explain import compare
from mindgap.explain import explore as exploring
from mindgap.explain.finding import Finding, Period
from mindgap.explain.inquiry import NONE, Inquiry
from mindgap.show import words
from mindgap.show.pages.explore import picture
from mindgap.show.pages.explore.request import OWN, TIMES, Explored, choices, kept, of_request
from mindgap.show.pages.frame.filter import address, asked, bar
from mindgap.show.reports import download as files
from mindgap.show.reports.finding import findings
from mindgap.show.words import Names

# A table longer than this is for a file, not for a page.
MOST = 300


@asked
def explore(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    names = Names(inquiry.catalog)
    explored = of_request(request, inquiry)
    found = ask(explored) if explored else ()
    more: dict[str, Any] = {
        **bar(request, inquiry, kept=(*OWN, "across")),
        "inquiry": inquiry,
        "explored": explored,
    }
    if explored:
        more |= {
            "choices": choices(explored, names),
            "hidden": kept(request),
            "charts": picture.pictures(found, explored, names, lambda each: _drill(request, each)),
            "downloads": _downloads(request),
            **_table(request, explored, found, names),
        }
    return render(request, "explore/page.html", more)


@asked
def download(request: HttpRequest, inquiry: Inquiry, form: str) -> HttpResponse:
    explored = of_request(request, inquiry)
    if form not in files.FORMS or explored is None:
        raise Http404
    names = Names(inquiry.catalog)
    title = names.metric(explored.metric)
    name = f"{explored.metric}-by-{inquiry.by}" if inquiry.by else explored.metric
    return files.response(findings(ask(explored), title=title, names=names, by=inquiry.by), form, name=name)


def ask(explored: Explored) -> tuple[Finding, ...]:
    """The findings of what is explored."""
    return exploring.explore(explored.inquiry, explored.metric, across=explored.is_across)


def _table(
    request: HttpRequest, explored: Explored, found: tuple[Finding, ...], names: Names
) -> dict[str, Any]:
    steps: dict[tuple[str | None, str, str], Finding] = {}
    if explored.compare:
        asked_for = compare.compare(
            explored.inquiry, explored.metric, against=explored.compare, across=explored.is_across
        )
        steps = {_key(each): each for each in asked_for}
    rows = [
        {
            "finding": each,
            "label": picture.label(each, names),
            "url": _drill(request, each),
            "verdict": "" if explored.is_over_time else _verdict(each),
            "step": steps.get(_key(each)),
        }
        for each in found
    ]
    return {
        "rows": rows[:MOST],
        "left_out": max(0, len(rows) - MOST),
        "populations": dict.fromkeys(words.population(each.population) for each in found),
        "warnings": dict.fromkeys(
            words.warning(code) for each in found for code in each.warnings if code != "too_few"
        ),
        "has_verdicts": any(row["verdict"] for row in rows),
        "column": names.column(explored.inquiry.by) if explored.inquiry.by else _("Touchpoint"),
        "compared": _compared(next(iter(steps.values()), None)),
    }


def _compared(step: Finding | None) -> str:
    """Which period stands against which."""
    if step is None:
        return ""
    before = {name: date.fromisoformat(day) for name, day in step.details["before"].items()}
    parts = {"now": words.period(step.period), "before": words.period(Period(**before))}
    return _("Change: %(now)s compared with %(before)s.") % parts


def _verdict(finding: Finding) -> str:
    """How a group stands among the others of its touchpoint: better, worse or unclear; empty where none are."""
    if "is_real" not in finding.details:
        return ""
    if not finding.details["is_real"]:
        return "unclear"
    return "better" if finding.details["is_better"] else "worse"


def _key(finding: Finding) -> tuple[str | None, str, str]:
    return finding.touchpoint, finding.measure, str(finding.group)


def _drill(request: HttpRequest, finding: Finding) -> str:
    """The address that looks into a row: its value becomes a filter, its touchpoint is chosen."""
    changes: dict[str, str | None] = {
        column: NONE if value is None else str(value)
        for column, value in finding.group.items()
        if column not in TIMES
    }
    if finding.group and not changes:
        return ""
    if changes:
        changes["by"] = None
    if finding.touchpoint:
        changes["touchpoint"] = finding.touchpoint
    return address(request, reverse("explore"), **changes)


def _downloads(request: HttpRequest) -> list[tuple[str, str]]:
    names = {"xlsx": _("XLSX"), "csv": _("CSV for spreadsheets"), "raw": _("CSV for programs")}
    return [
        (label, address(request, reverse("explore_download", args=[form]))) for form, label in names.items()
    ]
