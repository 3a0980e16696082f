"""Sizes, and codes: each names one thing only, in signs that may stand in addresses, fields and conditions."""

import re
from collections.abc import Iterable
from typing import Protocol

from mindgap.keep.definition import Definition
from mindgap.keep.proof.problem import Sheet

QUESTIONS_MOST, PAGES_MOST, CHOICES_MOST, ROWS_MOST = 300, 60, 500, 50

_CODE = re.compile(r"[\w-]{1,64}")
# Columns of conditions that are no questions, and what an address says that is no answer.
_RESERVED = frozenset(
    {"language", "channel", "unit", "touchpoint", "segment", "hidden", "lang", "embed", "test", "first"}
)


class Coded(Protocol):
    @property
    def code(self) -> str: ...


def check_size(definition: Definition, sheet: Sheet) -> bool:
    """Whether there is little enough of everything to read on."""
    before = len(sheet.problems)
    _at_most(len(definition.pages), PAGES_MOST, "pages", "too_many_pages", sheet)
    _at_most(len(definition.questions), QUESTIONS_MOST, "pages", "too_many_questions", sheet)
    for page in definition.pages:
        for question in page.questions:
            path = f"pages.{page.code}.questions.{question.code}"
            _at_most(len(question.choices), CHOICES_MOST, f"{path}.choices", "too_many_choices", sheet)
            _at_most(len(question.rows), ROWS_MOST, f"{path}.rows", "too_many_rows", sheet)
    for name, things in (
        ("ends", definition.ends),
        ("quotas", definition.quotas),
        ("hidden", definition.hidden),
    ):
        _at_most(len(things), 100, name, "too_many", sheet)
    return len(sheet.problems) == before


def check(definition: Definition, sheet: Sheet) -> None:
    """Every code is there, well formed, and used once among its like."""
    _check("pages", definition.pages, sheet)
    asked: set[str] = set()
    for page in definition.pages:
        path = f"pages.{page.code}.questions"
        _check(path, page.questions, sheet, asked, reserved=_RESERVED)
        for question in page.questions:
            _check(f"{path}.{question.code}.choices", question.choices, sheet)
            _check(f"{path}.{question.code}.rows", question.rows, sheet)
    _check("ends", definition.ends, sheet)
    _check("quotas", definition.quotas, sheet)
    _check("hidden", definition.hidden, sheet, reserved=_RESERVED | asked)
    if not definition.questions:
        sheet.error("pages", "no_questions", "there is no question; add one")


def _check(
    path: str,
    things: Iterable[Coded],
    sheet: Sheet,
    seen: set[str] | None = None,
    *,
    reserved: Iterable[str] = frozenset(),
) -> None:
    seen = set() if seen is None else seen
    for thing in things:
        where = f"{path}.{thing.code}"
        if not _CODE.fullmatch(thing.code):
            words = "{found!r} is no code; use letters, digits, - and _, at most 64"
            sheet.error(where, "bad_code", words, found=thing.code[:80])
        elif thing.code in seen:
            sheet.error(where, "duplicate_code", "the code {found} is used twice", found=thing.code)
        elif thing.code in reserved:
            sheet.error(where, "reserved_code", "the code {found} means something else", found=thing.code)
        seen.add(thing.code)


def _at_most(count: int, most: int, path: str, code: str, sheet: Sheet) -> None:
    if count > most:
        sheet.error(path, code, "there are {count}; at most {most} are taken", count=count, most=most)
