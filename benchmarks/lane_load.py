"""Clients for `benchmarks/lane.py`: a process of its own that keeps connections open and sends as fast as it is told.

    python -m benchmarks.lane_load PORT CONNECTIONS SECONDS KIND KEY SURVEY

One request at a time on each connection. Requests are put together from prepared pieces and replies are searched, not
parsed, so that a request costs this process less than it costs any of the servers; `client_cpu` says how busy it was.
KIND is `answers` (one answer of about 400 bytes), `submissions` (page, then post) or `pages`.
"""

import asyncio
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import uvloop

_SEALED = re.compile(rb'name="_s" value="([^"]*)"')
_ACTION = re.compile(rb'<form method="post" action="([^"]*)"')
_ANSWER = json.dumps(
    {
        "id": "#",
        "answered_at": "2026-11-01T10:00:00+08:00",
        "touchpoint": "delivery",
        "scores": {"satisfaction": 4.0, "recommend": 9.0},
        "comment": "It came two days later than promised, and nobody told me. " * 4,
    }
).encode()
_FORM = b"&_t=21.5&_homepage=&nps=9&csat=4&ces=6&why=It+came+late%2C+and+nobody+told+me."

Script = Iterator[bytes]


def _ask(method: str, path: str, kind: str, key: str, length: int) -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept-language: en\r\n"
    if key:
        head += f"authorization: Bearer {key}\r\n"
    if length:
        head += f"content-type: {kind}\r\ncontent-length: {length}\r\n"
    return head.encode() + b"\r\n"


def answers(key: str, _survey: str) -> Callable[[], Any]:
    """One answer under an id of its own."""
    before, after = _ANSWER.split(b"#")
    start = _ask("POST", "/c/v1/answers", "application/json", key, len(_ANSWER) + 35) + before

    def script() -> Any:
        status, _ = yield start + str(uuid4()).encode() + after
        return status == 200

    return script


def pages(_key: str, survey: str) -> Callable[[], Any]:
    """The page and no more."""
    get = _ask("GET", f"/s/{survey}", "", "", 0)

    def script() -> Any:
        status, _ = yield get
        return status == 200

    return script


def submissions(_key: str, survey: str) -> Callable[[], Any]:
    """What one person does: open the page, answer it, be thanked."""
    get = _ask("GET", f"/s/{survey}", "", "", 0)

    def script() -> Any:
        status, page = yield get
        sealed, action = _SEALED.search(page), _ACTION.search(page)
        if status != 200 or sealed is None or action is None:
            return False
        form = b"_s=" + sealed[1] + _FORM
        kind = "application/x-www-form-urlencoded"
        status, end = yield _ask("POST", action[1].decode(), kind, "", len(form)) + form
        return status == 200 and b'name="_s"' not in end

    return script


class Line(asyncio.Protocol):
    """One connection, going through scripts one after the other until time is up."""

    def __init__(self, script: Callable[[], Any], until: float, times: list[tuple[float, bool]]) -> None:
        self._script, self._until, self._times = script, until, times
        self._held, self._length = b"", 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._begin()

    def data_received(self, data: bytes) -> None:
        self._held = self._held + data if self._held else data
        if not self._length:
            end = self._held.find(b"\r\n\r\n")
            if end < 0:
                return
            place = self._held.find(b"ontent-length: ", 0, end)
            if place < 0:
                place = self._held.lower().index(b"ontent-length: ", 0, end)
            self._body = end + 4
            self._length = self._body + int(self._held[place + 15 : self._held.index(b"\r", place)])
        if len(self._held) < self._length:
            return
        reply = int(self._held[9:12]), self._held[self._body :]
        self._held, self._length = b"", 0
        self._go_on(reply)

    def connection_lost(self, _problem: Exception | None) -> None:
        if not self.done.done():
            self._times.append((0.0, False))
            self.done.set_result(None)

    def _begin(self) -> None:
        self._began = time.perf_counter()
        if self._began >= self._until:
            self.done.set_result(None)
            self._transport.close()
            return
        self._running = self._script()
        self._transport.write(next(self._running))

    def _go_on(self, reply: tuple[int, bytes]) -> None:
        try:
            self._transport.write(self._running.send(reply))
        except StopIteration as end:
            self._times.append((time.perf_counter() - self._began, bool(end.value)))
            self._begin()


async def drive(port: int, connections: int, seconds: float, script: Callable[[], Any]) -> dict[str, float]:
    """Send from so many connections for so long."""
    times: list[tuple[float, bool]] = []
    loop = asyncio.get_running_loop()
    began, busy = time.perf_counter(), time.process_time()
    lines = [Line(script, began + seconds, times) for _ in range(connections)]
    for line in lines:
        await loop.create_connection(lambda line=line: line, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*(line.done for line in lines))
    took = time.perf_counter() - began
    good = sorted(each for each, is_good in times if is_good)
    return {
        "per_second": len(good) / took,
        "p50_ms": good[len(good) // 2] * 1000 if good else 0.0,
        "p99_ms": good[int(len(good) * 0.99)] * 1000 if good else 0.0,
        "done": len(good),
        "failed": len(times) - len(good),
        "client_cpu": (time.process_time() - busy) / took,
    }


def main() -> None:
    if len(sys.argv) == 1:
        print("lane_load: these are the clients of benchmarks/lane.py, which starts them")
        return
    port, connections, seconds, kind, key, survey = sys.argv[1:]
    kinds = {"answers": answers, "pages": pages, "submissions": submissions}
    script = kinds[kind](key, survey)
    print(json.dumps(uvloop.run(drive(int(port), int(connections), float(seconds), script))))


if __name__ == "__main__":
    main()
