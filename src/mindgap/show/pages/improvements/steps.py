"""Steps: small changes by a button: states, notes, tasks. Each says what went wrong and what others did meanwhile."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mindgap.act.improvement import actions
from mindgap.act.improvement.errors import ChangedMeanwhile, ImprovementProblem, NotAllowed, NotGiven, NotNow
from mindgap.act.improvement.improvement import Improvement
from mindgap.ground import clock
from mindgap.show.pages.frame.permission import forbidden
from mindgap.show.pages.improvements import naming, told
from mindgap.show.pages.improvements.view import get, shown
from mindgap.show.words import choice, moment


@require_POST
def state(request: HttpRequest, number: int) -> HttpResponse:
    """Begin, finish, standardise, drop, take up again."""
    words = request.POST.get("words", "")
    moves: dict[str, tuple[Callable[..., Any], dict[str, str]]] = {
        "doing": (actions.start, {}),
        "done": (actions.finish, {}),
        "idea": (actions.take_up, {}),
        "standardised": (actions.standardise, {"words": words}),
        "dropped": (actions.drop, {"reason": words}),
    }
    move = moves.get(request.POST.get("state", ""))
    if move is None:
        return redirect("improvement", number)
    act, more = move
    return _do(request, number, lambda found, member, seen: act(found.pk, member, version=seen, **more))


@require_POST
def note(request: HttpRequest, number: int) -> HttpResponse:
    words = request.POST.get("words", "")
    return _do(request, number, lambda found, member, _seen: actions.note(found.pk, member, words=words))


@require_POST
def add_task(request: HttpRequest, number: int) -> HttpResponse:
    def act(found: Improvement, member: Any, seen: int) -> None:
        people = found.organization.members.filter(is_active=True)
        owner = request.POST.get("owner", "")
        actions.add_task(
            found.pk,
            member,
            version=seen,
            words=request.POST.get("words", ""),
            owner=people.filter(pk=owner).first() if owner.isdigit() else None,
            due=_day(request.POST.get("due", "")),
        )

    return _do(request, number, act)


@require_POST
def tick(request: HttpRequest, number: int, task: int) -> HttpResponse:
    done = request.POST.get("done") == "1"
    return _do(
        request, number, lambda found, member, _seen: actions.tick(found.pk, member, task=task, done=done)
    )


def _do(request: HttpRequest, number: int, act: Any) -> HttpResponse:
    """Do it and go back to the page; else show the page with what went wrong, and nothing is lost."""
    found, member = get(request, number), request.member  # type: ignore[attr-defined]
    version = request.POST.get("version", "")
    seen = int(version) if version.isdigit() else -1
    try:
        act(found, member, seen)
    except NotAllowed:
        return forbidden(request)
    except ImprovementProblem as problem:
        fresh = get(request, number)
        more = {
            "fault": fault(problem),
            "meanwhile": meanwhile(problem, fresh),
            "written": request.POST.get("words", ""),
        }
        return shown(request, fresh, status=409 if isinstance(problem, ChangedMeanwhile) else 422, **more)
    messages.success(request, _("Saved."))
    return (
        redirect("improvements") if request.POST.get("next") == "board" else redirect("improvement", number)
    )


def fault(problem: ImprovementProblem) -> str:
    """What went wrong, and what is safe."""
    if isinstance(problem, ChangedMeanwhile):
        return _("Somebody else changed this improvement meanwhile. Nothing was overwritten.")
    if isinstance(problem, NotNow):
        return _("This cannot be done while it is: %(state)s.") % {
            "state": choice.word(naming.STATES, problem.state)
        }
    if isinstance(problem, NotGiven):
        words = naming.FAULTS.get((problem.field, problem.reason))
        return (
            str(words)
            if words
            else _("This field cannot be saved as it is: %(field)s.") % {"field": problem.field}
        )
    return str(problem)


def meanwhile(problem: ImprovementProblem, found: Improvement) -> list[dict[str, Any]]:
    """What others did since the page was opened."""
    if not isinstance(problem, ChangedMeanwhile):
        return []
    zone = clock.zone(found.organization.zone)
    return [
        {
            "who": str(each.by) if each.by else _("the system"),
            "what": choice.word(naming.EVENTS, each.kind),
            "words": each.words,
            "when": moment.instant(each.at, zone),
            "changes": list(told.changes(each)),
        }
        for each in problem.events
    ]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
