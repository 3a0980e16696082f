"""Rows to and from the database in bulk, by plain SQL: the ORM costs ten times what a row of the record may cost.

Only what SQLite and PostgreSQL do differently stands here; names of tables and columns come from the code, never
from outside.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec
from django.db import connection

Row = Sequence[Any]

_json = msgspec.json.Encoder().encode


@cache
def is_postgres() -> bool:
    """Whether the record is kept in PostgreSQL; asked for every value, hence remembered."""
    return connection.vendor == "postgresql"


def fetch(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a query with `%s` parameters."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def execute(sql: str, parameters: Sequence[Any] = ()) -> int:
    """Run a statement; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def insert(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows that are known to be new; values as `instant`, `json` and `flag` give them."""
    rows = list(rows)
    if not rows:
        return
    if is_postgres():
        copying = f"copy {table} ({_list(columns)}) from stdin"
        with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(copying) as copy:
            for row in rows:
                copy.write_row(row)
        return
    _many(f"insert into {table} ({_list(columns)}) values ({_marks(columns)})", rows)  # noqa: S608


def insert_missing(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows, leaving out those that a unique constraint already knows."""
    sql = f"insert into {table} ({_list(columns)}) values ({_marks(columns)}) on conflict do nothing"  # noqa: S608
    _many(sql, list(rows))


def update(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Set columns of rows by id; the id stands first in each row."""
    turned = [(*row[1:], row[0]) for row in rows]
    _many(f"update {table} set {', '.join(f'{name} = %s' for name in columns)} where id = %s", turned)  # noqa: S608


def many(sql: str, rows: Iterable[Row]) -> None:
    """Run one statement for each row of parameters."""
    _many(sql, list(rows))


def among(column: str, *, text: bool = False) -> str:
    """The SQL test that a column is one of a list; `listed` makes the one parameter it takes."""
    if is_postgres():
        return f"{column} = any(%s::{'text' if text else 'bigint'}[])"
    return f"{column} in (select value from json_each(%s))"  # noqa: S608


def listed(values: Iterable[Any]) -> Any:
    """The parameter of `among`."""
    values = list(values)
    return values if is_postgres() else _json(values).decode()


def instant(when: datetime | None) -> Any:
    """An aware instant as the database keeps it."""
    if when is None or is_postgres():
        return when
    if when.tzinfo is not UTC:
        when = when.astimezone(UTC)
    # Without the "+00:00".
    return when.isoformat(" ")[:-6]


def read_instant(raw: Any) -> datetime | None:
    """An instant as the database gave it."""
    if raw is None:
        return None
    when = raw if isinstance(raw, datetime) else datetime.fromisoformat(raw)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def json(value: Any) -> str:
    """A JSON column's value."""
    return _json(value).decode() if value else "{}"


def json_list(values: Iterable[Any]) -> str:
    """A JSON column's value when it is a list."""
    return _json(list(values)).decode()


def read_json(raw: Any) -> Any:
    """A JSON column's content."""
    return msgspec.json.decode(raw) if isinstance(raw, str | bytes) else raw


def _many(sql: str, rows: Sequence[Row]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)


def _list(columns: Sequence[str]) -> str:
    return ", ".join(columns)


def _marks(columns: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(columns))
