"""A table made ready: every field of a record as a typed column, checked, and the rows that do not fit refused.

Everything that the recorder would refuse is refused here already, where the line of the file is still known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from mindgap.collect import instants, values
from mindgap.collect.mapping import Record, Source
from mindgap.collect.mapping.check import columns_of
from mindgap.collect.refusal import Refusals
from mindgap.collect.register import Known

KEY_MOST = 200
CODE_MOST = {"channel": 64, "unit": 128}


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for all rows: the zone of times without one, the order of dates, how long open things were seen.

    `orders` are the orders of dates that were decided before, by column: for rows that are read again by themselves.
    """

    known: Known
    zone: ZoneInfo
    date_order: str = ""
    as_of: datetime | None = None
    orders: Mapping[str, str] = field(default_factory=dict)


class Preparing:
    """The columns of one record being read from one table; `columns` and `refusals` grow as fields are asked for."""

    def __init__(self, frame: pl.DataFrame, record: Record, setting: Setting) -> None:
        self.frame = frame
        self.record = record
        self.setting = setting
        self.columns: dict[str, pl.Series] = {}
        self.refusals = Refusals()
        # The order of dates that the values of a column showed, for rows of it that are read again later.
        self.orders: dict[str, str] = {}

    def has(self, name: str) -> bool:
        return bool(getattr(self.record, name))

    def put(self, name: str, column: pl.Series) -> pl.Series:
        self.columns[name] = column.alias(name)
        return self.columns[name]

    def nothing(self, dtype: Any = pl.String) -> pl.Series:
        return pl.Series("nothing", [None], dtype=dtype).new_from_index(0, self.frame.height)

    def all(self, *, is_so: bool) -> pl.Series:
        return pl.repeat(is_so, self.frame.height, eager=True)

    def text(self, name: str, source: Source, *, most: int | None = None) -> pl.Series:
        """A text column; longer texts than `most` characters are refused."""
        column = self.put(name, values.text(values.raw(self.frame, source)))
        if most is not None:
            words = f"the value is longer than {most} characters; shorten it"
            self.refusals.add(
                (column.str.len_chars() > most).fill_null(value=False), "too_long", shown_name(source), words
            )
        return column

    def number(self, name: str, source: Source) -> pl.Series:
        shown = values.raw(self.frame, source)
        column, bad = values.number(shown)
        words = "{} is no number; write it like 4 or 4.5"
        self.refusals.add(bad, "bad_number", shown_name(source), words, shown=shown)
        return self.put(name, column)

    def amount(self, name: str, source: Source) -> pl.Series:
        shown = values.raw(self.frame, source)
        column, bad = values.amount(shown)
        words = "{} is no amount of money; write it like 1234.56, without separators or sign of the currency"
        self.refusals.add(bad, "bad_amount", shown_name(source), words, shown=shown)
        return self.put(name, column)

    def truth(self, name: str, source: Source) -> pl.Series:
        shown = values.raw(self.frame, source)
        column, bad = values.truth(shown)
        self.refusals.add(bad, "bad_truth", shown_name(source), "{} is neither yes nor no", shown=shown)
        return self.put(name, column)

    def instant(self, name: str, source: Source) -> pl.Series:
        """Instants in UTC; `AmbiguousDates` when day and month cannot be told apart."""
        shown = values.raw(self.frame, source)
        given, label = values.field_of(source), shown_name(source)
        order = given.date_order or self.setting.date_order or self.setting.orders.get(label, "")
        read = instants.read(shown, zone=self.setting.zone, order=order, as_=given.read, name=label)
        column, bad = read.instants, read.bad
        if read.order:
            self.orders[label] = read.order
        words = "{} is no date or time that can be read; write it like 2026-11-22 18:30"
        self.refusals.add(bad, "bad_date", shown_name(source), words, shown=shown)
        return self.put(name, column)

    def moment_or_number(self, name: str, source: Source) -> None:
        """Into `<name>_at` or `<name>`: a promise may name a date or a quantity, and so may what was experienced."""
        as_ = values.field_of(source).read
        column = values.raw(self.frame, source)
        as_number = as_ == "number" or (as_ == "" and values.is_number(column))
        if as_number and column.null_count() < len(column):
            self.number(name, source)
        else:
            self.instant(f"{name}_at", source)

    def need(self, name: str, source: Source, reason: str, words: str) -> None:
        """Refuse rows where a column is empty."""
        self.refusals.add(self.columns[name].is_null(), reason, shown_name(source), words)

    def coded(self, name: str, source: Source, names: dict[str, str], reason: str, words: str) -> pl.Series:
        """Codes of a register, from codes or names in any language; unknown ones are refused."""
        shown = self.text(name, source)
        column = (
            shown.str.to_lowercase().replace_strict(
                list(names), list(names.values()), default=None, return_dtype=pl.String
            )
            if names
            else self.nothing()
        )
        self.refusals.add(
            shown.is_not_null() & column.is_null(), reason, shown_name(source), words, shown=shown
        )
        return self.put(name, column)

    def on_scale(self, name: str, measure: pl.Series | str, source: Source) -> None:
        """Refuse numbers that lie off the scale of their measure (one code, or one per row) or between two steps."""
        column = self.columns[name]
        step, least, most = (self._scale(measure, part) for part in ("step", "minimum", "maximum"))
        steps = column / step
        between = (steps - steps.round()).abs() > 1e-9 * steps.abs().clip(1)
        for bad, words in (
            (column < least, "{} is below the scale of its measure"),
            (column > most, "{} is above the scale of its measure"),
            (between, "{} lies between two steps of its measure"),
        ):
            full = f"{words}; correct it, or map it to the scale"
            self.refusals.add(bad.fill_null(value=False), "off_scale", shown_name(source), full, shown=column)

    def _scale(self, measure: pl.Series | str, part: str) -> pl.Series:
        scales = {
            code: None if (value := getattr(scale, part)) is None else float(value)
            for code, scale in self.setting.known.measures.items()
        }
        if isinstance(measure, str):
            return pl.Series(part, [scales.get(measure)], dtype=pl.Float64).new_from_index(
                0, self.frame.height
            )
        if not scales:
            return self.nothing(pl.Float64)
        return measure.replace_strict(
            list(scales), list(scales.values()), default=None, return_dtype=pl.Float64
        )


def shown_name(source: Source) -> str:
    """The column a person must look at."""
    return ", ".join(columns_of(source)) or "constant"
