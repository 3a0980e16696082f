"""The columns of the facts, and readings as Arrow tables."""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

# The order in which readings stand in the tail's table and in `of_rows`.
TAIL = (
    "day", "asked_day", "touchpoint", "channel", "unit", "measure", "promise", "source", "customer", "interaction",
    "answer", "value", "expected", "promised", "should", "minimum", "outcome", "outcome_time", "state", "early", "weight",
    "sign", "segments",
)  # fmt: skip

_TYPES: dict[str, pa.DataType] = {
    "day": pa.int32(),
    "week": pa.int16(),
    "month": pa.int16(),
    "asked_day": pa.int32(),
    "touchpoint": pa.int32(),
    "channel": pa.int32(),
    "unit": pa.int32(),
    "measure": pa.int32(),
    "promise": pa.int32(),
    "source": pa.int32(),
    "customer": pa.int64(),
    "interaction": pa.int64(),
    "answer": pa.int64(),
    "value": pa.int32(),
    "expected": pa.int32(),
    "promised": pa.int32(),
    "should": pa.int32(),
    "minimum": pa.int32(),
    "outcome": pa.int8(),
    "outcome_time": pa.int8(),
    "state": pa.int8(),
    "early": pa.int8(),
    "weight": pa.float32(),
    "sign": pa.int8(),
}
COLUMNS = tuple(_TYPES)
# Files of the first layout do not have these; nothing is known of them there.
LAYOUT = 2
LATER = ("should", "minimum")
SEGMENT = "seg_"
SEGMENT_TYPE = pa.int32()

# Which of them a rollup keeps; `answered` is 1 where the reading comes from an answer.
ROLLUP = ("day", "week", "month", "touchpoint", "measure", "value", "outcome", "state", "answered")
# Files are sorted so that a filter by measure or touchpoint skips most row groups.
ORDER = ("measure", "touchpoint", "day")

_segments = msgspec.json.Decoder(dict[str, int])


def of_rows(rows: Sequence[Sequence[Any]]) -> pa.Table:
    """A table of readings, each in the order of `TAIL`; a column `seg_<code>` for every segment that occurs."""
    if not rows:
        return empty()
    given = dict(zip(TAIL, zip(*rows, strict=True), strict=True))
    day = pa.array(given["day"], pa.int32())
    columns = {"day": day, "week": weeks(day), "month": months(day)}
    for name in COLUMNS:
        if name == "early":
            columns[name] = pa.array([int(early) for early in given[name]], pa.int8())
        elif name not in columns:
            columns[name] = pa.array(given[name], _TYPES[name])
    columns |= _segment_columns(given["segments"])
    return pa.table(columns)


def empty() -> pa.Table:
    """A table without readings."""
    return pa.table({name: pa.array([], kind) for name, kind in _TYPES.items()})


def completed(table: pa.Table) -> pa.Table:
    """The same readings with every column, those of files of an earlier layout with nothing known in them."""
    for name in LATER:
        if name not in table.column_names:
            table = table.append_column(name, pa.nulls(table.num_rows, _TYPES[name]))
    return table


def weeks(day: pa.Array) -> pa.Array:
    """`clock.week_of` for many days."""
    return pa.array(((day.to_numpy(zero_copy_only=False) + 3) // 7).astype(np.int16), pa.int16())


def months(day: pa.Array) -> pa.Array:
    """`clock.month_of` for many days."""
    dates = day.to_numpy(zero_copy_only=False).astype("datetime64[D]")
    return pa.array(dates.astype("datetime64[M]").astype(np.int64).astype(np.int16), pa.int16())


def segment_codes(table: pa.Table) -> list[str]:
    """Codes of the segments that have a column."""
    return [name.removeprefix(SEGMENT) for name in table.column_names if name.startswith(SEGMENT)]


def _segment_columns(written: Sequence[Any]) -> dict[str, pa.Array]:
    # Few customers differ in all segments: equal texts are read once.
    read = {text: _segments.decode(text) if isinstance(text, str | bytes) else text for text in set(written)}
    codes = sorted({code for segments in read.values() for code in segments})
    return {
        SEGMENT + code: pa.array([read[text].get(code) for text in written], SEGMENT_TYPE) for code in codes
    }
