"""How the cells of a text file are set apart, decided by parsing a sample, not by counting signs."""

import csv
import io
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from mindgap.collect.files.errors import CellTooLong, TooManyColumns

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_RECORDS = 400


@dataclass(frozen=True)
class Dialect:
    """Delimiter and quoting. ``quotes_literal``: quotation marks mean nothing here.

    ``spaced``: cells are written with a space after the delimiter, before the quotation mark.
    ``skipped_lines``: lines before the table that only name the delimiter (Excel's ``sep=;``).
    """

    delimiter: str
    quotes_literal: bool = False
    spaced: bool = False
    skipped_lines: int = 0


class Record(NamedTuple):
    """One record (a million of them are made, hence a tuple): the line it starts in (from 1), its cells, the line after its end."""

    line: int
    cells: list[str]
    after: int


def records(text: Iterable[str], dialect: Dialect, *, first_line: int = 1) -> Iterator[Record]:
    """The records of a text opened with ``newline=""``, each with the line it starts in.

    A line ends with CR LF, LF or a lone CR, inside quotation marks as well. Raises CellTooLong.
    """
    reader = csv.reader(
        text,
        delimiter=dialect.delimiter,
        quoting=csv.QUOTE_NONE if dialect.quotes_literal else csv.QUOTE_MINIMAL,
        skipinitialspace=dialect.spaced,
    )
    line = first_line
    try:
        for cells in reader:
            after = first_line + reader.line_num
            yield Record(line, cells, after)
            line = after
    except csv.Error as error:
        raise CellTooLong(line=line, limit=csv.field_size_limit()) from error


def detect(sample: str, *, delimiter: str | None = None, columns_limit: int = 5_000) -> Dialect:
    """The dialect of a text from its first lines.

    ``sample`` holds whole lines, or all there is. Raises TooManyColumns before parsing anything when the
    first line alone is too wide.
    """
    skipped = 0
    first, _, rest = sample.partition("\n")
    if first.lower().startswith("sep=") and len(first.rstrip("\r")) == 5:
        delimiter = delimiter or first[4]
        sample, skipped = rest, 1
        first = sample.partition("\n")[0]
    choices = (delimiter,) if delimiter else DELIMITERS
    widest = max(first.count(sign) for sign in choices) + 1
    quoted = first.count('"') // 2
    if widest - quoted > columns_limit:
        raise TooManyColumns(found=widest, limit=columns_limit)
    best = max(_candidates(sample, choices), key=lambda candidate: candidate[0])[1]
    return Dialect(best.delimiter, best.quotes_literal, best.spaced, skipped)


def _candidates(sample: str, choices: tuple[str, ...]) -> Iterator[tuple[float, Dialect]]:
    """Each dialect with its score; earlier ones win a tie by a hair."""
    for place, sign in enumerate(choices):
        hair = place / 1_000
        yield _score(sample, Dialect(sign)) - hair, Dialect(sign)
        if '"' not in sample:
            continue
        if f'{sign} "' in sample:
            spaced = Dialect(sign, spaced=True)
            yield _score(sample, spaced) - hair - 0.005, spaced
        if not _is_well_quoted(sample, sign):
            literal = Dialect(sign, quotes_literal=True)
            yield _score(sample, literal) - hair + 0.01, literal


def _is_well_quoted(sample: str, sign: str) -> bool:
    try:
        for _ in csv.reader(io.StringIO(sample, newline=""), delimiter=sign, strict=True):
            pass
    except csv.Error:
        return False
    return True


def _score(sample: str, dialect: Dialect) -> float:
    """How much the sample looks like a table: most records of one width, more columns than one.

    Quotation marks left at the edges of cells, or cells that run over many lines, tell of a wrong guess.
    """
    widths: Counter[int] = Counter()
    stray = cells = 0
    try:
        for count, record in enumerate(records(io.StringIO(sample, newline=""), dialect)):
            if count >= _SAMPLE_RECORDS:
                break
            if not "".join(record.cells).strip():
                continue
            widths[len(record.cells)] += 1
            cells += len(record.cells)
            stray += sum(_is_stray(cell, dialect) for cell in record.cells)
    except CellTooLong:
        return -1.0
    total = widths.total()
    if not total:
        return 0.0
    width, same = max(widths.items(), key=lambda item: (item[1], item[0]))
    if width == 1:
        # One column is what every wrong delimiter gives as well.
        return 0.35 * same / total - stray / max(cells, 1)
    return (same / total) ** 2 * (1 + 0.1 * math.log2(width)) - stray / cells


def _is_stray(cell: str, dialect: Dialect) -> bool:
    bare = cell.strip()
    opens, closes = bare.startswith('"'), bare.endswith('"')
    if dialect.quotes_literal:
        return opens and closes and len(bare) > 1
    return opens or closes or cell.count("\n") > 20
