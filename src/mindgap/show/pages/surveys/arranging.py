"""Arranging: a definition with one part added, copied, moved or taken away. Pure; places are named by code."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import msgspec

from mindgap.keep.definition import Choice, Definition, End, Page, Question, Quota


class Coded(Protocol):
    @property
    def code(self) -> str: ...


Thing = TypeVar("Thing", Page, Question, End, Quota)


@dataclass(frozen=True, slots=True)
class Removed:
    """A part that was taken away and where it stood, so that it can be put back."""

    kind: str
    page: str
    place: int
    raw: dict[str, Any]


class Gone(LookupError):
    """There is no part of that code any more."""


def page_of(definition: Definition, question: str) -> Page:
    """The page on which a question stands; `Gone` when it stands on none."""
    for page in definition.pages:
        if any(each.code == question for each in page.questions):
            return page
    raise Gone(question)


def find(things: Iterable[Thing], code: str) -> Thing:
    """The thing of that code; `Gone` when there is none."""
    found = next((each for each in things if each.code == code), None)
    if found is None:
        raise Gone(code)
    return found


def with_question(definition: Definition, question: Question, *, code: str) -> Definition:
    """The question in the place of the one of `code`."""
    page = page_of(definition, code)
    return _page(definition, page, tuple(question if each.code == code else each for each in page.questions))


def put(definition: Definition, kind: str, thing: Any, *, code: str = "") -> Definition:
    """A page, end or quota (`kind` is the field's name) in the place of the one of `code`, else as the last."""
    things = getattr(definition, kind)
    if code:
        find(things, code)
        things = tuple(thing if each.code == code else each for each in things)
    else:
        things = (*things, thing)
    return msgspec.structs.replace(definition, **{kind: things})


def add_question(definition: Definition, page: str, type_: str) -> tuple[Definition, str]:
    """An empty question of a type at the end of a page, and the code it got."""
    if not definition.pages:
        definition, page = add_page(definition)
    there = find(definition.pages, page) if page else definition.pages[-1]
    code = free(type_, (each.code for each in definition.questions), also=_RESERVED)
    made = _start(definition, code, type_)
    return _page(definition, there, (*there.questions, made)), code


def add_page(definition: Definition) -> tuple[Definition, str]:
    """An empty page as the last, and the code it got."""
    code = free("page", (each.code for each in definition.pages), first=1)
    return msgspec.structs.replace(definition, pages=(*definition.pages, Page(code=code))), code


def duplicate(definition: Definition, code: str) -> tuple[Definition, str]:
    """A question once more, right behind itself."""
    page = page_of(definition, code)
    place = _place(page.questions, code)
    name = free(re.sub(r"-\d+$", "", code), (each.code for each in definition.questions), also=_RESERVED)
    copy = msgspec.structs.replace(page.questions[place], code=name)
    found = (*page.questions[: place + 1], copy, *page.questions[place + 1 :])
    return _page(definition, page, found), name


def remove(definition: Definition, kind: str, code: str) -> tuple[Definition, Removed]:
    """Without the question, page, end or quota of that code; and what it was."""
    if kind == "questions":
        page = page_of(definition, code)
        place = _place(page.questions, code)
        gone: Any = page.questions[place]
        rest = page.questions[:place] + page.questions[place + 1 :]
        return _page(definition, page, rest), Removed(kind, page.code, place, msgspec.to_builtins(gone))
    things = getattr(definition, kind)
    place = _place(things, code)
    rest = things[:place] + things[place + 1 :]
    told = Removed(kind, "", place, msgspec.to_builtins(things[place]))
    return msgspec.structs.replace(definition, **{kind: rest}), told


def restore(definition: Definition, removed: Removed) -> Definition:
    """What was taken away, in its place again; a question whose page is gone comes to the last page."""
    type_ = {"questions": Question, "pages": Page, "ends": End, "quotas": Quota}[removed.kind]
    thing: Any = msgspec.convert(removed.raw, type_)
    if removed.kind == "questions":
        if not definition.pages:
            definition, _ = add_page(definition)
        page = next((each for each in definition.pages if each.code == removed.page), definition.pages[-1])
        found = list(page.questions)
        found.insert(removed.place, thing)
        return _page(definition, page, found)
    things = list(getattr(definition, removed.kind))
    things.insert(removed.place, thing)
    return msgspec.structs.replace(definition, **{removed.kind: tuple(things)})


def move(definition: Definition, kind: str, code: str, step: int) -> Definition:
    """One place earlier (-1) or later (1); a question at the edge of its page goes over to the next page."""
    if kind != "questions":
        return msgspec.structs.replace(definition, **{kind: _moved(getattr(definition, kind), code, step)})
    page = page_of(definition, code)
    to = _place(page.questions, code) + step
    if 0 <= to < len(page.questions):
        return _page(definition, page, _moved(page.questions, code, step))
    beside = _place(definition.pages, page.code) + step
    if not 0 <= beside < len(definition.pages):
        return definition
    other = definition.pages[beside]
    return place(definition, code, page=other.code, at=0 if step > 0 else len(other.questions))


def place(definition: Definition, code: str, *, page: str, at: int) -> Definition:
    """A question on a page, in front of what is the question number `at` (from 0) without it."""
    home = page_of(definition, code)
    thing = find(home.questions, code)
    find(definition.pages, page)
    definition = _page(definition, home, tuple(each for each in home.questions if each.code != code))
    target = find(definition.pages, page)
    found = list(target.questions)
    found.insert(max(0, min(at, len(found))), thing)
    return _page(definition, target, found)


def free(stem: str, taken: Iterable[str], *, also: Iterable[str] = (), first: int = 0) -> str:
    """A code that is not taken: the stem itself, or with a number behind it."""
    used = {*taken, *also}
    if not first and stem not in used:
        return stem
    number = first or 2
    while f"{stem}-{number}" in used:
        number += 1
    return f"{stem}-{number}"


# Columns of conditions that are no questions.
_RESERVED = (
    "language",
    "channel",
    "unit",
    "touchpoint",
    "segment",
    "hidden",
    "lang",
    "embed",
    "test",
    "first",
)


def _start(definition: Definition, code: str, type_: str) -> Question:
    """What a new question of a type has, so that it can be seen at once what it will be."""
    base = definition.languages[0] if definition.languages else "en"
    more: dict[str, Any] = {}
    empty = tuple(Choice(code=name, text={base: ""}) for name in ("a", "b"))
    if type_ in ("single", "multiple", "dropdown", "ranking"):
        more["choices"] = empty
    elif type_ == "matrix":
        more["rows"] = empty
    elif type_ == "pair":
        more["asks"] = ("will", "got")
    elif type_ == "rating":
        more |= {"least": 1, "most": 5}
    elif type_ == "contact":
        more["fields"] = ("email",)
    elif type_ == "consent":
        more["purpose"] = "contact"
    return Question(code=code, type=type_, text={}, **more)


def _page(definition: Definition, page: Page, questions: Iterable[Question]) -> Definition:
    made = msgspec.structs.replace(page, questions=tuple(questions))
    pages = tuple(made if each is page else each for each in definition.pages)
    return msgspec.structs.replace(definition, pages=pages)


def _place(things: Sequence[Coded], code: str) -> int:
    for number, each in enumerate(things):
        if each.code == code:
            return number
    raise Gone(code)


def _moved(things: tuple[Thing, ...], code: str, step: int) -> tuple[Thing, ...]:
    found = list(things)
    here = _place(found, code)
    to = max(0, min(here + step, len(found) - 1))
    found.insert(to, found.pop(here))
    return tuple(found)
