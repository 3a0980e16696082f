"""JSON objects, one per record: JSON Lines, an array of objects, or objects one after another."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from mindgap.collect.files.errors import BrokenJson, EmptyFile, TooLarge, TooManyColumns
from mindgap.collect.files.limits import Limits

_BETWEEN = re.compile(r"[\s,]*")
_BATCH = 50_000


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


@dataclass(frozen=True)
class Objects:
    """Records as texts, and the line each starts in. Keys an object lacks, and null, are null."""

    frame: pl.DataFrame
    lines: pl.Series


def read_objects(text: str, *, limits: Limits, whole: bool = True) -> Objects:
    """A table of the union of all keys in order of first appearance.

    Numbers keep their digits as written (a 19-digit id survives), true and false are those words, lists
    and objects inside stay JSON. Without ``whole`` the text is the head of a file and a record cut
    through at its end is left out. Raises BrokenJson, EmptyFile, TooManyColumns, TooLarge (rows).
    """
    frames: list[pl.DataFrame] = []
    keys: dict[str, None] = {}
    lines: list[int] = []
    batch: list[dict[str, str | None]] = []
    for line, record in _objects(text, whole=whole):
        try:
            cells = {_whole(key): _text(value) for key, value in record.items()}
        except RecursionError as error:
            raise BrokenJson("nested too deep", line=line) from error
        keys.update(dict.fromkeys(cells))
        if len(keys) > limits.columns:
            raise TooManyColumns(found=len(keys), limit=limits.columns)
        lines.append(line)
        batch.append(cells)
        if len(batch) >= _BATCH:
            frames.append(_frame(batch, keys))
            batch = []
        if len(lines) > limits.rows:
            raise TooLarge(found=len(lines), limit=limits.rows, unit="rows")
    if not lines:
        raise EmptyFile
    frames.append(_frame(batch, keys))
    frame = pl.concat(frames, how="diagonal")
    return Objects(frame, pl.Series("line", lines, dtype=pl.Int64))


def _frame(batch: list[dict[str, str | None]], keys: dict[str, None]) -> pl.DataFrame:
    return pl.DataFrame(
        [pl.Series(key, [record.get(key) for record in batch], dtype=pl.String) for key in keys]
    )


def _objects(text: str, *, whole: bool) -> Iterator[tuple[int, dict[str, object]]]:
    decoder = json.JSONDecoder(parse_int=_Number, parse_float=_Number, parse_constant=_Number)
    at = len(text) - len(text.lstrip())
    is_array = text.startswith("[", at)
    line = 1 + text.count("\n", 0, at)
    at += is_array
    counted = at
    while True:
        at = _gap(text, at)
        line += text.count("\n", counted, at)
        counted = at
        if at >= len(text):
            if is_array and whole:
                raise BrokenJson("the list is not closed", line=line)
            return
        if is_array and text[at] == "]":
            rest = text[at + 1 :].strip()
            if rest:
                raise BrokenJson("something follows the end of the list", line=line)
            return
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            if not whole and isinstance(error, ValueError):
                return
            reason = "nested too deep" if isinstance(error, RecursionError) else str(error).split(":")[0]
            raise BrokenJson(reason, line=line) from error
        if not isinstance(value, dict):
            raise BrokenJson("a list or a bare value", line=line)
        yield line, value


def _gap(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return at if found is None else found.end()


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return _whole(str(value) if isinstance(value, str) else _written(value))


def _written(value: object) -> str:
    """A value inside another as JSON again, its numbers untouched."""
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(_written(item) for item in value) + "]"
    if isinstance(value, dict):
        items = (f"{json.dumps(key, ensure_ascii=False)}: {_written(item)}" for key, item in value.items())
        return "{" + ", ".join(items) + "}"
    return json.dumps(value, ensure_ascii=False)


def _whole(text: str) -> str:
    """JSON can spell half a character (``\\ud83d`` alone); nothing else can hold it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
