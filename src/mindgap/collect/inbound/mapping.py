"""Mapping: which of a tool's fields is what, declared once per source; what it does not name becomes an attribute."""

from typing import Any

import msgspec

from mindgap.collect.inbound.contract import Told, as_text

# Beyond it (and beyond all bounds: "nan", "inf") a number is no answer.
_MOST = 1e15


class Part(msgspec.Struct, omit_defaults=True, frozen=True, forbid_unknown_fields=True):
    """A part of a mapping; an unknown name in it is an error."""


class Score(Part, frozen=True):
    """A field that scores a measure: `values` turns texts into numbers, `add` shifts (a tool that counts from 1)."""

    measure: str
    values: dict[str, float] = {}
    add: float = 0.0


class Expected(Part, frozen=True):
    """A field that says what was expected of a measure."""

    measure: str
    kind: str = "will"
    source: str = ""
    values: dict[str, float] = {}
    add: float = 0.0


class Event(Part, frozen=True):
    """An event that is an interaction at a touchpoint. The others name properties of the event."""

    touchpoint: str
    # Of the thing that happened (an order's number); without one every event is a thing of its own.
    key: str = ""
    started: str = ""
    promise: str = ""
    due: str = ""
    promised: str = ""
    experienced_at: str = ""
    experienced: str = ""
    revenue: str = ""
    cost: str = ""
    currency: str = ""
    unit: str = ""
    channel: str = ""
    customer: dict[str, str] = {}
    segments: dict[str, str] = {}


class Mapping(Part, frozen=True):
    """What stands in the mapping file of a source."""

    touchpoint: str = ""
    channel: str = ""
    unit: str = ""
    # Of instants without one; else that of the tool.
    zone: str = ""
    scores: dict[str, str | Score] = {}
    expected: dict[str, Expected] = {}
    comment: str = ""
    interaction: str = ""
    unit_field: str = ""
    touchpoint_field: str = ""
    customer: dict[str, str] = {}
    segments: dict[str, str] = {}
    events: dict[str, Event] = {}
    # Events that `events` does not name: `quarantine` them or `ignore` them.
    other_events: str = "quarantine"


def read(raw: dict[str, Any]) -> Mapping:
    """A mapping from its JSON or TOML; `msgspec.ValidationError` (a `ValueError`) says where it does not fit."""
    found = msgspec.convert(raw, Mapping)
    if found.other_events not in ("quarantine", "ignore"):
        raise msgspec.ValidationError("other_events is `quarantine` or `ignore`")
    return found


def answer(told: Told, mapping: Mapping) -> dict[str, Any]:
    """What was told as an answer in Mindgap's words, not yet checked: a score that is no number stays as it is."""
    taking = _Taking(told)
    body: dict[str, Any] = {
        "kind": "answer",
        "key": told.key,
        "answered_at": told.answered_at,
        "asked_at": told.asked_at,
        "language": told.language,
        "touchpoint": taking.text(mapping.touchpoint_field) or mapping.touchpoint,
        "unit": taking.text(mapping.unit_field) or mapping.unit,
        "channel": mapping.channel,
        "interaction": taking.text(mapping.interaction),
        "comment": taking.text(mapping.comment),
        "scores": taking.scores(mapping),
        "expected": taking.expected(mapping),
        "segments": taking.texts(mapping.segments),
    }
    identities = told.identities | taking.texts(mapping.customer)
    body["customer"] = {"identities": identities} if identities else None
    body["attributes"] = taking.rest()
    if told.is_withdrawn:
        # A correction: the thing stays, and says nothing any more.
        body |= {"scores": {}, "expected": [], "comment": "", "attributes": {"withdrawn": "yes"}}
    return {name: value for name, value in body.items() if value not in ("", None, {}, [])}


class _Taking:
    """Takes values by the code or the label of their field, and knows what is left."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._codes = {label: code for code, label in told.labels.items() if label} | {
            code: code for code in told.values
        }
        self._taken: set[str] = set()

    def value(self, name: str) -> Any:
        code = self._codes.get(name, name)
        self._taken.add(code)
        return self._told.values.get(code)

    def text(self, name: str) -> str:
        return as_text(self.value(name)) if name else ""

    def texts(self, wanted: dict[str, str]) -> dict[str, str]:
        return {kind: text for kind, name in wanted.items() if (text := self.text(name))}

    def scores(self, mapping: Mapping) -> dict[str, Any]:
        found = {}
        for name, wanted in mapping.scores.items():
            score = Score(wanted) if isinstance(wanted, str) else wanted
            value = number(self.value(name), score.values, score.add)
            if value is not None:
                found[score.measure] = value
        return found

    def expected(self, mapping: Mapping) -> list[dict[str, Any]]:
        found = []
        for name, wanted in mapping.expected.items():
            value = number(self.value(name), wanted.values, wanted.add)
            if value is not None:
                found.append(
                    {"measure": wanted.measure, "value": value, "kind": wanted.kind, "source": wanted.source}
                )
        return found

    def rest(self) -> dict[str, str]:
        left = {code: value for code, value in self._told.values.items() if code not in self._taken}
        return {code: text for code, value in left.items() if (text := as_text(value))}


def number(value: Any, values: dict[str, float], add: float) -> Any:
    """A number; None for nothing; what is no number as it is, so that quarantine shows it."""
    if value in (None, "", [], {}) or isinstance(value, dict):
        return value or None
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if str(value) in values:
        return values[str(value)]
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _MOST:
        return str(value)
    return value + add
