"""What was found out about a file, and what had to be decided, for a person to confirm."""

from dataclasses import dataclass, field
from typing import Literal

from mindgap.collect.files.dates import DateColumn
from mindgap.collect.files.encoding import Encoding
from mindgap.collect.files.header import Header

MOST_RAGGED = 1_000


@dataclass(frozen=True)
class Ragged:
    """A record with another number of cells than the table has columns.

    Missing cells are null in the frame; surplus cells are not in it.
    """

    line: int
    cells: int


@dataclass(frozen=True)
class Renamed:
    """A column whose name in the file was empty or taken already. ``place`` counts from 0."""

    place: int
    original: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """How the table was read.

    ``ragged`` lists the first 1,000; ``ragged_count`` counts all. ``labels`` holds, per column, the
    question text when the header has a row for it. ``complete`` is false for a preview.
    """

    format: Literal["text", "json", "xlsx", "xls", "parquet"]
    header: Header
    records: int
    labels: tuple[str, ...] = ()
    encoding: Encoding | None = None
    delimiter: str | None = None
    quotes_literal: bool = False
    blank_records: int = 0
    ragged: tuple[Ragged, ...] = ()
    ragged_count: int = 0
    renamed: tuple[Renamed, ...] = ()
    dates: tuple[DateColumn, ...] = field(default=(), repr=False)
    nul_characters: int = 0
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    merged_ranges: int = 0
    complete: bool = True

    @property
    def ambiguous_dates(self) -> tuple[DateColumn, ...]:
        """Date columns whose day and month a person must tell apart."""
        return tuple(column for column in self.dates if column.is_ambiguous)

    @property
    def replaced_characters(self) -> int:
        """Characters that could not be read and stand as U+FFFD."""
        return self.nul_characters + (0 if self.encoding is None else self.encoding.replaced)
