"""One pass over the bytes of a text: where its records start and how many cells they have."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mindgap.collect.files.dialect import Dialect

_LF, _CR, _QUOTE = 10, 13, 34
_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Scan:
    """Per record: the line it starts in, its number of cells, whether it is an empty line. Equal shapes."""

    lines: NDArray[np.int64]
    cells: NDArray[np.int64]
    empty: NDArray[np.bool_]


@dataclass(frozen=True)
class _Ends:
    """Line ends outside quotation marks in one piece: byte places, their rank among all line ends and the
    number of delimiters before them."""

    places: NDArray[np.int64]
    ranks: NDArray[np.int64]
    delimiters: NDArray[np.int64]


def scan(content: bytes, start: int, *, line: int, dialect: Dialect, piece: int = 1 << 21) -> Scan | None:
    """The records from byte ``start`` (which begins line ``line``) to the end.

    Returns None when the text is not regular: a quotation mark where RFC 4180 has none, one never closed,
    or line ends of a lone CR. Such a text must be parsed to be understood. ``piece`` is how many bytes are
    looked at in one go, small enough to stay in the cache.
    """
    whole = np.frombuffer(content, dtype=np.uint8)
    quoted = not dialect.quotes_literal and content.find(b'"', start) >= 0
    returns = content.find(b"\r", start) >= 0
    pieces: list[_Ends] = []
    breaks_before = delimiters_before = inside = 0
    for at in range(start, whole.size, piece):
        part = whole[at : at + piece]
        breaks = np.flatnonzero(part == _LF)
        if returns and not _returns_feed(whole, at, part):
            return None
        is_delimiter = part == ord(dialect.delimiter)
        kept = np.arange(breaks.size)
        if quoted:
            is_quote = part == _QUOTE
            within = (np.cumsum(is_quote, dtype=np.uint8) + np.uint8(inside)) & 1
            quotes = np.flatnonzero(is_quote)
            if not _are_regular(whole, quotes + at, within[quotes] == 1, start=start, dialect=dialect):
                return None
            inside = int(within[-1])
            is_delimiter &= within == 0
            kept = np.flatnonzero(within[breaks] == 0)
        places = np.flatnonzero(is_delimiter)
        ends = breaks[kept]
        before = np.searchsorted(places, ends) + delimiters_before
        pieces.append(_Ends(ends + at, kept + breaks_before, before))
        breaks_before += breaks.size
        delimiters_before += places.size
    if inside:
        return None
    return _assembled(whole, start, pieces, line=line, delimiters=delimiters_before)


def _returns_feed(whole: NDArray[np.uint8], at: int, part: NDArray[np.uint8]) -> bool:
    """Whether every CR is followed by LF."""
    places = np.flatnonzero(part == _CR) + at
    if places.size and places[-1] + 1 >= whole.size:
        return False
    return bool(np.all(whole[places + 1] == _LF))


def _are_regular(
    whole: NDArray[np.uint8],
    places: NDArray[np.int64],
    opens: NDArray[np.bool_],
    *,
    start: int,
    dialect: Dialect,
) -> bool:
    """Whether quotation marks open right after a delimiter or line end and close right before one."""
    delimiter = ord(dialect.delimiter)
    opening, closing = places[opens], places[~opens]
    before = whole[opening[opening > start] - 1]
    after = whole[closing[closing + 1 < whole.size] + 1]
    return bool(
        np.all((before == delimiter) | (before == _LF) | (before == _QUOTE))
        and np.all((after == delimiter) | (after == _LF) | (after == _CR) | (after == _QUOTE))
    )


def _assembled(
    whole: NDArray[np.uint8], start: int, pieces: list[_Ends], *, line: int, delimiters: int
) -> Scan:
    ends = np.concatenate([_NONE, *(piece.places for piece in pieces)])
    lines = np.concatenate([[line], *(piece.ranks + line + 1 for piece in pieces)])
    before = np.concatenate([_NONE, *(piece.delimiters for piece in pieces)])
    pieces.clear()  # a million records stand here twice otherwise
    if (ends[-1] + 1 if ends.size else start) < whole.size:
        ends, before = np.append(ends, whole.size), np.append(before, delimiters)
    else:
        lines = lines[:-1]
    lengths = np.diff(ends, prepend=start - 1) - 1
    returns = whole[np.minimum(ends - 1, whole.size - 1)] == _CR
    empty = (lengths == 0) | ((lengths == 1) & returns)
    return Scan(lines, np.diff(before, prepend=0) + 1, empty)
