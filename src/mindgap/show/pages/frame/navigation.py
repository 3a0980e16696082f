"""The rail: pages that declare a place in it, found by convention."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.functional import Promise as Lazy


@dataclass(frozen=True, slots=True)
class Nav:
    """A page's place in the rail: `NAV = Nav(...)` in its `__init__`; `also` are the folders of further pages that belong to it."""

    order: int
    icon: str
    label: Lazy | str
    view: str
    roles: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@cache
def places() -> tuple[Nav, ...]:
    """Every declared place, in order."""
    return tuple(sorted(_declared(), key=lambda nav: nav.order))


def folders() -> list[str]:
    """Names of the page folders that have addresses of their own."""
    return sorted(path.parent.name for path in Path(__file__).parent.parent.glob("*/urls.py"))


def _declared() -> Iterator[Nav]:
    for name in folders():
        nav = getattr(import_module(f"mindgap.show.pages.{name}"), "NAV", None)
        if nav is not None:
            yield nav


def entries(request: HttpRequest) -> list[dict[str, object]]:
    """The rail as the template draws it, for this person and this page."""
    member = getattr(request, "member", None)
    if member is None:
        return []
    filter_query = f"?{request.GET.urlencode()}" if request.GET and request.method == "GET" else ""
    rail: list[dict[str, object]] = []
    for nav in places():
        if nav.roles and not member.has_role(*nav.roles):
            continue
        url = reverse(nav.view)
        below = [
            each for each in (url, *(f"{get_script_prefix()}{name}/" for name in nav.also)) if each != "/"
        ]
        active = request.path == url or any(request.path.startswith(each) for each in below)
        rail.append(
            {
                "url": url + (filter_query if "?" not in url else ""),
                "icon": nav.icon,
                "label": nav.label,
                "active": active,
            }
        )
    return rail
