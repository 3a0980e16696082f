"""Results: how many came back, what they said to each question, and what they wrote."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from mindgap.explain import survey as answered
from mindgap.explain.survey import Tally
from mindgap.ground.mask import without_contacts
from mindgap.keep import survey as surveys
from mindgap.keep.definition import Choice, Definition
from mindgap.keep.models import Member, Survey, SurveyVersion
from mindgap.show import words
from mindgap.show.pages.frame.permission import KEEPERS, may, only
from mindgap.show.pages.surveys import READERS
from mindgap.show.pages.surveys.draft import get_survey, head
from mindgap.show.pages.surveys.naming import STATES, language_name
from mindgap.show.pages.surveys.question import SIDES

_COMMENTS = 20


@only(*READERS)
def results(request: HttpRequest, code: str) -> HttpResponse:
    survey = get_survey(request, code)
    newest = surveys.published(survey)
    is_trial = "trials" in request.GET
    definition = _latest(survey) if is_trial else newest.read() if newest else None
    more: dict[str, Any] = {
        **head(request, survey, "results"),
        "state": STATES[survey.state],
        "standing": answered.standing(survey.pk, survey.organization_id),
        "questions": questions(survey, definition, trials=is_trial) if definition else [],
        "comments": comments(survey, definition, request.member, trials=is_trial) if definition else [],  # type: ignore[attr-defined]
        "trials": answered.trials(survey.pk),
        "is_trial": is_trial,
        "spoken": [(each, language_name(each)) for each in definition.languages] if definition else [],
        "may_change": may(request, *KEEPERS),
        "has_draft": newest is None,
    }
    return render(request, "surveys/results.html", more)


def _latest(survey: Survey) -> Definition | None:
    """What is tried: the draft, where there is one."""
    version = SurveyVersion.objects.filter(survey=survey).order_by("-number").first()
    return version.read() if version else None


def questions(survey: Survey, definition: Definition, *, trials: bool = False) -> list[dict[str, Any]]:
    """Each question that is counted, with its parts, in the words of the reader's language."""
    found: list[dict[str, Any]] = []
    for tally in answered.tallies(survey.pk, definition, trials=trials):
        if not found or found[-1]["code"] != tally.question.code:
            explore = _explore(survey, tally.question.measure)
            found.append(
                {
                    "code": tally.question.code,
                    "text": text(tally.question.text, definition),
                    "parts": [],
                    "explore": explore,
                }
            )
        found[-1]["parts"].append(
            {
                "tally": tally,
                "label": _part(tally, definition),
                "rows": _rows(tally, definition),
                "score": _score(tally),
            }
        )
    return found


def comments(
    survey: Survey, definition: Definition, member: Member, *, trials: bool = False
) -> list[dict[str, Any]]:
    """The newest words to each question for own words; of too few nobody reads any."""
    found = []
    for question, n, is_few in answered.comments(survey.pk, definition, trials=trials):
        rows = [] if is_few else list(answered.written(survey.pk, question.code, trials=trials)[:_COMMENTS])
        found.append(
            {
                "text": text(question.text, definition),
                "n": n,
                "is_few": is_few,
                "rows": [
                    {
                        "said": each.said if member.personal_data == "full" else without_contacts(each.said),
                        "row": each,
                    }
                    for each in rows
                ],
            }
        )
    return found


def text(given: dict[str, str], definition: Definition) -> str:
    """A text of the survey in the reader's language, else in the one it was written in."""
    code = get_language() or "en"
    return given.get(code) or given.get(definition.languages[0]) or next(iter(given.values()), "")


def _explore(survey: Survey, measure: str) -> str:
    if not measure or survey.touchpoint is None:
        return ""
    return reverse("touchpoint", args=[survey.touchpoint.code])


def _part(tally: Tally, definition: Definition) -> str:
    if tally.question.type == "pair":
        return str(SIDES.get(tally.part, tally.part))
    return next((_choice(row, definition) for row in tally.question.rows if row.code == tally.part), "")


def _rows(tally: Tally, definition: Definition) -> list[dict[str, Any]]:
    labels = {choice.code: _choice(choice, definition) for choice in tally.question.choices}
    return [
        {
            "label": labels.get(str(each.value))
            or (
                words.number(each.value, decimals=0)
                if isinstance(each.value, float) and each.value.is_integer()
                else str(each.value)
            ),
            "share": each,
        }
        for each in tally.shares
    ]


def _choice(choice: Choice, definition: Definition) -> str:
    return text(choice.text, definition) or choice.code


def _score(tally: Tally) -> dict[str, Any] | None:
    if tally.score is None:
        return None
    is_nps = tally.question.type == "nps"
    return {"estimate": tally.score, "is_nps": is_nps}
