"""The tables of a fresh database, made once for all runs with the same migrations: making them takes longer than most
tests. Of processes that start together one makes them, and the others wait for it.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import tempfile
import time
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit, urlunsplit

import django

# Longer than it ever takes; whoever has waited that long makes tables of its own.
_PATIENCE_SECONDS = 120.0
_making: list[IO[bytes]] = []
_SOURCE = Path(__file__).resolve().parent.parent / "src" / "mindgap"


@cache
def path() -> Path:
    """Where the tables of today's migrations and models are kept."""
    seen = hashlib.blake2b(django.get_version().encode(), digest_size=12)
    for file in sorted([*_SOURCE.glob("*/migrations/*.py"), _SOURCE / "ground" / "settings.py"]):
        seen.update(file.relative_to(_SOURCE).as_posix().encode())
        seen.update(file.read_bytes())
    return Path(tempfile.gettempdir()) / f"mindgap-tables-{os.getuid()}-{seen.hexdigest()}.sqlite3"


def dumped() -> Path:
    """Where the same tables are kept as statements of PostgreSQL."""
    return path().with_suffix(".sql")


def wait_or_make(kept: Path) -> None:
    """Return when `kept` is there or when it is this process that has to make it: then until `done`, others wait."""
    lock, until = kept.with_suffix(".lock").open("ab"), time.monotonic() + _PATIENCE_SECONDS
    while not kept.exists() and time.monotonic() < until:
        try:
            # It ends with the process, however that ends.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.2)
        else:
            _making.append(lock)
            return
    lock.close()


def done() -> None:
    """What this process had to make is made."""
    while _making:
        _making.pop().close()


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


def restore(server: Any, name: str) -> bool:
    """Make a database of that name on a server of PostgreSQL with the tables in it, if they were made before."""
    if not dumped().exists():
        return False
    _run(server, "createdb", f"--maintenance-db={server.get_uri()}", name)
    _run(server, "psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={dumped()}", _named(server, name))
    return True


def dump(server: Any, name: str) -> None:
    """Keep the tables of a database of PostgreSQL, unless another run was faster."""
    if dumped().exists():
        return
    fresh = dumped().with_suffix(f".{os.getpid()}")
    _run(server, "pg_dump", "--no-owner", f"--file={fresh}", _named(server, name))
    fresh.replace(dumped())


def _named(server: Any, name: str) -> str:
    return urlunsplit(urlsplit(server.get_uri())._replace(path=f"/{name}"))


def _run(server: Any, program: str, *arguments: str) -> None:
    subprocess.run([server.bin_path / program, *arguments], check=True, stdout=subprocess.DEVNULL)
