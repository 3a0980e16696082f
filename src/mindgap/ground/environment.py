"""Reading settings from the environment: three kinds of value, and `NAME_FILE` for secrets kept in files."""

import os
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit


class BadSetting(ValueError):
    """A setting in the environment that cannot be used; raised at start, never later."""


def text(name: str, default: str = "") -> str:
    """The value of `name`, else the content of the file that `name`_FILE names, else the default."""
    if name in os.environ:
        return os.environ[name]
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text().strip()
        except OSError as problem:
            raise BadSetting(f"{name}_FILE names {path}, which cannot be read: {problem}") from problem
    return default


def flag(name: str, *, default: bool = False) -> bool:
    """`1 true yes on` or `0 false no off`."""
    raw = text(name).strip().lower()
    if not raw:
        return default
    if raw in ("1", "true", "yes", "on"):
        return True
    if raw in ("0", "false", "no", "off"):
        return False
    raise BadSetting(f"{name}={raw!r} is neither yes nor no")


def whole(name: str, default: int, *, least: int = 0) -> int:
    """A whole number, at least `least`."""
    raw = text(name).strip()
    if not raw:
        return default
    try:
        value = int(raw)
    except ValueError as problem:
        raise BadSetting(f"{name}={raw!r} is no whole number") from problem
    if value < least:
        raise BadSetting(f"{name}={value} is too small; the least is {least}")
    return value


def data_folder() -> Path:
    """Where this installation lives: `MINDGAP_DATA`, else the user's data folder."""
    if chosen := text("MINDGAP_DATA"):
        return Path(chosen).expanduser().resolve()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "mindgap"
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "mindgap"


def database(url: str, folder: Path) -> dict[str, object]:
    """Django's description of the database that `url` names; SQLite in the data folder when it names none."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "mindgap.sqlite3",
            "OPTIONS": {
                "timeout": 30,
                "transaction_mode": "IMMEDIATE",
                # FULL: an acknowledged answer survives a power cut, not only a crash of the process.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise BadSetting(
            "DATABASE_URL begins with postgresql://; leave it out to use SQLite in the data folder"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": _host(parts.query) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _host(query: str) -> str:
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name == "host":
            return unquote(value)
    return ""
