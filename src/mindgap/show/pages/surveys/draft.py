"""Draft: the survey of an address with its draft, and the one way to save a change of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from mindgap.keep import proof
from mindgap.keep import survey as surveys
from mindgap.keep.definition import Definition
from mindgap.keep.models import ExpectationSource, Measure, Segment, Survey, Touchpoint, Unit
from mindgap.keep.survey import DraftMoved, SurveyVersion
from mindgap.show.pages.frame.permission import KEEPERS, may
from mindgap.show.pages.surveys.part import Place

# Two people who save in the same moment: the second looks again, and once more.
_TRIES = 5


@dataclass(slots=True)
class Draft:
    """A survey, its draft, and what it asks."""

    survey: Survey
    version: SurveyVersion
    definition: Definition
    found: tuple[proof.Problem, ...] = field(default=())


def get_survey(request: HttpRequest, code: str) -> Survey:
    """The organization's survey of that code, else 404."""
    rows = Survey.objects.filter(organization=request.organization)  # type: ignore[attr-defined]
    return get_object_or_404(rows.select_related("touchpoint", "organization"), code=code)


def head(request: HttpRequest, survey: Survey, tab: str) -> dict[str, Any]:
    """What the head of every page of a survey needs."""
    return {"survey": survey, "tab": tab, "is_keeper": may(request, *KEEPERS)}


def opened(survey: Survey) -> Draft:
    """The survey with its draft; one is made when there is none."""
    version = surveys.draft(survey)
    return Draft(survey, version, version.read())


def proofread(draft: Draft) -> tuple[proof.Problem, ...]:
    """What is wrong with the draft."""
    draft.found = proof.problems(draft.definition, proof.known(draft.survey.organization_id))
    return draft.found


def change(survey: Survey, make: Callable[[Definition], tuple[Definition, Any]]) -> Any:
    """Change the draft as it is now, again if somebody else saves in between; what `make` says besides.

    `DraftMoved` when others save faster than this for too long.
    """
    for left in range(_TRIES, 0, -1):
        there = opened(survey)
        made, told = make(there.definition)
        try:
            surveys.save_draft(survey, made, expected_digest=there.version.digest)
        except DraftMoved:
            if left == 1:
                raise
        else:
            return told
    return None


def place(draft: Draft) -> Place:
    """What the forms need to know around a part."""
    mine = {"organization": draft.survey.organization_id}
    return Place(
        draft.definition,
        measures=_named(Measure.objects.filter(**mine)),
        sources=_named(ExpectationSource.objects.filter(**mine)),
        touchpoints=_named(Touchpoint.objects.filter(**mine)),
        units=_named(Unit.objects.filter(**mine)),
        segments=tuple(Segment.objects.filter(**mine).values_list("code", flat=True)),
    )


def _named(rows: Any) -> tuple[tuple[str, str], ...]:
    return tuple((each.code, str(each)) for each in rows)
