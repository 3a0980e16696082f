"""Rows that say what customers said: answers, ready to be made."""

from mindgap.collect import person
from mindgap.collect.errors import BadMapping
from mindgap.collect.interactions import UNKNOWN_TOUCHPOINT
from mindgap.collect.ready import CODE_MOST, KEY_MOST, Preparing, shown_name


def prepare(at: Preparing) -> None:
    """Read and check: key, times, scores on their scales, stated expectations, comment."""
    record = at.record
    at.text("key", record.key, most=KEY_MOST)
    at.need("key", record.key, "no_key", "the key is empty; every answer needs one, such as the response id")
    at.instant("answered_at", record.answered)
    at.need(
        "answered_at", record.answered, "answered_missing", "it is empty when this was answered; fill it in"
    )
    if at.has("asked"):
        asked = at.instant("asked_at", record.asked)
        before = (at.columns["answered_at"] < asked).fill_null(value=False)
        words = "answered {} but asked later; correct one of the two"
        shown = at.columns["answered_at"]
        at.refusals.add(before, "answered_before_asked", shown_name(record.answered), words, shown=shown)
    if at.has("touchpoint"):
        names = at.setting.known.touchpoint_names
        at.coded("touchpoint", record.touchpoint, names, "unknown_touchpoint", UNKNOWN_TOUCHPOINT)
    person.prepare(at)
    for name in ("channel", "unit"):
        if at.has(name):
            at.text(name, getattr(record, name), most=CODE_MOST[name])
    if at.has("interaction"):
        at.text("interaction", record.interaction, most=KEY_MOST)
    if at.has("weight"):
        weight = at.number("weight", record.weight)
        bad = (weight < 0).fill_null(value=False)
        at.refusals.add(bad, "bad_weight", shown_name(record.weight), "a weight must not be negative")
    _said(at)


def _said(at: Preparing) -> None:
    record, silent = at.record, at.all(is_so=True)
    for code, source in record.scores.items():
        name = f"score {_measure(at, code)}"
        silent &= at.number(name, source).is_null()
        at.on_scale(name, _measure(at, code), source)
    for number, statement in enumerate(record.statements):
        code = _measure(at, statement.measure)
        name = f"statement {number} {code}"
        silent &= at.number(name, statement.value).is_null()
        at.on_scale(name, code, statement.value)
        if statement.source:
            at.text(f"source {number}", statement.source, most=64)
    if at.has("comment"):
        silent &= at.text("comment", record.comment).is_null()
    at.refusals.add(silent, "nothing_said", "", "there is no score and no comment in this row")


def _measure(at: Preparing, code: str) -> str:
    """The code of a measure given by code or name; a mapping that names an unknown one cannot be used at all."""
    known = at.setting.known
    if code in known.measures:
        return code
    if code.lower() in known.measure_names:
        return known.measure_names[code.lower()]
    listed = ", ".join(sorted(known.measures)) or "none yet"
    raise BadMapping(
        f"{code!r} is no measure here (known: {listed}); declare it with [[measure]]", key="scores"
    )
