"""The tables of a fresh database, made once for all runs with the same migrations: making them takes longer than most
tests. SQLite only; on PostgreSQL each run makes its own.
"""

import hashlib
import os
import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

import django

_SOURCE = Path(__file__).resolve().parent.parent / "src" / "mindgap"


@cache
def path() -> Path:
    """Where the tables of today's migrations and models are kept."""
    seen = hashlib.blake2b(django.get_version().encode(), digest_size=12)
    for file in sorted([*_SOURCE.glob("*/migrations/*.py"), _SOURCE / "ground" / "settings.py"]):
        seen.update(file.relative_to(_SOURCE).as_posix().encode())
        seen.update(file.read_bytes())
    return Path(tempfile.gettempdir()) / f"mindgap-tables-{os.getuid()}-{seen.hexdigest()}.sqlite3"


def lay(place: Path) -> bool:
    """Put the tables there, if they were made before and there is nothing yet; whether that was done."""
    if place.exists() or not path().exists():
        return False
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    place.write_bytes(path().read_bytes())
    return True


def keep(made: Path) -> None:
    """Keep the tables of a database that was just made, unless another run was faster."""
    if path().exists():
        return
    fresh = path().with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(made)) as source, closing(sqlite3.connect(fresh)) as copy:
        source.backup(copy)
    fresh.replace(path())
