"""What is done to an audit as a whole: start, add a thing, seek evidence again, finish, reopen, make it again."""

from collections.abc import Callable
from datetime import date
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mindgap.act.audit import looking, permission, starting
from mindgap.act.audit.errors import NotAllowed
from mindgap.show.pages.audits.forms import AuditForm
from mindgap.show.pages.audits.view import get_audit
from mindgap.show.pages.frame.permission import forbidden

View = Callable[..., HttpResponse]


def allowed(view: View) -> View:
    """What the member may not do is the page that says so."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotAllowed:
            return forbidden(request)

    return guarded


@allowed
def new(request: HttpRequest) -> HttpResponse:
    member = request.member  # type: ignore[attr-defined]
    if not member.has_role(*permission.LEADS):
        raise NotAllowed("start")
    form = AuditForm(request.POST or None, member=member, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        made = starting.start(
            member,
            kind=form.cleaned_data["kind"],
            name=form.called(),
            scope=form.scope(),
            auditor=form.cleaned_data["auditor"],
        )
        messages.success(request, _("The audit is started."))
        return redirect("audit", made.pk)
    return render(request, "audits/new.html", {"form": form, "back": reverse("audits")})


@allowed
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """One more thing to look at, of one's own."""
    audit = get_audit(request, pk)
    name = request.POST.get("name", "").strip()[:200]
    if not name:
        messages.error(request, _("Write what is to be looked at."))
        return redirect("audit", pk)
    made = looking.add(audit, request.member, name)  # type: ignore[attr-defined]
    messages.success(request, _("It is on the list."))
    return redirect(f"{reverse('audit', args=[pk])}?page=last#item-{made.pk}")


@allowed
@require_POST
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Seek again what the system knows."""
    added = starting.refresh(get_audit(request, pk), request.member)  # type: ignore[attr-defined]
    said = _("The evidence is up to date.")
    if added:
        said = ngettext(
            "The evidence is up to date; %(n)s thing has come since and is on the list.",
            "The evidence is up to date; %(n)s things have come since and are on the list.",
            added,
        ) % {"n": added}
    messages.success(request, said)
    return redirect("audit", pk)


@allowed
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """The same anew."""
    made = starting.again(get_audit(request, pk), request.member)  # type: ignore[attr-defined]
    messages.success(request, _("The audit is started anew; the old one stays as it was."))
    return redirect("audit", made.pk)


@allowed
@require_POST
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Done, or not done after all."""
    audit, member = get_audit(request, pk), request.member  # type: ignore[attr-defined]
    if request.POST.get("state") != "done":
        starting.reopen(audit, member)
        messages.success(request, _("The audit goes on."))
        return redirect("audit", pk)
    text = request.POST.get("next_due", "").strip()
    try:
        due = date.fromisoformat(text) if text else None
    except ValueError:
        messages.error(request, _("Write the date as 2026-11-22."))
        return redirect("audit", pk)
    starting.finish(audit, member, next_due=due)
    messages.success(request, _("The audit is done."))
    return redirect("audit_result", pk)
