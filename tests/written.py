"""What a fixture wrote into an empty database, kept as rows for the tests after it: the recorder need not work it out
again for each of hundreds. SQLite only; on PostgreSQL it is made each time.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection

# By name: of each table its columns and rows.
_KEPT: dict[str, dict[str, tuple[list[str], list[tuple[Any, ...]]]]] = {}


def once(name: str, make: Callable[[], None]) -> None:
    """Make it, or put its rows where `make` would have put them; it must depend on nothing but an empty database."""
    empty = {table for table in _tables() if _is_empty(table)}
    if connection.vendor != "sqlite":
        make()
    elif name in _KEPT and empty.issuperset(_KEPT[name]):
        with connection.cursor() as cursor:
            for table, (columns, rows) in _KEPT[name].items():
                marks = ", ".join(["%s"] * len(columns))
                names = ", ".join(f'"{each}"' for each in columns)
                cursor.executemany(f'insert into "{table}" ({names}) values ({marks})', rows)
    else:
        make()
        # What it changed in tables that were not empty is not known.
        if not any(table.startswith(_OURS) for table in set(_tables()) - empty):
            _KEPT[name] = {table: _rows(table) for table in empty if not _is_empty(table)}


_OURS = ("keep_", "collect_", "act_")


def _tables() -> list[str]:
    return connection.introspection.table_names()


def _is_empty(table: str) -> bool:
    with connection.cursor() as cursor:
        return cursor.execute(f'select 1 from "{table}" limit 1').fetchone() is None


def _rows(table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        columns = [each.name for each in connection.introspection.get_table_description(cursor, table)]
        # The sign keeps the driver from turning what is stored into dates: it then knows no type.
        signed = ", ".join(f'+"{each}"' for each in columns)
        return columns, cursor.execute(f'select {signed} from "{table}"').fetchall()
