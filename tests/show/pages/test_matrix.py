"""Every address of the office × who must not see it, made from the addresses themselves, so that none is forgotten (C2)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from mindgap.act.models import (
    Alert,
    AlertRule,
    Audit,
    AuditItem,
    Calendar,
    Case,
    Improvement,
    Notice,
    Playbook,
    Remedy,
    Task,
)
from mindgap.collect import key as keys
from mindgap.collect.models import ImportRun, RememberedMapping, SendingAccount, WidgetSite
from mindgap.keep import definition
from mindgap.keep import survey as surveys
from mindgap.keep.models import (
    Link,
    Member,
    Occurrence,
    Organization,
    Programme,
    Promise,
    Quarantine,
    Survey,
    Touchpoint,
    Unit,
)

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
# What is another at every request: tokens against forged forms, nonces.
_VARYING = re.compile(r'(?:csrfmiddlewaretoken" value="|nonce="|X-CSRFToken": ?")[^"]*"')
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


@pytest.fixture
def people(ann: Client, bo: Client, chen: Client, dora: Client) -> dict[str, Client]:
    return {"ann": ann, "bo": bo, "chen": chen, "dora": dora}


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


def _with(known: Mapping[str, object], route: str) -> str:
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(known[found[1]]), route)


@dataclass(frozen=True)
class Asked:
    """What came of a request: the page without what differs at every request, and the statements that it took."""

    status: int
    body: str
    statements: int

    @classmethod
    def of(cls, client: Client, method: str, route: str, known: Mapping[str, object]) -> "Asked":
        path = _with(known, route)
        with CaptureQueriesContext(connection) as seen:
            reply = getattr(client, method)(path)
        body = reply.content.decode(errors="replace") if not reply.streaming else "a file"
        place = reply.headers.get("location", "")
        for each in known.values():
            place = place.replace(f"/{each}/", "/…/")
        return cls(reply.status_code, _VARYING.sub("", f"{place} {body}".replace(path, "")), len(seen))


@pytest.fixture
def things(organization: Organization, people: dict[str, Client]) -> dict[str, dict[str, object]]:
    """One thing of each kind, of the south where it has a place: beginning of an address -> what fills it in."""
    mine: dict[str, Any] = {"organization": organization}
    south = Unit.objects.get(organization=organization, code="south-1")
    touchpoint = Touchpoint.objects.get(organization=organization, code="checkout")
    survey = Survey.objects.create(**mine, code="theirs", name={"en": "Theirs"})
    asked = {
        "title": {"en": "V"},
        "pages": [{"code": "p1", "questions": [{"code": "q1", "type": "nps", "text": {"en": "?"}}]}],
    }
    surveys.save_draft(survey, definition.read(asked), expected_digest=surveys.draft(survey).digest)
    place = Link.objects.create(survey=survey, unit=south)
    Programme.objects.create(**mine, survey=survey, code="asking", name={"en": "Theirs"}, channels=["email"])
    account = SendingAccount.objects.create(**mine, channel="smtp", name="Mail", way="email")
    case = Case.objects.create(**mine, number=7001, title="Theirs", unit=south, touchpoint=touchpoint)
    remedy = Remedy.objects.create(case=case, kind="voucher", currency="CNY", state="asked")
    rule = AlertRule.objects.create(**mine, code="their-rule", name={"en": "Theirs"}, trigger="answer")
    alert = Alert.objects.create(
        **mine, rule=rule, event="answer:x", subject="x", severity="high", unit=south, touchpoint=touchpoint
    )
    notice = Notice.objects.create(**mine, alert=alert, kind="alert", key="k", account=account)
    better = Improvement.objects.create(**mine, number=7002, title="Theirs", unit=south)
    task = Task.objects.create(improvement=better, words="Theirs")
    audit = Audit.objects.create(**mine, kind="courted", name="Theirs", scope={"units": ["south-1"]})
    item = AuditItem.objects.create(audit=audit, subject="touchpoint:checkout")
    Playbook.objects.create(**mine, code="their-playbook", name={"en": "Theirs"})
    promise = Promise.objects.get(organization=organization)
    said = Occurrence.objects.filter(promise=promise).first()
    assert said
    site = WidgetSite.objects.create(**mine, name="Theirs")
    calendar = Calendar.objects.create(**mine, code="their-hours", name={"en": "Theirs"})
    key = keys.make(organization.pk, "till")[0]
    mapping = RememberedMapping.objects.create(**mine)
    run = ImportRun.objects.create(**mine, mapping=mapping, name="theirs.csv", file="x")
    held = Quarantine.objects.create(**mine, kind="answer", source="test", reason="unreadable", words="?")
    ann = Member.objects.get(organization=organization, name="Ann")
    return {
        "alerts/": {"number": alert.pk, "notice": notice.pk},
        "alerts/rules/": {"code": "their-rule"},
        "audits/": {"pk": audit.pk, "number": item.pk},
        "cases/": {"number": 7001, "remedy": remedy.pk},
        "import/quarantine/": {"pk": held.pk},
        "import/runs/": {"pk": run.pk},
        "improvements/": {"number": 7002, "task": task.pk},
        "playbooks/": {"code": "their-playbook"},
        "programmes/": {"code": "asking"},
        "promises/": {"code": promise.code, "pk": said.pk},
        "settings/entries/": {"pk": south.pk},
        "settings/hours/": {"pk": calendar.pk},
        "settings/keys/": {"pk": key.pk},
        "settings/members/": {"pk": ann.pk},
        "settings/sending/": {"pk": account.pk},
        "surveys/": {"code": "theirs", "survey": "theirs", "short": place.short},
        "touchpoints/": {"code": "delivery"},
        "widget/": {"pk": site.pk},
    }


# Parameters that choose among what there is for everybody.
USUAL = {
    "kind": "unit", "way": "email", "language": "en", "layout": "wide", "form": "xlsx", "verdict": "approval",
    "channel": "smtp", "section": "units", "item": "q1", "place": "0",
}  # fmt: skip
# Addresses with a key of their own, or without a thing that is somebody's.
NOBODYS = ("k/", "calendar/", "explore/download/", "import/files/", "settings/<slug:section>/")


@pytest.mark.parametrize("who", ["chen", "bo", "dora"])
def test_what_one_may_not_see_answers_as_what_does_not_exist(
    things: dict[str, dict[str, object]], people: dict[str, Client], who: str
) -> None:
    """C2: another company, another unit, another role: same status, same page, as many statements as for a made-up id."""
    client, different, refused, readable = people[who], {}, 0, set()
    for route in sorted(
        {each for each in routes() if _PARAMETER.search(each) and not each.startswith(NOBODYS)}
    ):
        owner = max((each for each in things if route.startswith(each)), key=len)
        if owner in readable:
            # That they may not change what they may read tells them nothing.
            continue
        usual = USUAL | ({"kind": "invitation"} if "words/" in route else {})
        there, gone = (usual | known for known in (things[owner], _made_up(things[owner])))
        # Whoever may not look may not change either, by the same check: one method for each address is enough.
        method = "get"
        thing = Asked.of(client, method, route, there)
        if thing.status == 405:
            method = "post"
            thing = Asked.of(client, method, route, there)
        if who != "chen" and thing.status not in (403, 404):
            readable.add(owner)
            continue
        refused += 1
        nothing = Asked.of(client, method, route, gone)
        if nothing != thing:
            seen = (each.status for each in (nothing, thing))
            different[f"{method} {route}"] = (*seen, nothing.statements, thing.statements)
    assert refused > {"chen": 80, "bo": 40, "dora": 30}[who]
    assert different == {}, "\n".join(f"{k} {v}" for k, v in different.items())


def _made_up(known: Mapping[str, object]) -> dict[str, object]:
    return {name: 987654 if isinstance(each, int) else "nothing-here" for name, each in known.items()}


def test_every_page_has_its_place_in_the_rail_and_fields_that_browsers_read(
    things: dict[str, dict[str, object]], people: dict[str, Client]
) -> None:
    """R36: whoever stands on a page sees where that is; Django's row of dashes says nothing in any language, and
    a day that is written as people write it leaves the browser's field empty.
    """
    lost, dashes, days, seen = [], [], [], 0
    people["ann"].cookies["django_language"] = "zh-hans"
    for route in sorted({each for each in routes() if not each.startswith(NOBODYS)}):
        owners = [each for each in things if route.startswith(each)]
        known = USUAL | (things[max(owners, key=len)] if owners else {})
        reply = people["ann"].get(_with(known, route))
        if reply.status_code != 200 or not reply.headers["content-type"].startswith("text/html"):
            continue
        page = reply.content.decode()
        if "<nav" not in page:
            # A part of a page, or what is shown in a frame.
            continue
        seen += 1
        if not re.search(r'class="rail-link"[^>]*aria-current="page"', page):
            lost.append(route)
        if "---------" in page:
            dashes.append(route)
        written = re.findall(r'<input[^>]*type="date"[^>]*>', page)
        if any("value=" in each and not re.search(r'value="\d{4}-\d\d-\d\d"', each) for each in written):
            days.append(route)
    assert seen > 60
    assert days == []
    assert lost == []
    assert dashes == []
