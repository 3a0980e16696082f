"""Which pages of cases a member may open at all, and the case of a number as far as they see it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from mindgap.act.case import visible
from mindgap.act.models import Case
from mindgap.keep.models import Member
from mindgap.show.pages.cases import READERS
from mindgap.show.pages.frame.permission import forbidden

View = Callable[..., HttpResponse]

_WITH = (
    "organization", "unit", "owner__user", "touchpoint", "promise", "channel", "playbook", "improvement", "merged_into",
    "customer", "answer", "interaction__touchpoint__measure", "interaction__promise",
)  # fmt: skip


def readers(view: View) -> View:
    """Let a view run for whoever works with cases or answers for them, within whatever units."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        member: Member = request.member  # type: ignore[attr-defined]
        return view(request, *args, **kwargs) if member.has_role(*READERS) else forbidden(request)

    return guarded


def get_case(request: HttpRequest, number: int) -> Case:
    """The case of that number with all that its page shows, if the member sees it; else 404."""
    seen = visible.cases(request.member).filter(number=number)  # type: ignore[attr-defined]
    return get_object_or_404(seen.select_related(*_WITH).prefetch_related("customer__identities"))
