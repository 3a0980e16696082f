"""Logic: conditions refer to what is known by then, branches lead forward only (A8), quotas and ends fit."""

from collections.abc import Mapping
from typing import Any

from mindgap.ground.condition import BadCondition, Clause
from mindgap.keep.definition import ASKS, CHOSEN, SCORED, Definition, Page, Question, condition
from mindgap.keep.proof.known import Known
from mindgap.keep.proof.problem import Sheet

_COLUMNS = ("language", "channel", "unit", "touchpoint")
_ORDERED = ("at_least", "at_most", "above", "below")
_CLAUSES_MOST, _DEPTH_MOST = 100, 10


def check(definition: Definition, known: Known, sheet: Sheet) -> None:
    """Every condition, branch, quota and end."""
    Logic(definition, known, sheet).check()


class Logic:
    """The conditions of one definition, each with what is known where it stands."""

    def __init__(self, definition: Definition, known: Known, sheet: Sheet) -> None:
        self._definition = definition
        self._known = known
        self._sheet = sheet
        self._asked = {question.code: question for question in definition.questions}
        # Page by question: by its place, so that "earlier" can be told.
        self._places = {
            question.code: (number, place)
            for number, page in enumerate(definition.pages)
            for place, question in enumerate(page.questions)
        }
        self._pages = {page.code: number for number, page in reversed(list(enumerate(definition.pages)))}
        self._ends = {end.code for end in definition.ends}

    def check(self) -> None:
        for number, page in enumerate(self._definition.pages):
            path = f"pages.{page.code}"
            self._condition(f"{path}.show_if", page.show_if, (number, 0))
            for place, question in enumerate(page.questions):
                self._condition(
                    f"{path}.questions.{question.code}.show_if", question.show_if, (number, place)
                )
            self._branches(path, page, number)
        after_all = (len(self._definition.pages), 0)
        for end in self._definition.ends:
            self._condition(f"ends.{end.code}.show_if", end.show_if, after_all)
        self._quotas(after_all)
        if not self._definition.ends:
            self._sheet.warning("ends", "no_end", "nothing of your own is said at the end; thanks are shown")

    def _branches(self, path: str, page: Page, number: int) -> None:
        for place, branch in enumerate(page.branches):
            where = f"{path}.branches.{place}"
            self._condition(f"{where}.when", branch.when, (number + 1, 0))
            if bool(branch.page) == bool(branch.end):
                self._sheet.error(where, "branch_target", "name either a page or an end")
            elif branch.end and branch.end not in self._ends:
                self._sheet.error(where, "unknown_end", "there is no end {found}", found=branch.end)
            elif branch.page and branch.page not in self._pages:
                self._sheet.error(where, "unknown_page", "there is no page {found}", found=branch.page)
            elif branch.page and self._pages[branch.page] <= number:
                words = "a branch leads forward only; {found} is not after this page"
                self._sheet.error(where, "branch_back", words, found=branch.page)

    def _quotas(self, after_all: tuple[int, int]) -> None:
        for quota in self._definition.quotas:
            path = f"quotas.{quota.code}"
            self._condition(f"{path}.when", quota.when, after_all)
            if quota.limit < 1:
                self._sheet.error(f"{path}.limit", "bad_limit", "a quota is at least 1", found=quota.limit)
            if quota.end and quota.end not in self._ends:
                self._sheet.error(f"{path}.end", "unknown_end", "there is no end {found}", found=quota.end)

    def _condition(self, path: str, raw: Mapping[str, Any] | None, here: tuple[int, int]) -> None:
        if raw and _depth(raw) > _DEPTH_MOST:
            self._sheet.error(path, "bad_condition", "the condition is nested too deeply")
            return
        try:
            clauses = list(condition(dict(raw) if raw else None).clauses())
        except BadCondition as problem:
            self._sheet.error(path, "bad_condition", "{problem}", problem=str(problem)[:200])
            return
        if len(clauses) > _CLAUSES_MOST:
            self._sheet.error(path, "bad_condition", "the condition has too many parts")
            return
        for clause in clauses:
            self._clause(path, clause, here)

    def _clause(self, path: str, clause: Clause, here: tuple[int, int]) -> None:
        column, _, part = clause.column.partition(".")
        question = self._asked.get(column)
        if question is not None:
            self._about(path, clause, question, part, here)
        elif not self._is_column(clause.column, column, part):
            words = "there is no question and no column {found}"
            self._sheet.error(path, "unknown_column", words, found=clause.column[:80])
        elif column == "segment" and part not in self._known.segments:
            words = "nobody has declared the segment {found}; it will be unknown"
            self._sheet.warning(path, "unknown_segment", words, found=part[:80])
        elif clause.op in _ORDERED and column in _COLUMNS:
            self._sheet.error(path, "not_ordered", "{found} is a word; compare it by is, in …", found=column)

    def _is_column(self, whole: str, column: str, part: str) -> bool:
        if column == "hidden":
            return part in {each.code for each in self._definition.hidden}
        return whole in _COLUMNS or (column == "segment" and bool(part))

    def _about(self, path: str, clause: Clause, question: Question, part: str, here: tuple[int, int]) -> None:
        """A clause on what was answered to a question."""
        there = self._places[question.code]
        if there >= here:
            words = "{found} is asked later; a condition refers to earlier questions"
            self._sheet.error(path, "condition_later", words, found=question.code)
        elif there[0] == here[0] and here[1] > 0:
            words = "{found} is on the same page; what was answered is known when the page is sent"
            self._sheet.warning(path, "condition_same_page", words, found=question.code)
        parts = _parts(question)
        if part and part not in parts:
            words = "{found} has no part {part}"
            self._sheet.error(path, "unknown_column", words, found=question.code, part=part[:80])
            return
        is_number = question.type in SCORED or question.type == "pair"
        is_number = is_number or (question.type == "matrix" and not question.choices)
        values = clause.value if isinstance(clause.value, tuple) else (clause.value,)
        if clause.op in _ORDERED and not (is_number or question.type == "date"):
            words = "the answers to {found} have no order; compare them by is, in …"
            self._sheet.error(path, "not_ordered", words, found=question.code)
        elif (
            clause.op not in ("empty", "filled")
            and is_number
            and not all(_is_number(each) for each in values)
        ):
            words = "the answers to {found} are numbers; compare them with numbers"
            self._sheet.error(path, "not_a_number", words, found=question.code)
        elif clause.op in ("is", "not", "in", "not_in") and question.type in CHOSEN and not part:
            codes = {choice.code for choice in question.choices}
            for each in values:
                if each not in codes:
                    words = "{found} has no choice {choice}; the condition never tells it"
                    self._sheet.error(
                        path, "unknown_choice", words, found=question.code, choice=str(each)[:80]
                    )


def _parts(question: Question) -> set[str]:
    """What may stand after the question's code and a dot."""
    if question.type == "matrix":
        return {row.code for row in question.rows}
    if question.type == "pair":
        return set(question.asks or ASKS)
    if question.type == "contact":
        return set(question.fields)
    return {choice.code for choice in question.choices if choice.other}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _depth(raw: object) -> int:
    """How deep lists and objects stand in each other; level by level, as deep ones must not exhaust the stack."""
    depth, level = 0, [raw]
    while level and depth <= _DEPTH_MOST:
        lists = [list(each.values()) if isinstance(each, Mapping) else each for each in level]
        level = [inner for each in lists if isinstance(each, list | tuple) for inner in each]
        depth += bool(level)
    return depth
