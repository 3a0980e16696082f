"""What the frame's templates know on every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from mindgap.keep.models import Member
from mindgap.show.pages.frame import navigation

_THEMES = ("light", "dark")


def frame(request: HttpRequest) -> dict[str, Any]:
    """Organization, member, rail, languages and theme; computed when a template asks."""
    theme = request.COOKIES.get("theme", "")
    return {
        "organization": getattr(request, "organization", None),
        "member": getattr(request, "member", None),
        "nav": lambda: navigation.entries(request),
        "memberships": lambda: _memberships(request),
        "languages": settings.LANGUAGES,
        "theme": theme if theme in _THEMES else "",
    }


def _memberships(request: HttpRequest) -> list[Member]:
    if not request.user.is_authenticated:
        return []
    members = Member.objects.filter(user=request.user, is_active=True)
    return list(members.select_related("organization").order_by("organization__is_sample", "id"))
