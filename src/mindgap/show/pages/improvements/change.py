"""Opening an improvement by hand, from a touchpoint or a pattern of cases; and changing its words, people and money."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mindgap.act.improvement import actions, permission
from mindgap.act.improvement.errors import ChangedMeanwhile, ImprovementProblem, NotAllowed
from mindgap.act.improvement.opening import open_improvement
from mindgap.act.improvement.patterns import begin
from mindgap.explain.finding import Period
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.worst import worst
from mindgap.ground import clock
from mindgap.keep.models import Touchpoint
from mindgap.show.pages.frame.permission import forbidden
from mindgap.show.pages.improvements.forms import EditForm, IdeaForm
from mindgap.show.pages.improvements.steps import fault, meanwhile
from mindgap.show.pages.improvements.view import get
from mindgap.show.words import choice
from mindgap.show.words.cause import CAUSES

# Where people may say that it comes from; the others are opened by what they come from.
_ORIGINS = ("worst", "topic", "member")
_QUARTER = timedelta(days=90)


def new(request: HttpRequest) -> HttpResponse:
    member = request.member  # type: ignore[attr-defined]
    origin = request.POST.get("from") or request.GET.get("from") or "member"
    origin = origin if origin in _ORIGINS else "member"
    topic = (request.POST.get("topic") or request.GET.get("topic") or "")[:64]
    begins = {
        "touchpoint": request.GET.get("touchpoint"),
        "unit": member.unit,
        "title": request.GET.get("title", ""),
    }
    form = IdeaForm(request.POST or None, member=member, initial=begins)
    if request.method == "POST" and form.is_valid():
        place = form.cleaned_data["touchpoint"]
        try:
            with transaction.atomic():
                made = open_improvement(
                    member.organization,
                    origin=origin,
                    source=_source(member, origin, place, topic),
                    member=member,
                    **form.cleaned_data,
                )
        except NotAllowed:
            return forbidden(request)
        messages.success(
            request, _("It is open as an idea. Agree on a plan next: what shall get better, and by when.")
        )
        return redirect("improvement", made.number)
    more = {
        "form": form, "title": _("Open an improvement"), "back": reverse("improvements"),
        "back_label": _("Improvements"), "hidden": [("from", origin), ("topic", topic)],
    }  # fmt: skip
    return render(request, "improvements/edit.html", more)


@require_POST
def pattern(request: HttpRequest) -> HttpResponse:
    member = request.member  # type: ignore[attr-defined]
    if not member.has_role(*permission.LEADS):
        return forbidden(request)
    place = get_object_or_404(member.organization.touchpoints, code=request.POST.get("touchpoint", ""))
    cause = request.POST.get("cause", "")
    title = _("%(touchpoint)s: %(cause)s, again and again") % {
        "touchpoint": place, "cause": choice.word(CAUSES, cause),
    }  # fmt: skip
    made = begin(member, place, cause, title=title)
    if made is None:
        messages.warning(request, _("This pattern is not there any more, or somebody has begun with it."))
        return redirect("improvements")
    messages.success(
        request, _("It is open as an idea. Agree on a plan next: what shall get better, and by when.")
    )
    return redirect("improvement", made.number)


def edit(request: HttpRequest, number: int) -> HttpResponse:
    found = get(request, number)
    member = request.member  # type: ignore[attr-defined]
    if not permission.may(member, "edit", found):
        return forbidden(request)
    form = EditForm(request.POST or None, improvement=found)
    more: dict[str, Any] = {
        "form": form, "title": _("Change the improvement"), "back": reverse("improvement", args=[number]),
        "back_label": found.title,
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit(found.pk, member, version=form.cleaned_data["version"], **form.values())
        except ImprovementProblem as problem:
            if isinstance(problem, ChangedMeanwhile):
                # Whoever has read what the other did may save theirs over it.
                form.data = {**request.POST.dict(), "version": str(get(request, number).version)}
            more |= {"fault": fault(problem), "meanwhile": meanwhile(problem, found)}
            status = 409 if isinstance(problem, ChangedMeanwhile) else 422
            return render(request, "improvements/edit.html", more, status=status)
        messages.success(request, _("%(name)s is saved.") % {"name": found.title})
        return redirect("improvement", number)
    return render(request, "improvements/edit.html", more)


def _source(member: Any, origin: str, place: Touchpoint | None, topic: str) -> dict[str, Any]:
    """What it was opened from, as it stood on this day."""
    if origin == "topic":
        return {"topic": topic}
    if origin != "worst" or place is None:
        return {}
    now = clock.now().astimezone(clock.zone(member.organization.zone)).date()
    inquiry = Inquiry(
        organization=member.organization, period=Period(now - _QUARTER, now), scope=member.unit_ids()
    )
    ranked = next((each for each in worst(inquiry) if each.touchpoint == place.code), None)
    return {"finding": ranked.write()} if ranked else {}
