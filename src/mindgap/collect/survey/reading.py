"""Reading: what was filled in on a page, as values per question, or as faults that say what to mend.

A fault in one question loses nothing of the others. Values are plain JSON:

- scored questions, `number`, `duration`: a number; `single`, `dropdown`: the code of a choice
- `multiple`, `ranking`: a list of codes; `matrix`: an object of row -> code or number
- `pair`: an object of `should`, `will`, `minimum`, `got` -> number; `date`: `2026-11-22`; `text`: a text
- `consent`: true or false; `contact`: an object; `file`: an object of what was stored
- null: "does not apply", which is an answer and never a zero; no value at all: not answered

Words beside "other" are values of their own, named `<question>.<choice>`.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from mindgap.collect.survey import attachment, scale, typed
from mindgap.collect.survey.fault import Fault
from mindgap.keep.definition import ASKS, Definition, Question

# What "does not apply" sends; no code is written with it.
SKIP = "~"

Fields = Mapping[str, Sequence[str]]
_OTHER_MOST = 500


class Form(msgspec.Struct, frozen=True):
    """What a browser sent: texts and files by name."""

    texts: Fields = {}
    files: Mapping[str, attachment.Upload] = {}

    def all(self, name: str) -> tuple[str, ...]:
        """Every text of a name that is not blank."""
        texts = self.texts.get(name)
        if not texts:
            return ()
        if len(texts) == 1:
            return (texts[0],) if texts[0].strip() else ()
        return tuple([text for text in texts if text.strip()])

    def one(self, name: str) -> str:
        """The first text of a name; empty when there is none."""
        texts = self.texts.get(name)
        return texts[0] if texts else ""


class Reading(msgspec.Struct, frozen=True):
    """Values by name, and faults by question."""

    values: dict[str, Any] = {}
    faults: dict[str, Fault] = {}


def read(
    questions: Sequence[Question], form: Form, *, before: Mapping[str, Any] | None = None, strict: bool = True
) -> Reading:
    """Read every question of a page. `before` holds earlier values: a file that was sent stays sent.

    Without `strict` nothing is missed: for a step back, another language, values brought by the address.
    """
    done = Reading()
    for question in questions:
        try:
            values = _read(question, form, before or {}, strict=strict)
        except Fault as fault:
            done.faults[question.code] = fault
        else:
            done.values.update(values)
    return done


def _read(question: Question, form: Form, before: Mapping[str, Any], *, strict: bool) -> dict[str, Any]:
    values = _READERS[question.type](question, form)
    if question.type == "file" and not values and question.code in before:
        values = {question.code: before[question.code]}
    if strict and question.required and not _is_answered(question, values):
        raise Fault("consent_needed" if question.type == "consent" else "missing")
    return values


def written(question: Question, answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields of a form that would be read as these answers: what stands in the page when it is shown again."""
    code = question.code
    if code not in answers:
        return {}
    value = answers[code]
    fields = {
        name: [str(text)]
        for name, text in answers.items()
        if name.startswith(f"{code}.") and isinstance(text, str)
    }
    if value is None:
        return fields | {code: [SKIP], code + SKIP: ["1"]}
    if question.type == "ranking":
        return fields | {f"{code}.{choice}": [str(place)] for place, choice in enumerate(value, 1)}
    if question.type == "consent":
        return {code: ["1"]} if value else {}
    if question.type == "file":
        return {}
    if isinstance(value, dict):
        return {f"{code}.{part}": [SKIP if each is None else _text(each)] for part, each in value.items()} | (
            {code + SKIP: ["1"]} if value and all(each is None for each in value.values()) else {}
        )
    return fields | {code: [_text(each) for each in value] if isinstance(value, list) else [_text(value)]}


def accept_hidden(definition: Definition, fields: Fields) -> dict[str, str]:
    """The hidden values that an address brings: declared ones only, short, without control characters."""
    found = {}
    for hidden in definition.hidden:
        text = next(iter(fields.get(hidden.code, ())), "")
        if text and len(text) <= 200 and typed.is_clean(text, lines=False):
            found[hidden.code] = text
    return found


def _text(value: Any) -> str:
    return typed.number_text(value) if isinstance(value, int | float) else str(value)


def _is_answered(question: Question, values: dict[str, Any]) -> bool:
    if question.type == "statement":
        return True
    if question.type == "consent":
        return bool(values.get(question.code))
    if question.type == "matrix":
        value = values.get(question.code, {})
        if value is not None and value and len(value) < len(question.rows):
            raise Fault("missing_row")
    if question.type == "pair":
        value = values.get(question.code, {})
        return value is None or len(value) == len(_asks(question))
    return question.code in values


def _asks(question: Question) -> tuple[str, ...]:
    return tuple(ask for ask in ASKS if ask in question.asks) or ("will", "got")


def _skips(question: Question, form: Form) -> bool:
    return question.may_skip and (form.all(question.code) == (SKIP,) or form.one(question.code + SKIP) == "1")


def _scored(question: Question, form: Form) -> dict[str, Any]:
    values = scale.values(question)
    if not values:
        return _number(question, form)
    sent = form.all(question.code)
    if not sent:
        return {}
    if _skips(question, form):
        return {question.code: None}
    return {question.code: _point(values, sent)}


def _point(values: tuple[float, ...], sent: Sequence[str]) -> float:
    offered = _offered(values)
    if len(sent) != 1 or sent[0] not in offered:
        raise Fault("not_offered")
    return offered[sent[0]]


@lru_cache(maxsize=1024)
def _offered(values: tuple[float, ...]) -> Mapping[str, float]:
    """The values of a scale by the way in which a form sends them."""
    return {typed.number_text(value): int(value) if float(value).is_integer() else value for value in values}


def _number(question: Question, form: Form) -> dict[str, Any]:
    if _skips(question, form):
        return {question.code: None}
    text = form.one(question.code)
    return {question.code: typed.number(text, question)} if text.strip() else {}


def _single(question: Question, form: Form) -> dict[str, Any]:
    sent = form.all(question.code)
    if not sent:
        return {}
    if _skips(question, form):
        return {question.code: None}
    if len(sent) != 1 or sent[0] not in {choice.code for choice in question.choices}:
        raise Fault("not_offered")
    return {question.code: sent[0]} | _others(question, form, sent)


def _multiple(question: Question, form: Form) -> dict[str, Any]:
    sent = tuple(dict.fromkeys(form.all(question.code)))
    if not sent:
        return {}
    if _skips(question, form):
        return {question.code: None}
    by_code = {choice.code: choice for choice in question.choices}
    if any(code not in by_code for code in sent):
        raise Fault("not_offered")
    if len(sent) > 1 and (alone := next((by_code[code] for code in sent if by_code[code].alone), None)):
        raise Fault("alone", choice=alone)
    is_alone = by_code[sent[0]].alone
    if question.least is not None and len(sent) < question.least and not is_alone:
        raise Fault("too_few", least=question.least)
    if question.most is not None and len(sent) > question.most:
        raise Fault("too_many", most=question.most)
    # In the order of the definition, so that the same choices are the same answer.
    return {question.code: [code for code in by_code if code in sent]} | _others(question, form, sent)


def _others(question: Question, form: Form, sent: Sequence[str]) -> dict[str, Any]:
    """Words beside the chosen "other"; beside one that was not chosen they do not count."""
    found = {}
    for choice in question.choices:
        name = f"{question.code}.{choice.code}"
        if choice.other and choice.code in sent and (text := form.one(name)).strip():
            found[name] = typed.text(text, most=_OTHER_MOST)
    return found


def _ranking(question: Question, form: Form) -> dict[str, Any]:
    places: dict[int, str] = {}
    for choice in question.choices:
        sent = form.one(f"{question.code}.{choice.code}").strip()
        if not sent:
            continue
        if not (
            sent.isascii() and sent.isdigit() and len(sent) < 5 and 1 <= int(sent) <= len(question.choices)
        ):
            raise Fault("not_offered")
        if int(sent) in places:
            raise Fault("repeated")
        places[int(sent)] = choice.code
    if places and len(places) < len(question.choices):
        raise Fault("unranked")
    return {question.code: [places[place] for place in sorted(places)]} if places else {}


def _matrix(question: Question, form: Form) -> dict[str, Any]:
    codes = {choice.code for choice in question.choices}
    given: dict[str, Any] = {}
    for row in question.rows:
        sent = form.all(f"{question.code}.{row.code}")
        if not sent:
            continue
        if question.may_skip and sent == (SKIP,):
            given[row.code] = None
        elif not codes:
            given[row.code] = _point(scale.values(question), sent)
        elif len(sent) == 1 and sent[0] in codes:
            given[row.code] = sent[0]
        else:
            raise Fault("not_offered")
    return {question.code: given} if given else {}


def _pair(question: Question, form: Form) -> dict[str, Any]:
    if _skips(question, form):
        return {question.code: None}
    given = {}
    for ask in _asks(question):
        name = f"{question.code}.{ask}"
        if values := scale.values(question):
            if sent := form.all(name):
                given[ask] = _point(values, sent)
        elif form.one(name).strip():
            given[ask] = typed.number(form.one(name), question)
    return {question.code: given} if given else {}


def _date(question: Question, form: Form) -> dict[str, Any]:
    if _skips(question, form):
        return {question.code: None}
    parts = [form.one(f"{question.code}.{part}").strip() for part in ("year", "month", "day")]
    text = form.one(question.code) or ("-".join(parts) if any(parts) else "")
    return {question.code: typed.date(text)} if text.strip() else {}


def _words(question: Question, form: Form) -> dict[str, Any]:
    if _skips(question, form):
        return {question.code: None}
    text = form.one(question.code)
    if not text.strip():
        return {}
    most = int(question.most) if question.most else typed.TEXT_MOST if question.long else typed.LINE_MOST
    return {
        question.code: typed.formatted(
            typed.text(text, least=int(question.least or 0), most=most, lines=question.long), question.format
        )
    }


def _consent(question: Question, form: Form) -> dict[str, Any]:
    return {question.code: form.one(question.code) == "1"}


def _contact(question: Question, form: Form) -> dict[str, Any]:
    given = {}
    for name in question.fields:
        text = form.one(f"{question.code}.{name}").strip()
        if text:
            form_of = name if name in ("email", "phone") else ""
            given[name] = typed.formatted(typed.text(text, most=200, lines=False), form_of)
    return {question.code: given} if given else {}


def _file(question: Question, form: Form) -> dict[str, Any]:
    upload = form.files.get(question.code)
    if upload is None or (not upload.name and not upload.content):
        return {}
    # Checked here, stored only when the whole page is taken.
    return {question.code: attachment.check(upload, question)}


def _nothing(_question: Question, _form: Form) -> dict[str, Any]:
    return {}


_READERS: dict[str, Callable[[Question, Form], dict[str, Any]]] = {
    **dict.fromkeys(("nps", "stars", "faces", "satisfaction", "effort", "rating", "emotion"), _scored),
    **dict.fromkeys(("duration", "number"), _number),
    **dict.fromkeys(("single", "dropdown"), _single),
    "multiple": _multiple,
    "ranking": _ranking,
    "matrix": _matrix,
    "pair": _pair,
    "date": _date,
    "text": _words,
    "consent": _consent,
    "contact": _contact,
    "file": _file,
    "statement": _nothing,
}
