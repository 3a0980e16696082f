"""The page of one case: what happened, how long it has taken, what may be done, and what was done."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mindgap.act.case import permission
from mindgap.act.case.remedies import ASKED, room
from mindgap.act.models import Case, CaseEvent
from mindgap.act.playbook.suggest import suggest
from mindgap.ground import clock
from mindgap.ground.money import Money
from mindgap.keep.models import Member
from mindgap.show.pages.cases import clocks, naming, personal, spans, story, trail, verbs
from mindgap.show.pages.cases.access import get_case, readers
from mindgap.show.pages.cases.forms import CaseForm
from mindgap.show.words import cause, moment
from mindgap.show.words.number import percent, reader


@dataclass(frozen=True, slots=True)
class Tried:
    """An action that was not done: its form with the words as they were typed, and what others did meanwhile."""

    verb: str
    form: CaseForm
    since: tuple[CaseEvent, ...] = ()
    fault: str = ""


@require_safe
@readers
def case(request: HttpRequest, number: int) -> HttpResponse:
    return shown(request, get_case(request, number))


def shown(
    request: HttpRequest, found: Case, *, tried: Tried | None = None, status: int = 200
) -> HttpResponse:
    """The page of a case, with what was tried in vain standing where it was typed."""
    member: Member = request.member  # type: ignore[attr-defined]
    zone = clock.zone((found.unit.zone if found.unit else "") or found.organization.zone)
    now = clock.now()
    page = f"{settings.SITE_URL}{reverse('follow', args=[found.token])}"
    events = list(found.events.select_related("by__user"))
    context = {
        "case": found,
        "who": personal.name(found.customer, member),
        "ways": personal.ways(found.customer, member, page=page),
        "their_page": page if member.personal_data == "full" else "",
        "head": _head(found, now),
        "story": story.tell(found, member, zone),
        "clocks": clocks.faces(found, events, zone, now),
        "suggestions": _suggestions(found),
        "room": _room(found, member),
        "remedies": _remedies(found, member),
        "actions": _actions(found, member, zone, tried),
        "trail": trail.entries(events, member, zone),
        "meanwhile": [trail.entry(each, member, zone) for each in tried.since] if tried else [],
        "fault": tried.fault if tried else "",
        "recovery_due": moment.instant(found.recovery_due, zone) if found.recovery_due else "",
        "apologised": moment.instant(found.apologized_at, zone) if found.apologized_at else "",
    }
    return render(request, "cases/case.html", context, status=status)


def _head(found: Case, now: Any) -> dict[str, Any]:
    return {
        "state": naming.word(naming.STATES, found.state),
        "level": naming.word(naming.LEVELS, str(found.level)) if found.level else "",
        "due": spans.due(found.due_at, now) if found.due_at else "",
        "is_overdue": found.due_at is not None and found.due_at < now,
        "outcome": naming.word(naming.OUTCOMES, found.outcome) if found.outcome else "",
        "severity": naming.word(cause.SEVERITIES, found.severity) if found.severity else "",
        "fault": naming.word(naming.FAULTS, found.fault) if found.severity else "",
        "cause": naming.word(cause.CAUSES, found.cause),
    }


def _actions(found: Case, member: Member, zone: Any, tried: Tried | None) -> list[dict[str, Any]]:
    fitting = verbs.fitting(found, lambda verb: permission.may(member, verb, found))
    return [
        verbs.named(
            verb,
            form=tried.form if tried and tried.verb == verb.code else _form(verb, found, member, zone),
            is_open=(tried.verb == verb.code) if tried else verb.code == verbs.NEXT.get(found.state),
        )
        for verb in fitting
    ]


def _form(verb: verbs.Verb, found: Case, member: Member, zone: Any) -> CaseForm:
    return verb.form(case=found, member=member, verb=verb.code, zone=zone)


def _suggestions(found: Case) -> list[dict[str, Any]]:
    """Playbooks that fit, with what they led to here; the rule's own first."""
    rows = suggest(
        found.organization,
        touchpoint=found.touchpoint,
        cause=found.cause,
        topic=found.topic,
        severity=found.severity,
    )
    rows.sort(key=lambda each: each.playbook.pk != found.playbook_id)
    return [
        {
            "name": str(each.playbook),
            "steps": each.in_language(reader()),
            "is_chosen": each.playbook.pk == found.playbook_id,
            "share": percent(each.recovered.share) if each.recovered else "",
            "low": percent(each.recovered.low) if each.recovered else "",
            "high": percent(each.recovered.high) if each.recovered else "",
            "n": each.recovered.n if each.recovered else 0,
        }
        for each in rows
    ]


def _room(found: Case, member: Member) -> dict[str, str] | None:
    """What the member may still give in this case; nothing where they may give nothing at all."""
    if not found.is_open or not permission.may(member, "remedy", found):
        return None
    left = room(member, found)
    return {
        "case": _money(left.in_case, found.organization.currency),
        "month": _money(left.in_month, found.organization.currency),
    }


def _money(minor: int | None, currency: str) -> str:
    return "" if minor is None else f"{Money(minor, currency).amount} {currency}"


def _remedies(found: Case, member: Member) -> list[dict[str, Any]]:
    may_decide = permission.may(member, "approve", found)
    return [
        {
            "id": each.pk,
            "kind": naming.word(naming.REMEDIES, each.kind),
            "words": each.words,
            "cost": _money(each.cost_minor, each.currency),
            "by": each.by,
            "approved_by": each.approved_by,
            "state": naming.word(naming.REMEDY_STATES, each.state),
            "is_asked": each.state == ASKED,
            "may_decide": may_decide and each.state == ASKED and each.by_id != member.pk,
        }
        for each in found.remedies.select_related("by__user", "approved_by__user")
    ]
