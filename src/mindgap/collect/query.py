"""The mapping's SQL: one SELECT over the given files in memory, with no way to anything else."""

import threading
from collections.abc import Mapping

import duckdb
import polars as pl

from mindgap.collect.errors import BadQuery

SECONDS = 120
MEMORY_MB = 1024
THREADS = 2

# Set before the query is seen, then locked: no file, no network, no extension, no other setting.
_WALLS = (
    "set enable_external_access = false",
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
    "set allow_community_extensions = false",
    "set python_enable_replacements = false",
    "set max_temp_directory_size = '0KB'",
    f"set memory_limit = '{MEMORY_MB}MB'",
    f"set threads = {THREADS}",
    "set preserve_insertion_order = true",
    "set lock_configuration = true",
)


def run(sql: str, tables: Mapping[str, pl.DataFrame], *, seconds: float = SECONDS) -> pl.DataFrame:
    """The result of `sql` over `tables` (named by the stems of their files), as a frame.

    Raises `BadQuery` when it is no single SELECT, names what does not exist, needs more than `seconds`, or wants
    anything outside the given tables.
    """
    with duckdb.connect(":memory:") as connection:
        for name, frame in tables.items():
            connection.register(name, frame.to_arrow())
        for wall in _WALLS:
            connection.execute(wall)
        _check(connection, sql)
        watch = threading.Timer(seconds, connection.interrupt)
        watch.start()
        try:
            return pl.DataFrame(connection.sql(sql).to_arrow_table())
        except duckdb.InterruptException as problem:
            raise BadQuery(
                f"the query took longer than {seconds:g} s and was stopped; simplify it"
            ) from problem
        except duckdb.OutOfMemoryException as problem:
            raise BadQuery(f"the query needs more than {MEMORY_MB} MB; simplify it") from problem
        except duckdb.Error as problem:
            tables_known = ", ".join(sorted(tables))
            raise BadQuery(f"the query failed: {_first_line(problem)} (tables: {tables_known})") from problem
        finally:
            watch.cancel()


def _check(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as problem:
        raise BadQuery(f"this is no SQL: {_first_line(problem)}") from problem
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise BadQuery("write one SELECT over the tables; anything else is not allowed here")


def _first_line(problem: duckdb.Error) -> str:
    # The lines after it draw an arrow under the query, which a terminal shows and a page does not.
    return str(problem).strip().partition("\n")[0]
