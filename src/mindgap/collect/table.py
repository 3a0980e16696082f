"""One record section of a mapping applied to one table: rows ready to be delivered, and those that are not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import polars as pl

from mindgap.collect import answers, customers, duplicates, filtering, interactions, values
from mindgap.collect.errors import BadMapping, MissingColumns
from mindgap.collect.mapping import Mapping, Record, check
from mindgap.collect.mapping.schema import LAST
from mindgap.collect.ready import Preparing, Setting
from mindgap.collect.refusal import Refusal
from mindgap.collect.result import Tally
from mindgap.collect.sheet import Sheet
from mindgap.ground import clock
from mindgap.ground.condition import Condition

_PREPARE = {"interactions": interactions.prepare, "answers": answers.prepare, "customers": customers.prepare}
_HAPPENED = ("started", "experienced", "asked", "answered")


@dataclass(frozen=True, slots=True)
class Prepared:
    """`frame` has one ready row per key, with `row`, its place in the table; `tally` has all that is not delivered."""

    frame: pl.DataFrame
    refused: dict[int, Refusal]
    tally: Tally
    orders: dict[str, str]


def prepare(frame: pl.DataFrame, record: Record, setting: Setting) -> Prepared:
    """Read and check every row of a table as one kind of record."""
    rows = pl.int_range(frame.height, eager=True).alias("row")
    meant = filtering.mask(frame, Condition.read(record.where))
    tally = Tally(read=frame.height, left_out=frame.height - int(meant.sum()))
    if tally.left_out:
        frame, rows = frame.filter(meant), rows.filter(meant)
    at = Preparing(frame, record, setting)
    _PREPARE[record.makes](at)
    ready = pl.DataFrame([rows, *at.columns.values()])
    rule, by = check.keep_rule(record)
    order = _order(at, by) if rule == "latest" else None
    refused = dict(at.refusals.by_row)
    if refused:
        fine = ~pl.int_range(frame.height, eager=True).is_in(list(refused))
        ready, order = ready.filter(fine), None if order is None else order.filter(fine)
    single = duplicates.single(ready, rule=rule, by=order)
    by_row = {int(rows[place]): refusal for place, refusal in refused.items()} if refused else {}
    for row in single.conflicting.to_list():
        by_row[row] = Refusal("duplicate_key", _key_column(record), _CONFLICT)
    tally.quarantined, tally.repeated, tally.dropped = len(by_row), single.repeated, single.dropped
    return Prepared(single.frame, by_row, tally, at.orders)


_CONFLICT = (
    "other rows have the same key and say something else; correct them, or give the mapping a rule:"
    ' keep = "latest(column)", "first" or "last"'
)


def _key_column(record: Record) -> str:
    return ", ".join(check.columns_of(record.key)) or ", ".join(record.customer)


def _order(at: Preparing, column: str) -> pl.Series:
    """What `latest(column)` compares: instants, or numbers, or texts."""
    shown = values.clean(at.frame[column])
    if values.is_number(shown):
        return values.number(shown)[0]
    other = Preparing(at.frame, at.record, at.setting)
    instants = other.instant("order", column)
    return values.text(shown) if other.refusals.by_row else instants


def tables_of(record: Record, sheets: Sequence[Sheet], mapping: Mapping) -> list[Sheet]:
    """The tables that a record section reads: the one it names, else the first query, else every file."""
    name = record.table or (mapping.queries[0].name if mapping.queries else "")
    return [sheet for sheet in sheets if not name or sheet.name == name]


def check_columns(sheets: Sequence[Sheet], mapping: Mapping) -> None:
    """Every column that the mapping names is in the tables that are to have it, else `MissingColumns`."""
    for record in mapping.record:
        for sheet in tables_of(record, sheets, mapping):
            missing = tuple(
                dict.fromkeys(name for name in check.columns_in(record) if name not in sheet.frame.columns)
            )
            if missing:
                raise MissingColumns(missing, table=sheet.file, present=tuple(sheet.frame.columns))


def observed_until(
    record: Record, sheets: Sequence[Sheet], mapping: Mapping, setting: Setting
) -> datetime | None:
    """Until when open interactions are known to have been open: as the mapping says, never in the future."""
    said = record.as_of or mapping.as_of
    if not said or record.makes != "interactions":
        return None
    if said == LAST:
        found = [
            when
            for each in mapping.record
            for when in _happened(each, tables_of(each, sheets, mapping), setting)
        ]
        return min(max(found), clock.now()) if found else None
    return _moment(said, setting.zone)


def _happened(record: Record, sheets: Sequence[Sheet], setting: Setting) -> Iterator[datetime]:
    """The last instant of each column that says when something happened."""
    for sheet in sheets:
        at = Preparing(sheet.frame, record, setting)
        for name in _HAPPENED:
            source = getattr(record, name)
            if source and not (name == "experienced" and values.is_number(values.raw(sheet.frame, source))):
                last = at.instant(name, source).max()
                if isinstance(last, datetime):
                    yield last


def _moment(said: str, zone: ZoneInfo) -> datetime:
    try:
        if len(said) == len("2026-11-22"):
            # A day is over at its end: what is open then was open all day.
            return clock.instant_of(datetime.combine(date.fromisoformat(said), time.max), zone)
        return clock.instant_of(datetime.fromisoformat(said), zone)
    except ValueError as problem:
        words = f"{said!r} is no moment; write 2026-11-22, 2026-11-22T18:00:00+08:00 or {LAST!r}"
        raise BadMapping(words, key="as_of") from problem
