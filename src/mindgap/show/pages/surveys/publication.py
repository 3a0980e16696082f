"""Publishing a draft, closing and reopening, and the versions there are."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mindgap.keep import survey as surveys
from mindgap.keep.definition import Definition
from mindgap.keep.models import SurveyVersion
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.surveys import draft as drafts
from mindgap.show.pages.surveys import problem
from mindgap.show.pages.surveys.draft import get_survey, head, opened


@only(*KEEPERS)
def versions(request: HttpRequest, code: str) -> HttpResponse:
    """Every version, the newest first: who published it when, and what changed since the one before."""
    survey = get_survey(request, code)
    rows = (
        SurveyVersion.objects.filter(survey=survey).select_related("published_by__user").order_by("-number")
    )
    found = list(rows)
    lines = [
        {"version": each, "is_draft": each.state == surveys.DRAFT, "changed": changed(before, each.read())}
        for each, before in zip(found, [*(row.read() for row in found[1:]), None], strict=True)
    ]
    there = next((each for each in found if each.state == surveys.DRAFT), None)
    told: list[problem.Line] = []
    if there:
        told = problem.lines(drafts.proofread(drafts.Draft(survey, there, there.read())), survey.code)
    more = {
        **head(request, survey, "versions"),
        "lines": lines,
        "draft": there,
        "errors": [each for each in told if each.is_error],
        "warnings": [each for each in told if not each.is_error],
    }
    return render(request, "surveys/versions.html", more)


@only(*KEEPERS)
@require_POST
def publish(request: HttpRequest, code: str) -> HttpResponse:
    survey = get_survey(request, code)
    digest = request.POST.get("digest") or opened(survey).version.digest
    try:
        made = surveys.publish(survey, request.member, expected_digest=digest)  # type: ignore[attr-defined]
    except surveys.NotPublishable:
        messages.error(request, _("It cannot be published yet: mend what is listed as an error first."))
    except surveys.DraftMoved:
        messages.warning(
            request, _("Somebody else changed the draft meanwhile. Look at it once more, then publish.")
        )
    else:
        messages.success(
            request, _("Version %(number)s is live: whoever begins now gets it.") % {"number": made.number}
        )
    return redirect("survey_versions", survey.code)


@only(*KEEPERS)
@require_POST
def close(request: HttpRequest, code: str) -> HttpResponse:
    survey = get_survey(request, code)
    surveys.close(survey)
    messages.success(request, _("The survey is closed; what was answered stays."))
    return redirect("survey_versions", survey.code)


@only(*KEEPERS)
@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    survey = get_survey(request, code)
    try:
        surveys.reopen(survey)
        messages.success(request, _("The survey takes answers again."))
    except surveys.NotPublishable:
        messages.error(request, _("No version was published yet."))
    return redirect("survey_versions", survey.code)


def changed(before: Definition | None, after: Definition) -> list[str]:
    """What is different from the version before, in a few sentences."""
    if before is None:
        count = len(after.questions)
        return [ngettext("%(count)d question", "%(count)d questions", count) % {"count": count}]
    old = {each.code: each for each in before.questions}
    new = {each.code: each for each in after.questions}
    found: list[str] = []
    for sentence, codes in (
        (_("added: %(codes)s"), [code for code in new if code not in old]),
        (_("removed: %(codes)s"), [code for code in old if code not in new]),
        (_("changed: %(codes)s"), [code for code in new if code in old and new[code] != old[code]]),
    ):
        if codes:
            found.append(sentence % {"codes": _(", ").join(codes)})
    if [each for each in new if each in old] != [each for each in old if each in new]:
        found.append(_("another order"))
    if set(after.languages) != set(before.languages):
        found.append(_("languages: %(codes)s") % {"codes": _(", ").join(after.languages)})
    found += [_("other parts changed")] if _rest(before) != _rest(after) else []
    return found or [_("nothing changed")]


def _rest(definition: Definition) -> tuple[Any, ...]:
    pages = [(page.code, page.title, page.show_if, page.branches, page.shuffle) for page in definition.pages]
    return (
        definition.title, pages, definition.ends, definition.quotas, definition.hidden, definition.theme,
        definition.intro, definition.notice, definition.notice_full,
    )  # fmt: skip
