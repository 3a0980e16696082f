"""A foreign file as one honest table: what it says, where each record stands, and what was decided."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from mindgap.collect.files import columnar, dates, dialect, encoding, header, jsonlines, records, workbook
from mindgap.collect.files.dates import Order
from mindgap.collect.files.errors import EmptyFile, TooManyColumns, UnknownFormat
from mindgap.collect.files.header import Header, HeaderKind
from mindgap.collect.files.limits import LIMITS, Limits
from mindgap.collect.files.report import Renamed, Report
from mindgap.collect.files.source import Kind, Source, look

HeaderRows = int | Sequence[int] | None
_SAMPLE_CHARACTERS = 1 << 18
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_SIGN = re.compile(rb"\S")


@dataclass(frozen=True)
class Table:
    """A file read. ``frame`` and ``line_numbers`` (name "line", Int64) have one length.

    Cells of text files are strings, "" where the cell is empty and null where the record ends before it.
    Workbooks and Parquet files keep their types. ``line_numbers`` holds the line of the file (row of
    the sheet) a record starts in, from 1; for Parquet, the number of the record.
    """

    name: str
    columns: tuple[str, ...]
    frame: pl.DataFrame
    line_numbers: pl.Series
    report: Report


@dataclass(frozen=True, kw_only=True)
class _Wishes:
    """What a person decided beforehand; None: find out."""

    encoding: str | None = None
    delimiter: str | None = None
    header_rows: HeaderRows = None
    sheet: str | None = None
    date_order: Order | None = None
    limits: Limits = LIMITS
    rows: int | None = None


def open_table(
    path: str | Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_rows: HeaderRows = None,
    sheet: str | None = None,
    date_order: Order | None = None,
    limits: Limits = LIMITS,
) -> Table:
    """Read a CSV, TSV, JSON Lines, XLSX, XLS or Parquet file (texts also as .gz).

    The kind is decided by the content, not by the name. Each argument left out is found out and told in
    the report; each one given is followed.

    Parameters
    ----------
    path
        The file.
    encoding
        Name of the encoding of a text file.
    delimiter
        One character.
    header_rows
        How many rows from the top name the columns (0: none), or which ones, counted from 1 among the
        rows that are not blank; rows above the named ones are titles.
    sheet
        Name of the sheet of a workbook; else the first visible one with anything in it.
    date_order
        "dmy", "mdy" or "ymd", for the date columns of the report.
    limits
        Ceilings; a file over one of them is refused before it is unpacked.

    Returns
    -------
    Table

    Raises
    ------
    FileProblem
        One of the tree in ``errors``. OSError if the path cannot be opened.
    """
    wishes = _Wishes(
        encoding=encoding,
        delimiter=delimiter,
        header_rows=header_rows,
        sheet=sheet,
        date_order=date_order,
        limits=limits,
    )
    return _open(Path(path), wishes)


def preview(
    path: str | Path,
    *,
    rows: int = 20,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_rows: HeaderRows = None,
    sheet: str | None = None,
    date_order: Order | None = None,
    limits: Limits = LIMITS,
) -> Table:
    """The first records, for a person to confirm how the file is read.

    Of a large text only the first 2 MiB are read for the encoding and some 200 records for the rest, so
    the report speaks of these alone (``report.complete`` is false): an encoding or a date order may
    still turn out differently.
    """
    wishes = _Wishes(
        encoding=encoding,
        delimiter=delimiter,
        header_rows=header_rows,
        sheet=sheet,
        date_order=date_order,
        limits=limits,
        rows=rows,
    )
    table = _open(Path(path), wishes)
    return replace(
        table,
        frame=table.frame.head(rows),
        line_numbers=table.line_numbers.head(rows),
        report=replace(table.report, complete=False),
    )


def _open(path: Path, wishes: _Wishes) -> Table:
    table = _read(look(path, limits=wishes.limits, head_only=wishes.rows is not None), wishes)
    # Only now, when the bytes of the file are out of memory again.
    found = (dates.read_dates(column, order=wishes.date_order) for column in table.frame.iter_columns())
    known = tuple(column for column in found if column is not None)
    return replace(table, report=replace(table.report, dates=known))


def _read(source: Source, wishes: _Wishes) -> Table:
    if source.kind is Kind.PARQUET:
        return _from_parquet(source, wishes)
    if source.kind in {Kind.XLSX, Kind.XLS}:
        return _from_workbook(source, wishes)
    return _from_text(source, wishes)


def _from_parquet(source: Source, wishes: _Wishes) -> Table:
    frame = columnar.read_parquet(source.path, limits=wishes.limits, rows=wishes.rows)
    lines = pl.int_range(1, frame.height + 1, eager=True, dtype=pl.Int64).alias("line")
    report = Report(format="parquet", header=Header(HeaderKind.BUILT_IN), records=frame.height)
    return _table(source, frame, lines, report)


def _from_workbook(source: Source, wishes: _Wishes) -> Table:
    grid = workbook.read_sheet(source, sheet=wishes.sheet, limits=wishes.limits)
    top = [[workbook.as_text(cell) for cell in row] for row in grid.rows[: header.LOOKED_AT]]
    found = _header(top, wishes, grid.spans)
    columns = list(zip(*grid.rows[found.body :], strict=True)) or [()] * len(top[0])
    said, labels = header.names_and_labels(top, found, len(columns))
    # A column without name and values is the margin of a sheet, not a part of the table.
    used = [
        place for place, name in enumerate(said) if name or any(cell is not None for cell in columns[place])
    ]
    names, renamed = _unique([said[place] for place in used])
    frame = pl.DataFrame(
        [workbook.typed(name, columns[place]) for name, place in zip(names, used, strict=True)]
    )
    report = Report(
        format="xlsx" if source.kind is Kind.XLSX else "xls",
        header=replace(found, lines=tuple(grid.lines[place] for place in found.rows)),
        labels=tuple(labels[place] for place in used) if labels else (),
        records=frame.height,
        blank_records=grid.blank,
        renamed=renamed,
        sheet=grid.sheet,
        sheets=grid.sheets,
        merged_ranges=grid.merged,
    )
    lines = pl.Series("line", grid.lines[found.body :], dtype=pl.Int64)
    return _table(source, frame, lines, report)


def _from_text(source: Source, wishes: _Wishes) -> Table:
    content = source.content
    detected = encoding.named(wishes.encoding, content) if wishes.encoding else encoding.detect(content)
    content = encoding.to_utf8(content, detected)
    nul_characters = content.count(b"\0")
    if nul_characters:
        if len(_CONTROL.findall(content[:_SAMPLE_CHARACTERS])) * 10 > min(len(content), _SAMPLE_CHARACTERS):
            raise UnknownFormat("a file of unreadable signs")
        content = content.replace(b"\0", "\ufffd".encode())
    if not _SIGN.search(content):
        raise EmptyFile
    report = Report(
        format="text",
        header=Header(HeaderKind.BUILT_IN),
        records=0,
        encoding=detected,
        nul_characters=nul_characters,
    )
    if source.kind is Kind.JSON and wishes.delimiter is None:
        return _from_json(source, content, report, wishes)
    return _from_records(source, content, report, wishes)


def _from_json(source: Source, content: bytes, report: Report, wishes: _Wishes) -> Table:
    objects = jsonlines.read_objects(content.decode(), limits=wishes.limits, whole=source.whole)
    names, renamed = _unique(list(objects.frame.columns))
    frame = objects.frame.rename(dict(zip(objects.frame.columns, names, strict=True)))
    report = replace(report, format="json", records=frame.height, renamed=renamed)
    return _table(source, frame, objects.lines, report)


def _from_records(source: Source, content: bytes, report: Report, wishes: _Wishes) -> Table:
    sample, is_all = _sample(content)
    limit = wishes.limits.columns
    found = dialect.detect(sample, delimiter=wishes.delimiter, columns_limit=limit)
    most = max(header.LOOKED_AT, (wishes.rows or 0) + 10)
    top = records.top_records(sample, found, most=most, whole=is_all and source.whole)
    if not top:
        raise EmptyFile
    rows = [record.cells for record in top]
    heading = _header(rows, wishes, None)
    heading = replace(heading, lines=tuple(top[place].line for place in heading.rows))
    width = records.usual_width(rows[heading.body :], header=[rows[place] for place in heading.rows])
    if width > limit:
        raise TooManyColumns(found=width, limit=limit)
    said, labels = header.names_and_labels(rows, heading, width)
    names, renamed = _unique(said)
    line = top[heading.body - 1].after if heading.body else 1 + found.skipped_lines
    if not source.whole:
        content = records.head_of(content, top)
    body = records.read_body(content, found, names=names, line=line, limits=wishes.limits)
    report = replace(
        report,
        header=heading,
        labels=tuple(labels),
        delimiter=found.delimiter,
        quotes_literal=body.quotes_literal,
        records=body.frame.height,
        blank_records=body.blank,
        ragged=body.ragged,
        ragged_count=body.ragged_count,
        renamed=renamed,
    )
    return _table(source, body.frame, body.lines, report)


def _sample(content: bytes) -> tuple[str, bool]:
    """The first lines, whole ones; all of them when the file is small."""
    if len(content) <= _SAMPLE_CHARACTERS:
        return content.decode(), True
    end = content.rfind(b"\n", 0, _SAMPLE_CHARACTERS) + 1 or content.find(b"\n") + 1 or len(content)
    return content[:end].decode(), end >= len(content)


def _header(rows: list[list[str]], wishes: _Wishes, spans: dict[int, int] | None) -> Header:
    if wishes.header_rows is not None:
        return header.chosen_header(rows, wishes.header_rows)
    return header.find_header(rows, spans=spans)


def _unique(said: Sequence[str]) -> tuple[list[str], tuple[Renamed, ...]]:
    """Names no two of which are the same; what was empty or taken is renamed and told."""
    names: list[str] = []
    renamed: list[Renamed] = []
    taken = set(said)
    used: set[str] = set()
    for place, original in enumerate(said):
        name = original
        if not original or original in used:
            stem = original or f"column_{place + 1}"
            number = 2
            name = stem
            while not name or name in taken or name in used:
                name = f"{stem}_{number}"
                number += 1
            renamed.append(Renamed(place, original, name))
        used.add(name)
        names.append(name)
    return names, tuple(renamed)


def _table(source: Source, frame: pl.DataFrame, lines: pl.Series, report: Report) -> Table:
    return Table(source.path.name, tuple(frame.columns), frame, lines, report)
