"""The engine: DuckDB in memory, one for a process, with a connection of its own for each thread.

It owns no file: the closed files are read where they lie, and while one process writes a new one no other minds.
"""

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
from django.conf import settings

_PERFECT_BITS = 24

_lock = threading.Lock()
_local = threading.local()
_root: tuple[int, Any] | None = None


class Unreadable(OSError):
    """A file that a query names cannot be read."""


def run(
    sql: str, parameters: Sequence[Any] = (), *, tables: Mapping[str, pa.Table] | None = None
) -> pa.Table:
    """The answer of a query as an Arrow table; `tables` are named in it."""
    with _asking(tables) as connection:
        return connection.sql(sql, params=list(parameters)).to_arrow_table()


def batches(
    sql: str, parameters: Sequence[Any] = (), *, tables: Mapping[str, pa.Table] | None = None, rows: int
) -> Iterator[pa.RecordBatch]:
    """The answer of a query piece by piece, about so many rows each; take them all before the next query."""
    with _asking(tables) as connection:
        yield from connection.sql(sql, params=list(parameters)).to_arrow_reader(rows)


@contextmanager
def _asking(tables: Mapping[str, pa.Table] | None) -> Iterator[Any]:
    import duckdb

    connection = _connection()
    for name, table in (tables or {}).items():
        connection.register(name, table)
    try:
        yield connection
    except duckdb.IOException as problem:
        raise Unreadable(str(problem)) from problem
    finally:
        for name in tables or {}:
            connection.unregister(name)


def _connection() -> Any:
    root = _instance()
    if getattr(_local, "root", None) is not root:
        _local.root, _local.connection = root, root.cursor()
        # Keys of the facts are small integers: groups then have their places in an array instead of a hash table.
        _local.connection.execute(f"set perfect_ht_threshold = {_PERFECT_BITS}")
    return _local.connection


def _instance() -> Any:
    global _root  # noqa: PLW0603 - one engine for a process is the point
    # A forked child must not use the threads of its parent.
    if _root is None or _root[0] != os.getpid():
        with _lock:
            if _root is None or _root[0] != os.getpid():
                _root = (os.getpid(), _opened())
    return _root[1]


def _opened() -> Any:
    import duckdb

    instance = duckdb.connect(":memory:")
    instance.execute(f"set threads = {settings.FACTS_THREADS}")
    instance.execute(f"set memory_limit = '{settings.FACTS_MEMORY_MB}MB'")
    instance.execute("set preserve_insertion_order = false")
    # The files never change, so what was read of their footers stays true.
    instance.execute("set parquet_metadata_cache = true")
    instance.execute("set temp_directory = '" + str(settings.FACTS / "spill").replace("'", "''") + "'")
    instance.execute("set autoinstall_known_extensions = false")
    instance.execute("set autoload_known_extensions = false")
    return instance
