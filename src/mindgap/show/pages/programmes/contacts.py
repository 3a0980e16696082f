"""The ledger of contacts: who was asked and who was not, and of each decision what every step of it saw."""

from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mindgap.collect.programme.wishes import masked
from mindgap.ground import clock
from mindgap.keep import people
from mindgap.keep.incoming import Person
from mindgap.keep.models import Contact, Identity, Programme
from mindgap.show.pages.frame.permission import only
from mindgap.show.pages.programmes import READERS, naming
from mindgap.show.words import moment

_PAGE = 25


@only(*READERS)
def contacts(request: HttpRequest) -> HttpResponse:
    organization, member = request.organization, request.member  # type: ignore[attr-defined]
    asked = {name: request.GET.get(name, "").strip() for name in ("who", "outcome", "programme")}
    may_search = member.personal_data != "none"
    if not may_search:
        asked["who"] = ""
    page = Paginator(_found(organization.pk, asked), _PAGE).get_page(request.GET.get("page"))
    zone = clock.zone(organization.zone)
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "page": page,
        "rows": [_row(each, zone, member.personal_data) for each in page],
        "asked": asked,
        "may_search": may_search,
        "outcomes": naming.OUTCOMES.items(),
        "programmes": Programme.objects.filter(organization=organization),
        "kept": kept.urlencode(),
    }
    return render(request, "programmes/contacts.html", context)


def _found(organization: int, asked: dict[str, str]) -> "QuerySet[Contact]":
    rows = Contact.objects.filter(organization_id=organization).order_by("-decided_at", "-id")
    if asked["who"]:
        values = {
            asked["who"],
            *(value for _kind, value in people.identities_of(Person({"email": asked["who"]}))),
        }
        known = Identity.objects.filter(organization_id=organization, value__in=values)
        rows = rows.filter(customer_id__in=known.values("customer_id"))
    if asked["outcome"] in naming.OUTCOMES:
        rows = rows.filter(outcome=asked["outcome"])
    if asked["programme"]:
        rows = rows.filter(programme__code=asked["programme"])
    return rows.select_related("programme", "survey", "customer").prefetch_related("customer__identities")


def _row(row: Contact, zone: ZoneInfo, level: str) -> dict[str, Any]:
    return {
        "who": _who(row, level),
        "programme": row.programme or row.survey,
        "outcome": naming.word(naming.OUTCOMES, row.outcome),
        "is_sent": row.outcome == "sent",
        "until": moment.instant(row.until, zone) if row.until else "",
        "at": moment.instant(row.decided_at, zone),
        "channel": row.channel,
        "steps": [
            {"words": naming.sentence(each, zone), "passed": each["passed"]}
            for each in row.reasons
            if isinstance(each, dict) and "step" in each
        ],
    }


def _who(row: Contact, level: str) -> str:
    """The customer as far as the member may see them."""
    if row.customer is None:
        return _("nobody in particular")
    known = [each.value for each in row.customer.identities.all()]
    if level == "none" or not known:
        return _("Customer %(id)s") % {"id": row.customer_id}
    return known[0] if level == "full" else masked(known[0])
