"""CSV: UTF-8 with a byte order mark, so that every spreadsheet reads Chinese; either faithful or safe to open.

A spreadsheet runs a cell that begins like a formula. The safe variant puts an apostrophe before such texts (and
before texts that begin with one, so that the change can be undone); the raw variant leaves every text as it is,
for programs. Numbers are never touched: minus five is no formula.
"""

import csv
import io

from mindgap.show.reports.table import Cell, Table, text

# What spreadsheets take for the beginning of a formula, in both widths, and what they skip before looking.
_TRIGGERS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n", "\x00")
_MARK = "'"


def write(table: Table, *, safe: bool = True) -> bytes:
    """The table as CSV."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\r\n")
    for row in (table.head, *table.rows):
        writer.writerow([guard(cell) if safe else text(cell) for cell in row])
    return b"\xef\xbb\xbf" + lines.getvalue().encode("utf-8", "replace")


def guard(cell: Cell) -> str:
    """A cell that no spreadsheet takes for a formula."""
    written = text(cell)
    if isinstance(cell, str) and written.startswith((*_TRIGGERS, _MARK)):
        return _MARK + written
    return written


def unguard(written: str) -> str:
    """What `guard` was given."""
    marked = written.startswith(_MARK) and written[1:].startswith((*_TRIGGERS, _MARK))
    return written[1:] if marked else written
