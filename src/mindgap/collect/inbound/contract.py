"""The contract of a source: check that a message is genuine, then read it. One module per tool in `sources/`."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo


class NotGenuine(Exception):
    """A message that its tool did not sign, or not now."""


class NotUnderstood(Exception):
    """A genuine message without what an answer needs; the words say what is missing."""


@dataclass(frozen=True, slots=True)
class Message:
    """A request as it came: header names in lower case, the body untouched."""

    headers: dict[str, str]
    body: bytes
    found: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One answer in the words of its tool: values by the code of the field, and what the fields are called."""

    key: str
    answered_at: datetime
    asked_at: datetime | None = None
    values: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    identities: dict[str, str] = field(default_factory=dict)
    language: str = ""
    # Deleted over there: what it said counts no longer.
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A tool: how its messages are checked and read. `read` returns None for one that is no answer (a test)."""

    code: str
    name: str
    needs_secret: bool
    check: Callable[[Message, str], None]
    read: Callable[[Message, ZoneInfo], Told | None]
    # Of instants that come without one.
    zone: str = "UTC"


def instant(given: object, zone: ZoneInfo, what: str) -> datetime:
    """An instant written as ISO 8601, as `2026-08-23 10:01:59` in the zone, or as seconds or milliseconds since 1970."""
    text = str(given or "").strip()
    try:
        if text.replace(".", "", 1).isdigit():
            seconds = float(text)
            return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
        read = datetime.fromisoformat(text.replace("/", "-"))
    except (ValueError, OverflowError, OSError) as problem:
        raise NotUnderstood(f"{what} is no date and time") from problem
    return read if read.tzinfo else read.replace(tzinfo=zone)


def part(found: object, name: str) -> dict[str, Any]:
    """The object of that name within another; an empty one when there is none."""
    inner = found.get(name) if isinstance(found, dict) else None
    return inner if isinstance(inner, dict) else {}


def objects(found: object) -> list[dict[str, Any]]:
    """The objects of a list."""
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def needed(found: dict[str, Any], name: str) -> str:
    """A value that must be there, as text."""
    value = found.get(name)
    if value in (None, "") or isinstance(value, dict | list):
        raise NotUnderstood(f"{name} is missing")
    return str(value)


def as_text(value: object) -> str:
    """A value as one line of text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and not any(isinstance(each, dict | list) for each in value):
        return ", ".join(as_text(each) for each in value)
    return "" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def anybody(message: Message, secret: str) -> None:
    """For tools that sign nothing: their address is the secret."""
