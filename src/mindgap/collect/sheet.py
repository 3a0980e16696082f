"""The tables that a mapping works on: the files of the given paths, and the results of its queries over them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mindgap.collect import files, query
from mindgap.collect.errors import ImportProblem
from mindgap.collect.mapping import schema

SUFFIXES = (
    ".csv",
    ".tsv",
    ".txt",
    ".xlsx",
    ".xlsm",
    ".xls",
    ".parquet",
    ".pq",
    ".jsonl",
    ".ndjson",
    ".json",
    ".gz",
)


@dataclass(frozen=True)
class Sheet:
    """One table: its name (the stem of the file, or of the query), and in which line of the file each row begins.

    For a query's result the "line" is the number of the row in the result.
    """

    name: str
    file: str
    frame: pl.DataFrame
    lines: pl.Series
    is_query: bool = False
    blank: int = 0
    report: files.Report | None = None

    def raw(self, row: int) -> dict[str, str]:
        """A row as the file has it, as texts, without the empty cells."""
        cells = self.frame.row(row, named=True)
        return {name: str(value) for name, value in cells.items() if value is not None and value != ""}


def paths_in(paths: tuple[Path, ...]) -> list[Path]:
    """The files that the given files and folders mean, in a fixed order; hidden ones are passed over."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(
                each
                for each in path.iterdir()
                if each.is_file() and each.suffix.lower() in SUFFIXES and not each.name.startswith(".")
            )
        else:
            found.append(path)
    if not found:
        raise ImportProblem("there is no table in there; give files such as CSV, XLSX, Parquet or JSONL")
    return found


def stem(path: Path) -> str:
    """The name under which a file's table is known to a query: `orders.csv.gz` is `orders`."""
    name = path.name
    while Path(name).suffix.lower() in SUFFIXES:
        name = Path(name).stem
    return name or path.name


def open_sheets(paths: tuple[Path, ...], mapping: schema.Mapping) -> Iterator[Sheet]:
    """The tables that the mapping's records use: results of its queries, files named by `from`, else every file.

    Raises `FileProblem` for a file that cannot be read, `BadQuery` for SQL that cannot be run.
    """
    every = paths_in(paths)
    stems = [stem(path) for path in every]
    twice = {name for name in stems if stems.count(name) > 1}
    if mapping.queries and twice:
        raise ImportProblem(
            f"two files are called {', '.join(sorted(twice))}; a query could not tell them apart"
        )
    by_query = {each.name: each for each in mapping.queries}
    wanted = {record.table for record in mapping.record if record.table}
    default = next(iter(by_query), "")
    if not all(record.table for record in mapping.record):
        wanted |= {default} if default else set(stems)
    opened: dict[str, list[Sheet]] = {}
    asked = " ".join(each.sql for each in mapping.queries)
    for path, name in zip(every, stems, strict=True):
        # A query reads only what it names: other files of the folder need not even be readable.
        if name in wanted or name in asked:
            opened.setdefault(name, []).append(open_sheet(path, mapping))
    for name in sorted(wanted - by_query.keys()):
        if name not in opened:
            raise ImportProblem(
                f"there is no table {name!r}; there are {', '.join(sorted({*stems, *by_query}))}"
            )
        yield from opened[name]
    tables = {name: _for_query(sheets[0].frame) for name, sheets in opened.items()}
    for name, asking in by_query.items():
        if name in wanted:
            yield _ask(asking, tables)


def open_sheet(path: Path, mapping: schema.Mapping) -> Sheet:
    """One file as a table, opened as the mapping says."""
    how = mapping.how(stem(path))
    table = files.open_table(
        path,
        encoding=how.encoding or None,
        delimiter=how.delimiter or None,
        header_rows=how.header_rows,
        sheet=how.sheet,
        date_order=how.date_order or None,
    )
    return Sheet(
        name=stem(path),
        file=path.name,
        frame=table.frame,
        lines=table.line_numbers,
        blank=table.report.blank_records,
        report=table.report,
    )


def _ask(asked: schema.Query, tables: Mapping[str, pl.DataFrame]) -> Sheet:
    frame = query.run(asked.sql, tables)
    lines = pl.int_range(1, frame.height + 1, eager=True)
    return Sheet(name=asked.name, file=asked.name, frame=frame, lines=lines, is_query=True)


def _for_query(frame: pl.DataFrame) -> pl.DataFrame:
    """Empty texts as nulls: in SQL an empty date or number must not be a text."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    return frame.with_columns(pl.when(pl.col(texts) != "").then(pl.col(texts))) if texts else frame
