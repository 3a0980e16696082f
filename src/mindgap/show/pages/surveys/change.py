"""Changes of a draft that need no form: adding, copying, moving, taking away and putting back.

They name parts by code and are done on the draft as it is now, so that two people may rearrange at the same time.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mindgap.keep.definition import TYPES, Definition, End, Quota
from mindgap.keep.models import Survey
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.surveys import arranging
from mindgap.show.pages.surveys import draft as drafts
from mindgap.show.pages.surveys.arranging import Gone, Removed
from mindgap.show.pages.surveys.draft import get_survey
from mindgap.show.pages.surveys.editor import moved_meanwhile

# What may be done, by the name of the button: the changed definition, and what the answer is made of.
Made = tuple[Definition, Any]
_LISTS = ("questions", "pages", "ends", "quotas")


@only(*KEEPERS)
@require_POST
def change(request: HttpRequest, code: str) -> HttpResponse:
    survey = get_survey(request, code)
    act = request.POST.get("act", "")
    if act == "undo":
        return _undo(request, survey)
    make = _ACTS.get(act)
    if make is None:
        return HttpResponseBadRequest("act")
    try:
        kind, item = drafts.change(survey, lambda definition: make(definition, request.POST))
    except Gone:
        messages.warning(request, _("That part is no longer there: somebody else took it away."))
        return redirect("survey_edit", survey.code)
    except drafts.DraftMoved:
        messages.warning(request, moved_meanwhile())
        return redirect("survey_edit", survey.code)
    if isinstance(item, Removed):
        request.session["survey_removed"] = {"survey": survey.code, **asdict(item)}
        return redirect("survey_edit", survey.code)
    return redirect(_back(request, survey, kind, item))


def _undo(request: HttpRequest, survey: Survey) -> HttpResponse:
    raw = dict(request.session.pop("survey_removed", {}))
    if raw.pop("survey", "") != survey.code:
        return redirect("survey_edit", survey.code)
    removed = Removed(**raw)
    drafts.change(survey, lambda definition: (arranging.restore(definition, removed), None))
    return redirect("survey_item", survey.code, removed.kind, removed.raw["code"])


def _back(request: HttpRequest, survey: Survey, kind: str, item: str) -> str:
    """The form of what was changed; a move in the list stays where one was."""
    if request.POST.get("act") in ("up", "down", "place") and request.POST.get("stay"):
        stay = request.POST["stay"]
        if stay.startswith(reverse("survey_edit", args=[survey.code])) and "\\" not in stay:
            return stay
    return (
        reverse("survey_item", args=[survey.code, kind, item])
        if item
        else reverse("survey_edit", args=[survey.code])
    )


def _add_question(definition: Definition, sent: QueryDict) -> Made:
    type_ = sent.get("type", "")
    made, code = arranging.add_question(definition, sent.get("page", ""), type_ if type_ in TYPES else "text")
    return made, ("questions", code)


def _add_page(definition: Definition, _sent: QueryDict) -> Made:
    made, code = arranging.add_page(definition)
    return made, ("pages", code)


def _add_end(definition: Definition, _sent: QueryDict) -> Made:
    code = arranging.free("end", (each.code for each in definition.ends), first=1)
    return arranging.put(definition, "ends", End(code=code, text={})), ("ends", code)


def _add_quota(definition: Definition, _sent: QueryDict) -> Made:
    code = arranging.free("quota", (each.code for each in definition.quotas), first=1)
    return arranging.put(definition, "quotas", Quota(code=code, limit=100)), ("quotas", code)


def _duplicate(definition: Definition, sent: QueryDict) -> Made:
    made, code = arranging.duplicate(definition, sent.get("code", ""))
    return made, ("questions", code)


def _remove(definition: Definition, sent: QueryDict) -> Made:
    kind = _kind(sent)
    made, removed = arranging.remove(definition, kind, sent.get("code", ""))
    return made, (kind, removed)


def _move(step: int) -> Callable[[Definition, QueryDict], Made]:
    def move(definition: Definition, sent: QueryDict) -> Made:
        kind, code = _kind(sent), sent.get("code", "")
        return arranging.move(definition, kind, code, step), (kind, code)

    return move


def _place(definition: Definition, sent: QueryDict) -> Made:
    """A question on a page; `at` is its place among the others there, the last when nothing is said."""
    code, at = sent.get("code", ""), sent.get("at", "")
    number = int(at) if at.isdecimal() and len(at) < 5 else len(definition.questions)
    return arranging.place(definition, code, page=sent.get("page", ""), at=number), ("questions", code)


def _kind(sent: QueryDict) -> str:
    kind = sent.get("kind", "questions")
    if kind not in _LISTS:
        raise Gone(kind)
    return kind


_ACTS: dict[str, Callable[[Definition, QueryDict], Made]] = {
    "add_question": _add_question,
    "add_page": _add_page,
    "add_end": _add_end,
    "add_quota": _add_quota,
    "duplicate": _duplicate,
    "remove": _remove,
    "up": _move(-1),
    "down": _move(1),
    "place": _place,
}
