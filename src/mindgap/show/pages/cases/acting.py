"""Acting on a case: each action is a small resource that is posted to, and what was typed is never lost.

Done: back to the page of the case. Not done: the page again with the form as it was typed, and why: something is
missing (422), it is not theirs (403), it does not fit by now (409), or somebody else was faster, and what they did (409).
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mindgap.act.case import actions, permission, visible
from mindgap.act.case.errors import CaseError, ChangedMeanwhile, Incomplete, NoSuchCase, NotAllowed
from mindgap.act.case.improving import improve
from mindgap.act.models import Case
from mindgap.ground import clock
from mindgap.keep.models import Member
from mindgap.show.pages.cases.access import get_case, readers
from mindgap.show.pages.cases.verbs import VERBS, Verb
from mindgap.show.pages.cases.view import Tried, shown
from mindgap.show.pages.frame.permission import forbidden

_FORBIDDEN, _UNPROCESSABLE, _CONFLICT = 403, 422, 409


def view(code: str) -> Callable[..., HttpResponse]:
    """The view of one action."""
    verb = VERBS[code]

    @require_POST
    @readers
    def act(request: HttpRequest, number: int) -> HttpResponse:
        found, member = get_case(request, number), request.member  # type: ignore[attr-defined]
        if not permission.may(member, code, found):
            return forbidden(request)
        zone = clock.zone((found.unit.zone if found.unit else "") or found.organization.zone)
        form = verb.form(request.POST, case=found, member=member, verb=code, zone=zone)
        if not form.is_valid():
            return shown(request, found, tried=Tried(code, form), status=_UNPROCESSABLE)
        try:
            _do(verb, found, member, form)
        except CaseError as problem:
            return _not_done(request, found, Tried(code, form), problem)
        messages.success(request, str(verb.done))
        return _back(request, found)

    return act


@require_POST
@readers
def decide(request: HttpRequest, number: int, remedy: int, verdict: str) -> HttpResponse:
    """Approve or refuse a remedy that was asked for."""
    found, member = get_case(request, number), request.member  # type: ignore[attr-defined]
    action = {"approval": actions.approve, "refusal": actions.refuse}.get(verdict)
    if action is None:
        raise Http404
    version = request.POST.get("version", "")
    try:
        action(
            found.pk, member, remedy=remedy, words=request.POST.get("words", ""),
            version=int(version) if version.isdecimal() else -1,
        )  # fmt: skip
    except CaseError as problem:
        messages.error(request, _why(problem))
        return redirect("case", number)
    messages.success(request, _("Whoever asked for it is told."))
    return redirect("case", number)


def _do(verb: Verb, found: Case, member: Member, form: Any) -> None:
    more: dict[str, Any] = {} if verb.code == "note" else {"version": form.cleaned_data["version"]}
    act = improve if verb.code == "improve" else getattr(actions, verb.code)
    act(found.pk, member, **more, **form.said())


def _not_done(request: HttpRequest, found: Case, tried: Tried, problem: CaseError) -> HttpResponse:
    if isinstance(problem, NoSuchCase):
        raise Http404 from problem
    number = found.number
    if isinstance(problem, Incomplete):
        name = {"cost_minor": "cost"}.get(problem.field, problem.field)
        tried.form.add_error(name if name in tried.form.fields else None, _why(problem))
        return shown(request, get_case(request, number), tried=tried, status=_UNPROCESSABLE)
    fresh = get_case(request, number)
    since = problem.since if isinstance(problem, ChangedMeanwhile) else ()
    # What was typed stays, and goes by what is shown now: whoever sends it again has seen it.
    typed = {**request.POST.dict(), "version": str(fresh.version)}
    again = type(tried.form)(
        typed, case=fresh, member=tried.form.member, verb=tried.verb, zone=tried.form.zone
    )
    status = _FORBIDDEN if isinstance(problem, NotAllowed) else _CONFLICT
    return shown(request, fresh, tried=Tried(tried.verb, again, since, _why(problem)), status=status)


def _back(request: HttpRequest, found: Case) -> HttpResponse:
    """To the case, or to the queue where it is not the member's to see any more."""
    is_seen = visible.cases(request.member).filter(pk=found.pk).exists()  # type: ignore[attr-defined]
    return redirect("case", found.number) if is_seen else redirect("cases")


_INCOMPLETE = {
    ("owner", "cannot_see"): lambda: _("Choose somebody who works on cases of this unit."),
    ("into", "unknown"): lambda: _("There is no other case of that number."),
    ("into", "other_customer"): lambda: _("Only cases of the same customer are one case."),
    ("into", "over"): lambda: _("That case has ended; merge into one that goes on."),
    ("due", "past"): lambda: _("Promise something that is still to come."),
}


def _why(problem: CaseError) -> str:
    """What happened and what to do, in the language of the page."""
    if isinstance(problem, ChangedMeanwhile):
        return _(
            "Somebody else was faster. Nothing of yours was done; read what changed and send it again if it still holds."
        )
    if isinstance(problem, Incomplete):
        return _INCOMPLETE.get((problem.field, problem.code), lambda: _("Something is missing here."))()
    if isinstance(problem, NotAllowed):
        return _("This is not yours to decide.")
    return _("This does not fit the state of the case any more. Nothing was done.")
