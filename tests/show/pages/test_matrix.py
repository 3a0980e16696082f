"""Every address of the office × who must not see it, made from the addresses themselves, so that none is forgotten (C2)."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from mindgap.keep.models import Link, Member, Organization, Programme, Promise, Survey, Touchpoint, Unit

# Where somebody signs in, or comes with a key of their own.
OPEN = ("account/", "health", "follow/", "language/", "welcome/")
# A converter of Django -> what stands in its place when nothing is meant.
NOTHING = {
    "int": "987654",
    "str": "nothing-here",
    "slug": "nothing-here",
    "uuid": "0192f0c1-7c2e-7b3a-9d5e-3f1f6a2b4c5d",
    "path": "x",
}
_PARAMETER = re.compile(r"<(?:(\w+):)?\w+>")
# An address of one's own organization, or the way to where one signs in, or none: nothing of anybody's is in these.
EMPTY = (301, 302, 400, 403, 404, 405, 410)


def routes() -> Iterator[str]:
    def under(resolver: URLResolver, before: str) -> Iterator[str]:
        for each in resolver.url_patterns:
            here = before + str(each.pattern)
            if isinstance(each, URLPattern):
                yield here
            else:
                yield from under(each, here)

    for each in under(get_resolver(), ""):
        if not each.startswith(OPEN) and "^" not in each and "(" not in each:
            yield each


def filled(route: str, *, number: str = "", code: str = "") -> str:
    def fill(found: re.Match[str]) -> str:
        kind = found[1] or "str"
        return (number if kind == "int" else code if kind in ("str", "slug") else "") or NOTHING[kind]

    return "/" + _PARAMETER.sub(fill, route)


def test_there_are_routes_to_try() -> None:
    assert len(set(routes())) > 60


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_who_has_not_signed_in_sees_or_changes_anything(
    organization: Organization, client: Client, method: str
) -> None:
    seen = {}
    for route in sorted(set(routes())):
        reply = getattr(client, method)(filled(route, number="1", code="delivery"))
        is_sent_away = reply.status_code in (301, 302) and "/account/" in reply.headers.get("location", "")
        if not is_sent_away and reply.status_code not in (401, 403, 404, 405):
            seen[route] = reply.status_code
    assert seen == {}


def test_members_of_another_organization_find_what_they_would_find_at_a_made_up_address(
    organization: Organization, chen: Client
) -> None:
    """The same status, whether a thing of others or nothing at all is asked for."""
    survey = Survey.objects.create(organization=organization, code="theirs", name={"en": "Theirs"})
    place = Link.objects.create(survey=survey)
    programme = Programme.objects.create(
        organization=organization, survey=survey, code="their-programme", name={"en": "Theirs"}
    )
    touchpoint = Touchpoint.objects.filter(organization=organization).first()
    promise = Promise.objects.filter(organization=organization).first()
    unit = Unit.objects.filter(organization=organization).first()
    assert touchpoint
    assert promise
    assert unit
    codes = [str(each.code) for each in (survey, programme, touchpoint, promise)]
    numbers = sorted({str(each.pk) for each in (place, unit)})
    own = Member.objects.get(name="Chen").pk
    different = {}
    for route in sorted({each for each in routes() if _PARAMETER.search(each)}):
        nothing = chen.get(filled(route))
        kinds = {found[1] or "str" for found in _PARAMETER.finditer(route)}
        for number in numbers if "int" in kinds else [""]:
            for code in codes if kinds & {"str", "slug"} else [""]:
                path = filled(route, number=number, code=code)
                if path.startswith(f"/settings/members/{own}/"):
                    continue
                reply = chen.get(path)
                if reply.status_code != nothing.status_code and reply.status_code not in EMPTY:
                    different[path] = (nothing.status_code, reply.status_code)
    assert different == {}, different
