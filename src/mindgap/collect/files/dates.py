"""Columns of dates, read only when every value agrees on what it means.

The same table is found as ``dd-mm-yyyy`` and as ``m/d/yyyy``, so the order of day and month is decided by
all values of a column together: a value that makes sense one way only is evidence. Without evidence the
column is declared ambiguous; nothing is guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

Order = Literal["dmy", "mdy", "ymd"]
Counted = Literal["excel", "epoch_s", "epoch_ms"]

ORDERS: tuple[Order, ...] = get_args(Order)
LEAST_SHARE = 0.9  # of the values that are not blank must look like dates
_LOOKED_AT = 500
_EXAMPLES = 5
_REPUBLIC = 1911  # years before the first of the Republic calendar
_PIVOT = 70  # two-digit years: 69 is 2069, 70 is 1970
_EXCEL_EPOCH = 25_569  # the serial number of 1970-01-01
_MINUTE = 60_000_000
_DAY = 86_400_000_000

_TIME = (
    r"(?:[T\s]*(?P<half1>上午|下午|凌晨|早上|中午|晚上)?\s*(?P<hour>\d{1,2})[:：时時点點](?P<minute>\d{1,2})?分?"
    r"(?:[:：]?(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?秒?)?\s*(?P<half2>[AaPp]\.?[Mm]\.?)?\s*"
    r"(?P<zone>Z|z|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
)
_PATTERN = (
    r"^\s*(?:(?P<era>民國|民国)\s*)?(?P<first>\d{1,4})\s*(?P<mark>[-/.年])\s*(?P<middle>\d{1,2})\s*[-/.月]"
    r"\s*(?P<last>\d{1,4})\s*日?" + _TIME + r"\s*$"
)
_PLAIN_FORMATS = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")


Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """The pieces of different values, arrays of one length; -1 where a value has no such piece."""

    shaped: Flags
    begins_with_year: Flags
    first: Whole
    middle: Whole
    last: Whole
    last_digits: Whole
    microseconds: Whole
    has_time: Flags
    has_zone: Flags
    offset_minutes: Whole


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """Days since 1970-01-01, and where they are a date at all."""

    days: Whole
    is_date: Flags


class DateProblem(StrEnum):
    AMBIGUOUS = "ambiguous"
    """Every value makes sense in more than one order: a person must say which."""
    CONTRADICTORY = "contradictory"
    """Some values make sense in one order only, others only in another."""
    MIXED_ZONES = "mixed_zones"
    """Some values name their zone, others do not."""


@dataclass(frozen=True, kw_only=True)
class DateColumn:
    """What is known about a column that looks like dates.

    ``orders`` are the orders of day, month and year in which all values make sense (empty where every
    value begins with a four-digit year). ``values`` is the column read: ``Date`` when no value has a
    time, ``Datetime`` in microseconds otherwise, in UTC when the values name a zone and without a zone
    when they do not (the file does not say which); None while there is a ``problem``.
    ``unread`` counts values that are not blank and no date in that order, ``examples`` shows some.
    """

    name: str
    orders: tuple[Order, ...]
    problem: DateProblem | None
    has_time: bool
    has_zone: bool
    unread: int
    examples: tuple[str, ...]
    values: pl.Series | None

    @property
    def is_ambiguous(self) -> bool:
        return self.problem in {DateProblem.AMBIGUOUS, DateProblem.CONTRADICTORY}


def read_dates(column: pl.Series, *, order: Order | None = None) -> DateColumn | None:
    """The dates of a column of texts, or None if it is not one.

    ``order`` is what a person said; without it a column in doubt comes back with its ``problem``.
    Understood: ISO 8601, the three orders with - / . between, Chinese (2026年11月22日 下午3:05) and
    the years of the Republic where 民國 is written. Time is linear in the number of different values.
    """
    if column.dtype != pl.String or not _may_be_dates(column):
        return None
    plain = _read_plain(column)
    if plain is not None:
        return plain
    texts, codes = _different(column)
    parts = _parts(texts)
    counts = np.bincount(codes[codes >= 0], minlength=len(texts))
    said = counts[(texts.str.strip_chars() != "").to_numpy()].sum()
    if not said or counts[parts.shaped].sum() < LEAST_SHARE * said:
        return None
    return _decided(column.name, texts, codes, parts, order)


def read_counted(column: pl.Series, kind: Counted) -> pl.Series:
    """Numbers as instants, only because somebody asked: nothing in a number says that it is a date.

    "excel": days since 1899-12-30 (no zone); "epoch_s", "epoch_ms": since 1970-01-01 in UTC.
    What is no number becomes null. Returns Datetime in microseconds.
    """
    numbers = column.cast(pl.Float64, strict=False)
    if kind == "excel":
        # Whole seconds: the fraction of a day as a float is a few microseconds off.
        moments = ((numbers - _EXCEL_EPOCH) * 86_400).round() * 1_000_000
        return moments.cast(pl.Int64).cast(pl.Datetime("us")).alias(column.name)
    scale = 1_000_000 if kind == "epoch_s" else 1_000
    return (numbers * scale).round().cast(pl.Int64).cast(pl.Datetime("us", "UTC")).alias(column.name)


def _may_be_dates(column: pl.Series) -> bool:
    """A glance at values from all over the column, so that texts cost nothing."""
    said = column.drop_nulls()
    step = max(len(said) // _LOOKED_AT, 1)
    glance = said.gather_every(step)
    glance = glance.filter(glance.str.strip_chars() != "")
    if not len(glance):
        return False
    return int(glance.str.contains(_PATTERN).sum()) >= 0.5 * len(glance)


def _read_plain(column: pl.Series) -> DateColumn | None:
    """The usual case, at full speed: every value in one ISO form without a zone."""
    filled = column.replace("", None) if (column == "").any() else column
    for form in _PLAIN_FORMATS:
        has_time = len(form) > 8
        dtype = pl.Datetime("us") if has_time else pl.Date
        values = filled.str.strptime(dtype, form, strict=False, exact=True)
        if values.null_count() == filled.null_count():
            return DateColumn(
                name=column.name,
                orders=(),
                problem=None,
                has_time=has_time,
                has_zone=False,
                unread=0,
                examples=(),
                values=values,
            )
    return None


def _different(column: pl.Series) -> tuple[pl.Series, Whole]:
    """The different values, and for each value of the column its place among them (-1: null)."""
    encoded = column.to_arrow().dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return pl.Series(column.name, encoded.dictionary, dtype=pl.String), codes


def _parts(different: pl.Series) -> _Parts:
    groups = different.str.extract_groups(_PATTERN).struct.unnest()
    whole = {
        name: groups[name].cast(pl.Int64, strict=False).fill_null(-1).to_numpy()
        for name in ("first", "middle", "last", "hour", "minute", "second")
    }
    digits = groups["first"].str.len_bytes().fill_null(0).to_numpy()
    last_digits = groups["last"].str.len_bytes().fill_null(0).to_numpy()
    era = groups["era"].is_not_null().to_numpy() | (digits == 3)
    begins_with_year = era | (digits == 4) | (groups["mark"] == "年").fill_null(False).to_numpy()
    shaped = (digits > 0) & np.where(begins_with_year, last_digits <= 2, np.isin(last_digits, (2, 4)))
    year = whole["first"] + np.where(era, _REPUBLIC, 0)
    halves = groups["half1"].fill_null("") + groups["half2"].fill_null("").str.slice(0, 1).str.to_lowercase()
    return _Parts(
        shaped=shaped,
        begins_with_year=begins_with_year & shaped,
        first=np.where(begins_with_year, year, whole["first"]),
        middle=whole["middle"],
        last=whole["last"],
        last_digits=last_digits,
        microseconds=_microseconds(whole, groups["fraction"], halves),
        has_time=whole["hour"] >= 0,
        has_zone=groups["zone"].is_not_null().to_numpy(),
        offset_minutes=_offset_minutes(groups["zone"]),
    )


def _microseconds(whole: Mapping[str, Whole], fraction: pl.Series, halves: pl.Series) -> Whole:
    """Time of day in microseconds; -1 where it is no time of a day."""
    hour, minute, second = (whole[name] for name in ("hour", "minute", "second"))
    afternoon = halves.is_in(["下午", "晚上", "p"]).to_numpy() & (hour < 12)
    noon = halves.is_in(["中午"]).to_numpy() & (hour < 11)
    midnight = halves.is_in(["凌晨", "上午", "早上", "a"]).to_numpy() & (hour == 12)
    hour = hour + 12 * (afternoon | noon) - 12 * midnight
    minute, second = np.maximum(minute, 0), np.maximum(second, 0)
    parts = fraction.fill_null("0").str.pad_end(6, "0").str.slice(0, 6).cast(pl.Int64).to_numpy()
    told = ((hour * 60 + minute) * 60 + second) * 1_000_000 + parts
    is_time = (hour < 24) & (minute < 60) & (second < 60)
    return np.where(whole["hour"] < 0, 0, np.where(is_time, told, -1))


def _offset_minutes(zone: pl.Series) -> Whole:
    digits = zone.str.replace_all(r"[^0-9]", "").str.pad_end(4, "0")
    number = digits.cast(pl.Int64, strict=False).fill_null(0).to_numpy()
    sign = np.where(zone.str.starts_with("-").fill_null(False).to_numpy(), -1, 1)
    return sign * (number // 100 * 60 + number % 100)


def _decided(name: str, texts: pl.Series, codes: Whole, parts: _Parts, order: Order | None) -> DateColumn:
    readings = {each: _in_order(parts, each) for each in ORDERS}
    sensible = np.logical_or.reduce([reading.is_date for reading in readings.values()])
    told = sensible & ~parts.begins_with_year
    orders = tuple(each for each in ORDERS if told.any() and readings[each].is_date[told].all())
    chosen = readings[order or (orders[0] if orders else "ymd")]
    zoned = parts.has_zone[parts.shaped]
    problem: DateProblem | None = None
    if order is None and told.any() and not orders:
        problem = DateProblem.CONTRADICTORY
    elif order is None and any((readings[each].days[told] != chosen.days[told]).any() for each in orders):
        problem = DateProblem.AMBIGUOUS
    elif zoned.any() and not zoned.all():
        problem = DateProblem.MIXED_ZONES
    has_time, has_zone = bool(parts.has_time[parts.shaped].any()), bool(zoned.any())
    unread = ~(sensible if problem else chosen.is_date) & (texts.str.strip_chars() != "").to_numpy()
    return DateColumn(
        name=name,
        orders=orders,
        problem=problem,
        has_time=has_time,
        has_zone=has_zone,
        unread=int(unread[codes[codes >= 0]].sum()),
        examples=tuple(texts.filter(pl.Series(unread)).head(_EXAMPLES)),
        values=None if problem else _values(name, codes, parts, chosen, has_time=has_time, has_zone=has_zone),
    )


def _values(
    name: str, codes: Whole, parts: _Parts, reading: _Reading, *, has_time: bool, has_zone: bool
) -> pl.Series:
    numbers, unit = reading.days, "D"
    if has_time:
        unit = "us"
        numbers = numbers * _DAY + parts.microseconds - parts.offset_minutes * _MINUTE
    stamps = np.where(reading.is_date, numbers, np.iinfo(np.int64).min)
    found = np.where(codes >= 0, stamps[codes], np.iinfo(np.int64).min).view(f"M8[{unit}]")
    values = pl.Series(name, found, nan_to_null=True)
    return values.dt.replace_time_zone("UTC") if has_zone and has_time else values


def _in_order(parts: _Parts, order: Order) -> _Reading:
    """What the values mean in one order; those that begin with a year mean the same in all."""
    year, month, day = {
        "dmy": (parts.last, parts.middle, parts.first),
        "mdy": (parts.last, parts.first, parts.middle),
        "ymd": (parts.first, parts.middle, parts.last),
    }[order]
    fits = parts.last_digits == 2 if order == "ymd" else np.ones_like(parts.shaped)
    known = parts.begins_with_year
    year, month, day = (
        np.where(known, own, free)
        for own, free in ((parts.first, year), (parts.middle, month), (parts.last, day))
    )
    year = np.where(year >= 100, year, np.where(year < _PIVOT, year + 2000, year + 1900))
    is_month = (month >= 1) & (month <= 12)
    months = ((year - 1970) * 12 + np.where(is_month, month, 1) - 1).astype("M8[M]")
    last_day = ((months + 1).astype("M8[D]") - 1 - months.astype("M8[D]")).astype(np.int64) + 1
    is_date = parts.shaped & (fits | known) & is_month & (day >= 1) & (day <= last_day)
    days = months.astype("M8[D]").astype(np.int64) + day - 1
    return _Reading(days=days, is_date=is_date & (year <= 9999) & (parts.microseconds >= 0))
