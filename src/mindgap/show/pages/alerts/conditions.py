"""Conditions of rules in a form: what each trigger lets one look at, and the lines read back, with what is wrong."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mindgap.act.alert.trigger import Trigger
from mindgap.keep.models import (
    Channel,
    Measure,
    Organization,
    Promise,
    Segment,
    SegmentValue,
    Touchpoint,
    Unit,
)
from mindgap.show.pages.alerts import naming
from mindgap.show.pages.surveys import condition as lines
from mindgap.show.pages.surveys.condition import Column, Rows

PREFIX = "if"
_MOST_LINES = 40
_VALUES_MOST = 200
_NUMBERS = ("lowest", "late", "level")
_FLAGS = ("kept", "told")
_FAMILIES = ("score.", "expected.", "gap.")


def columns(organization: Organization, trigger: Trigger) -> tuple[Column, ...]:
    """What a condition of the trigger may look at, with the values that are known."""
    return tuple(found for name in trigger.columns for found in _of(name, organization))


def shown(raw: dict[str, Any], known: tuple[Column, ...]) -> Rows:
    """The lines of a stored condition."""
    return _worded(lines.rows(PREFIX, _("It fires when"), raw, known))


def posted(sent: Mapping[str, str], known: tuple[Column, ...]) -> Rows:
    """The lines as they were sent, to be shown once more."""
    return _worded(lines.posted(PREFIX, _("It fires when"), sent, known))


def read(
    sent: Mapping[str, str], known: tuple[Column, ...], *, before: dict[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """The condition of the lines that were sent, and what is wrong with them."""
    if sent.get(f"{PREFIX}-nested"):
        return before, []
    labels = {column.code: column.label for column in known}
    clauses, problems = [], []
    for number in range(_MOST_LINES):
        column, op, text = (
            sent.get(f"{PREFIX}-{number}-{part}", "").strip() for part in ("column", "op", "value")
        )
        if not column:
            continue
        if column not in labels or op not in naming.OPERATORS:
            problems.append(
                _("Line %(n)s looks at something that this trigger does not see.") % {"n": number + 1}
            )
            continue
        try:
            clauses.append({"column": column, "op": op, "value": _value(column, op, text)})
        except ValueError:
            problems.append(
                _("%(column)s: “%(text)s” is no value for it.") % {"column": labels[column], "text": text}
            )
    if not clauses:
        return {}, problems
    return {"any" if sent.get(f"{PREFIX}-any") == "any" else "all": clauses}, problems


def sentences(raw: dict[str, Any], known: tuple[Column, ...]) -> list[str]:
    """Each line of a stored condition in words."""
    return lines.sentences(raw, known)


def _worded(found: Rows) -> Rows:
    found.operators = naming.OPERATORS
    return found


def _of(name: str, organization: Organization) -> Iterator[Column]:
    mine: dict[str, Any] = {"organization": organization}
    if name == "scores":
        yield from _scores(Measure.objects.filter(**mine))
    elif name == "segments":
        for segment in Segment.objects.filter(**mine):
            values = SegmentValue.objects.filter(segment=segment).values_list("value", flat=True)
            known = tuple((value, value) for value in values[:_VALUES_MOST])
            yield Column(f"segment.{segment.code}", _("Segment: %(name)s") % {"name": segment}, known)
    elif name in _FLAGS:
        yield Column(
            name,
            naming.word(naming.COLUMNS, name),
            (("yes", pgettext("answer", "Yes")), ("no", pgettext("answer", "No"))),
        )
    else:
        named: dict[str, Any] = {
            "touchpoint": Touchpoint, "unit": Unit, "channel": Channel, "promise": Promise,
        }  # fmt: skip
        things = named[name].objects.filter(**mine)[:_VALUES_MOST] if name in named else ()
        yield Column(
            name, naming.word(naming.COLUMNS, name), tuple((each.code, str(each)) for each in things)
        )


def _scores(measures: Any) -> Iterator[Column]:
    for measure in measures:
        if not measure.is_duration:
            yield Column(f"score.{measure.code}", _("Score: %(name)s") % {"name": measure})
            yield Column(f"expected.{measure.code}", _("Expected: %(name)s") % {"name": measure})
            yield Column(f"gap.{measure.code}", _("Gap (better is positive): %(name)s") % {"name": measure})


def _value(column: str, op: str, text: str) -> Any:
    if op in ("empty", "filled"):
        return None
    if op in ("in", "not_in"):
        parts = [part.strip() for part in text.replace("，", ",").split(",")]
        return [_scalar(column, part) for part in parts if part]
    return _scalar(column, text)


def _scalar(column: str, text: str) -> str | float | bool:
    if column in _FLAGS:
        if text.lower() not in ("yes", "no", "true", "false"):
            raise ValueError(text)
        return text.lower() in ("yes", "true")
    if column in _NUMBERS or column.startswith(_FAMILIES):
        number = float(text)
        if abs(number) == float("inf") or number != number:  # noqa: PLR0124 - only NaN differs from itself
            raise ValueError(text)
        return number
    if not text:
        raise ValueError(text)
    return text
