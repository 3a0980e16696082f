"""Outline: the pages and questions of a draft as the list beside the form shows them."""

from collections import Counter
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mindgap.keep.definition import Definition
from mindgap.show.pages.surveys import condition as conditions
from mindgap.show.pages.surveys.draft import Draft
from mindgap.show.pages.surveys.naming import TYPES
from mindgap.show.pages.surveys.problem import Line


def pages(there: Draft, *, kind: str, item: str, problems: list[Line]) -> list[dict[str, Any]]:
    """Pages with their questions, as the template needs them."""
    code, definition = there.survey.code, there.definition
    wrong = Counter(each.where for each in problems if each.is_error)
    found = []
    for number, page in enumerate(definition.pages, 1):
        questions = [
            {
                "code": each.code,
                "label": label(each.text, definition) or each.code,
                "type": TYPES.get(each.type, each.type),
                "url": _item(code, "questions", each.code, mark="#part"),
                "is_here": kind == "questions" and item == each.code,
                "has_condition": bool(each.show_if),
                "wrong": wrong[each.code],
            }
            for each in page.questions
        ]
        found.append(
            {
                "code": page.code,
                "label": label(page.title, definition),
                "number": number,
                "url": _item(code, "pages", page.code, mark="#part"),
                "is_here": kind == "pages" and item == page.code,
                "has_condition": bool(page.show_if or page.branches),
                "questions": questions,
                "wrong": wrong[page.code],
            }
        )
    return found


def beside(there: Draft, *, kind: str, item: str) -> dict[str, Any]:
    """The other parts: ends, quotas, and what there is one of."""
    code, definition = there.survey.code, there.definition
    return {
        "single": [
            {
                "label": text,
                "url": reverse("survey_part", args=[code, name]) + "#part",
                "is_here": kind == name,
            }
            for name, text in (
                ("whole", _("Title, notice, ways")),
                ("theme", _("Theme")),
                ("hidden", _("Hidden fields")),
            )
        ],
        "ends": _others(code, "ends", definition.ends, kind, item),
        "quotas": _others(code, "quotas", definition.quotas, kind, item),
    }


def title(definition: Definition, kind: str, item: str) -> str:
    """What the form is about."""
    question = definition.question(item) if kind == "questions" else None
    if question is not None:
        return str(TYPES.get(question.type, question.type))
    known = {
        "pages": _("Page %(code)s"),
        "ends": _("End %(code)s"),
        "quotas": _("Quota %(code)s"),
        "hidden": _("Hidden fields"),
        "theme": _("Theme"),
        "whole": _("Title, notice, ways"),
    }
    return known.get(kind, "") % {"code": item} if kind in known else ""


def label(words: dict[str, str], definition: Definition) -> str:
    """A text in the base language, shortened for a list."""
    base = definition.languages[0] if definition.languages else "en"
    text = words.get(base) or next((each for each in words.values() if each), "")
    return text if len(text) <= 90 else text[:89] + "…"


def columns(there: Draft) -> tuple[conditions.Column, ...]:
    """Everything that conditions of the draft may look at."""
    return conditions.columns(there.definition)


def _others(survey: str, kind: str, things: Any, here: str, item: str) -> list[dict[str, Any]]:
    return [
        {
            "code": each.code,
            "url": _item(survey, kind, each.code, mark="#part"),
            "is_here": here == kind and item == each.code,
        }
        for each in things
    ]


def _item(survey: str, kind: str, item: str, *, mark: str = "") -> str:
    # A code that no address can hold comes only from outside; the list shows it without a link.
    return reverse("survey_item", args=[survey, kind, item]) + mark if item and "/" not in item else ""
