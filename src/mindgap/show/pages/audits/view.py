"""The list of audits, the checklist of one, its result, and the result as a file."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mindgap.act.audit import permission, ranking
from mindgap.act.audit.audit import Audit, AuditItem
from mindgap.ground import clock
from mindgap.keep.member import Member
from mindgap.show.pages.audits import picture, told
from mindgap.show.pages.audits.naming import Naming, covered
from mindgap.show.pages.audits.table import table
from mindgap.show.reports import download as files
from mindgap.show.words import Names, choice
from mindgap.show.words import audit as speech
from mindgap.show.words.number import percent

PER_PAGE = 20


def audits(request: HttpRequest) -> HttpResponse:
    member = request.member  # type: ignore[attr-defined]
    today = clock.now().astimezone(clock.zone(member.organization.zone)).date()
    rows = [
        {
            "audit": audit,
            "kind": choice.word(speech.KINDS, audit.kind),
            "covered": covered(audit),
            "state": choice.word(speech.STATES, audit.state),
            "coverage": _coverage(audit),
            "is_due": audit.next_due is not None and audit.next_due <= today,
        }
        for audit in ranking.counted(permission.audits(member))
    ]
    more = {
        "rows": rows,
        "may_start": member.has_role(*permission.LEADS),
        "kinds": [(code, name, speech.ABOUT[code]) for code, name in speech.KINDS.items()],
    }
    return render(request, "audits/page.html", more)


def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    audit = get_audit(request, pk)
    member = request.member  # type: ignore[attr-defined]
    only_open = request.GET.get("show") == "open"
    items = audit.items.select_related("by__user").prefetch_related("findings__improvement")
    rows = items.filter(looked_at=None) if only_open else items
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    naming, names = Naming(audit, listed), Names(audit.organization)
    more = {
        "page": page,
        "lines": [told.line(item, naming, names, member) for item in listed],
        "only_open": only_open,
        **frame(audit, member),
    }
    return render(request, "audits/checklist.html", more)


def result(request: HttpRequest, pk: int) -> HttpResponse:
    audit = get_audit(request, pk)
    member = request.member  # type: ignore[attr-defined]
    found = ranking.result(audit)
    naming = Naming(audit, [row.item for row in found.rows])
    more = {
        "rows": [picture.row(row, naming) for row in found.rows],
        "chart": picture.courted(found, naming) if audit.kind == "courted" else None,
        "pyramid": picture.pyramid(found, naming) if audit.kind == "pyramid" else None,
        "ground": picture.row(found.ground, naming) if found.ground else None,
        "downloads": [
            (label, reverse("audit_download", args=[audit.pk, form]))
            for form, label in (
                ("xlsx", _("XLSX")),
                ("csv", _("CSV for spreadsheets")),
                ("raw", _("CSV for programs")),
            )
        ],
        **frame(audit, member),
    }
    return render(request, "audits/result.html", more)


def download(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    audit = get_audit(request, pk)
    if form not in files.FORMS:
        raise Http404
    return files.response(table(audit, Names(audit.organization)), form, name=f"audit-{audit.pk}")


def get_audit(request: HttpRequest, pk: int) -> Any:
    """The audit of that number among those that the member may see, with its counts, else 404."""
    seen = permission.audits(request.member).select_related("organization")  # type: ignore[attr-defined]
    return get_object_or_404(ranking.counted(seen), pk=pk)


def frame(audit: Any, member: Member) -> dict[str, Any]:
    """What every page of an audit shows: what it is, how far it is, what may be done."""
    return {
        "audit": audit,
        "kind": choice.word(speech.KINDS, audit.kind),
        "about": speech.ABOUT[audit.kind],
        "covered": covered(audit),
        "state": choice.word(speech.STATES, audit.state),
        "coverage": _coverage(audit),
        "scores": told.SCORES,
        "severities": speech.SEVERITIES.items(),
        "may": {verb: permission.may(member, verb, audit) for verb in permission.VERBS},
    }


def _coverage(audit: Any) -> str:
    """The share that was looked at; a dash where there is nothing to look at."""
    return percent(audit.looked / audit.things if audit.things else None, decimals=0)


def get_item(audit: Audit, number: int) -> AuditItem:
    """An item of that audit, else 404."""
    return get_object_or_404(audit.items.select_related("audit__organization"), pk=number)
