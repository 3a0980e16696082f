"""Where in a TOML file something stands, so that an error can name the line."""

import re

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")

Path = tuple[str | int, ...]


def line_of(text: str, path: Path) -> int | None:
    """The line (from 1) on which the deepest part of `path` that can be found begins; None when none can.

    A path is what leads to a value: `("record", 1, "scores", "nps")` is the score `nps` of the second record.
    """
    places = _places(text)
    for length in range(len(path), 0, -1):
        if (line := places.get(path[:length])) is not None:
            return line
    return None


def words_of(path: Path) -> str:
    """A path as people write it: `record[2].scores.nps`, counted from one."""
    words = ""
    for part in path:
        words += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if words else part
    return words


def _places(text: str) -> dict[Path, int]:
    places: dict[Path, int] = {}
    arrays: dict[Path, int] = {}
    table: Path = ()
    inside = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if inside:
            inside = "" if line.count(inside) % 2 else inside
            continue
        if header := _HEADER.match(line):
            table = _open(_parts(header[2]), arrays, is_array=header[1] == "[[")
            places.setdefault(table, number)
        elif key := _KEY.match(line):
            places.setdefault(table + _parts(key[1]), number)
        # What stands inside a text of several lines only looks like keys.
        inside = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")
    return places


def _open(names: Path, arrays: dict[Path, int], *, is_array: bool) -> Path:
    """The path of a table header, with the number of each array of tables that it stands in."""
    path: Path = ()
    for place, name in enumerate(names):
        path = (*path, name)
        if is_array and place == len(names) - 1:
            arrays[path] = arrays.get(path, -1) + 1
        if path in arrays:
            path = (*path, arrays[path])
    return path


def _parts(key: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(key))
