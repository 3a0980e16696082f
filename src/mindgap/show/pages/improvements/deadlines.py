"""Deadlines: by month on a page, and as a calendar that other programs subscribe to."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mindgap.act.improvement import feed as feeds
from mindgap.act.improvement import permission
from mindgap.act.improvement.improvement import Feed, Improvement, Task
from mindgap.act.improvement.planning import today
from mindgap.act.improvement.states import OPEN
from mindgap.show.words import moment


@dataclass(frozen=True, slots=True)
class _Line:
    """A deadline of an improvement, or of one of its tasks."""

    day: date
    improvement: Improvement
    task: Task | None = None

    @property
    def is_late(self) -> bool:
        return self.day < today(self.improvement)


def months(request: HttpRequest, token: str = "") -> HttpResponse:
    member = request.member  # type: ignore[attr-defined]
    rows = permission.improvements(member).filter(state__in=OPEN)
    dated = list(rows.exclude(deadline=None).select_related("organization", "owner__user"))
    tasks = Task.objects.filter(improvement__in=rows, done_at=None).exclude(due=None)
    lines = [_Line(each.deadline, each) for each in dated if each.deadline is not None]
    lines += [
        _Line(each.due, each.improvement, each)
        for each in tasks.select_related("improvement__organization", "owner__user")
        if each.due is not None
    ]
    lines.sort(key=lambda line: (line.day, line.improvement.pk, line.task is not None))
    by_month = [
        (moment.month(month), list(held))
        for month, held in groupby(lines, key=lambda line: line.day.isoformat()[:7])
    ]
    made = Feed.objects.filter(member=member).first()
    more = {"months": by_month, "feed": made, "address": _address(request, token) if token else ""}
    return render(request, "improvements/calendar.html", more)


@require_POST
@never_cache
def address(request: HttpRequest) -> HttpResponse:
    """Make a new address, which is shown this once, or end the old one."""
    member = request.member  # type: ignore[attr-defined]
    if request.POST.get("do") == "end":
        feeds.end(member)
        return redirect("improvement_calendar")
    return months(request, feeds.new(member))


@require_safe
@never_cache
def feed(request: HttpRequest, token: str) -> HttpResponse:
    member = feeds.member_of(token)
    if member is None:
        return HttpResponseNotFound()
    made = feeds.write(
        member, address=lambda each: request.build_absolute_uri(reverse("improvement", args=[each.number]))
    )
    return HttpResponse(made, content_type="text/calendar; charset=utf-8")


def _address(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("improvement_feed", args=[token]))
