"""Reading a mapping from TOML or from the plain object that the page's form makes; every error names its place."""

import difflib
import re
import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import msgspec

from mindgap.collect.errors import BadMapping
from mindgap.collect.mapping import check, place, schema

_AT = re.compile(r" - at `\$\.?(.*)`$")
_STEP = re.compile(r"\[(\d+|\.\.\.)\]|([^.\[\]]+)")
_UNKNOWN = re.compile(r"unknown field `(.*)`")
_MISSING = re.compile(r"missing required field `(.*)`")


def read(path: Path) -> schema.Mapping:
    """The mapping in a TOML file; `BadMapping` says which line or key does not fit and what to do."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadMapping(
            f"the mapping cannot be read: {problem}; save it as UTF-8", file=path.name
        ) from problem
    return read_text(text, file=path.name)


def read_text(text: str, *, file: str = "") -> schema.Mapping:
    """The mapping that TOML text describes."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        found = re.search(r"line (\d+)", str(problem))
        line = int(found[1]) if found else None
        words = re.sub(r" \(at .*\)$", "", str(problem))
        raise BadMapping(f"this is no TOML: {words}", line=line, file=file) from problem
    return read_object(raw, text=text, file=file)


def read_object(raw: dict[str, Any], *, text: str = "", file: str = "") -> schema.Mapping:
    """The mapping that a plain object describes: what the form sends and what `write` made."""
    try:
        mapping = msgspec.convert(_plain(raw), schema.Mapping)
    except msgspec.ValidationError as problem:
        words, path = _explain(str(problem))
        raise BadMapping(
            words, key=place.words_of(path), line=place.line_of(text, path), file=file
        ) from problem
    for path, words in check.problems(mapping):
        raise BadMapping(words, key=place.words_of(path), line=place.line_of(text, path), file=file)
    return mapping


def write(mapping: schema.Mapping) -> dict[str, Any]:
    """The plain object that `read_object` takes back, fit for JSON."""
    raw = msgspec.to_builtins(mapping)
    assert isinstance(raw, dict)
    return raw


def _plain(value: Any) -> Any:
    """TOML's dates as text: a mapping says everything in words that JSON has, too."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime | date | time) else value


def _explain(problem: str) -> tuple[str, place.Path]:
    """The checker's finding in words that name a remedy, and the path it speaks of."""
    found = _AT.search(problem)
    path = _path(found[1]) if found else ()
    words = problem[: found.start()] if found else problem
    if unknown := _UNKNOWN.search(words):
        near = difflib.get_close_matches(unknown[1], _known(path), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; known here are {', '.join(_known(path))}"
        return f"{unknown[1]!r} is not known here{hint}", (*path, unknown[1])
    if missing := _MISSING.search(words):
        return f"{missing[1]!r} is missing; add it", path
    if words.startswith("Expected `array`, got `object`") and path:
        return f"write [[{path[-1]}]] with two brackets: there may be several", path
    if words.startswith("Expected `str | object`") and "".join(map(str, path[-1:])) in (
        "name",
        "words",
        "conditions",
    ):
        words = 'give a text, or one per language: {en = "...", zh-hans = "...", zh-hant = "..."}'
    elif words.startswith("Expected `str | object`"):
        words = 'give the name of a column, or {value = ...} for a constant, or {column = "...", map = {...}}'
    elif words.startswith("Invalid enum value"):
        choices = _choices(path)
        words = f"{words.removeprefix('Invalid enum value ')} cannot be used here{choices}"
    # The checker does not name the key of a table of free keys: the table is the nearest place.
    return words, path[: path.index("...")] if "..." in path else path


def _path(words: str) -> place.Path:
    steps: list[str | int] = []
    for number, name in _STEP.findall(words):
        steps.append(name or (int(number) if number.isdigit() else "..."))
    return tuple(steps)


def _known(path: place.Path) -> list[str]:
    part = _type_at(path)
    return sorted(field.encode_name for field in msgspec.structs.fields(part)) if part else []


def _choices(path: place.Path) -> str:
    part = _type_at(path[:-1])
    for field in msgspec.structs.fields(part) if part else ():
        if field.encode_name == path[-1]:
            kind = msgspec.inspect.type_info(field.type)
            values = getattr(kind, "values", ())
            return f"; use one of {', '.join(repr(value) for value in values if value)}" if values else ""
    return ""


def _type_at(path: place.Path) -> type[schema.Part] | None:
    """The kind of part that a path leads to; None where it leads to something else."""
    part: type[schema.Part] = schema.Mapping
    for step in path:
        if isinstance(step, int) or step == "...":
            continue
        types = {field.encode_name: field.type for field in msgspec.structs.fields(part)}
        found = _struct_in(types.get(str(step)))
        if found is None:
            return schema.Field if step in types else None
        part = found
    return part


def _struct_in(kind: Any) -> type[schema.Part] | None:
    if isinstance(kind, type) and issubclass(kind, schema.Part):
        return kind
    for inner in getattr(kind, "__args__", ()):
        if found := _struct_in(inner):
            return found
    return None
