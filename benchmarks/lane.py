"""How fast the public lane is: durable answers a second and whole submissions, beside a bare one and a plain Django.

    python -m benchmarks.lane [--seconds 8] [--connections 1 8 64] [--database sqlite postgres] [--rounds 3]

The load comes from a process of its own, over raw sockets that are kept open. Every reply counts only with status 200,
hence after the commit. Servers take turns, so that a busy moment of the machine hits all of them. Besides the rates
each line has the CPU time of the server's processes per request, which a busy machine changes least.
"""

import argparse
import asyncio
import html
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen
from uuid import uuid4

from tools.installed import Installed

GOALS = """goals: answers/s >= 0.5 x bare and >= 4 x django; p99 <= 50 ms at 64 connections; p50 <= 2 ms at 1;
whole submissions >= 1,740/s and <= 1.1 ms of CPU (300 times better than LimeSurvey measured on two cores: 5.8/s, 340 ms)"""
_SEALED = re.compile(rb'name="_s" value="([^"]*)"')
_ACTION = re.compile(rb'<form method="post" action="([^"]*)"')
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Load:
    """What one process of clients did."""

    per_second: float
    p50_ms: float
    p99_ms: float
    failed: int
    cpu_ms: float = 0.0


class Line:
    """One connection that is kept open; as little Python as sending and reading takes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        return int(head[9:12]), await self._reader.readexactly(length)


def _request(method: str, path: str, body: bytes, kind: str, key: str) -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: {kind}\r\n"
    head += f"authorization: Bearer {key}\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _answer() -> bytes:
    """About 400 bytes."""
    found = {
        "id": str(uuid4()),
        "answered_at": "2026-11-01T10:00:00+08:00",
        "touchpoint": "delivery",
        "scores": {"satisfaction": 4.0, "recommend": 9.0},
        "comment": "It came two days later than promised, and nobody told me. " * 4,
    }
    return json.dumps(found).encode()


async def _answers(line: Line, key: str) -> bool:
    status, _ = await line.ask(_request("POST", "/c/v1/answers", _answer(), "application/json", key))
    return status == 200


async def _submission(line: Line, key: str, survey: str) -> bool:
    status, page = await line.ask(_request("GET", f"/s/{survey}", b"", "text/plain", key))
    sealed, action = _SEALED.search(page), _ACTION.search(page)
    if status != 200 or sealed is None or action is None:
        return False
    form = urlencode({"_s": html.unescape(sealed[1].decode()), "nps": "9", "why": "It came late."}).encode()
    where = html.unescape(action[1].decode())
    status, end = await line.ask(_request("POST", where, form, "application/x-www-form-urlencoded", key))
    return status == 200 and b'name="_s"' not in end


async def _drive(port: int, connections: int, seconds: float, key: str, survey: str) -> Load:
    times: list[float] = []
    failed = 0
    until = time.perf_counter() + seconds

    async def go() -> None:
        nonlocal failed
        line = Line(*await asyncio.open_connection("127.0.0.1", port, limit=1_000_000))
        while (begun := time.perf_counter()) < until:
            good = await (_submission(line, key, survey) if survey else _answers(line, key))
            failed += not good
            times.append(time.perf_counter() - begun)

    began = time.perf_counter()
    await asyncio.gather(*(go() for _ in range(connections)))
    took = time.perf_counter() - began
    times.sort()
    return Load(
        (len(times) - failed) / took,
        statistics.median(times) * 1000,
        times[int(len(times) * 0.99)] * 1000,
        failed,
    )


def load(port: int, connections: int, seconds: float, key: str, survey: str) -> Load:
    """Let another process do it, and measure the CPU of the servers meanwhile."""
    words = [str(port), str(connections), str(seconds), key, survey]
    command = [sys.executable, "-m", "benchmarks.lane", "--drive", *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Load(**json.loads(done.stdout))


class Server:
    """Something that listens on a port, with the processes of its group."""

    def __init__(self, name: str, port: int, group: int, key: str, survey: str = "") -> None:
        self.name, self.port, self.group, self.key, self.survey = name, port, group, key, survey

    def cpu_seconds(self) -> float:
        """User and system time of all processes of the group so far."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == self.group:
                ticks += int(fields[11]) + int(fields[12])
        return ticks / _TICKS

    def measure(self, connections: int, seconds: float, *, survey: bool = False) -> Load:
        before = self.cpu_seconds()
        done = load(self.port, connections, seconds, self.key, self.survey if survey else "")
        spent = self.cpu_seconds() - before
        count = max(1.0, done.per_second * seconds)
        return Load(done.per_second, done.p50_ms, done.p99_ms, done.failed, spent / count * 1000)


def rival(name: str, folder: Path) -> tuple[Server, "subprocess.Popen[bytes]"]:
    """Start a rival."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "benchmarks.lane_rivals",
        name,
        str(port),
        str(folder / f"{name}.sqlite3"),
    ]
    process = subprocess.Popen(command, start_new_session=True)
    for _ in range(300):
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=1):
                return Server(name, port, process.pid, ""), process
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{name} did not answer")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--connections", type=int, nargs="*", default=[1, 8, 64])
    parser.add_argument("--database", nargs="*", choices=("sqlite", "postgres"), default=["sqlite"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--drive", nargs=5, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.drive:
        port, connections, seconds, key, survey = given.drive
        done = asyncio.run(_drive(int(port), int(connections), float(seconds), key, survey))
        print(
            json.dumps({name: getattr(done, name) for name in ("per_second", "p50_ms", "p99_ms", "failed")})
        )
        return
    with tempfile.TemporaryDirectory(prefix="mindgap-lane-") as folder:
        _run(Path(folder), given)


def _run(folder: Path, given: argparse.Namespace) -> None:
    shops, processes = list[Installed](), list["subprocess.Popen[bytes]"]()
    servers: list[Server] = []
    try:
        for database in given.database:
            # One address sends everything here: without the limit that guards against just that.
            free = {"LANE_KEY_PER_SECOND": "0", "LANE_ADDRESS_PER_SECOND": "0"}
            shop = Installed(folder / database, database=database, **free)
            shops.append(shop)
            key, survey = shop.prepare()
            shop.start("serve", "--public")
            servers.append(Server(f"lane, {database}", shop.port, shop.group, key, survey))
        for name in ("bare", "django"):
            server, process = rival(name, folder)
            servers.append(server)
            processes.append(process)
        _compare(servers, given)
    finally:
        for process in processes:
            os.killpg(process.pid, signal.SIGKILL)
        for shop in shops:
            shop.close()


def _compare(servers: list[Server], given: argparse.Namespace) -> None:
    found: defaultdict[tuple[str, str], list[Load]] = defaultdict(list)
    for _ in range(given.rounds):
        for connections in given.connections:
            for server in servers:
                label = f"answers, {connections} connections"
                found[label, server.name].append(server.measure(connections, given.seconds))
        for server in servers:
            if server.survey:
                done = server.measure(max(given.connections), given.seconds, survey=True)
                found[f"submissions, {max(given.connections)} connections", server.name].append(done)
    print(
        f"{'':30}{'':16}{'per s':>9}{'x bare':>8}{'x django':>9}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}  failed"
    )
    for (label, name), loads in found.items():
        rate = _median(loads, "per_second")
        ratios = [
            f"{rate / _median(found[label, other], 'per_second'):.2f}" if (label, other) in found else "-"
            for other in ("bare", "django")
        ]
        figures = [f"{_median(loads, what):9.2f}" for what in ("p50_ms", "p99_ms", "cpu_ms")]
        failed = sum(each.failed for each in loads)
        print(f"{label:30}{name:16}{rate:9,.0f}{ratios[0]:>8}{ratios[1]:>9}{''.join(figures)}  {failed}")
    print(GOALS)


def _median(loads: list[Load], name: str) -> float:
    return statistics.median(getattr(each, name) for each in loads)


if __name__ == "__main__":
    main()
