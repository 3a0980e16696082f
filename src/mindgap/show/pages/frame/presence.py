"""Who is asking, and for which organization: set on every request, before any page sees it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from mindgap.keep.models import Member

Handler = Callable[[HttpRequest], HttpResponse]

# Paths that need no member: signing in and out, the first link, languages, files of the pages themselves, and what
# customers and calendar programs open with a token of their own.
_OPEN = ("/account/", "/welcome/", "/language/", "/static/", "/health", "/k/", "/calendar/")


class Presence:
    """Sets `request.member` and `request.organization`, or sends the person to sign in."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked: Any = request
        asked.member = asked.organization = None
        if request.path.startswith(_OPEN):
            return self._handler(request)
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        member = _member(request)
        if member is None:
            return render(request, "account/no_member.html", status=403)
        asked.member, asked.organization = member, member.organization
        return self._handler(request)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    address = f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        # A fragment must not be filled with the sign-in page.
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _member(request: HttpRequest) -> Member | None:
    """The membership that the address or the session names, else the first, real organizations before the sample.

    Links in messages name theirs (`in`), and whoever follows one stays there.
    """
    members = list(
        Member.objects.filter(user=request.user, is_active=True)  # type: ignore[misc]
        .select_related("organization", "unit")
        .order_by("organization__is_sample", "id")
    )
    named = next((each for each in members if each.organization.code == request.GET.get("in")), None)
    if named is not None and request.session.get("organization") != named.organization_id:
        request.session["organization"] = named.organization_id
    chosen = request.session.get("organization")
    return next((each for each in members if each.organization_id == chosen), members[0] if members else None)
