"""What was set aside: listed with its reason, exported, mended, replayed or dismissed. Nothing is thrown away."""

import io
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from mindgap.collect import quarantine
from mindgap.collect.errors import NotRepairable
from mindgap.keep.models import Organization, Quarantine
from mindgap.show.pages.frame.permission import forbidden, only
from mindgap.show.pages.importing import ROLES, refusal
from mindgap.show.words import count

_PAGE = 50
STATES = ("open", "replayed", "dismissed")


@only(*ROLES)
def listing(request: HttpRequest) -> HttpResponse:
    organization = _organization(request)
    state = request.GET.get("state", "open")
    state = state if state in STATES else "open"
    reason = request.GET.get("reason", "")
    page = Paginator(quarantine.entries(organization, state=state, reason=reason), _PAGE).get_page(
        request.GET.get("page")
    )
    by_reason = quarantine.reasons(organization)
    context = {
        "page": page,
        "rows": [_row(request, entry) for entry in page],
        "state": state,
        "reason": reason,
        "states": [
            ("open", pgettext("row set aside", "open")),
            ("replayed", _("replayed")),
            ("dismissed", _("dismissed")),
        ],
        "reasons": [(code, refusal.reason(code), count(number)) for code, number in by_reason.items()],
        "sees_all": _sees_all(request),
    }
    return render(request, "importing/quarantine.html", context)


@only(*ROLES)
def export(request: HttpRequest) -> HttpResponse:
    """The open entries as CSV, safe to open in a spreadsheet, to be corrected there."""
    if not _sees_all(request):
        return forbidden(request)
    file = io.StringIO(newline="")
    quarantine.export(quarantine.entries(_organization(request), reason=request.GET.get("reason", "")), file)
    answer = HttpResponse(
        b"\xef\xbb\xbf" + file.getvalue().encode("utf-8", "replace"), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = content_disposition_header(True, "quarantine.csv")
    answer["Cache-Control"] = "no-store"
    return answer


@only(*ROLES)
@require_POST
def replay(request: HttpRequest) -> HttpResponse:
    done = quarantine.replay(_organization(request), _ids(request))
    if done.done:
        said = ngettext("%(n)s row is in the record now.", "%(n)s rows are in the record now.", done.done)
        messages.success(request, said % {"n": count(done.done)})
    if done.refused:
        said = ngettext("%(n)s row is still refused.", "%(n)s rows are still refused.", done.refused)
        messages.warning(request, said % {"n": count(done.refused)})
    return redirect("quarantine")


@only(*ROLES)
@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    number = quarantine.dismiss(_organization(request), _ids(request))
    said = ngettext("%(n)s row is dismissed; it is kept.", "%(n)s rows are dismissed; they are kept.", number)
    messages.success(request, said % {"n": count(number)})
    return redirect("quarantine")


@only(*ROLES)
def repair(request: HttpRequest, pk: int) -> HttpResponse:
    """One row, value by value; saving replays it at once."""
    if not _sees_all(request):
        return forbidden(request)
    organization = _organization(request)
    entry = get_object_or_404(Quarantine, pk=pk, organization=organization)
    if request.method == "POST":
        values = {
            name.removeprefix("value:"): str(value)
            for name, value in request.POST.items()
            if name.startswith("value:")
        }
        try:
            quarantine.mend(organization, pk, values)
        except NotRepairable as problem:
            messages.error(request, str(problem))
            return redirect("quarantine")
        if quarantine.replay(organization, [pk]).done:
            messages.success(request, _("The row is in the record now."))
            return redirect("quarantine")
        entry.refresh_from_db()
        messages.warning(
            request, _("The row is still refused: %(reason)s.") % {"reason": refusal.reason(entry.reason)}
        )
    row = _row(request, entry)
    return render(
        request,
        "importing/row.html",
        {"row": row, "values": _values(entry), "may_mend": entry.state == "open"},
    )


def _organization(request: HttpRequest) -> Organization:
    organization: Organization = request.organization  # type: ignore[attr-defined]
    return organization


def _ids(request: HttpRequest) -> list[int] | None:
    """The chosen entries; None means all that are open."""
    if request.POST.get("all"):
        return None
    return [int(each) for each in request.POST.getlist("id") if each.isdigit()]


def _sees_all(request: HttpRequest) -> bool:
    """Rows hold names and addresses as they came in: only for those who may see them."""
    return bool(request.member.personal_data == "full")  # type: ignore[attr-defined]


def _row(request: HttpRequest, entry: Quarantine) -> dict[str, Any]:
    values = quarantine.values_of(entry) if _sees_all(request) else {}
    return {
        "entry": entry,
        "reason": refusal.reason(entry.reason),
        # The exact words repeat the value that was refused.
        "words": entry.words if _sees_all(request) else "",
        "shown": ", ".join(f"{name}: {value}" for name, value in list(values.items())[:6]),
    }


def _values(entry: Quarantine) -> list[tuple[str, str, bool]]:
    wrong = {name.strip() for name in entry.column.split(",")}
    return [(name, value, name in wrong) for name, value in quarantine.values_of(entry).items()]
