"""Catalog: what the organization declared, and the way from codes (outside) to ids (in the facts) and back."""

import math
from functools import cached_property
from typing import Any

from mindgap.explain.errors import UnknownColumn, UnknownValue
from mindgap.explain.metric import Metric, metrics_of
from mindgap.ground import clock
from mindgap.keep.interaction import STATES
from mindgap.keep.models import (
    Channel,
    ExpectationSource,
    Measure,
    Organization,
    Promise,
    SegmentValue,
    Touchpoint,
    Unit,
)
from mindgap.keep.reading import EXCEEDED, MET, MISSED
from mindgap.keep.texts import Texts

OUTCOMES = {MISSED: "missed", MET: "met", EXCEEDED: "exceeded"}
# 0 stands for an answer that belongs to no interaction.
ALL_STATES = {0: "none", **STATES}
DATES = ("day", "week", "month", "asked_day")
_DECLARED = {
    "touchpoint": Touchpoint,
    "channel": Channel,
    "unit": Unit,
    "promise": Promise,
    "source": ExpectationSource,
    "measure": Measure,
}
_FIXED = {"state": ALL_STATES, "outcome": OUTCOMES, "outcome_time": OUTCOMES, "early": {0: "no", 1: "yes"}}
_NUMBERS = ("value", "expected", "promised", "gap_promised", "gap_expected")
COLUMNS = (*_DECLARED, *_FIXED, *DATES, *_NUMBERS)


class Catalog:
    """One organization's declared things, read from the record when first needed and kept for one request."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self._pairs: dict[str, dict[int, str]] = {}

    def column(self, name: str, values: tuple[object, ...] = ()) -> str:
        """The facts' column that people mean by `name`; a segment may be named without its `seg_`.

        Where a segment has the name of a column (`state` of a country, `state` of an interaction) the segment is
        meant, unless `values` are those of the column.
        """
        fixed = set(_FIXED.get(name, {}).values())
        is_column = name in COLUMNS and not (name in _FIXED and f"seg_{name}" in self._segments)
        if is_column or (values and {str(value) for value in values} <= fixed):
            return name
        for candidate in (name, f"seg_{name}"):
            if candidate in self._segments:
                return candidate
        raise UnknownColumn(name, (*COLUMNS, *sorted(self._segments)))

    def id_of(self, column: str, outside: Any) -> int | float | None:
        """The number that stands in the facts for a code, name of a state, ISO date or plain number."""
        if outside is None:
            return None
        if column in _NUMBERS:
            return _number(column, outside)
        if column in DATES:
            return _date_number(column, outside)
        pairs = self.pairs(column)
        for number, code in pairs.items():
            if code == str(outside):
                return number
        raise UnknownValue(column, str(outside), tuple(pairs.values()))

    def outside(self, column: str, number: float | None) -> str | int | float | None:
        """What people call the number in the facts; None where nothing is known of it."""
        if number is None or math.isnan(number):
            return None
        if column in _NUMBERS:
            return number
        if column in DATES:
            return _date_word(column, int(number))
        return self.pairs(column).get(int(number))

    def pairs(self, column: str) -> dict[int, str]:
        """Number in the facts -> code, for a column of declared things."""
        if column not in self._pairs:
            self._pairs[column] = self._load(column)
        return self._pairs[column]

    def names(self, column: str) -> dict[str, Texts]:
        """Code -> name in all languages, for a column of declared things; empty for all others."""
        if column not in _DECLARED:
            return {}
        rows = _DECLARED[column].objects.filter(organization=self.organization)  # type: ignore[attr-defined]
        return {code: name for code, name in rows.values_list("code", "name") if name}

    def subtree(self, unit: int) -> tuple[int, ...]:
        """Ids of a unit and of every unit below it."""
        return tuple(Unit.objects.get(id=unit).subtree().values_list("id", flat=True))

    @cached_property
    def measures(self) -> dict[int, Measure]:
        return {measure.id: measure for measure in Measure.objects.filter(organization=self.organization)}

    @cached_property
    def touchpoints(self) -> dict[int, Touchpoint]:
        """In the order of the journey."""
        rows = Touchpoint.objects.filter(organization=self.organization).select_related("stage", "measure")
        return {touchpoint.id: touchpoint for touchpoint in rows}

    @cached_property
    def promises(self) -> dict[int, Promise]:
        rows = Promise.objects.filter(organization=self.organization)
        return {promise.id: promise for promise in rows.select_related("measure", "touchpoint")}

    @cached_property
    def metrics(self) -> tuple[Metric, ...]:
        """Declared metrics in their order, then those that follow from the kind of a measure."""
        return metrics_of(self.organization, self.measures.values())

    @cached_property
    def counted(self) -> frozenset[int]:
        """Ids of the measures in which interactions are counted (days from order to delivery …)."""
        ids = {touchpoint.measure_id for touchpoint in self.touchpoints.values()}
        return frozenset(number for number in ids if number is not None)

    @cached_property
    def scored(self) -> frozenset[int]:
        """Ids of the measures that customers answer."""
        return frozenset(self.measures) - self.counted

    def metric(self, code: str) -> Metric:
        """The metric of that code."""
        for metric in self.metrics:
            if metric.code == code:
                return metric
        raise UnknownValue("metric", code, tuple(metric.code for metric in self.metrics))

    @cached_property
    def _segments(self) -> frozenset[str]:
        return frozenset(f"seg_{code}" for code in self.organization.segments.values_list("code", flat=True))

    def _load(self, column: str) -> dict[int, str]:
        if column in _FIXED:
            return _FIXED[column]
        if column in _DECLARED:
            rows = _DECLARED[column].objects.filter(organization=self.organization)  # type: ignore[attr-defined]
            return dict(rows.values_list("id", "code"))
        if column in self._segments:
            values = SegmentValue.objects.filter(
                segment__organization=self.organization, segment__code=column.removeprefix("seg_")
            )
            return dict(values.values_list("id", "value"))
        raise UnknownColumn(column, COLUMNS)


def _number(column: str, outside: Any) -> int | float:
    try:
        number = float(outside)
    except (TypeError, ValueError):
        raise UnknownValue(column, str(outside), ()) from None
    return int(number) if number.is_integer() else number


def _date_number(column: str, outside: Any) -> int:
    from datetime import date

    text = str(outside)
    try:
        when = date.fromisoformat(f"{text}-01" if column == "month" and len(text) == 7 else text)
    except ValueError:
        raise UnknownValue(column, text, ()) from None
    day = clock.day_of(when)
    return {"week": clock.week_of, "month": clock.month_of}.get(column, int)(day)


def _date_word(column: str, number: int) -> str:
    if column == "week":
        return clock.week_start(number).isoformat()
    if column == "month":
        return clock.month_start(number).isoformat()[:7]
    return clock.date_of(number).isoformat()
