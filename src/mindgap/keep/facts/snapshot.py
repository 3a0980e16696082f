"""Snapshot: which closed files and which tail rows an organization's facts consist of at one moment.

Every change of the files raises the version, in the transaction that also removes the tail rows they hold. So one
statement that reads the version together with the tail is a true picture, and no transaction is held open.
"""

import threading
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mindgap.keep import bulk
from mindgap.keep.facts import schema

# So often may files change under a reader before it gives up; each try takes milliseconds.
_TRIES = 50
_CHUNKS = 32


@dataclass(frozen=True, slots=True)
class File:
    """One line of the manifest; `leaves` are the files, as once closed, of which it consists."""

    id: int
    month: int
    name: str
    rollup: str
    rows: int
    first_day: int
    last_day: int
    bytes: int
    has_corrections: bool
    segments: frozenset[str]
    leaves: frozenset[int]
    layout: int = schema.LAYOUT


@dataclass(frozen=True, slots=True)
class Chunk:
    """Readings of the tail (as `schema.of_rows`, and `id`), the last of which has the id `last`."""

    last: int
    table: pa.Table


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`tail` are the readings that no file holds yet, up to the one with the id `position`."""

    organization: int
    version: int
    files: tuple[File, ...] = ()
    tail: tuple[Chunk, ...] = ()
    position: int = 0

    def after(self, position: int) -> tuple[Chunk, ...] | None:
        """The part of the tail after a position; None when the tail is not divided there."""
        if position == 0:
            return self.tail
        if position != self.position and all(chunk.last != position for chunk in self.tail):
            return None
        return tuple(chunk for chunk in self.tail if chunk.last > position)


class Mirror:
    """A process's copy of the facts' outline of one organization: only what is new is fetched."""

    def __init__(self, organization: int) -> None:
        self._lock = threading.Lock()
        self._held = Snapshot(organization, -1)

    def now(self) -> Snapshot:
        """The present snapshot."""
        with self._lock:
            for _ in range(_TRIES):
                version, closed_to, rows = _read(self._held)
                if version == self._held.version:
                    self._held = _extended(self._held, rows)
                    return self._held
                # The files changed: take the manifest, then look again whether it is still that version's.
                self._held = _renewed(self._held, version, closed_to)
            raise RuntimeError("the files of the facts change faster than they can be read")


_mirrors: dict[int, Mirror] = {}


def now(organization: int) -> Snapshot:
    """The facts of an organization at this moment."""
    return _mirrors.setdefault(organization, Mirror(organization)).now()


def fresh(organization: int) -> Snapshot:
    """The same, owing nothing to what this process remembers."""
    return Mirror(organization).now()


def forget() -> None:
    """Drop what this process remembers: for tests, whose databases start again from the first id."""
    _mirrors.clear()


def version_of(organization: int) -> tuple[int, int]:
    """Version of the files, and the id up to which readings are in them."""
    sql = "select version, closed_to from keep_factversion where organization_id = %s"
    rows = bulk.fetch(sql, [organization])
    return (rows[0][0], rows[0][1]) if rows else (0, 0)


def files_of(organization: int) -> tuple[File, ...]:
    """The manifest."""
    sql = (
        "select id, month, name, rollup, rows, first_day, last_day, bytes, has_corrections, segments, leaves, layout"
        " from keep_factfile where organization_id = %s order by id"
    )
    return tuple(_file(row) for row in bulk.fetch(sql, [organization]))


def tail_rows(organization: int, *, after: int, most: int) -> list[tuple[Any, ...]]:
    """Rows of the tail in order: the id, then as `schema.TAIL`."""
    sql = f"select id, {', '.join(schema.TAIL)} from keep_reading where organization_id = %s and id > %s order by id limit %s"  # noqa: S608
    return bulk.fetch(sql, [organization, after, most])


def last_reading(organization: int) -> int | None:
    """The id of the newest reading in the tail."""
    found = bulk.fetch("select max(id) from keep_reading where organization_id = %s", [organization])[0][0]
    return None if found is None else int(found)


def _read(held: Snapshot) -> tuple[int, int, list[tuple[Any, ...]]]:
    """Version, closed_to and the rows of the tail after the snapshot's position: one statement, one moment."""
    columns = ", ".join(f"r.{name}" for name in schema.TAIL)
    rows = bulk.fetch(
        f"select coalesce(v.version, 0), coalesce(v.closed_to, 0), r.id, {columns} from keep_organization o"  # noqa: S608
        " left join keep_factversion v on v.organization_id = o.id"
        " left join keep_reading r on r.organization_id = o.id and r.id > %s where o.id = %s order by r.id",
        [held.position, held.organization],
    )
    if not rows:
        return 0, 0, []
    return rows[0][0], rows[0][1], [row[2:] for row in rows if row[2] is not None]


def _extended(held: Snapshot, rows: list[tuple[Any, ...]]) -> Snapshot:
    if not rows:
        return held
    tail = (*held.tail, chunk_of(rows))
    if len(tail) > _CHUNKS:
        tail = (
            Chunk(
                tail[-1].last, pa.concat_tables([chunk.table for chunk in tail], promote_options="default")
            ),
        )
    return replace(held, tail=tail, position=tail[-1].last)


def _renewed(held: Snapshot, version: int, closed_to: int) -> Snapshot:
    files = files_of(held.organization)
    tail = []
    for chunk in held.tail if held.version >= 0 else ():
        if chunk.last > closed_to:
            table = chunk.table.filter(pc.greater(chunk.table["id"], closed_to))
            tail.append(Chunk(chunk.last, table))
    return Snapshot(held.organization, version, files, tuple(tail), held.position if held.version >= 0 else 0)


def chunk_of(rows: list[tuple[Any, ...]]) -> Chunk:
    """A chunk of rows that begin with their id."""
    table = schema.of_rows([row[1:] for row in rows])
    return Chunk(rows[-1][0], table.append_column("id", pa.array([row[0] for row in rows], pa.int64())))


def _file(row: tuple[Any, ...]) -> File:
    id_, month, name, rollup, rows, first_day, last_day, size, has_corrections, segments, leaves, layout = row
    return File(
        id_,
        month,
        name,
        rollup,
        rows,
        first_day,
        last_day,
        size,
        bool(has_corrections),
        frozenset(bulk.read_json(segments)),
        frozenset(bulk.read_json(leaves)) or frozenset((id_,)),
        layout,
    )
