"""The facts made again from the record, and compared with it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from django.db import connection

from mindgap.keep import bulk, readings, rows
from mindgap.keep.expectation import PLACES
from mindgap.keep.facts import schema, snapshot, store
from mindgap.keep.facts.counter import count_afresh, count_table
from mindgap.keep.facts.question import Question
from mindgap.keep.facts.statement import Scales
from mindgap.keep.facts.table import summed
from mindgap.keep.models import Organization
from mindgap.keep.registry import Registry

_PAGE = 20_000
_FILE_ROWS = 500_000
_TRIES = 3
_COMPARED = ("month", "touchpoint", "channel", "unit", "measure", "value", "outcome", "state")


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the facts hold another number of readings than the record makes, or a file is not as listed."""

    what: str
    facts: int
    record: int

    def __str__(self) -> str:
        return f"{self.what}: {self.facts} in the facts, {self.record} in the record"


def rebuild(organization: Organization) -> int:
    """Throw the facts of an organization away and make them again from its record; how many readings there are.

    Recording goes on meanwhile: what it adds to the tail after the record was read stays in the tail.
    """
    _restate(organization.id)
    for _ in range(_TRIES):
        with _one_moment():
            version, closed_to = snapshot.version_of(organization.id)
            last = snapshot.last_reading(organization.id) or closed_to
            written, made = [], 0
            for table in _portions(_of_record(organization.id)):
                written += store.write(organization.id, table)
                made += table.num_rows
        if store.publish(organization.id, written, version=version, closed_to=last, removed=None):
            return made
        store.discard(written)
    raise RuntimeError("the facts were closed or merged again and again meanwhile; try once more")


def _restate(organization: int) -> None:
    """Put the kinds of an expectation beside the scores of answers that were recorded before the facts held them."""
    said = bulk.fetch(
        "select e.id, e.kind, e.value, m.code from keep_expectation e join keep_measure m on m.id = e.measure_id"
        " where e.organization_id = %s and e.kind in ('should', 'minimum') order by e.id",
        [organization],
    )
    stated: dict[int, list[tuple[str, str, int]]] = {}
    for id_, kind, value, code in said:
        stated.setdefault(id_ // PLACES, []).append((code, kind, value))
    changed = []
    ids = list(stated)
    for start in range(0, len(ids), _PAGE):
        for row in rows.answers(organization, bulk.among("id"), bulk.listed(ids[start : start + _PAGE])):
            before = bulk.json(row.scores)
            for code, kind, value in stated[row.id]:
                row.scores.setdefault(code, {"value": None})[kind] = value
            after = bulk.json(row.scores)
            if after != before:
                changed.append((after, row.id))
    if changed:
        bulk.many("update keep_answer set scores = %s where id = %s", changed)


def verify(organization: Organization) -> tuple[Difference, ...]:
    """Count the facts against the record; no difference is an empty tuple."""
    question = Question(organization.id, _COMPARED)
    key = (question, Scales.of(question))
    with _one_moment():
        now = snapshot.fresh(organization.id)
        found = list(_broken(now.files))
        if found:
            return tuple(found)
        facts = count_afresh(question, now).table
        rolled = count_afresh(Question(organization.id, ("month", "measure", "value")), now, rollups=True)
        record = [count_table(key, schema.of_rows(page)) for page in _of_record(organization.id)]
    minus = facts.set_column(facts.column_names.index("n"), "n", _negative(facts["n"]))
    differing = summed([*record, minus], _COMPARED, is_weighted=False)
    differences = [_difference(row, facts) for row in differing.to_pylist()]
    total = sum(facts["n"].to_pylist())
    if rolled.total != total:
        differences.append(Difference("rollups", rolled.total, total))
    return tuple(differences)


def _of_record(organization: int) -> Iterator[list[tuple[Any, ...]]]:
    """Pages of readings, in the order of `schema.TAIL`, as the record makes them."""
    registry = Registry(organization)
    registry.learn_all_values()
    for page in _pages(rows.interactions, organization):
        segments = _segments(organization, page)
        yield [
            _tail(reading)
            for row in page
            for reading in readings.of_interaction(row, segments.get(row.customer, {}), registry)
        ]
    for page in _pages(rows.answers, organization):
        segments = _segments(organization, page)
        linked = {row.interaction for row in page if row.interaction is not None}
        found = rows.interactions(organization, bulk.among("id"), bulk.listed(linked)) if linked else ()
        there = {row.id: row for row in found}
        yield [
            _tail(reading)
            for row in page
            for reading in readings.of_answer(
                row, there.get(row.interaction), segments.get(row.customer, {}), registry
            )
        ]


def _tail(reading: readings.Reading) -> tuple[Any, ...]:
    return (*reading[:-1], 1, reading[-1])


def _segments(organization: int, page: Iterable[Any]) -> dict[int, dict[str, str]]:
    ids = {row.customer for row in page if row.customer is not None}
    found = rows.customers(organization, bulk.among("id"), bulk.listed(ids)) if ids else ()
    return {row.id: row.segments for row in found}


def _pages(select: Callable[..., Iterable[Any]], organization: int) -> Iterator[list[Any]]:
    last = 0
    while page := list(select(organization, "id > %s order by id limit %s", last, _PAGE)):
        last = page[-1].id
        yield page


def _portions(pages: Iterable[list[tuple[Any, ...]]]) -> Iterator[pa.Table]:
    held: list[pa.Table] = []
    for page in pages:
        if page:
            held.append(schema.of_rows(page))
        if sum(table.num_rows for table in held) >= _FILE_ROWS:
            yield pa.concat_tables(held, promote_options="default")
            held = []
    if held:
        yield pa.concat_tables(held, promote_options="default")


def _broken(files: Iterable[snapshot.File]) -> Iterator[Difference]:
    import pyarrow.parquet as pq

    for file in files:
        path = store.folder() / file.name
        try:
            there = pq.read_metadata(path).num_rows
            names = filter(None, (file.name, file.rollup))
            size = sum((store.folder() / name).stat().st_size for name in names)
        except (OSError, pa.ArrowInvalid):
            yield Difference(f"file {file.name} cannot be read", 0, file.rows)
            continue
        if there != file.rows:
            yield Difference(f"file {file.name}", there, file.rows)
        elif size != file.bytes:
            yield Difference(f"bytes of file {file.name}", size, file.bytes)


def _negative(column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow.compute as pc

    return pc.negate(column)


def _difference(row: dict[str, Any], facts: pa.Table) -> Difference:
    import pyarrow.compute as pc

    mask = None
    for name in _COMPARED:
        same = (
            pc.is_null(facts[name])
            if row[name] is None
            else pc.fill_null(pc.equal(facts[name], row[name]), False)
        )
        mask = same if mask is None else pc.and_(mask, same)
    held = sum(facts.filter(mask)["n"].to_pylist())
    what = ", ".join(f"{name} {row[name]}" for name in _COMPARED if row[name] is not None)
    return Difference(what, held, held + row["n"])


@contextmanager
def _one_moment() -> Iterator[None]:
    """Let all that is read inside be one picture of the database; writes nothing, holds nobody up."""
    if connection.in_atomic_block:
        yield
        return
    begin = "begin isolation level repeatable read read only" if bulk.is_postgres() else "begin deferred"
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("rollback")
