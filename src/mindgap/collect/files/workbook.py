"""Sheets of .xlsx and .xls workbooks, with the types the cells have."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from mindgap.collect.files.archive import check_workbook
from mindgap.collect.files.errors import (
    BrokenFile,
    EmptyFile,
    NoSheet,
    ProtectedFile,
    TooManyColumns,
    UnknownFormat,
)
from mindgap.collect.files.limits import Limits
from mindgap.collect.files.source import Kind, Source

Cell = str | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None
_EXACT = 2**53  # whole numbers above are no longer exact in a workbook
_TEMPORAL = (dt.datetime, dt.date)


@dataclass(frozen=True)
class Grid:
    """The filled rows of one sheet: ``rows[i]`` stands in sheet row ``lines[i]`` (from 1).

    All rows have one width; columns before the first filled one are left out. ``spans`` gives, for the
    places of rows with cells merged across, how many columns the widest covers.
    """

    sheet: str
    sheets: tuple[str, ...]
    rows: list[list[Cell]]
    lines: list[int]
    blank: int
    spans: dict[int, int]
    merged: int


def read_sheet(source: Source, *, sheet: str | None, limits: Limits) -> Grid:
    """One sheet of a workbook: the one named, or the first visible one that holds anything.

    Raises NoSheet, EmptyFile, ProtectedFile, TooManyColumns, BrokenFile and what ``check_workbook`` raises.
    """
    if source.kind is Kind.XLSX:
        check_workbook(source.path, limits=limits)
    try:
        workbook = CalamineWorkbook.from_path(str(source.path))
    except PasswordError as error:
        raise ProtectedFile from error
    except (CalamineError, OSError) as error:
        raise _told_apart(source.path, error) from error
    with workbook:
        sheets = _worksheets(workbook)
        if sheet is not None and sheet not in sheets:
            raise NoSheet(sheet, sheets)
        for name in (sheet,) if sheet is not None else sheets:
            grid = _read(workbook, name, sheets, limits)
            if grid.rows:
                return grid
    raise EmptyFile


def as_text(cell: Cell) -> str:
    """A cell as the text it would have in a CSV file: numbers exact, dates in ISO form."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= _EXACT:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, dt.timedelta):
        return str(cell.total_seconds())
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)


def typed(name: str, cells: Sequence[Cell]) -> pl.Series:
    """A column in the type all its filled cells share, else as texts.

    Whole numbers give Int64, other numbers Float64, dates Date, instants Datetime in microseconds
    (without a zone: a workbook has none), durations Duration.
    """
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds <= {int, float} and kinds:
        numbers = [None if cell is None else float(cell) for cell in cells]  # type: ignore[arg-type]
        whole = all(number is None or (number.is_integer() and abs(number) <= _EXACT) for number in numbers)
        return pl.Series(name, numbers, dtype=pl.Float64).cast(pl.Int64 if whole else pl.Float64)
    if kinds and kinds <= set(_TEMPORAL):
        if kinds == {dt.date}:
            return pl.Series(name, cells, dtype=pl.Date)
        moments = [dt.datetime.combine(cell, dt.time()) if type(cell) is dt.date else cell for cell in cells]
        return pl.Series(name, moments, dtype=pl.Datetime("us"))
    for kind, dtype in ((bool, pl.Boolean), (dt.time, pl.Time), (dt.timedelta, pl.Duration("us"))):
        if kinds == {kind}:
            return pl.Series(name, cells, dtype=dtype)
    return pl.Series(name, [None if cell is None else as_text(cell) for cell in cells], dtype=pl.String)


def _told_apart(path: Path, error: Exception) -> Exception:
    text = str(error).lower()
    if "password" in text or "encrypt" in text:
        return ProtectedFile()
    with path.open("rb") as file:
        start = file.read(1 << 20)
    # An Office document of the old kind names its streams in UTF-16; a locked .xlsx is one of them too.
    if "EncryptedPackage".encode("utf-16-le") in start:
        return ProtectedFile()
    if "WordDocument".encode("utf-16-le") in start or "PowerPoint".encode("utf-16-le") in start:
        return UnknownFormat("an Office document without a workbook")
    return BrokenFile("the workbook cannot be read")


def _worksheets(workbook: CalamineWorkbook) -> tuple[str, ...]:
    """Names of the sheets with cells, visible ones first."""
    tables = [entry for entry in workbook.sheets_metadata if entry.typ == SheetTypeEnum.WorkSheet]
    shown = [entry.name for entry in tables if entry.visible == SheetVisibleEnum.Visible]
    return (*shown, *(entry.name for entry in tables if entry.name not in shown))


def _read(workbook: CalamineWorkbook, name: str, sheets: tuple[str, ...], limits: Limits) -> Grid:
    try:
        sheet = workbook.get_sheet_by_name(name)
    except (CalamineError, OSError) as error:
        raise BrokenFile(f"the sheet {name!r} cannot be read") from error
    if sheet.start is None or sheet.end is None:
        return Grid(name, sheets, [], [], 0, {}, 0)
    if sheet.width > limits.columns:
        raise TooManyColumns(found=sheet.width, limit=limits.columns)
    rows: list[list[Cell]] = []
    lines: list[int] = []
    places: dict[int, int] = {}
    for at, raw in enumerate(sheet.iter_rows()):
        cells: list[Cell] = [None if isinstance(cell, str) and not cell.strip() else cell for cell in raw]
        if any(cell is not None for cell in cells):
            places[at] = len(rows)
            rows.append(cells)
            lines.append(at + 1)
    merged = sheet.merged_cell_ranges or []
    spans: dict[int, int] = {}
    for (top, left), (_, right) in merged:
        if top in places and right > left:
            spans[places[top]] = max(spans.get(places[top], 0), right - left + 1)
    blank = max(sheet.end[0] + 1 - sheet.start[0] - len(rows), 0)
    return Grid(name, sheets, rows, lines, blank, spans, len(merged))
