"""The customer's page of a case, by a token that only they have: no sign-in, no cookie, and looking changes nothing."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from mindgap.act.case import follow as following
from mindgap.act.case.errors import CaseError, Incomplete, NoSuchCase, NotAllowed, TooOften
from mindgap.act.case.follow import Standing
from mindgap.ground import clock, language
from mindgap.keep.models import Answer
from mindgap.show.pages.follow import naming
from mindgap.show.words import moment

_THANKS = ("reply", "confirmation")


@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    return _page(request, token, said=request.GET.get("said", ""))


# Whoever knows the token is the customer: no cookie stands for them that another site could misuse.
@csrf_exempt
@require_POST
def reply(request: HttpRequest, token: str) -> HttpResponse:
    words = request.POST.get("words", "")
    try:
        _be_the_customer(request)
        following.reply(token, words)
    except CaseError as problem:
        return _not_done(request, token, problem, reply_words=words)
    return _done(request, token, "reply")


@csrf_exempt
@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    recovered, words = request.POST.get("recovered", ""), request.POST.get("words", "")
    typed = {"recovered": recovered, "confirm_words": words}
    try:
        _be_the_customer(request)
        if recovered not in ("yes", "no"):
            raise Incomplete("recovered", "missing", "choose yes or no")
        following.confirm(token, recovered == "yes", words)
    except CaseError as problem:
        return _not_done(request, token, problem, **typed)
    return _done(request, token, "confirmation")


def _be_the_customer(request: HttpRequest) -> None:
    """Whoever is signed in works here: they do not speak for the customer, least of all that all is well."""
    if request.user.is_authenticated:
        raise NotAllowed("confirm")


def _page(
    request: HttpRequest,
    token: str,
    *,
    said: str = "",
    status: int = 200,
    problem: CaseError | None = None,
    **typed: str,
) -> HttpResponse:
    try:
        standing = following.standing(token)
    except NoSuchCase:
        return _sealed(_gone(request))
    code = _language(request, standing)
    with translation.override(code):
        context = {
            **_context(standing, token),
            "language": code,
            "languages": settings.LANGUAGES,
            "thanks": naming.THANKS[said] if said in _THANKS else "",
            "fault": _why(problem) if problem else "",
            **typed,
        }
        answer = render(request, "follow/page.html", context, status=status)
    answer.headers["Content-Language"] = code
    return _sealed(answer)


def _context(standing: Standing, token: str) -> dict[str, Any]:
    zone = clock.zone(standing.organization.zone)
    first = Answer.objects.filter(cases__token=token).exclude(comment="").first()
    return {
        "token": token,
        "company": str(standing.organization),
        "state": naming.state(standing),
        "place": str(standing.touchpoint) if standing.touchpoint else "",
        "since": moment.instant(standing.opened_at, zone),
        "words": first.comment if first else "",
        "words_language": first.language if first else "",
        "said": [
            {
                "when": moment.instant(each.at, zone),
                "words": each.words,
                "kind": each.kind,
                "title": naming.SAID[each.kind],
            }
            for each in standing.said
            if each.kind != "promise"
        ],
        "given": [naming.given(each) for each in standing.given],
        "promise": standing.recovery_promise,
        "promise_due": moment.instant(standing.recovery_due, zone) if standing.recovery_due else "",
        "promise_kept": standing.recovery_kept,
        "asks": standing.is_asked,
        "is_open": standing.is_open,
    }


def _language(request: HttpRequest, standing: Standing) -> str:
    """The language that was chosen, else the customer's, else the browser's."""
    known = dict(settings.LANGUAGES)
    wanted = language.canonical(request.GET.get("lang", ""))
    if wanted in known:
        return wanted
    own = language.canonical(standing.language) if standing.language else ""
    return own if own in known else language.canonical(translation.get_language() or language.DEFAULT)


def _done(request: HttpRequest, token: str, said: str) -> HttpResponse:
    chosen = language.canonical(request.GET.get("lang", ""))
    kept = f"lang={chosen}&" if chosen in dict(settings.LANGUAGES) else ""
    answer = redirect(f"{reverse('follow', args=[token])}?{kept}said={said}")
    answer.status_code = 303
    return _sealed(answer)


def _not_done(request: HttpRequest, token: str, problem: CaseError, **typed: str) -> HttpResponse:
    known = {TooOften: 429, Incomplete: 422, NotAllowed: 403}
    status = next((code for kind, code in known.items() if isinstance(problem, kind)), 409)
    return _page(request, token, status=status, problem=problem, **typed)


def _why(problem: CaseError) -> str:
    if isinstance(problem, TooOften):
        return _(
            "You wrote very often within the hour. Nothing is lost of what you sent before; please wait a little."
        )
    if isinstance(problem, Incomplete):
        return (
            _("Please choose yes or no.")
            if problem.field == "recovered"
            else _("Please write a word or two first.")
        )
    if isinstance(problem, NotAllowed):
        return _("You are signed in as a member. Only the customer answers here; nothing was kept.")
    return _("This has been answered already.")


def _gone(request: HttpRequest) -> HttpResponse:
    code = language.canonical(translation.get_language() or language.DEFAULT)
    return render(request, "follow/gone.html", {"language": code}, status=404)


def _sealed(answer: HttpResponse) -> HttpResponse:
    """Nobody keeps a copy, no search engine lists it, and the address with its token is told to no other site."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
