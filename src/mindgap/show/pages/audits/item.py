"""What is done to one item: look, reword, note a finding, settle it, make an improvement of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mindgap.act.audit import looking, promoting
from mindgap.act.audit.audit import Audit, AuditFinding, AuditItem
from mindgap.act.audit.errors import BadScore, ChangedMeanwhile
from mindgap.show.pages.audits import told
from mindgap.show.pages.audits.change import allowed
from mindgap.show.pages.audits.naming import Naming
from mindgap.show.pages.audits.view import frame, get_audit, get_item
from mindgap.show.words import Names


@allowed
def look(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One item by itself; POST says what one found."""
    audit = get_audit(request, pk)
    item = get_item(audit, number)
    if request.method != "POST":
        return _page(request, audit, item)
    try:
        _save(request, item)
    except BadScore:
        messages.error(request, _("Scores are whole numbers from 0 to 10; nothing was saved."))
        return _page(request, audit, item, status=400)
    except ChangedMeanwhile as problem:
        return _page(request, audit, problem.item, typed=_readable(request), status=409)
    messages.success(request, _("Saved."))
    return _back(request, pk, number)


@allowed
@require_POST
def reword(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Let the new wording stand at the place itself."""
    audit = get_audit(request, pk)
    item = get_item(audit, number)
    try:
        looking.reword(item, request.member, version=_whole(request.POST.get("version")) or 0)  # type: ignore[attr-defined]
    except ChangedMeanwhile as problem:
        return _page(request, audit, problem.item, status=409)
    messages.success(
        request, _("The new words stand in the register now; see that they are put up everywhere.")
    )
    return _back(request, pk, number)


@allowed
@require_POST
def note(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Something to mend."""
    item = get_item(get_audit(request, pk), number)
    said = request.POST.get("finding", "").strip()
    severity = request.POST.get("severity", "warning")
    if not said or severity not in looking.SEVERITIES:
        messages.error(request, _("Write what is to be mended."))
    else:
        looking.note(item, request.member, words=said[:2000], severity=severity)  # type: ignore[attr-defined]
        messages.success(request, _("The finding is noted."))
    return _back(request, pk, number)


@allowed
@require_POST
def settle(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """It is mended, or need not be."""
    found = _finding(get_audit(request, pk), number)
    looking.settle(found, request.member)  # type: ignore[attr-defined]
    messages.success(request, _("The finding is settled."))
    return _back(request, pk, found.item_id)


@allowed
@require_POST
def promote(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Make an improvement of a finding; a quick win where it is easy to fix."""
    found = _finding(get_audit(request, pk), number)
    naming = Naming(found.item.audit, [found.item])
    try:
        made = promoting.promote(found, request.member, about=naming.of(found.item).name)  # type: ignore[attr-defined]
    except ChangedMeanwhile:
        messages.error(request, _("Somebody else has just opened an improvement for this finding."))
        return _back(request, pk, found.item_id)
    messages.success(request, _("Improvement %(number)s is opened.") % {"number": made.number})
    return _back(request, pk, found.item_id)


def _save(request: HttpRequest, item: AuditItem) -> None:
    member = request.member  # type: ignore[attr-defined]
    if item.subject.startswith("part:"):
        looking.assess(item, member, _score(request.POST.get("mine", ""), "mine"))
        return
    after = {
        name.removeprefix("after_"): text
        for name in request.POST
        if name.startswith("after_") and (text := request.POST.get(name, "").strip())
    }
    looking.look(
        item,
        member,
        version=_whole(request.POST.get("version")) or 0,
        scores=_scores(request, item),
        words=request.POST.get("words", "")[:5000],
        after=after if item.subject.startswith("occurrence:") else None,
    )


def _scores(request: HttpRequest, item: AuditItem) -> dict[str, int | None]:
    names = [*looking.dimensions(item), *looking.checks(item), "steps"]
    return {name: _score(request.POST[f"s_{name}"], name) for name in names if f"s_{name}" in request.POST}


def _score(text: str, name: str) -> int | None:
    if not text.strip():
        return None
    found = _whole(text)
    if found is None:
        raise BadScore(name, text)
    return found


def _whole(text: str | None) -> int | None:
    try:
        return int(text or "")
    except ValueError:
        return None


def _readable(request: HttpRequest) -> dict[str, Any]:
    """What was typed, as far as it can be shown again."""
    given = request.POST
    scores = {name[2:]: _whole(str(given[name])) for name in given if name.startswith("s_")}
    after = {name[6:]: str(given[name]) for name in given if name.startswith("after_")}
    return {**scores, "words": given.get("words", ""), "after": after}


def _finding(audit: Audit, number: int) -> AuditFinding:
    rows = AuditFinding.objects.filter(item__audit=audit).select_related(
        "item__audit__organization", "improvement"
    )
    return get_object_or_404(rows, pk=number)


def _page(
    request: HttpRequest,
    audit: Audit,
    item: AuditItem,
    *,
    typed: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    member = request.member  # type: ignore[attr-defined]
    names = Names(audit.organization)
    more = {
        "line": told.line(item, Naming(audit, [item]), names, member, typed=typed),
        "typed": typed,
        "is_late": status == 409,
        **frame(audit, member),
    }
    return render(request, "audits/item.html", more, status=status)


def _back(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """To the same place of the list that one came from."""
    query = request.POST.get("query", "")
    address = reverse("audit", args=[pk]) + (f"?{query}" if query else "")
    return redirect(f"{address}#item-{number}")
