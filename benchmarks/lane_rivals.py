"""Rivals of the lane, for `benchmarks/lane.py`: what the same promise costs with less, and with Django.

`bare`: msgspec and a group commit in an ASGI application of 40 lines; no key, no survey, no queue limit.
`django`: a synchronous view as people write it: `json.loads`, a model, one insert through it, and of the middleware of a
new project what needs no tables. The insert is `bulk_create(…, ignore_conflicts=True)`: the cheapest that takes an
answer sent twice for one, as the lane does; `get_or_create` would ask twice.
`django-raw`: the same stripped of all that: no middleware, msgspec, a raw statement. Nobody's plain view, but the
least that Django can cost.
Both under WSGI: one process of threads for SQLite and two for PostgreSQL, which is where each was fastest.
All keep what was sent in SQLite with `synchronous=FULL`, or in PostgreSQL, before they reply.
"""

import asyncio
import json
import os
import sqlite3
import sys
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec

_TABLE = "create table if not exists arrival (seq integer primary key, id text unique, body blob)"
_INSERT = "insert into arrival (id, body) values (?, ?) on conflict (id) do nothing"
_PG_TABLE = "create table if not exists arrival (seq bigserial primary key, id uuid unique, body bytea)"
# What Django would make of the model below.
_MODEL = """create table if not exists rivals_answer (
    id {uuid} primary key, answered_at {instant} not null, touchpoint varchar(64) not null, scores {json} not null,
    comment text not null)"""
_MODEL_TABLE = _MODEL.format(uuid="char(32)", instant="datetime", json="text")
_PG_MODEL_TABLE = _MODEL.format(uuid="uuid", instant="timestamptz", json="jsonb")
_PG_INSERT = (
    "insert into arrival (id, body) select * from unnest(%b::uuid[], %b::bytea[]) on conflict (id) do nothing"
)


class Answer(msgspec.Struct):
    """What the lane's answer has at least."""

    id: UUID
    answered_at: str
    touchpoint: str
    scores: dict[str, float]
    comment: str = ""


class Bare:
    """Group commit and nothing else."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._waiting: list[tuple[str, bytes, asyncio.Future[None]]] = []
        self._changed = threading.Condition()
        self._decode = msgspec.json.Decoder(Answer).decode
        self._loop: Any = None
        threading.Thread(target=self._write, daemon=True).start()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while True:
                message = await receive()
                await send({"type": message["type"] + ".complete"})
                if message["type"] == "lifespan.shutdown":
                    return
        parts, more = [], scope["method"] == "POST"
        while more:
            message = await receive()
            parts.append(message.get("body", b""))
            more = message.get("more_body", False)
        if scope["method"] == "POST":
            body = b"".join(parts)
            self._loop = asyncio.get_running_loop()
            future = self._loop.create_future()
            with self._changed:
                self._waiting.append((str(self._decode(body).id), body, future))
                self._changed.notify()
            await future
        headers = [(b"content-type", b"application/json"), (b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{}"})

    def _write(self) -> None:
        insert = _into_postgres(self._path) if "://" in self._path else _into_sqlite(self._path)
        while True:
            with self._changed:
                while not self._waiting:
                    self._changed.wait()
                batch, self._waiting = self._waiting, []
            insert([(name, body) for name, body, _ in batch])
            self._loop.call_soon_threadsafe(_tell, [future for _, _, future in batch])


def _tell(futures: list["asyncio.Future[None]"]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


def _into_sqlite(path: str) -> Callable[[list[tuple[str, bytes]]], None]:
    database = _open(path)

    def insert(rows: list[tuple[str, bytes]]) -> None:
        with database:
            database.executemany(_INSERT, rows)

    return insert


def _into_postgres(url: str) -> Callable[[list[tuple[str, bytes]]], None]:
    import psycopg

    database = psycopg.connect(url, autocommit=True)
    database.execute(_PG_TABLE)

    def insert(rows: list[tuple[str, bytes]]) -> None:
        database.execute(_PG_INSERT, [list(column) for column in zip(*rows, strict=True)], prepare=True)

    return insert


def _open(path: str) -> sqlite3.Connection:
    database = sqlite3.connect(path, check_same_thread=False)
    database.execute("pragma journal_mode=wal")
    database.execute("pragma synchronous=full")
    database.execute(_TABLE)
    database.execute(_MODEL_TABLE)
    database.commit()
    return database


def bare() -> Bare:
    """What granian loads."""
    return Bare(os.environ["RIVAL_DATABASE"])


def django() -> Any:
    """A Django of one view, as people write it."""
    needs_no_table = ("security.Security", "common.Common", "csrf.CsrfView", "clickjacking.XFrameOptions")
    application = _configured([f"django.middleware.{each}Middleware" for each in needs_no_table])
    _through_a_model()
    return application


def django_raw() -> Any:
    """A Django of one view, with as little of Django as there can be."""
    application = _configured([])
    _by_statement()
    return application


def _configured(middleware: list[str]) -> Any:
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    settings.configure(
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="only for measuring",
        MIDDLEWARE=middleware,
        DATABASES={"default": _described(os.environ["RIVAL_DATABASE"])},
    )
    return get_wsgi_application()


def _described(path: str) -> dict[str, Any]:
    if "://" in path:
        import psycopg

        found = psycopg.conninfo.conninfo_to_dict(path)
        with psycopg.connect(path, autocommit=True) as database:
            database.execute("select pg_advisory_lock(1)")
            database.execute(_PG_TABLE)
            database.execute(_PG_MODEL_TABLE)
        parts = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
        named = {name: str(found.get(part) or "") for name, part in parts.items()}
        return {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": None, **named}
    _open(path).close()
    options = {
        "init_command": "pragma journal_mode=wal; pragma synchronous=full",
        "transaction_mode": "IMMEDIATE",
    }
    return {
        "ENGINE": "django.db.backends.sqlite3", "NAME": path, "CONN_MAX_AGE": None, "OPTIONS": options,
    }  # fmt: skip


urlpatterns: list[Any] = []


def _through_a_model() -> None:
    from django.db import models
    from django.http import HttpRequest, JsonResponse
    from django.urls import re_path
    from django.utils.dateparse import parse_datetime
    from django.views.decorators.csrf import csrf_exempt

    class Told(models.Model):
        id = models.UUIDField(primary_key=True)
        answered_at = models.DateTimeField()
        touchpoint = models.CharField(max_length=64)
        scores = models.JSONField()
        comment = models.TextField(default="")

        class Meta:
            app_label = "rivals"
            db_table = "rivals_answer"

    @csrf_exempt
    def take(request: HttpRequest) -> JsonResponse:
        if request.method == "POST":
            sent = json.loads(request.body)
            told = Told(
                id=UUID(sent["id"]),
                answered_at=parse_datetime(sent["answered_at"]),
                touchpoint=sent["touchpoint"],
                scores=sent["scores"],
                comment=sent.get("comment", ""),
            )
            Told.objects.bulk_create([told], ignore_conflicts=True)
        return JsonResponse({}, headers={"content-length": "2"})

    urlpatterns.append(re_path("", take))


def _by_statement() -> None:
    from django.db import connection
    from django.http import HttpRequest, JsonResponse
    from django.urls import re_path

    def take(request: HttpRequest) -> JsonResponse:
        if request.method == "POST":
            answer = msgspec.json.decode(request.body, type=Answer)
            with connection.cursor() as cursor:
                cursor.execute(_INSERT.replace("?", "%s"), [str(answer.id), request.body])
        return JsonResponse({}, headers={"content-length": "2"})

    urlpatterns.append(re_path("", take))


def main() -> None:
    """`python -m benchmarks.lane_rivals bare|django|django-raw PORT PATH-OR-URL`"""
    from granian import Granian
    from granian.constants import Interfaces

    if len(sys.argv) == 1:
        print("lane_rivals: these are servers beside the lane; benchmarks/lane.py starts them")
        return
    name, port, database = sys.argv[1:]
    os.environ["RIVAL_DATABASE"] = database
    many = name != "bare" and "://" in database
    Granian(
        f"benchmarks.lane_rivals:{name.replace('-', '_')}",
        factory=True,
        port=int(port),
        interface=Interfaces.ASGI if name == "bare" else Interfaces.WSGI,
        workers=2 if many else 1,
        log_enabled=False,
        websockets=False,
        backlog=2048,
        **({} if name == "bare" else {"blocking_threads": 4 if many else 8}),
    ).serve()


if __name__ == "__main__":
    main()
