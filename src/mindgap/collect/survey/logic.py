"""Logic: which questions are asked, in which order, what comes next, how texts are filled in, which end is reached.

Pure: a definition and a state in, parts of the definition out. Nothing of an author's or a respondent's is ever
evaluated; conditions are those of `ground.condition`, and `{{…}}` is replaced, not run (A5).
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from mindgap.collect.survey.state import State
from mindgap.ground import language
from mindgap.ground.condition import BadCondition, Condition
from mindgap.keep.definition import Choice, Definition, End, Page, Question, Quota, Words, condition

Coded = TypeVar("Coded", Choice, Question)

# Longer answers are cut where they are repeated.
_PIPED_MOST = 500
_PIPE = re.compile(r"\{\{\s*([\w-]+(?:\.[\w-]+)*)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Outline:
    """What follows from a definition alone: worked out once, since definitions never change.

    `places` are the numbers of pages by code. `whole` are the pages that are always shown as they were written.
    A definition is `straight` when every visit goes through all pages and all questions.
    """

    places: dict[str, int]
    whole: frozenset[str]
    codes: tuple[str, ...]
    ends: tuple[End, ...]
    is_straight: bool


def outline(definition: Definition) -> Outline:
    """The outline of a definition, kept with it."""
    kept = vars(definition)
    found: Outline | None = kept.get("outline")
    if found is None:
        found = kept["outline"] = _outlined(definition)
    return found


def _outlined(definition: Definition) -> Outline:
    choosy = {page.code for page in definition.pages for each in page.questions if each.show_if is not None}
    mixed = choosy | {page.code for page in definition.pages if page.shuffle}
    # Ends that quotas and branches lead to wait for those.
    named = {quota.end for quota in definition.quotas} | {
        branch.end for page in definition.pages for branch in page.branches
    }
    return Outline(
        places={page.code: place for place, page in reversed([*enumerate(definition.pages)])},
        whole=frozenset(page.code for page in definition.pages) - mixed,
        codes=tuple(question.code for question in definition.questions),
        ends=tuple(end for end in definition.ends if end.show_if or end.code not in named),
        is_straight=not choosy and not any(page.show_if or page.branches for page in definition.pages),
    )


def visible(definition: Definition, page: Page, state: State) -> tuple[Question, ...]:
    """The questions of a page that are asked now, in the order in which this respondent sees them."""
    if page.code in outline(definition).whole:
        return page.questions
    row, shown = state.row(), []
    for question in page.questions:
        if meets(question.show_if, row):
            shown.append(question)
        else:
            _forget(row, question.code)
    return shuffled(shown, state, page.code) if page.shuffle else tuple(shown)


def first_page(definition: Definition, state: State) -> Page | None:
    """The page that a visit begins with."""
    return _from(definition, 0, state)


def next_page(definition: Definition, page: Page, state: State) -> Page | End | None:
    """What follows a page: another one, the end that a branch names, or None when `end_of` decides.

    Branches lead forward only; one that does not is passed over, so that no visit can go in circles (A8).
    """
    outlined = outline(definition)
    here = outlined.places[page.code]
    row = state.row() if page.branches else {}
    for branch in page.branches:
        if not meets(branch.when, row):
            continue
        if branch.end:
            return next((end for end in definition.ends if end.code == branch.end), None)
        there = outlined.places.get(branch.page, -1)
        if there > here:
            return _from(definition, there, state)
    return _from(definition, here + 1, state)


def page_of(definition: Definition, code: str) -> Page | None:
    """The page of that code."""
    place = outline(definition).places.get(code)
    return None if place is None else definition.pages[place]


def end_of(definition: Definition, state: State) -> End | None:
    """The first end whose condition is met; ends that quotas and branches lead to wait for those."""
    if not definition.ends:
        return None
    row = state.row()
    return next((end for end in outline(definition).ends if meets(end.show_if, row)), definition.ends[0])


def quota_claims(definition: Definition, state: State) -> tuple[Quota, ...]:
    """The quotas that a finished submission counts towards."""
    row = state.row() if definition.quotas else {}
    return tuple(quota for quota in definition.quotas if meets(quota.when, row))


def settled(definition: Definition, state: State) -> dict[str, Any]:
    """The answers to what was really asked on the way from the first page to the end.

    Whoever goes back and chooses another way leaves answers behind that no longer count.
    """
    outlined, answers = outline(definition), state.answers
    if outlined.is_straight and not any("." in name for name in answers):
        return {code: answers[code] for code in outlined.codes if code in answers}
    return _walk(definition, state)[0]


def way_to(definition: Definition, state: State, code: str) -> list[str]:
    """The codes of the pages that lead to a page with these answers; all of them when it is not on the way."""
    way = _walk(definition, state)[1]
    return way[: way.index(code)] if code in way else way


def _walk(definition: Definition, state: State) -> tuple[dict[str, Any], list[str]]:
    kept: dict[str, Any] = {}
    way: list[str] = []
    walk = msgspec.structs.replace(state, answers=kept)
    place: Page | End | None = first_page(definition, walk)
    while isinstance(place, Page):
        way.append(place.code)
        for question in place.questions:
            if question.show_if is None or meets(question.show_if, walk.row()):
                kept |= answers_of(state.answers, question.code)
        place = next_page(definition, place, walk)
    return kept, way


def answers_of(answers: dict[str, Any], code: str) -> dict[str, Any]:
    """What was answered to one question: its value and the words beside "other"."""
    start = f"{code}."
    return {name: value for name, value in answers.items() if name == code or name.startswith(start)}


def without(answers: dict[str, Any], codes: set[str]) -> dict[str, Any]:
    """The answers to all other questions."""
    return {
        name: value
        for name, value in answers.items()
        if name not in codes and not ("." in name and any(name.startswith(f"{code}.") for code in codes))
    }


def shuffled(things: Iterable[Coded], state: State, salt: str) -> tuple[Coded, ...]:
    """The things in an order that follows from the submission's id: the same at each visit."""

    def place(thing: Coded) -> bytes:
        return hashlib.blake2b(f"{salt}\x1f{thing.code}".encode(), key=state.id.bytes, digest_size=8).digest()

    return tuple(sorted(things, key=place))


def choices_in_order(question: Question, state: State) -> tuple[Choice, ...]:
    """The choices as this respondent sees them; "other" and "none of these" stay at the bottom."""
    if not question.shuffle:
        return question.choices
    last = tuple(choice for choice in question.choices if choice.other or choice.alone)
    mixed = [choice for choice in question.choices if choice not in last]
    return (*shuffled(mixed, state, question.code), *last)


def words(texts: Words, code: str, definition: Definition, *, fallback: str = "") -> str:
    """A text in a language; never empty while there is a text in any language at all (A9)."""
    if found := texts.get(code):
        return found
    return language.choose(texts, code) or language.choose(
        texts, definition.languages[0], fallback=next((text for text in texts.values() if text), fallback)
    )


def pipe(text: str, state: State, *, definition: Definition) -> str:
    """`{{q1}}` and `{{hidden.name}}` replaced by what was answered; what is not known becomes nothing.

    The result is plain text: whoever shows it escapes it.
    """
    return _PIPE.sub(lambda found: _piped(found[1], state, definition)[:_PIPED_MOST], text)


def is_piped(text: str) -> bool:
    """Whether a text has something to be replaced."""
    return _PIPE.search(text) is not None


def meets(raw: dict[str, Any] | None, row: dict[str, Any]) -> bool:
    """Whether a row meets a condition as it is written in a definition; one that cannot be tested is not met."""
    if not raw:
        return True
    try:
        return _condition(msgspec.json.encode(raw)).holds(row)
    except (TypeError, BadCondition):
        # A text compared with a number, or a definition older than its check: neither may stop a visit.
        return False


@lru_cache(maxsize=4096)
def _condition(raw: bytes) -> Condition:
    return condition(msgspec.json.decode(raw))


def _from(definition: Definition, number: int, state: State) -> Page | None:
    """The first page from that one on which is shown and has something on it."""
    whole = outline(definition).whole
    for page in definition.pages[number:]:
        is_shown = page.show_if is None or meets(page.show_if, state.row())
        if is_shown and (page.code in whole or not page.questions or visible(definition, page, state)):
            return page
    return None


def _forget(row: dict[str, Any], code: str) -> None:
    for name in [name for name in row if name == code or name.startswith(f"{code}.")]:
        del row[name]


def _piped(name: str, state: State, definition: Definition) -> str:
    if name.startswith("hidden."):
        return state.hidden.get(name.removeprefix("hidden."), "")
    question = definition.question(name)
    if question is None or name not in state.answers:
        return ""
    value = state.answers[name]
    show = _shower(question, state, definition)
    if isinstance(value, list):
        return ("、" if state.language.startswith("zh") else ", ").join(show(each) for each in value)
    return show(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _shower(question: Question, state: State, definition: Definition) -> Callable[[Any], str]:
    labels = {
        choice.code: state.answers.get(f"{question.code}.{choice.code}")
        or words(choice.text, state.language, definition, fallback=choice.code)
        for choice in question.choices
    }

    def show(value: Any) -> str:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return str(labels.get(str(value), value))

    return show
