"""The records of a text file as a frame of strings, each with the line it starts in.

Two readers, one result. When the quoting is regular and every record has the same number of cells, one
pass over the bytes finds the lines and polars makes the frame. Anything else is read by the csv module,
record by record: slower, and right about ragged records and stray quotation marks.
"""

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mindgap.collect.files.dialect import Dialect, Record, records
from mindgap.collect.files.errors import BrokenQuotes, CellTooLong, TooLarge
from mindgap.collect.files.limits import Limits
from mindgap.collect.files.report import MOST_RAGGED, Ragged
from mindgap.collect.files.scan import Scan, scan

_BATCH = 50_000
# What Unicode calls white space, and polars with it; Python's own strip takes four control signs more.
_SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


@dataclass(frozen=True)
class Body:
    """The records below the header. ``frame`` has one string column per name and no blank records;
    ``lines`` (int64, as long as the frame) says where each starts."""

    frame: pl.DataFrame
    lines: pl.Series
    blank: int
    ragged: tuple[Ragged, ...]
    ragged_count: int
    quotes_literal: bool = False


def top_records(text: str, dialect: Dialect, *, most: int, whole: bool) -> list[Record]:
    """The first records that are not blank. A last record that may be cut through is left out."""
    found: list[Record] = []
    lines = _after_skipped(io.StringIO(text, newline=""), dialect)
    for record in records(lines, dialect, first_line=1 + dialect.skipped_lines):
        if not is_blank(record.cells):
            found.append(record)
        if len(found) > most:
            return found[:most]
    return found if whole or len(found) < 2 else found[:-1]


def usual_width(rows: list[list[str]], *, header: list[list[str]]) -> int:
    """How many columns the table has: as many as the header names, or more if more than half of the
    records have more."""
    named = max((len(cells) for cells in header), default=0)
    widths = Counter(len(cells) for cells in rows)
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    if named and widths[usual] * 2 <= len(rows):
        return named
    return max(named, usual, 1)


def head_of(content: bytes, top: list[Record]) -> bytes:
    """The text up to the end of the last of the top records."""
    return content[: _offset(content, top[-1].after)]


def is_blank(cells: list[str]) -> bool:
    return not "".join(cells).strip(_SPACES)


def read_body(content: bytes, dialect: Dialect, *, names: list[str], line: int, limits: Limits) -> Body:
    """All records of a UTF-8 text from ``line`` (counted from 1) on.

    Raises BrokenQuotes, CellTooLong, TooLarge (rows).
    """
    start = _offset(content, line)
    found = scan(content, start, line=line, dialect=dialect)
    if found is not None and found.lines.size > limits.rows:
        raise TooLarge(found=found.lines.size, limit=limits.rows, unit="rows")
    if found is not None:
        body = _read_regular(content, start, dialect, names=names, found=found)
        if body is not None:
            return body
    try:
        return _read_exactly(content, start, dialect, names=names, line=line, limits=limits)
    except (BrokenQuotes, CellTooLong):
        literal = _read_literally(content, start, dialect, names=names, line=line)
        if literal is None:
            raise
        return literal


def _read_literally(
    content: bytes, start: int, dialect: Dialect, *, names: list[str], line: int
) -> Body | None:
    """The records if quotation marks are signs like any other, provided that this makes all of them even."""
    literal = replace(dialect, quotes_literal=True)
    found = scan(content, start, line=line, dialect=literal)
    if found is None or len(names) < 2 or not np.all((found.cells == len(names)) | found.empty):
        return None
    body = _read_regular(content, start, literal, names=names, found=found)
    return None if body is None else replace(body, quotes_literal=True)


def _after_skipped(text: io.TextIOBase, dialect: Dialect) -> io.TextIOBase:
    for _ in range(dialect.skipped_lines):
        text.readline()
    return text


def _offset(content: bytes, line: int) -> int:
    """Where a line starts; lines end with CR LF, LF or a lone CR."""
    at = 0
    for _ in range(line - 1):
        feed = content.find(b"\n", at)
        carriage = content.find(b"\r", at, feed if feed >= 0 else len(content))
        if carriage >= 0 and carriage + 1 != feed:
            at = carriage + 1
        elif feed >= 0:
            at = feed + 1
        else:
            return len(content)
    return at


def _read_regular(
    content: bytes, start: int, dialect: Dialect, *, names: list[str], found: Scan
) -> Body | None:
    """The frame by polars; None where only the exact reader can tell."""
    width = len(names)
    even = np.flatnonzero((found.cells == width) & ~found.empty)
    # Polars takes the width from the first record it sees, so that one must be even.
    lead = int(even[0]) if even.size else 0
    if not even.size or not found.empty[:lead].all():
        return None
    frame = pl.read_csv(
        content,
        has_header=False,
        schema=dict.fromkeys(names, pl.String),
        separator=dialect.delimiter,
        quote_char=None if dialect.quotes_literal else '"',
        skip_lines=content.count(b"\n", 0, start) + int(found.lines[lead] - found.lines[0]),
        truncate_ragged_lines=True,
        glob=False,
    )
    lines, cells, empty = found.lines[lead:], found.cells[lead:], found.empty[lead:]
    blank = _blank_places(frame)
    # A record can be blank as far as the columns go and say something in a surplus cell.
    if frame.height != lines.size or bool((cells[blank] > width).any()):
        return None
    uneven = np.setdiff1d(np.flatnonzero((cells != width) & ~empty), blank, assume_unique=True)
    ragged = tuple(Ragged(int(lines[at]), int(cells[at])) for at in uneven[:MOST_RAGGED])
    _tell_empty_from_missing(frame, uneven[cells[uneven] < width], cells)
    line_numbers = pl.Series("line", lines)
    if blank.size:
        kept = np.ones(frame.height, dtype=bool)
        kept[blank] = False
        frame, line_numbers = frame.filter(kept), line_numbers.filter(kept)
    return Body(frame, line_numbers, int(blank.size) + lead, ragged, int(uneven.size))


def _blank_places(frame: pl.DataFrame) -> NDArray[np.int64]:
    """Column by column, looking on only at records that have been blank so far."""
    blank = np.arange(frame.height)
    for column in frame.iter_columns():
        if not blank.size:
            break
        values = column if blank.size == frame.height else column.gather(blank)
        is_blank_here = values.is_null() | (values.str.strip_chars().str.len_bytes() == 0)
        blank = blank[is_blank_here.to_numpy()]
    return blank


def _tell_empty_from_missing(frame: pl.DataFrame, short: NDArray[np.int64], cells: NDArray[np.int64]) -> None:
    """Polars makes empty cells null; here null is kept for cells that are not there at all."""
    for place in range(frame.width):
        column = frame.to_series(place)
        if column.null_count():
            missing = short[cells[short] <= place]
            column = column.fill_null("")
            frame.replace_column(place, column.scatter(missing, None) if missing.size else column)


def _read_exactly(
    content: bytes, start: int, dialect: Dialect, *, names: list[str], line: int, limits: Limits
) -> Body:
    stream = io.BytesIO(content)
    stream.seek(start)
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    width = len(names)
    schema = dict.fromkeys(names, pl.String)
    frames: list[pl.DataFrame] = []
    lines: list[int] = []
    ragged: list[Ragged] = []
    ragged_count = blank = 0
    batch: list[list[str | None]] = []
    for record in _closed(text, dialect, line=line):
        cells: list[str | None] = [*record.cells]
        if is_blank(record.cells):
            blank += 1
            continue
        if len(cells) != width:
            ragged_count += 1
            if len(ragged) < MOST_RAGGED:
                ragged.append(Ragged(record.line, len(cells)))
            cells = (cells + [None] * width)[:width]
        lines.append(record.line)
        batch.append(cells)
        if len(batch) >= _BATCH:
            frames.append(_frame(batch, schema))
            batch = []
            if len(lines) > limits.rows:
                raise TooLarge(found=len(lines), limit=limits.rows, unit="rows")
    frames.append(_frame(batch, schema))
    return Body(
        pl.concat(frames), pl.Series("line", lines, dtype=pl.Int64), blank, tuple(ragged), ragged_count
    )


def _frame(batch: list[list[str | None]], schema: dict[str, type[pl.String]]) -> pl.DataFrame:
    columns = zip(*batch, strict=True) if batch else ([] for _ in schema)
    return pl.DataFrame(
        [pl.Series(name, column, dtype=pl.String) for name, column in zip(schema, columns, strict=True)]
    )


def _closed(text: Iterable[str], dialect: Dialect, *, line: int) -> Iterator[Record]:
    """The records, refusing a quotation mark that swallows the rest of the file.

    A NUL, which the text cannot hold any more, is put behind the last line: it must come out as a record
    of its own.
    """
    for record in records(chain(text, ["\0"]), dialect, first_line=line):
        if record.cells[-1:] == ["\0"] and len(record.cells) == 1:
            return
        if record.cells and record.cells[-1].endswith("\0"):
            raise BrokenQuotes(line=record.line)
        yield record
