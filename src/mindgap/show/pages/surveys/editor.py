"""The editor: the outline of a draft, the form of one part of it, and what changes its order.

A part that somebody else changed while one wrote is shown with both (409); nothing of either is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mindgap.keep.definition import Definition
from mindgap.keep.models import Survey
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.surveys import arranging, outline, problem
from mindgap.show.pages.surveys import draft as drafts
from mindgap.show.pages.surveys.arranging import Gone
from mindgap.show.pages.surveys.draft import Draft, get_survey, head, opened
from mindgap.show.pages.surveys.frame_parts import (
    EndForm,
    HiddenForm,
    PageForm,
    QuotaForm,
    ThemeForm,
    WholeForm,
    token_of,
)
from mindgap.show.pages.surveys.naming import types
from mindgap.show.pages.surveys.part import PartForm
from mindgap.show.pages.surveys.question import QuestionForm


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of part: its form, how it is found, and how it is put back."""

    form: type[PartForm]
    find: Callable[[Definition, str], Any]
    put: Callable[[Definition, str, Any], Definition]


def _listed(form: type[PartForm], name: str) -> Kind:
    return Kind(
        form,
        lambda definition, code: arranging.find(getattr(definition, name), code),
        lambda definition, code, value: arranging.put(definition, name, value, code=code),
    )


def _field(form: type[PartForm], name: str) -> Kind:
    return Kind(
        form,
        lambda definition, _code: getattr(definition, name),
        lambda definition, _code, value: msgspec.structs.replace(definition, **{name: value}),
    )


PARTS = {
    "questions": Kind(
        QuestionForm,
        lambda definition, code: arranging.find(definition.questions, code),
        lambda definition, code, value: arranging.with_question(definition, value, code=code),
    ),
    "pages": _listed(PageForm, "pages"),
    "ends": _listed(EndForm, "ends"),
    "quotas": _listed(QuotaForm, "quotas"),
    "hidden": _field(HiddenForm, "hidden"),
    "theme": _field(ThemeForm, "theme"),
    "whole": Kind(WholeForm, lambda definition, _code: definition, lambda _definition, _code, value: value),
}
_WITH_CODE = ("questions", "pages", "ends", "quotas")


@only(*KEEPERS)
def edit(request: HttpRequest, code: str, kind: str = "", item: str = "") -> HttpResponse:
    """The outline with the form of one part; POST saves the part."""
    survey = get_survey(request, code)
    if kind and (kind not in PARTS or (kind in _WITH_CODE) != bool(item)):
        raise Http404
    if request.method == "POST" and kind:
        return _save(request, survey, kind, item)
    there = opened(survey)
    if not kind:
        return _page(request, there)
    try:
        value = PARTS[kind].find(there.definition, item)
    except Gone:
        raise Http404 from None
    form = PARTS[kind].form(value=value, place=drafts.place(there))
    return _page(request, there, kind=kind, item=item, form=form)


def _save(request: HttpRequest, survey: Survey, kind: str, item: str) -> HttpResponse:
    part = PARTS[kind]
    for _try in range(5):
        there = opened(survey)
        try:
            value = part.find(there.definition, item)
        except Gone:
            return _gone(request, there, item)
        form = part.form(request.POST, value=value, place=drafts.place(there))
        if request.POST.get("was") != token_of(value):
            return _conflict(request, there, kind, item, value)
        if not form.is_valid():
            return _page(request, there, kind=kind, item=item, form=form)
        made = part.put(there.definition, item, form.made())
        try:
            drafts.surveys.save_draft(survey, made, expected_digest=there.version.digest)
        except drafts.DraftMoved:
            continue
        return redirect(f"{_url(survey, kind, item)}?saved=1")
    return _conflict(request, there, kind, item, value)


def _conflict(request: HttpRequest, there: Draft, kind: str, item: str, value: Any) -> HttpResponse:
    """Both: what stands there now, and the form with what was written."""
    sent = request.POST.copy()
    sent["was"] = token_of(value)
    place = drafts.place(there)
    mine = PARTS[kind].form(sent, value=value, place=place)
    theirs = PARTS[kind].form(value=value, place=place)
    return _page(request, there, kind=kind, item=item, form=mine, theirs=theirs, status=409)


def _gone(request: HttpRequest, there: Draft, item: str) -> HttpResponse:
    hidden = ("csrfmiddlewaretoken", "was", "go")
    written = [
        (name, text)
        for name in request.POST
        if name not in hidden
        for text in request.POST.getlist(name)
        if text
    ]
    return _page(request, there, item=item, written=written, status=409)


def _page(
    request: HttpRequest,
    there: Draft,
    *,
    kind: str = "",
    item: str = "",
    form: PartForm | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    survey = there.survey
    found = problem.lines(drafts.proofread(there), survey.code)
    undone = request.session.get("survey_removed", {})
    context = {
        **head(request, survey, "edit"),
        "definition": there.definition,
        "outline": outline.pages(there, kind=kind, item=item, problems=found),
        "beside": outline.beside(there, kind=kind, item=item),
        "problems": found,
        "here": [each for each in found if item and each.where == item],
        "kind": kind,
        "item": item,
        "form": form,
        "title": outline.title(there.definition, kind, item),
        "groups": types(),
        "action": _url(survey, kind, item) if kind else "",
        "removed": undone if undone.get("survey") == survey.code else None,
        "is_saved": "saved" in request.GET and request.method == "GET",
        **more,
    }
    return render(request, "surveys/edit.html", context, status=status)


def _url(survey: Survey, kind: str, item: str) -> str:
    if item:
        return reverse("survey_item", args=[survey.code, kind, item])
    return reverse("survey_part", args=[survey.code, kind])


def moved_meanwhile() -> str:
    """What is said when others save faster than one can."""
    return _("Somebody else is changing the survey right now. Nothing was changed; try again.")
