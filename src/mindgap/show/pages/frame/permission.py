"""Who may do what: a view names the roles it is for; everybody else reads why not, and whom to ask."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mindgap.keep.models import Member

View = Callable[..., HttpResponse]

# Who may change what holds for the whole organization.
KEEPERS = ("admin", "cx_manager")


def only(*roles: str) -> Callable[[View], View]:
    """Let a view run for members with one of the roles whose scope is the whole organization."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return view(request, *args, **kwargs) if may(request, *roles) else forbidden(request)

        return guarded

    return wrap


def may(request: HttpRequest, *roles: str) -> bool:
    """Whether the person who asks has one of the roles, for the whole organization."""
    member: Member | None = getattr(request, "member", None)
    return member is not None and member.unit_id is None and member.has_role(*roles)


def forbidden(request: HttpRequest) -> HttpResponse:
    """The page that says why not, and whom to ask."""
    keepers = Member.objects.filter(organization=request.organization, is_active=True).select_related("user")  # type: ignore[attr-defined]
    names = [str(member) for member in keepers if member.has_role("admin")]
    return render(request, "frame/forbidden.html", {"admins": names}, status=403)
