"""A mapping's condition over whole columns: which rows of a table are meant."""

import polars as pl

from mindgap.collect import values
from mindgap.ground.condition import Clause, Condition


def mask(frame: pl.DataFrame, condition: Condition) -> pl.Series:
    """True for the rows that meet the condition; as `Condition.holds` decides row by row."""
    if not condition.items:
        return pl.repeat(value=True, n=frame.height, eager=True)
    masks = [
        mask(frame, item) if isinstance(item, Condition) else _clause(frame, item) for item in condition.items
    ]
    met = masks[0]
    for each in masks[1:]:
        met = met | each if condition.any else met & each
    return met


def _clause(frame: pl.DataFrame, clause: Clause) -> pl.Series:
    column = values.clean(frame[clause.column])
    if clause.op in ("empty", "filled"):
        return column.is_null() if clause.op == "empty" else column.is_not_null()
    if clause.op in ("in", "not_in", "is", "not"):
        wanted = clause.value if isinstance(clause.value, tuple) else (clause.value,)
        among = values.text(column).is_in([_word(each) for each in wanted]).fill_null(value=False)
        return among if clause.op in ("in", "is") else ~among
    if isinstance(clause.value, int | float):
        left: pl.Series = values.number(column)[0]
        right: float | str = float(clause.value)
    else:
        left, right = values.text(column), str(clause.value)
    met = {
        "at_least": lambda: left >= right,
        "at_most": lambda: left <= right,
        "above": lambda: left > right,
        "below": lambda: left < right,
    }[clause.op]()
    return met.fill_null(value=False)


def _word(value: object) -> str:
    """A value as a table would have it."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
