"""Memory and recovery: what lasts of a problem that was put right, of a moment, and of a whole journey."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mindgap.act.audit.permission import READERS
from mindgap.act.audit.troubles import troubles
from mindgap.explain import memory as memories
from mindgap.explain import recovery
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.keep.models import Measure
from mindgap.show import charts, words
from mindgap.show.charts import Chart, Row
from mindgap.show.pages.frame.filter import asked, context
from mindgap.show.pages.frame.permission import forbidden
from mindgap.show.words import Names
from mindgap.show.words import memory as speech
from mindgap.show.words.choice import word

# Not `measure`, which would be a filter: then only answers of that measure would count as having been there.
COMPARED = "compared"


@asked
def memory(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    member = request.member  # type: ignore[attr-defined]
    if not member.has_role(*READERS):
        return forbidden(request)
    names = Names(inquiry.catalog)
    every = recovery.measures(inquiry)
    chosen = _chosen(request, every)
    more: dict[str, Any] = {
        "measures": [(each.code, names.of("measure", each.code)) for each in every],
        "measure": chosen.code if chosen else "",
        "endings": _endings(memories.endings(inquiry), names),
        **(_recovery(inquiry, chosen, names) if chosen else {}),
        **(_remembered(inquiry, chosen, names) if chosen else {}),
    }
    return render(request, "audits/memory.html", context(request, inquiry, kept=(COMPARED,), **more))


def _chosen(request: HttpRequest, every: Iterable[Measure]) -> Measure | None:
    wanted = request.GET.get(COMPARED, "")
    listed = [each for each in every if each.code != memories.REMEMBERED]
    return next((each for each in listed if each.code == wanted), listed[0] if listed else None)


def _recovery(inquiry: Inquiry, measure: Measure, names: Names) -> dict[str, Any]:
    found = recovery.effects(inquiry, measure.code, troubles(inquiry))
    by_code = {each.code: each for each in found if not each.group}
    return {
        "levels": _bars(
            found, "recovery.level", "recovery", speech.GROUPS, names, title=names.of("measure", measure.code)
        ),
        "returned": _bars(found, "recovery.returned", "recovery", speech.GROUPS, names, title=_("Came back")),
        "effects": [
            _said(by_code[code], names)
            for code in ("recovery.gap", "recovery.repaired", "recovery.repeat")
            if code in by_code
        ],
        "days": recovery.DAYS,
    }


def _remembered(inquiry: Inquiry, measure: Measure, names: Names) -> dict[str, Any]:
    found = memories.remembered(inquiry, measure.code)
    shift = next((each for each in found if each.code == "memory.shift"), None)
    return {
        "shift": _said(shift, names) if shift else "",
        "moments": _bars(found, "memory.level", "memory", speech.MOMENTS, names, title=_("Then and now")),
    }


def _said(finding: Finding, names: Names) -> str:
    if finding.is_hidden:
        return {
            "recovery.gap": _("Too few customers of one of the groups have answered since to compare them."),
            "recovery.repaired": _("Too few customers whose problem was not put right have answered since."),
            "recovery.repeat": _(
                "Too few customers of one of the groups were followed long enough to see who came back."
            ),
            "memory.shift": _("Too few customers have answered both times."),
        }[finding.code]
    return words.sentence(finding, names)


def _bars(
    found: Iterable[Finding], code: str, column: str, known: Any, names: Names, *, title: str
) -> Chart | None:
    here = [each for each in found if each.code == code]
    if not any(each.value is not None for each in here):
        return None
    rows = [Row(word(known, each.group[column]), each) for each in here]
    said = " ".join(words.sentence(each, names) for each in here if each.value is not None)
    return charts.bars(rows, id=code.replace(".", "-"), title=title, summary=said, column=_("Group"))


def _endings(found: Iterable[Finding], names: Names) -> list[dict[str, Any]]:
    """One block per journey: what worst and last add, and each term."""
    by_journey: dict[str, list[Finding]] = {}
    for each in found:
        by_journey.setdefault(each.group["journey"], []).append(each)
    return [_ending(code, terms, names) for code, terms in by_journey.items()]


def _ending(code: str, terms: list[Finding], names: Names) -> dict[str, Any]:
    known = [each for each in terms if each.value is not None]
    journey = names.catalog.organization.journeys.get(code=code)
    first = terms[0]
    return {
        "name": str(journey),
        "verdict": speech.ending_verdict(known[0]) if known else "",
        "why": ""
        if known
        else _("Too few customers have judged the whole after two touchpoints or more.")
        if first.is_hidden or not first.n
        else _("The answers cannot tell worst, last and mean apart yet."),
        "moment": names.of("measure", first.details["moment"]) if "moment" in first.details else "",
        "overall": names.of("measure", first.measure),
        "is_apart": first.details.get("is_apart", True),
        "terms": [
            {
                "name": word(speech.TERMS, each.group["term"]),
                "finding": each,
                "interval": words.interval(each),
            }
            for each in known
        ],
    }
