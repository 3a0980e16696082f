"""Whole columns of dates and times as instants in UTC."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from mindgap.collect.errors import AmbiguousDates
from mindgap.collect.files import dates as files
from mindgap.ground import clock

_UTC = pl.Datetime("us", "UTC")
_ENDS_WITH_ZONE = r"(?:Z|z|\d[+-]\d{2}(?::?\d{2})?)\s*$"
_FORMS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M:%S",
)


@dataclass(frozen=True, slots=True)
class Instants:
    """Instants in UTC, the rows that could not be read, and the order of dates that the values showed, if any."""

    instants: pl.Series
    bad: pl.Series
    order: str = ""


def read(column: pl.Series, *, zone: ZoneInfo, order: str = "", as_: str = "", name: str = "") -> Instants:
    """The dates and times of a column; those without a zone are wall-clock times at `zone`.

    `order` (dmy, mdy, ymd) and `as_` (excel, epoch_s, epoch_ms for plain numbers) are what a person said. Raises
    `AmbiguousDates` when all values of a column make sense in two orders, and nobody said which.
    """
    column, shown = column.alias(name or column.name), ""
    if as_ in ("excel", "epoch_s", "epoch_ms"):
        instants = localize(files.read_counted(column, as_), zone)  # type: ignore[arg-type]
    elif column.dtype in (pl.Date, pl.Datetime):
        instants = localize(column, zone)
    elif column.dtype == pl.String:
        instants, shown = _read_text(column, zone=zone, order=order or None)  # type: ignore[arg-type]
    else:
        # A bare number is no date unless somebody says that it is one.
        instants = pl.Series(column.name, [None] * len(column), dtype=_UTC)
    return Instants(instants, column.is_not_null() & instants.is_null(), shown)


def localize(column: pl.Series, zone: ZoneInfo) -> pl.Series:
    """Wall-clock times at `zone` as instants; aware ones are only converted.

    A time that exists twice is the first of the two. One that never existed, because the clocks jumped over it
    (midnight in São Paulo until 2018), is the instant that the clock of `ground` gives.
    """
    if column.dtype == pl.Date:
        column = column.cast(pl.Datetime("us"))
    assert isinstance(column.dtype, pl.Datetime)
    if column.dtype.time_zone:
        return (
            column.cast(_UTC)
            if column.dtype.time_zone == "UTC"
            else column.dt.convert_time_zone("UTC").cast(_UTC)
        )
    column = column.cast(pl.Datetime("us"))
    placed = column.dt.replace_time_zone(
        zone.key, ambiguous="earliest", non_existent="null"
    ).dt.convert_time_zone("UTC")
    jumped = (placed.is_null() & column.is_not_null()).arg_true()
    if len(jumped):
        wall: list[datetime] = column.gather(jumped).to_list()
        placed = placed.scatter(
            jumped, pl.Series([clock.instant_of(when, zone) for when in wall], dtype=_UTC)
        )
    return placed


def _read_text(column: pl.Series, *, zone: ZoneInfo, order: files.Order | None) -> tuple[pl.Series, str]:
    found = files.read_dates(column, order=order)
    if found is None:
        return _read_strays(column, zone=zone), ""
    if found.values is not None:
        return localize(found.values, zone), found.orders[0] if len(found.orders) == 1 else order or ""
    if found.problem == files.DateProblem.MIXED_ZONES:
        has_zone = column.str.contains(_ENDS_WITH_ZONE).fill_null(value=False)
        (without, shown), (within, _) = (
            _read_text(column.set(mask, None), zone=zone, order=order) for mask in (has_zone, ~has_zone)
        )
        return without.zip_with(without.is_not_null(), within), shown
    raise AmbiguousDates((column.name,), example=found.examples[0] if found.examples else "")


def _read_strays(column: pl.Series, *, zone: ZoneInfo) -> pl.Series:
    """The few dates in a column that mostly holds something else: only forms that mean one thing."""
    read = pl.Series(column.name, [None] * len(column), dtype=_UTC)
    for form in _FORMS:
        values = localize(column.str.strptime(pl.Datetime("us"), form, strict=False), zone)
        read = read.zip_with(read.is_not_null(), values)
    return read
