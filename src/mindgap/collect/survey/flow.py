"""Flow: one step of a visit, from what a page sent to what is shown next. Pure; nothing is stored here.

1. Read the fields of the questions that stood on the page. Good values are kept even when others have faults.
2. Faults: the same page again. Questions that only now apply: the same page with them.
3. Else the next page, or an end.

A step back, another language and a reload read what is there without insisting on anything.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from mindgap.collect.survey import logic, reading, typed
from mindgap.collect.survey.fault import Fault
from mindgap.collect.survey.reading import Form
from mindgap.collect.survey.state import State
from mindgap.ground import clock
from mindgap.keep.definition import CHOSEN, Definition, End, Page, Question

# Never chosen for somebody by an address.
_OWN_HAND = ("consent", "contact", "file", "statement")
_PAGE_SECONDS_MOST = 86_400.0


# A struct is made in a third of the time of a dataclass: every page makes several.
class Step(msgspec.Struct, frozen=True):
    """Where a visit is: a page to show, with its faults, or, when `page` is None, an end.

    `passed` is the page that was left by this step: then what was answered so far is to be stored.
    """

    state: State
    page: Page | None = None
    end: End | None = None
    fields: Mapping[str, Sequence[str]] = {}
    faults: Mapping[str, Fault] = {}
    passed: str = ""
    is_more: bool = False
    is_branched: bool = False


def open_first(definition: Definition, state: State) -> Step:
    """The page that a visit begins with, or, when `state.page` names one, the page that it was left on."""
    page = logic.page_of(definition, state.page) or logic.first_page(definition, state)
    if page is None:
        return Step(state, end=logic.end_of(definition, state))
    return _at(definition, state, page)


def prefilled(definition: Definition, fields: reading.Fields) -> dict[str, Any]:
    """Values that an address brings, for a page on which they are only preselected (B6).

    Several choices may be joined with commas. What does not fit is left out.
    """
    found: dict[str, Any] = {}
    for question in definition.questions:
        sent = fields.get(question.code, ())
        if not sent or question.type in _OWN_HAND:
            continue
        if question.type in CHOSEN and len(sent) == 1:
            sent = [part for part in sent[0].split(",")[:100] if part]
        form = Form({question.code: [each[: typed.LINE_MOST] for each in sent]})
        found |= reading.read([question], form, strict=False).values
    return found


def first_value(definition: Definition, state: State, text: str) -> dict[str, Any]:
    """The value of the first scored question that a one-click link brings."""
    page = logic.first_page(definition, state)
    scored = next((q for q in page.questions if q.type not in (*_OWN_HAND, "text")), None) if page else None
    return reading.read([scored], Form({scored.code: [text]}), strict=False).values if scored else {}


def take(definition: Definition, state: State, form: Form, *, go: str = "next", seconds: str = "") -> Step:
    """One step: `go` is `next`, `back`, or `stay` (another language, a reload)."""
    page = logic.page_of(definition, state.page)
    if page is None:
        return open_first(definition, msgspec.structs.replace(state, page="", path=[]))
    asked = [question for question in page.questions if question.code in state.asked]
    read = reading.read(asked, form, before=state.answers, strict=go == "next")
    before = logic.without(state.answers, {question.code for question in asked}) if state.answers else {}
    answers = before | read.values
    spent = {**state.seconds, page.code: round(state.seconds.get(page.code, 0) + _seconds(state, seconds), 1)}
    state = msgspec.structs.replace(state, answers=answers, seconds=spent)
    if go == "stay":
        return _at(definition, state, page, typed_in=form.texts, asked=asked)
    if go == "back":
        return _back(definition, state, page)
    return _forth(definition, state, page, read.faults, form)


def _forth(definition: Definition, state: State, page: Page, faults: Mapping[str, Fault], form: Form) -> Step:
    shown = logic.visible(definition, page, state)
    if faults:
        # An answer on this very page may have made another question, and its fault, beside the point.
        codes = {question.code for question in shown}
        faults = {code: fault for code, fault in faults.items() if code in codes}
    more = [question for question in shown if question.code not in state.asked]
    if faults or more:
        step = _at(definition, state, page, typed_in=form.texts, asked=shown)
        return msgspec.structs.replace(step, faults=faults, is_more=bool(more) and not faults)
    following, path = logic.next_page(definition, page, state), [*state.path, page.code]
    if isinstance(following, Page):
        state = msgspec.structs.replace(state, path=path)
        return msgspec.structs.replace(_at(definition, state, following), passed=page.code)
    answers = logic.settled(definition, state)
    state = msgspec.structs.replace(
        state, path=path, page="", asked=[], shown=clock.milliseconds(), answers=answers
    )
    end = following or logic.end_of(definition, state)
    return Step(state, end=end, passed=page.code, is_branched=following is not None)


def _back(definition: Definition, state: State, page: Page) -> Step:
    before = logic.page_of(definition, state.path[-1]) if state.path and definition.may_go_back else None
    if before is None:
        return _at(definition, state, page)
    return _at(definition, msgspec.structs.replace(state, path=state.path[:-1]), before)


def _at(
    definition: Definition,
    state: State,
    page: Page,
    *,
    typed_in: reading.Fields | None = None,
    asked: Sequence[Question] = (),
) -> Step:
    """A page as it is shown: with the answers that are known, or as it was filled in a moment ago."""
    shown = logic.visible(definition, page, state)
    fields: dict[str, Sequence[str]] = {}
    sent = {question.code for question in asked} & set(state.asked) if typed_in is not None else set()
    for question in shown if state.answers else ():
        if question.code not in sent:
            fields |= reading.written(question, state.answers)
    if typed_in is not None:
        fields |= {
            name: _cut(texts)
            for name, texts in typed_in.items()
            if name.split(".")[0].rstrip(reading.SKIP) in sent
        }
    state = msgspec.structs.replace(
        state, page=page.code, asked=[question.code for question in shown], shown=clock.milliseconds()
    )
    return Step(state, page=page, fields=fields)


def _cut(texts: Sequence[str]) -> list[str]:
    """What is shown again of what was sent; nobody mends five megabytes in a field."""
    return [text[: typed.TEXT_MOST] for text in texts[:200]]


def _seconds(state: State, told: str) -> float:
    """Seconds on the page: as the browser tells, at most what passed here."""
    passed = max(0.0, (clock.milliseconds() - state.shown) / 1000)
    try:
        seconds = float(told[:12]) if told else passed
    except ValueError:
        seconds = passed
    return min(seconds, passed, _PAGE_SECONDS_MOST) if seconds >= 0 else passed
