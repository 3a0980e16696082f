"""How fast the public lane is: durable answers a second and whole submissions, beside a bare one and plain Django views.

    python -m benchmarks.lane [--seconds 4] [--connections 1 8 64] [--database sqlite postgres] [--rounds 3]

The load comes from a process of its own (`lane_load`). Every reply counts only with status 200, hence after the
commit. Servers take turns, so that a busy moment of the machine hits all of them; ratios compare medians of one run.
`CPU ms` is the time of all processes of a server for one request, those of its PostgreSQL included: a busy machine
changes it least. `lane x2` is the lane with two processes. `client` is the share of one core that the clients took; near 1 they would be what is measured.
"""

import argparse
import json
import os
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
from urllib.request import urlopen

_ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(_ROOT))

from tools.installed import Installed  # noqa: E402 - the root is on the path only now

GOALS = """goals: answers/s >= 0.5 x bare and >= 4 x the best django; p99 <= 50 ms at 64 connections; p50 <= 2 ms at 1
`django` is the plain view that the goal speaks of: the usual middleware, a model, one insert; `django-raw` is Django with
all that left out, and what one process without it can reach at most is the ratio of `bare` to it
whole submissions (four questions, page and post): >= 300 x and <= 1/300 of the CPU of the reference
reference: LimeSurvey 6.1.8, 5.6/s, 340 ms CPU (measured earlier on a like machine)
page: <= 30 KB and <= 2 ms CPU"""
# Views of Django, the plain one first.
PLAIN = ("django", "django-raw")
LIMESURVEY_PER_SECOND, LIMESURVEY_CPU_MS = 5.6, 340.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Load:
    """What one process of clients did, and what it cost the server."""

    per_second: float
    p50_ms: float
    p99_ms: float
    done: float
    failed: float
    client_cpu: float
    cpu_ms: float = 0.0


class Shop(Installed):
    """An installation that can serve a second time beside itself."""

    def start_beside(self, *words: str) -> tuple[int, "subprocess.Popen[bytes]"]:
        """Start one more server on the same record; its port."""
        port = _free_port()
        command = [sys.executable, "-m", "mindgap", *words, "--port", str(port)]
        process = subprocess.Popen(command, env=self._environment, start_new_session=True)
        _await_answer(f"http://127.0.0.1:{port}/c/v1/health", " ".join(words))
        return port, process


class Server:
    """Something that listens on a port, with the processes of its group and of its database."""

    def __init__(
        self,
        name: str,
        database: str,
        port: int,
        group: int,
        *,
        shop: Installed,
        key: str = "",
        survey: str = "",
    ) -> None:
        self.name, self.database, self.port, self.group = name, database, port, group
        self.key, self.survey, self._master = key, survey, shop.postmaster

    def cpu_seconds(self) -> float:
        """User and system time so far."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            is_postgres = self._master and self._master in (int(stat.parent.name), int(fields[1]))
            if int(fields[2]) == self.group or is_postgres:
                # Of PostgreSQL also the processes that have ended.
                ticks += sum(int(field) for field in fields[11 : 15 if is_postgres else 13])
        return ticks / _TICKS

    def measure(self, kind: str, connections: int, seconds: float) -> Load:
        """Let another process be the clients, and see what this server spends meanwhile."""
        words = [str(self.port), str(connections), str(seconds), kind, self.key, self.survey]
        before = self.cpu_seconds()
        command = [sys.executable, "-m", "benchmarks.lane_load", *words]
        done = json.loads(
            subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=_ROOT).stdout
        )
        return Load(**done, cpu_ms=(self.cpu_seconds() - before) / max(1.0, done["done"]) * 1000)


def rival(
    name: str, database: str, folder: Path, shop: Installed
) -> tuple[Server, "subprocess.Popen[bytes]"]:
    """Start a rival; in PostgreSQL it has a database of its own beside that of the lane."""
    port = _free_port()
    where = (
        shop.another_database(name.replace("-", "_")) if shop.postmaster else str(folder / f"{name}.sqlite3")
    )
    command = [sys.executable, "-m", "benchmarks.lane_rivals", name, str(port), where]
    process = subprocess.Popen(command, start_new_session=True, cwd=_ROOT)
    _await_answer(f"http://127.0.0.1:{port}/", name)
    return Server(name, database, port, process.pid, shop=shop), process


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _await_answer(address: str, name: str) -> None:
    for _ in range(300):
        try:
            with urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{name} did not answer")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--connections", type=int, nargs="*", default=[1, 8, 64])
    parser.add_argument(
        "--database", nargs="*", choices=("sqlite", "postgres"), default=["sqlite", "postgres"]
    )
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    # Ended from outside it must not leave its servers behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="mindgap-lane-") as folder:
        _run(Path(folder), given)


def _run(folder: Path, given: argparse.Namespace) -> None:
    shops, processes = list[Shop](), list["subprocess.Popen[bytes]"]()
    servers: list[Server] = []
    try:
        for database in given.database:
            # One address sends everything here: without the limit that guards against just that.
            free = {"LANE_KEY_PER_SECOND": "0", "LANE_ADDRESS_PER_SECOND": "0"}
            shop = Shop(folder / database, database=database, **free)
            shops.append(shop)
            key, survey = shop.prepare()
            shop.start("serve", "--public")
            servers.append(Server("lane", database, shop.port, shop.group, shop=shop, key=key, survey=survey))
            port, process = shop.start_beside("serve", "--public", "--workers", "2")
            processes.append(process)
            servers.append(Server("lane x2", database, port, process.pid, shop=shop, key=key, survey=survey))
            for name in ("bare", *PLAIN):
                server, process = rival(name, database, folder, shop)
                servers.append(server)
                processes.append(process)
        with urlopen(f"{shops[0].address}/s/{servers[0].survey}") as page:
            print(f"page: {len(page.read()):,} bytes, style and script included, one request")
        _report(_compare(servers, given))
    finally:
        for process in processes:
            os.killpg(process.pid, signal.SIGKILL)
        for shop in shops:
            shop.close()


Found = dict[tuple[str, int, str, str], list[Load]]


def _compare(servers: list[Server], given: argparse.Namespace) -> Found:
    found: defaultdict[tuple[str, int, str, str], list[Load]] = defaultdict(list)
    most = max(given.connections)
    for _ in range(given.rounds):
        for kind, connections in [
            *(("answers", each) for each in given.connections),
            ("submissions", most),
            ("pages", most),
        ]:
            for server in servers:
                if kind == "answers" or server.survey:
                    done = server.measure(kind, connections, given.seconds)
                    found[kind, connections, server.database, server.name].append(done)
    return found


def _report(found: Found) -> None:
    heads = ("per s", "x bare", "x django", "x raw", "p50 ms", "p99 ms", "CPU ms", "client", "failed")
    print(f"{'':14}{'conn.':>6}  {'':10}{'':11}" + "".join(f"{head:>9}" for head in heads))
    for (kind, connections, database, name), loads in found.items():
        rate = _median(loads, "per_second")
        bare = found.get((kind, connections, database, "bare"))
        ratios = [
            f"{rate / _median(bare, 'per_second'):.2f}" if bare else "-",
            *(
                _times(
                    rate,
                    [
                        best
                        for key, best in found.items()
                        if key[:2] == (kind, connections) and key[3] == plain
                    ],
                )
                for plain in PLAIN
            ),
        ]
        figures = [f"{_median(loads, what):9.2f}" for what in ("p50_ms", "p99_ms", "cpu_ms", "client_cpu")]
        failed = int(sum(each.failed for each in loads))
        line = f"{kind:14}{connections:6}  {database:10}{name:11}{rate:9,.0f}"
        print(f"{line}{''.join(f'{each:>9}' for each in ratios)}{''.join(figures)}{failed:9}")
    for (kind, connections, database, name), loads in found.items():
        if kind == "submissions":
            rate, spent = _median(loads, "per_second"), _median(loads, "cpu_ms")
            print(
                f"submissions, {database}, {name}, {connections} connections: {rate / LIMESURVEY_PER_SECOND:,.0f} x the rate and "
                f"1/{LIMESURVEY_CPU_MS / spent:,.0f} of the CPU of the reference"
            )
    print(GOALS)


def _times(rate: float, rivals: list[list[Load]]) -> str:
    """How many times as fast as the fastest of these, whichever database it uses."""
    return f"{rate / max(_median(each, 'per_second') for each in rivals):.2f}" if rivals else "-"


def _median(loads: list[Load], name: str) -> float:
    return statistics.median(getattr(each, name) for each in loads)


if __name__ == "__main__":
    main()
