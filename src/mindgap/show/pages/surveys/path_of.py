"""Why would this person see what: the way through a draft for given answers, with every condition and how it came out.

It walks as the answering pages do, by the same functions; nothing is stored.
"""

from dataclasses import dataclass
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mindgap.collect.survey import flow, logic, reading
from mindgap.collect.survey import state as states
from mindgap.collect.survey.state import State
from mindgap.ground.condition import BadCondition, Condition
from mindgap.keep import definition as definitions
from mindgap.keep.definition import Definition, End, Page
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.surveys import condition as conditions
from mindgap.show.pages.surveys import outline
from mindgap.show.pages.surveys.condition import Column
from mindgap.show.pages.surveys.draft import get_survey, head, opened
from mindgap.show.pages.surveys.naming import language_name

_OWN = ("channel", "unit", "touchpoint")
_MOST = 200


@dataclass(frozen=True, slots=True)
class Test:
    """One clause in words, and whether it holds."""

    words: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Met:
    """A condition: its clauses, how they are joined, and whether it is met as a whole."""

    tests: tuple[Test, ...] = ()
    is_any: bool = False
    is_met: bool = True


@dataclass(frozen=True, slots=True)
class Stop:
    """One page, question, branch or end on the way: what it is, whether it comes, and why."""

    kind: str
    label: str
    comes: bool
    met: Met


@dataclass(slots=True)
class Walk:
    """What is needed on the way, and the stops so far."""

    definition: Definition
    columns: dict[str, Column]
    state: State
    stops: list[Stop]


@only(*KEEPERS)
def path_of(request: HttpRequest, code: str) -> HttpResponse:
    survey = get_survey(request, code)
    there = opened(survey)
    definition = there.definition
    known = {each.code: each for each in outline.columns(there)}
    state = _state(request, definition, survey.short)
    used = [known[name] for name in _columns_used(definition) if name in known and name != "language"]
    values = [
        {"column": each, "name": _field(each.code), "value": request.GET.get(_field(each.code), "")[:_MOST]}
        for each in used
    ]
    more = {
        **head(request, survey, "path"),
        "values": values,
        "spoken": [(each, language_name(each), each == state.language) for each in definition.languages],
        "stops": walk(definition, known, state),
    }
    return render(request, "surveys/path.html", more)


def walk(definition: Definition, columns: dict[str, Column], state: State) -> list[Stop]:
    """Every page in order until the end, with its questions, and the branch that is taken."""
    kept: dict[str, Any] = {}
    way = Walk(definition, columns, msgspec.structs.replace(state, answers=kept), [])
    going: Page | End | None = logic.first_page(definition, way.state)
    for page in definition.pages:
        if page != going:
            if page.show_if and not logic.meets(page.show_if, way.state.row()):
                way.stops.append(_stop(way, "page", _page_label(page), page.show_if, comes=False))
            else:
                way.stops.append(Stop("page", _page_label(page), False, Met()))
            continue
        way.stops.append(_stop(way, "page", _page_label(page), page.show_if, comes=True))
        for question in page.questions:
            comes = logic.meets(question.show_if, way.state.row())
            label = conditions.title(question, definition)
            way.stops.append(_stop(way, "question", label, question.show_if, comes=comes))
            if comes:
                kept |= logic.answers_of(state.answers, question.code)
        for branch in page.branches:
            comes = logic.meets(branch.when, way.state.row())
            way.stops.append(_stop(way, "branch", branch.page or branch.end, branch.when, comes=comes))
            if comes:
                break
        going = logic.next_page(definition, page, way.state)
        if not isinstance(going, Page):
            break
    end = going if isinstance(going, End) else logic.end_of(definition, way.state)
    if end is not None:
        way.stops.append(_stop(way, "end", end.code, end.show_if, comes=True))
    return way.stops


def _stop(way: Walk, kind: str, label: str, raw: dict[str, Any] | None, *, comes: bool) -> Stop:
    return Stop(kind, label, comes, _met(way, raw))


def _met(way: Walk, raw: dict[str, Any] | None) -> Met:
    if not raw:
        return Met()
    try:
        there = definitions.condition(raw)
    except BadCondition as problem:
        return Met((Test(str(problem), False),), is_met=False)
    row = way.state.row()
    tests = tuple(
        Test(
            conditions.sentence(each, way.columns.get(each.column)),
            logic.meets(Condition((each,)).write(), row),
        )
        for each in there.clauses()
    )
    return Met(tests, is_any=there.any, is_met=logic.meets(raw, row))


def _state(request: HttpRequest, definition: Definition, short: str) -> State:
    language = request.GET.get("lang", "")
    known = definition.languages
    state = states.begin(
        survey=short, version=0, language=language if language in known else (known[0] if known else "en")
    )
    query = {name: request.GET.getlist(name) for name in request.GET}
    state.answers = _answers(definition, query)
    state.hidden = reading.accept_hidden(
        definition, {name[7:]: each for name, each in query.items() if name.startswith("hidden.")}
    )
    state.segments = {
        name.removeprefix("segment."): each[0][:_MOST]
        for name, each in query.items()
        if name.startswith("segment.") and each[0]
    }
    for name in _OWN:
        setattr(state, name, request.GET.get(name, "")[:_MOST])
    return state


def _answers(definition: Definition, query: dict[str, list[str]]) -> dict[str, Any]:
    """Answers by question; those with parts (rows of a matrix, sides of a pair) are read part by part."""
    given = {
        name.removeprefix("q."): each
        for name, each in query.items()
        if name.startswith("q.") and each != [""]
    }
    form = {
        question.code: given[question.code] for question in definition.questions if question.code in given
    }
    found = flow.prefilled(definition, form)
    for question in definition.questions:
        if question.type not in ("matrix", "pair"):
            continue
        parts = {
            name.partition(".")[2]: each
            for name, each in given.items()
            if name.startswith(f"{question.code}.")
        }
        numbers = {part: _number(each[0]) for part, each in parts.items()}
        if kept := {part: number for part, number in numbers.items() if number is not None}:
            found[question.code] = kept
    return found


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e12 else None


def _columns_used(definition: Definition) -> list[str]:
    """The columns that any condition looks at, in the order in which they are first met."""
    found: dict[str, None] = {}
    raws: list[dict[str, Any] | None] = []
    for page in definition.pages:
        raws += [
            page.show_if,
            *(each.show_if for each in page.questions),
            *(each.when for each in page.branches),
        ]
    raws += [each.show_if for each in definition.ends]
    for raw in raws:
        try:
            found |= dict.fromkeys(clause.column for clause in definitions.condition(raw).clauses())
        except BadCondition:
            continue
    return list(found)


def _field(column: str) -> str:
    return column if column.startswith(("hidden.", "segment.")) or column in _OWN else f"q.{column}"


def _page_label(page: Page) -> str:
    return page.code
