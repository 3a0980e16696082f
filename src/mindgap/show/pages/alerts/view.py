"""The list of alerts, one alert, and the two things that people do with one: see to it, send its message again."""

from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mindgap.act.alert import visible
from mindgap.act.alert.acknowledging import acknowledge as note_seen
from mindgap.act.models import Alert, AlertRule, Notice
from mindgap.act.notice.tell import resend
from mindgap.ground import clock
from mindgap.keep.models import Member
from mindgap.show.pages.alerts import ACTORS, READERS, naming, shown
from mindgap.show.pages.frame.permission import KEEPERS, forbidden, may

_PER_PAGE = 25
_ABOUT = ("rule", "touchpoint", "unit", "customer", "case", "acknowledged_by__user")
View = Callable[..., HttpResponse]


def for_roles(*roles: str) -> Callable[[View], View]:
    """Let a view run for members with one of the roles; what they see of it follows from their scope."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            member: Member | None = getattr(request, "member", None)
            if member is None or not member.has_role(*roles):
                return forbidden(request)
            return view(request, *args, **kwargs)

        return guarded

    return wrap


@require_safe
@for_roles(*READERS)
def alerts(request: HttpRequest) -> HttpResponse:
    member: Member = request.member  # type: ignore[attr-defined]
    asked = {name: request.GET.get(name, "") for name in ("severity", "shown")}
    found = visible.alerts(member).select_related(*_ABOUT).prefetch_related("customer__identities")
    if asked["severity"] in naming.SEVERITIES:
        found = found.filter(severity=asked["severity"])
    if asked["shown"] == "open":
        found = found.filter(acknowledged_at=None)
    page = Paginator(found.order_by("-fired_at", "-id"), _PER_PAGE).get_page(request.GET.get("page"))
    zone = clock.zone(member.organization.zone)
    notices = _notices([each.pk for each in page])
    context = {
        "rows": [shown.row(each, member, zone, notices[each.pk]) for each in page],
        "page": page,
        "asked": asked,
        "severities": naming.SEVERITIES,
        "faults": _faults(request) if may(request, *KEEPERS) else [],
        "may_change": may(request, *KEEPERS),
        "has_rules": AlertRule.objects.filter(organization=member.organization, is_active=True).exists(),
    }
    return render(request, "alerts/page.html", context)


@require_safe
@for_roles(*READERS)
def alert(request: HttpRequest, number: int) -> HttpResponse:
    member: Member = request.member  # type: ignore[attr-defined]
    found = _alert(request, number)
    zone = clock.zone(member.organization.zone)
    comment = found.answer.comment if found.answer else ""
    context = {
        "row": shown.row(found, member, zone, _notices([found.pk])[found.pk]),
        "saw": shown.sightings(found, member.organization),
        "words": shown.personal.words(comment, member),
        "may_act": member.has_role(*ACTORS),
        "may_change": may(request, *KEEPERS),
    }
    return render(request, "alerts/alert.html", context)


@require_POST
@for_roles(*ACTORS)
def acknowledge(request: HttpRequest, number: int) -> HttpResponse:
    found = _alert(request, number)
    if note_seen(found, request.member):  # type: ignore[attr-defined]
        messages.success(request, _("Noted: you have seen to it."))
    else:
        messages.info(request, _("Somebody had seen to it already."))
    return redirect("alert", found.pk)


@require_POST
@for_roles(*ACTORS)
def send_again(request: HttpRequest, number: int, notice: int) -> HttpResponse:
    found = _alert(request, number)
    told = get_object_or_404(Notice, pk=notice, alert=found)
    if not told.words:
        messages.error(request, _("What was said is erased; it cannot be sent again."))
    elif resend(told).problem:
        messages.error(request, _("It cannot be sent: there is no account or no address for this."))
    else:
        messages.success(request, _("The message leaves once more."))
    return redirect("alert", found.pk)


def _alert(request: HttpRequest, number: int) -> Alert:
    """The alert of that number, if the member may see it, else 404."""
    found = visible.alerts(request.member).select_related(*_ABOUT, "answer")  # type: ignore[attr-defined]
    return get_object_or_404(found, pk=number)


def _notices(ids: list[int]) -> dict[int, list[Notice]]:
    found: dict[int, list[Notice]] = defaultdict(list)
    rows = Notice.objects.filter(alert_id__in=ids).select_related("member__user", "account", "delivery")
    for each in rows.order_by("id"):
        assert each.alert_id is not None
        found[each.alert_id].append(each)
    return found


def _faults(request: HttpRequest) -> list[dict[str, Any]]:
    rules = AlertRule.objects.filter(organization=request.organization, is_active=True)  # type: ignore[attr-defined]
    return [
        {"rule": each, "words": naming.word(naming.FAULTS, each.fault)} for each in rules.exclude(fault="")
    ]
