"""The board, and the page of one improvement."""

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from mindgap.act.improvement import permission, states
from mindgap.act.improvement.idle import idle
from mindgap.act.improvement.improvement import Improvement
from mindgap.act.improvement.patterns import patterns
from mindgap.act.improvement.plan import Plan
from mindgap.act.improvement.planning import today
from mindgap.ground import clock
from mindgap.ground.money import Money
from mindgap.show.pages.improvements import naming, told
from mindgap.show.words import Names, choice, moment
from mindgap.show.words.cause import CAUSES
from mindgap.show.words.number import count, number, percent

_RELATED = (
    "organization",
    "touchpoint",
    "unit",
    "promise",
    "owner__user",
    "sponsor__user",
    "created_by__user",
)
# Of what is over, so many of the latest; a board is no archive.
_LATEST = 20
_STEPS = {
    "doing": pgettext_lazy("button", "Begin"),
    "done": pgettext_lazy("button", "It is done"),
    "idea": pgettext_lazy("button", "Take it up again"),
}


def board(request: HttpRequest) -> HttpResponse:
    member = request.member  # type: ignore[attr-defined]
    rows = permission.improvements(member).select_related(*_RELATED)
    kind, mine = request.GET.get("kind", ""), request.GET.get("mine") == "1"
    if kind in naming.KINDS:
        rows = rows.filter(kind=kind)
    if mine:
        rows = rows.filter(owner=member)
    found = list(rows.exclude(state="dropped"))
    columns = [(label, [_card(each, member) for each in _in(found, held)]) for label, held in naming.COLUMNS]
    leads = member.has_role(*permission.LEADS)
    more = {
        "columns": columns,
        "is_empty": not found and not kind and not mine,
        "portfolio": _portfolio(found),
        "kinds": naming.KINDS.items(),
        "kind": kind,
        "mine": mine,
        "patterns": [_pattern(each) for each in patterns(member)] if leads else [],
        "idle": [_idle(each, member) for each in idle(member)] if leads else [],
    }
    return render(request, "improvements/page.html", more)


def improvement(request: HttpRequest, number: int) -> HttpResponse:
    return shown(request, get(request, number))


def get(request: HttpRequest, number: int) -> Improvement:
    """The improvement of that number among those that the member may see, else 404."""
    rows = permission.improvements(request.member).select_related(*_RELATED)  # type: ignore[attr-defined]
    return get_object_or_404(rows, number=number)


def shown(request: HttpRequest, found: Improvement, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of one improvement; `more` holds what went wrong with what was just tried."""
    member = request.member  # type: ignore[attr-defined]
    may = {verb: permission.may(member, verb, found) for verb in permission.VERBS}
    plan = Plan.read(found.plan) if found.plan else None
    names = Names(found.organization)
    context = {
        "improvement": found,
        "state": choice.word(naming.STATES, found.state),
        "kind": choice.word(naming.KINDS, found.kind),
        "side": choice.word(naming.SIDES, found.side),
        "origin": choice.word(naming.ORIGINS, found.origin),
        "money": _money(found),
        "plan": told.plan(plan, names) if plan else [],
        "method": choice.word(naming.METHODS, plan.method) if plan else "",
        "result": told.result(found) if found.result else [],
        "tasks": [_task(each, member, may) for each in found.tasks.select_related("owner__user")],
        "people": found.organization.members.filter(is_active=True).select_related("user")
        if may["task"]
        else [],
        "trail": told.trail(found),
        "cases": _cases(found),
        "may": may,
        **_next(found, may),
        **more,
    }
    return render(request, "improvements/improvement.html", context, status=status)


def _next(found: Improvement, may: dict[str, bool]) -> dict[str, Any]:
    """What may be done now: the buttons, and whether plan, standard and end are open."""
    following = states.following(found.state)
    is_open = found.state in states.OPEN
    return {
        "steps": [
            (code, words, found.state != "done")
            for code, words in _STEPS.items()
            if code in following and may["drop" if code == "idea" else "advance"]
        ],
        "may_plan": may["plan"] and (found.state in states.PLANNED or "agreed" in following),
        "may_standardise": may["standardise"] and "standardised" in following,
        "may_drop": may["drop"] and "dropped" in following,
        "is_open": is_open,
        "fixes_promise": found.side in ("promise", "both") and found.promise is not None,
    }


def _in(found: list[Improvement], held: tuple[str, ...]) -> list[Improvement]:
    rows = [each for each in found if each.state in held]
    return rows if set(held) <= set(states.OPEN) else sorted(rows, key=lambda each: -each.pk)[:_LATEST]


def _card(found: Improvement, member: Any) -> dict[str, Any]:
    may = permission.may(member, "advance", found)
    steps = [
        (code, _STEPS[code]) for code in states.following(found.state) if code in ("doing", "done") and may
    ]
    return {
        "improvement": found,
        "kind": choice.word(naming.KINDS, found.kind),
        "side": choice.word(naming.SIDES, found.side),
        "state": choice.word(naming.STATES, found.state),
        "is_result": found.state in states.VERDICTS,
        "is_late": found.state in states.OPEN
        and found.deadline is not None
        and found.deadline < today(found),
        "step": steps[0] if steps and found.state != "done" else None,
    }


def _portfolio(found: list[Improvement]) -> list[dict[str, str]]:
    """How the effort is split between repair, innovation and quick wins (R104)."""
    counted = Counter(each.kind for each in found)
    n = sum(counted.values())
    return [
        {
            "label": str(label),
            "n": count(counted[code]),
            "share": percent(counted[code] / n, decimals=0) if n else "–",
        }
        for code, label in naming.KINDS.items()
    ]


def _pattern(found: Any) -> dict[str, Any]:
    return {"pattern": found, "cause": choice.word(CAUSES, found.cause), "n": count(found.n)}


def _idle(found: Any, member: Any) -> dict[str, Any]:
    zone = clock.zone(member.organization.zone)
    return {"member": found.member, "last": moment.instant(found.last_at, zone) if found.last_at else ""}


def _money(found: Improvement) -> list[tuple[str, str]]:
    currency = found.currency or found.organization.currency
    pairs = ((_("Cost"), found.cost_minor), (_("Expected value"), found.value_minor))
    return [
        (label, f"{number(float(Money(minor, currency).amount), decimals=0)} {currency}")
        for label, minor in pairs
        if minor is not None
    ]


def _task(each: Any, member: Any, may: dict[str, bool]) -> dict[str, Any]:
    return {"task": each, "may_tick": may["task"] or each.owner_id == member.pk}


def _cases(found: Improvement) -> list[int]:
    return [number for number in found.source.get("numbers", []) if isinstance(number, int)]
