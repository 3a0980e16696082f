"""Counting few readings in memory: the same answer as the statement's, without the milliseconds an engine needs to
begin. A property test holds the two together."""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mindgap.ground.condition import Clause, Condition
from mindgap.keep.facts.question import CODES, GAPS, Question
from mindgap.keep.facts.statement import Scales
from mindgap.keep.facts.table import summed
from mindgap.keep.interaction import OPEN

_COMPARE = {
    "at_least": pc.greater_equal,
    "at_most": pc.less_equal,
    "above": pc.greater,
    "below": pc.less,
}


def handcount(question: Question, scales: Scales, readings: pa.Table) -> pa.Table:
    """The counts of a table of readings (`schema.of_rows`)."""
    counted = _Counted(question, scales, readings)
    mask = counted.mask()
    columns = {name: counted.column(name).cast(pa.int32()) for name in question.by}
    columns["n"] = readings["sign"].cast(pa.int64())
    if question.weighted:
        weight = pc.fill_null(readings["weight"].cast(pa.float64()), 1.0)
        columns["weight"] = pc.multiply(weight, readings["sign"].cast(pa.float64()))
    table = pa.table(columns)
    return summed([table if mask is None else table.filter(mask)], question.by, is_weighted=question.weighted)


class _Counted:
    """The columns and tests of one question on one table."""

    def __init__(self, question: Question, scales: Scales, readings: pa.Table) -> None:
        self._question = question
        self._scales = scales
        self._readings = readings
        self._there = set(readings.column_names)

    def mask(self) -> Any:
        """Which rows count; None for all."""
        question, tests = self._question, []
        if question.measures:
            tests.append(_is_in(self._readings["measure"], question.measures))
        if question.since is not None:
            tests.append(pc.greater_equal(self._readings["day"], question.since))
        if question.until is not None:
            tests.append(pc.less_equal(self._readings["day"], question.until))
        if question.where.items:
            tests.append(self._condition(question.where))
        return _joined(tests, any_=False) if tests else None

    def column(self, name: str) -> Any:
        if name == "value":
            return self._value()
        if name in GAPS:
            return self._gap(name.removeprefix("gap_"))
        if name not in self._there:
            # A segment that none of these readings has.
            return pa.nulls(self._readings.num_rows, pa.int32())
        return self._readings[name]

    def _value(self) -> Any:
        value, as_of = self._readings["value"], self._question.as_of
        if as_of is None or not self._scales.steps_per_day:
            return value
        waits = pc.and_(pc.equal(self._readings["state"], OPEN), pc.equal(self._readings["answer"], 0))
        elapsed = pc.max_element_wise(pc.subtract(as_of, self._readings["day"]), 0).cast(pa.float64())
        for measure, pace in self._scales.steps_per_day:
            here = pc.and_(waits, pc.equal(self._readings["measure"], measure))
            here = pc.and_(here, pc.is_null(self._readings["value"]))
            value = pc.if_else(here, pc.floor(pc.multiply(elapsed, pace)).cast(pa.int32()), value)
        return value

    def _gap(self, against: str) -> Any:
        gap = pc.subtract(self._value(), self._readings[against])
        lower = _is_in(self._readings["measure"], self._scales.lower_is_better)
        return pc.if_else(lower, pc.negate(gap), gap)

    def _condition(self, condition: Condition) -> Any:
        if not condition.items:
            return self._all()
        tests = [
            self._condition(item) if isinstance(item, Condition) else self._clause(item)
            for item in condition.items
        ]
        return _joined(tests, any_=condition.any)

    def _clause(self, clause: Clause) -> Any:
        column = self.column(clause.column).cast(pa.float64())
        unknown = pc.is_null(column)
        if clause.column in CODES:
            unknown = pc.or_(unknown, pc.fill_null(pc.equal(column, 0.0), False))
        if clause.op in ("empty", "filled"):
            return unknown if clause.op == "empty" else pc.invert(unknown)
        values = clause.value if isinstance(clause.value, tuple) else (clause.value,)
        known = [float(value) for value in values if value is not None]
        if clause.op in _COMPARE:
            return (
                pc.fill_null(_COMPARE[clause.op](column, known[0]), False)
                if known
                else pc.invert(self._all())
            )
        found = _is_in(column, known)
        if len(known) < len(values):
            found = pc.or_(found, unknown)
        return found if clause.op in ("is", "in") else pc.invert(found)

    def _all(self) -> Any:
        return pc.is_valid(self._readings["day"])


def _is_in(column: Any, values: Any) -> Any:
    return pc.is_in(column, value_set=pa.array(list(values), column.type))


def _joined(tests: list[Any], *, any_: bool) -> Any:
    joined = tests[0]
    for test in tests[1:]:
        joined = pc.or_(joined, test) if any_ else pc.and_(joined, test)
    return joined
