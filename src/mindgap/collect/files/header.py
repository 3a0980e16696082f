"""Which rows at the top name the columns: none, one, or several, and under which title rows.

Seen in the wild: Qualtrics writes three rows (code, question text, ``{"ImportId": …}``), its old export
two; SurveyMonkey writes the question only over the first of its columns and the option below; office
workbooks carry merged title rows above the real header; some files have no header at all.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from mindgap.collect.files.errors import NoHeader

Rows = Sequence[Sequence[str]]
Spans = Mapping[int, int]

LOOKED_AT = 200  # rows
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:[ ,.']\d{3})+|\d+)(?:[.,]\d+)?(?:[eE][+-]?\d+)?\s?%?")
_DATE = re.compile(r"(?:民國)?\d{1,4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,4}日?(?:[T\s].*)?")
_YEAR = re.compile(r"(?:19|20)\d\d年?")
_MONKEY_OPTION = re.compile(
    r"(?:open-ended response|response|other \(please specify\)|开放式回答|回答|回覆|回應|其他(?:（请注明）|（請註明）)?)",
    re.IGNORECASE,
)
_LONG = 30  # characters of a cell that reads like an answer rather than a name


class HeaderKind(StrEnum):
    NONE = "none"
    SINGLE = "single"
    DOUBLE = "double"
    """Two rows to be combined: group or question above, option below."""
    LABELLED = "labelled"
    """The first row holds codes, the second the question texts (Qualtrics, old export)."""
    QUALTRICS = "qualtrics"
    """Codes, question texts, import ids."""
    CHOSEN = "chosen"
    """A person said which rows."""
    BUILT_IN = "built_in"
    """The format itself names the columns (Parquet, JSON)."""


@dataclass(frozen=True)
class Header:
    """Which rows (places from 0 among the records) name the columns and which are titles above them.

    ``is_certain`` is false when nothing in the values tells names from records: a person should look.
    """

    kind: HeaderKind
    rows: tuple[int, ...] = ()
    titles: tuple[int, ...] = ()
    is_certain: bool = True
    lines: tuple[int, ...] = ()
    """The lines of the file (or rows of the sheet) that ``rows`` stand in."""

    @property
    def body(self) -> int:
        """Place of the first record after the header."""
        return max((*self.rows, *self.titles), default=-1) + 1


def find_header(rows: Rows, *, spans: Spans | None = None) -> Header:
    """Decide over the first rows of a table; cells are texts, blank ones empty.

    ``spans`` gives, for rows with cells merged across, how many columns the widest of them covers.
    """
    rows = rows[:LOOKED_AT]
    qualtrics = _qualtrics(rows)
    if qualtrics is not None:
        return qualtrics
    start = 0 if _is_monkey(rows, 0) else _after_titles(rows, spans or {})
    titles = tuple(range(start))
    if start >= len(rows):
        return Header(HeaderKind.NONE, (), titles, False)
    if _is_double(rows, start, spans or {}):
        return Header(HeaderKind.DOUBLE, (start, start + 1), titles)
    evidence = _evidence(rows[start], rows[start + 1 :])
    if evidence < 0:
        return Header(HeaderKind.NONE, (), titles, evidence <= -2)
    return Header(HeaderKind.SINGLE, (start,), titles, evidence > 0)


def chosen_header(rows: Rows, asked: int | Sequence[int]) -> Header:
    """The header a person asked for.

    Parameters
    ----------
    rows
        The first rows of the table, blank ones left out.
    asked
        How many rows from the top (0: none), or which rows, counted from 1 among the rows that are not
        blank; what stands above them is title.

    Raises
    ------
    NoHeader
        If the file has fewer rows.
    """
    places = tuple(range(asked)) if isinstance(asked, int) else tuple(sorted(row - 1 for row in asked))
    if not places:
        return Header(HeaderKind.NONE)
    if places[-1] >= len(rows) or places[0] < 0:
        raise NoHeader(places[-1] + 1, len(rows))
    titles = tuple(place for place in range(places[-1]) if place not in places)
    found = find_header(rows)
    if found.rows == places:
        return Header(found.kind, places, titles)
    return Header(HeaderKind.SINGLE if len(places) == 1 else HeaderKind.CHOSEN, places, titles)


def names_and_labels(rows: Rows, header: Header, width: int) -> tuple[list[str], list[str]]:
    """What the header calls each of ``width`` columns (not yet unique, blank where it says nothing), and
    the text that goes with it (empty lists of labels where there is none)."""
    lines = [_padded(rows[place], width) for place in header.rows]
    if not lines:
        return [""] * width, []
    if header.kind in {HeaderKind.QUALTRICS, HeaderKind.LABELLED}:
        return lines[0], lines[1]
    if len(lines) == 1:
        return lines[0], []
    filled = [_filled_forward(line, lines[-1]) for line in lines[:-1]] + [lines[-1]]
    return [_joined(parts) for parts in zip(*filled, strict=True)], []


def _padded(cells: Sequence[str], width: int) -> list[str]:
    clean = [" ".join(cell.split()) for cell in cells[:width]]
    return clean + [""] * (width - len(clean))


def _filled_forward(line: list[str], below: list[str]) -> list[str]:
    """Groups carried to the right over the columns that have an option but no group of their own."""
    filled: list[str] = []
    last = ""
    for cell, option in zip(line, below, strict=True):
        last = cell or (last if option else "")
        filled.append(last)
    return filled


def _joined(parts: tuple[str, ...]) -> str:
    said = [part for part in dict.fromkeys(parts) if part]
    if len(said) == 2 and said[1].casefold() == "response":
        return said[0]
    return " / ".join(said)


def _qualtrics(rows: Rows) -> Header | None:
    for place, row in enumerate(rows[:4]):
        ids = sum(1 for cell in row if cell.lstrip().startswith('{"ImportId"'))
        if ids and ids * 2 >= len(row) and place >= 2:
            kept = tuple(range(place - 2, place + 1))
            return Header(HeaderKind.QUALTRICS, kept, tuple(range(place - 2)))
    if len(rows) > 1 and list(rows[0][:3]) == ["V1", "V2", "V3"] and "ResponseSet" in rows[1]:
        return Header(HeaderKind.LABELLED, (0, 1))
    return None


def _filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip())


def _after_titles(rows: Rows, spans: Spans) -> int:
    """Place of the first row that can be a header: title rows fill few cells of a wide table."""
    usual = median(_filled(row) for row in rows) if rows else 0
    start = 0
    while start < len(rows) - 1:
        row = rows[start]
        filled = _filled(row)
        leads = bool(row and row[0].strip())
        is_alone = filled == 1 and (len(row) == 1 or leads) and usual >= (2 if len(row) == 1 else 3)
        is_note = filled <= 2 and usual >= 6 and leads and filled < _filled(rows[start + 1])
        is_merged = spans.get(start, 0) * 2 >= usual > 2 and filled <= 2
        if filled and not (is_alone or is_note or is_merged):
            break
        start += 1
    return start


def _is_monkey(rows: Rows, at: int) -> bool:
    """SurveyMonkey: questions with gaps above, an option (or "Response") in every gap below."""
    if len(rows) < at + 2:
        return False
    above, below = rows[at], rows[at + 1]
    gaps = [place for place, cell in enumerate(below) if cell.strip() and not _at(above, place)]
    marks = sum(1 for cell in below if _MONKEY_OPTION.fullmatch(cell.strip()))
    return bool(marks) and (bool(gaps) or marks >= 2) and _kind(_at(above, 0)) == "text"


def _is_double(rows: Rows, at: int, spans: Spans) -> bool:
    if _is_monkey(rows, at):
        return True
    if len(rows) < at + 3:
        return False
    above, below, body = rows[at], rows[at + 1], rows[at + 2 :]
    gaps = [place for place, cell in enumerate(below) if cell.strip() and not _at(above, place)]
    if not gaps or any(_kind(cell) in {"number", "date"} for cell in (*above, *below)):
        return False
    if any(not _at(above, place) and not _at(below, place) for place in range(_width(body))):
        return False
    # Without merged cells only values of another kind below prove that the second row is not a record.
    return spans.get(at, 0) > 1 or _evidence(below, body) > 0


def _at(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _width(rows: Rows) -> int:
    return max((len(row) for row in rows), default=0)


def _kind(cell: str) -> str:
    text = cell.strip()
    if not text:
        return "blank"
    if _NUMBER.fullmatch(text):
        return "number"
    return "date" if _DATE.fullmatch(text) else "text"


def _evidence(top: Sequence[str], body: Rows) -> int:
    """Signs that ``top`` names columns (positive) or is itself a record (negative)."""
    evidence = 0
    for place, cell in enumerate(top):
        values = [value for value in (_at(row, place) for row in body) if value]
        kind = _kind(cell)
        if kind == "blank" or not values:
            continue
        kinds = [_kind(value) for value in values]
        usual = max(("number", "date", "text"), key=kinds.count)
        if kinds.count(usual) < 0.8 * len(kinds):
            continue
        if usual == "text":
            evidence -= cell.strip() in values or (len(top) <= 2 and _reads_like_an_answer(cell, values))
        elif kind == "text":
            evidence += 1
        elif not (_YEAR.fullmatch(cell.strip()) and not all(_YEAR.fullmatch(value) for value in values)):
            evidence -= 1
    if not body:
        evidence -= sum(1 for cell in top if _kind(cell) in {"number", "date"} and not _YEAR.fullmatch(cell))
    return evidence


def _reads_like_an_answer(cell: str, values: Sequence[str]) -> bool:
    text = cell.strip()
    usual = median(len(value) for value in values)
    return len(text) >= _LONG and usual >= _LONG / 2 and not text.endswith(("?", "？", ":", "："))
