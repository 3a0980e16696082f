"""Condition: the rows of a form that say when something is asked, read back, and put into words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mindgap.ground.condition import BadCondition, Clause, Condition
from mindgap.keep import definition as definitions
from mindgap.keep.definition import SCORED, Definition, Question

# Empty rows below those that are there: without a script this is how one adds.
_BLANK = 2
_NO_VALUE = ("empty", "filled")
_LISTS = ("in", "not_in")

OPERATORS = {
    "is": pgettext_lazy("condition", "is"),
    "not": pgettext_lazy("condition", "is not"),
    "in": pgettext_lazy("condition", "is one of"),
    "not_in": pgettext_lazy("condition", "is none of"),
    "at_least": pgettext_lazy("condition", "is at least"),
    "at_most": pgettext_lazy("condition", "is at most"),
    "above": pgettext_lazy("condition", "is above"),
    "below": pgettext_lazy("condition", "is below"),
    "empty": pgettext_lazy("condition", "was not answered"),
    "filled": pgettext_lazy("condition", "was answered"),
}
_SENTENCES = {
    "is": gettext_lazy("%(column)s is %(value)s"),
    "not": gettext_lazy("%(column)s is not %(value)s"),
    "in": gettext_lazy("%(column)s is one of %(value)s"),
    "not_in": gettext_lazy("%(column)s is none of %(value)s"),
    "at_least": gettext_lazy("%(column)s is at least %(value)s"),
    "at_most": gettext_lazy("%(column)s is at most %(value)s"),
    "above": gettext_lazy("%(column)s is above %(value)s"),
    "below": gettext_lazy("%(column)s is below %(value)s"),
    "empty": gettext_lazy("%(column)s was not answered"),
    "filled": gettext_lazy("%(column)s was answered"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that a condition can look at, with the values it is known to have."""

    code: str
    label: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Rows:
    """The fields of one condition in a form; `nested` when it is deeper than rows can say and is kept as it is."""

    prefix: str
    title: str
    columns: tuple[Column, ...]
    clauses: list[dict[str, str]]
    is_any: bool = False
    nested: str = ""
    # Where it may lead, when it is that of a branch: value, words, whether it is chosen.
    targets: tuple[tuple[str, str, bool], ...] = ()
    operators: Mapping[str, Any] = field(default_factory=lambda: OPERATORS)


def rows(prefix: str, title: str, raw: dict[str, Any] | None, columns: tuple[Column, ...]) -> Rows:
    """The rows for a condition as it is stored."""
    try:
        there = definitions.condition(raw)
    except BadCondition:
        there = Condition()
    if any(isinstance(item, Condition) for item in there.items):
        return Rows(prefix, title, columns, [], nested="; ".join(sentences(raw, columns)))
    found = [_row(item) for item in there.items if isinstance(item, Clause)]
    found += [{"column": "", "op": "is", "value": ""}] * _BLANK
    return Rows(prefix, title, columns, found, is_any=there.any)


def posted(prefix: str, title: str, sent: Mapping[str, str], columns: tuple[Column, ...]) -> Rows:
    """The rows as they were sent, to be shown once more."""
    found = [
        {name: sent.get(f"{prefix}-{number}-{name}", "") for name in ("column", "op", "value")}
        for number in _numbers(prefix, sent)
    ]
    return Rows(prefix, title, columns, found, is_any=sent.get(f"{prefix}-any") == "any")


def read(
    prefix: str, sent: Mapping[str, str], definition: Definition, *, before: dict[str, Any] | None
) -> dict[str, Any] | None:
    """The condition of the rows that were sent; a nested one stays as it was before."""
    if sent.get(f"{prefix}-nested"):
        return before
    clauses = []
    for number in _numbers(prefix, sent):
        column, op, text = (
            sent.get(f"{prefix}-{number}-{name}", "").strip() for name in ("column", "op", "value")
        )
        if not column or op not in OPERATORS:
            continue
        clauses.append({"column": column, "op": op, "value": _value(column, op, text, definition)})
    if not clauses:
        return None
    return {"any" if sent.get(f"{prefix}-any") == "any" else "all": clauses}


def columns(definition: Definition, *, until: str = "", segments: Iterable[str] = ()) -> tuple[Column, ...]:
    """Everything a condition may look at; `until` is the code of a question or page in front of which it stands."""
    found: list[Column] = []
    for page in definition.pages:
        for question in page.questions:
            if question.code == until:
                return (*found, *_others(definition, segments))
            found += _of_question(question, definition)
        if page.code == until:
            break
    return (*found, *_others(definition, segments))


def sentences(raw: dict[str, Any] | None, known: Iterable[Column]) -> list[str]:
    """Each clause of a condition in words."""
    labels = {column.code: column for column in known}
    try:
        there = definitions.condition(raw)
    except BadCondition as problem:
        return [str(problem)]
    return [sentence(clause, labels.get(clause.column)) for clause in there.clauses()]


def sentence(clause: Clause, column: Column | None) -> str:
    """One clause in words."""
    values = dict(column.values) if column else {}
    each = clause.value if isinstance(clause.value, tuple) else (clause.value,)
    told = _(", ").join(str(values.get(str(value), value)) for value in each if value is not None)
    return str(_SENTENCES[clause.op]) % {"column": column.label if column else clause.column, "value": told}


def _of_question(question: Question, definition: Definition) -> Iterator[Column]:
    label = title(question, definition)
    values = tuple(
        (choice.code, _text(choice.text, definition) or choice.code) for choice in question.choices
    )
    if question.type == "matrix":
        for row in question.rows:
            yield Column(f"{question.code}.{row.code}", f"{label}: {_text(row.text, definition) or row.code}")
    elif question.type == "pair":
        for part in question.asks:
            yield Column(f"{question.code}.{part}", f"{label}: {part}")
    elif question.type not in ("statement", "file", "contact"):
        yield Column(question.code, label, values)


def _others(definition: Definition, segments: Iterable[str]) -> tuple[Column, ...]:
    return (
        *(
            Column(f"hidden.{each.code}", _("Hidden: %(code)s") % {"code": each.code})
            for each in definition.hidden
        ),
        Column("language", _("Language"), tuple((code, code) for code in definition.languages)),
        Column("channel", _("Channel")),
        Column("unit", _("Unit")),
        Column("touchpoint", _("Touchpoint")),
        *(Column(f"segment.{code}", _("Segment: %(code)s") % {"code": code}) for code in segments),
    )


def title(question: Question, definition: Definition) -> str:
    """A question as the lists of the editor call it."""
    words = _text(question.text, definition)
    return f"{words[:80]} ({question.code})" if words else question.code


def _text(words: dict[str, str], definition: Definition) -> str:
    base = definition.languages[0] if definition.languages else "en"
    return words.get(base) or next((text for text in words.values() if text), "")


def _row(clause: Clause) -> dict[str, str]:
    value = clause.value if isinstance(clause.value, tuple) else (clause.value,)
    text = ", ".join(_plain(each) for each in value if each is not None)
    return {"column": clause.column, "op": clause.op, "value": text}


def _plain(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _numbers(prefix: str, sent: Mapping[str, str]) -> list[int]:
    found = {
        int(middle)
        for name in sent
        if name.startswith(f"{prefix}-") and name.endswith("-column")
        if (middle := name[len(prefix) + 1 : -len("-column")]).isdecimal() and len(middle) < 4
    }
    return sorted(found)


def _value(column: str, op: str, text: str, definition: Definition) -> Any:
    if op in _NO_VALUE:
        return None
    if op in _LISTS:
        return [
            _scalar(column, each.strip(), definition)
            for each in text.replace("，", ",").split(",")
            if each.strip()
        ]
    return _scalar(column, text, definition)


def _scalar(column: str, text: str, definition: Definition) -> str | float | int:
    question = definition.question(column.partition(".")[0])
    if question is None or question.type not in (*SCORED, "pair", "matrix"):
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    if number != number or abs(number) == float("inf"):  # noqa: PLR0124 - only NaN differs from itself
        return text
    return int(number) if number.is_integer() else number
