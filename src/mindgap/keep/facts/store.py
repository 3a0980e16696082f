"""The closed files: written aside, made durable, put in place, and only then listed in the manifest."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings
from django.db import transaction

from mindgap.ground import clock, identity
from mindgap.keep import bulk
from mindgap.keep.facts import engine, schema

_ROW_GROUP = 250_000
# A smaller file is counted as fast as its rollup would be.
ROLLUP_ROWS = 20_000
# Ids rise with the days: their differences are short, while a dictionary of them would be as long as they are.
_IDS = dict.fromkeys(("customer", "interaction", "answer"), "DELTA_BINARY_PACKED")


@dataclass(frozen=True, slots=True)
class Written:
    """A file that is in place and not yet listed."""

    month: int
    name: str
    rollup: str
    rows: int
    has_corrections: bool
    first_day: int
    last_day: int
    bytes: int
    segments: tuple[str, ...]
    leaves: tuple[int, ...] = ()


def folder() -> Path:
    """Where the files of all organizations lie."""
    return Path(settings.FACTS)


def write(organization: int, readings: pa.Table, *, leaves: Sequence[int] = ()) -> list[Written]:
    """Write readings to one file per month, sorted, each with its rollup beside it where that is worth while."""
    written = []
    readings = schema.completed(readings)
    for month in sorted(pc.unique(readings["month"]).to_pylist()):
        part = readings.filter(pc.equal(readings["month"], month))
        part = part.sort_by([(name, "ascending") for name in schema.ORDER])
        written.append(_write_month(organization, month, part, tuple(leaves)))
    return written


def publish(
    organization: int,
    written: Sequence[Written],
    *,
    version: int,
    closed_to: int | None = None,
    removed: Sequence[int] | None = (),
) -> bool:
    """List files, and remove what they hold from the tail (`closed_to`) or the manifest (`removed`, None for all).

    False, and nothing is done, when the files have changed since `version`.
    """
    with transaction.atomic():
        if not _raise_version(organization, version, closed_to):
            return False
        if closed_to is not None:
            bulk.execute(
                "delete from keep_reading where organization_id = %s and id <= %s", [organization, closed_to]
            )
            waits = "exists (select 1 from keep_reading where organization_id = %s)"
            bulk.execute(
                f"update keep_factversion set tail_since = case when {waits} then %s else null end"  # noqa: S608
                " where organization_id = %s",
                [organization, bulk.instant(clock.now()), organization],
            )
        gone = _unlist(organization, removed)
        bulk.insert("keep_factfile", _COLUMNS, (_line(organization, each) for each in written))
    for name in gone:
        _touch(folder() / name)
    return True


def discard(written: Sequence[Written]) -> None:
    """Remove files that were never listed."""
    for each in written:
        for name in filter(None, (each.name, each.rollup)):
            (folder() / name).unlink(missing_ok=True)


_COLUMNS = (
    "organization_id", "month", "name", "rollup", "rows", "has_corrections", "first_day", "last_day", "bytes",
    "segments", "leaves", "created_at", "layout",
)  # fmt: skip


def _line(organization: int, each: Written) -> tuple[object, ...]:
    return (
        organization, each.month, each.name, each.rollup, each.rows, each.has_corrections, each.first_day,
        each.last_day, each.bytes, bulk.json_list(each.segments), bulk.json_list(each.leaves),
        bulk.instant(clock.now()), schema.LAYOUT,
    )  # fmt: skip


def _write_month(organization: int, month: int, part: pa.Table, leaves: tuple[int, ...]) -> Written:
    start = clock.month_start(month)
    place = f"organization={organization}/month={start:%Y-%m}"
    name = f"{place}/{identity.uuid7()}"
    _make(folder() / place)
    codes = schema.segment_codes(part)
    wanted = [*schema.COLUMNS, *(schema.SEGMENT + code for code in codes)]
    has_corrections = pc.min(part["sign"]).as_py() < 0
    size = _put(part.select(wanted), folder() / f"{name}.parquet")
    rollup = f"{name}.rollup.parquet" if part.num_rows >= ROLLUP_ROWS else ""
    if rollup:
        size += _put(rolled_up(part), folder() / rollup)
    days = pc.min_max(part["day"]).as_py()
    return Written(
        month, f"{name}.parquet", rollup, part.num_rows, has_corrections, days["min"], days["max"],
        size, tuple(codes), leaves,
    )  # fmt: skip


def rolled_up(readings: pa.Table) -> pa.Table:
    """Counts of readings by the few columns for which most questions ask."""
    stored = ", ".join(name for name in schema.ROLLUP if name != "answered")
    return engine.run(
        f"select {stored}, cast(answer <> 0 as tinyint) as answered, cast(sum(sign) as bigint) as n"  # noqa: S608
        " from readings group by all having sum(sign) <> 0 order by measure, touchpoint, day",
        tables={"readings": readings},
    )


def _put(table: pa.Table, path: Path) -> int:
    """Write a table durably; its size in bytes."""
    draft = path.with_suffix(".tmp")
    encoded = [name for name in table.column_names if name not in _IDS]
    with draft.open("wb") as file:
        pq.write_table(
            table,
            file,
            compression="zstd",
            row_group_size=_ROW_GROUP,
            use_dictionary=encoded,
            column_encoding={name: kind for name, kind in _IDS.items() if name in table.column_names} or None,
        )
        file.flush()
        os.fsync(file.fileno())
        size = file.tell()
    draft.rename(path)
    sync(path.parent)
    return size


def sync(path: Path) -> None:
    """Make a folder's entries durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make(path: Path) -> None:
    if path.is_dir():
        return
    missing = [path, *(parent for parent in path.parents if not parent.is_dir())]
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    for each in missing:
        sync(each.parent)


def _raise_version(organization: int, version: int, closed_to: int | None) -> bool:
    bulk.execute(
        "insert into keep_factversion (organization_id, version, closed_to) values (%s, 0, 0) on conflict do nothing",
        [organization],
    )
    changed = bulk.execute(
        "update keep_factversion set version = version + 1, closed_to = coalesce(%s, closed_to)"
        " where organization_id = %s and version = %s",
        [closed_to, organization, version],
    )
    return changed == 1


def _unlist(organization: int, removed: Sequence[int] | None) -> list[str]:
    test, parameters = "organization_id = %s", [organization]
    if removed is not None:
        if not removed:
            return []
        test, parameters = f"{test} and {bulk.among('id')}", [organization, bulk.listed(removed)]
    names = bulk.fetch(f"select name, rollup from keep_factfile where {test}", parameters)  # noqa: S608
    bulk.execute(f"delete from keep_factfile where {test}", parameters)  # noqa: S608
    return [name for pair in names for name in pair if name]


def _touch(path: Path) -> None:
    """Start the time for which a file that was replaced stays, for those who still read it."""
    with suppress(FileNotFoundError):
        os.utime(path)
