"""Prove that no acknowledged answer is lost and none is counted twice, by killing the server and cutting its replies.

    python tools/durability.py --kills 200 --database sqlite
    python tools/durability.py --kills 200 --database postgres     (the database is killed as well)
    python tools/durability.py --kills 200 --workers 2             (two processes that write)
    python tools/durability.py --answers 10000                     (duplicates, disorder, lost replies)

Kills: clients post answers and whole submissions of a survey, each with an id or mark of its own, and note what was
acknowledged. Meanwhile every process is ended with SIGKILL and started again. At the end: all that was acknowledged
is stored, nothing is stored that was not sent, nothing twice.

Answers: the number of different ids is that of arrivals, of answers in the record, of those that `mindgap report`
counts, of those on the first page, and of those in the file that the page gives out.
"""

import argparse
import csv
import html
import http.client
import json
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import httpx
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.installed import Installed
from tools.lossy import Lossy

from mindgap.collect.client import Client, uuid7

_SEALED = re.compile(r'name="_s" value="([^"]*)"')
_ACTION = re.compile(r'<form method="post" action="([^"]*)"')
# The figure on the first page says how many answers it rests on.
_SHOWN = re.compile(r"Customer Satisfaction Score [^\"<]*\bn ([\d,.\s]+)\.")
_AGAIN = 0.5


@dataclass
class Ledger:
    """What clients sent and what was acknowledged to them; the server is held to it."""

    sent: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    sent_marks: set[str] = field(default_factory=set)
    acknowledged_marks: set[str] = field(default_factory=set)
    failures: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Verdict:
    """The end of a run; all but the first four must be nothing."""

    kills: int
    sent: int
    acknowledged: int
    stored: int
    lost: int
    foreign: int
    doubled: int
    unrecorded: int

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.foreign or self.doubled or self.unrecorded)

    def __str__(self) -> str:
        names = ("kills", "sent", "acknowledged", "stored", "lost", "foreign", "doubled", "unrecorded")
        return "\n".join(f"  {name:13}{getattr(self, name):>10,}" for name in names)


class Sender(threading.Thread):
    """One client: answers, small lists, and whole submissions; what got no reply it sends again half of the time."""

    def __init__(
        self, shop: Installed, key: str, survey: str, ledger: Ledger, chance: np.random.Generator
    ) -> None:
        super().__init__(daemon=True)
        self._shop, self._key, self._survey, self._ledger, self._chance = shop, key, survey, ledger, chance
        self._again: list[bytes] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.is_set():
            with closing(http.client.HTTPConnection("127.0.0.1", self._shop.port, timeout=10)) as connection:
                try:
                    while not self.stopping.is_set():
                        self._step(connection)
                except (OSError, http.client.HTTPException) as problem:
                    self._ledger.failures[type(problem).__name__] += 1
            # It is down; there is no use in asking much faster than it can start.
            self.stopping.wait(0.2)

    def _step(self, connection: http.client.HTTPConnection) -> None:
        if self._again and self._chance.random() < _AGAIN:
            self._post(connection, self._again[0])
            self._again.pop(0)
        elif self._chance.random() < 0.25:
            self._submit(connection)
        else:
            things = [_answer() for _ in range(20 if self._chance.random() < 0.25 else 1)]
            self._ledger.sent.update(str(each["id"]) for each in things)
            self._post(connection, json.dumps(things).encode())

    def _post(self, connection: http.client.HTTPConnection, body: bytes) -> None:
        headers = {"authorization": f"Bearer {self._key}", "content-type": "application/json"}
        try:
            connection.request("POST", "/c/v1/answers", body, headers)
            reply = connection.getresponse()
            told = reply.read()
        except (OSError, http.client.HTTPException):
            if body not in self._again and self._chance.random() < _AGAIN:
                self._again.append(body)
            raise
        if reply.status == 200:
            self._ledger.acknowledged.update(each["id"] for each in json.loads(told)["receipts"])
        else:
            self._ledger.failures[str(reply.status)] += 1

    def _submit(self, connection: http.client.HTTPConnection) -> None:
        """Open the page, answer it, and count it only when thanked."""
        connection.request("GET", f"/s/{self._survey}")
        page = connection.getresponse().read().decode()
        sealed, action = _SEALED.search(page), _ACTION.search(page)
        if sealed is None or action is None:
            self._ledger.failures["no form"] += 1
            return
        mark = f"mark {uuid4()}"
        self._ledger.sent_marks.add(mark)
        form = {"_s": html.unescape(sealed[1]), "nps": str(self._chance.integers(11)), "why": mark}
        kind = {"content-type": "application/x-www-form-urlencoded"}
        connection.request("POST", html.unescape(action[1]), urlencode(form), kind)
        reply = connection.getresponse()
        if reply.status == 200 and b'name="_s"' not in reply.read():
            self._ledger.acknowledged_marks.add(mark)
        else:
            reply.read()
            self._ledger.failures[f"page {reply.status}"] += 1


def _answer() -> dict[str, object]:
    return {"id": str(uuid7()), "answered_at": "2026-11-01T10:00:00+08:00", "scores": {"satisfaction": 4}}


def endure(
    folder: Path,
    *,
    kills: int,
    database: str = "sqlite",
    workers: int = 1,
    clients: int = 6,
    pause: tuple[float, float] = (0.3, 1.2),
) -> Verdict:
    """Kill it so often; the verdict. Every other kill takes the database along, where that has processes.

    With more than one of `workers` it is the public lane alone in so many processes, and all is recorded at the end.
    """
    words = ("serve", "--public", "--workers", str(workers)) if workers > 1 else ("up",)
    chance = np.random.default_rng(kills)
    shop = Installed(folder, database=database)
    ledger = Ledger()
    try:
        key, survey = shop.prepare()
        shop.start(*words)
        senders = [Sender(shop, key, survey, ledger, np.random.default_rng(n)) for n in range(clients)]
        for sender in senders:
            sender.start()
        for number in range(kills):
            time.sleep(chance.uniform(*pause))
            shop.kill(database_too=number % 2 == 1)
            shop.start(*words)
        time.sleep(pause[1])
        for sender in senders:
            sender.stopping.set()
        for sender in senders:
            sender.join(30)
        shop.stop()
        shop.run("work", "--once")
        return _judge(shop, ledger, kills)
    finally:
        shop.close()


def _judge(shop: Installed, ledger: Ledger, kills: int) -> Verdict:
    ids, marks = Counter[str](), Counter[str]()
    for id_, kind, body in shop.arrivals():
        comment = json.loads(body).get("comment", "") if kind == "answer" else ""
        if comment.startswith("mark "):
            marks[comment] += 1
        elif kind == "answer":
            ids[id_] += 1
    stored = {*ids, *marks}
    sent, acknowledged = ledger.sent | ledger.sent_marks, ledger.acknowledged | ledger.acknowledged_marks
    ((recorded,),) = shop.rows("select count(*) from keep_answer")
    ((finished,),) = shop.rows("select count(*) from keep_submission where state = 'finished'")
    doubled = sum(count - 1 for count in (*ids.values(), *marks.values()))
    return Verdict(
        kills=kills,
        sent=len(sent),
        acknowledged=len(acknowledged),
        stored=len(stored),
        lost=len(acknowledged - stored),
        foreign=len(stored - sent),
        doubled=doubled,
        unrecorded=abs(len(stored) - recorded) + abs(len(marks) - finished),
    )


@dataclass(frozen=True)
class Counted:
    """The same number of answers, wherever one asks."""

    distinct: int
    sent: int
    cut: int
    arrivals: int
    answers: int
    reported: int
    dashboard: int
    exported: int

    @property
    def is_good(self) -> bool:
        counts = (self.arrivals, self.answers, self.reported, self.dashboard, self.exported)
        return all(count == self.distinct for count in counts)

    def __str__(self) -> str:
        names = ("distinct", "sent", "cut", "arrivals", "answers", "reported", "dashboard", "exported")
        return "\n".join(f"  {name:13}{getattr(self, name):>10,}" for name in names)


def disturb(
    folder: Path, *, answers: int, database: str = "sqlite", clients: int = 4, lost: float = 0.05
) -> Counted:
    """Send answers of which 30 % come twice and 10 % out of order, over a line that loses a share of the replies."""
    chance = np.random.default_rng(answers)
    things = [_answer() for _ in range(answers)]
    sending = things + [things[place] for place in chance.choice(answers, answers * 3 // 10, replace=False)]
    for place in chance.choice(len(sending), len(sending) // 10, replace=False):
        other = chance.integers(len(sending))
        sending[place], sending[other] = sending[other], sending[place]
    shop = Installed(folder, database=database)
    try:
        key, _ = shop.prepare()
        shop.start()
        with Lossy(shop.port, share=lost, chance=np.random.default_rng(1)) as line:
            threads = [
                threading.Thread(
                    target=_send, args=(line.address, key, sending[n::clients], np.random.default_rng(n))
                )
                for n in range(clients)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            cut = line.cut
        shop.stop()
        shop.run("work", "--once")
        findings = json.loads(shop.run("report", "--json"))
        means = [each["n"] for each in findings if each["code"] == "score.mean" and not each["group"]]
        ((arrivals,),) = shop.rows("select count(*) from keep_arrival")
        ((recorded,),) = shop.rows("select count(*) from keep_answer")
        shop.start()
        return Counted(answers, len(sending), cut, arrivals, recorded, sum(means), *_seen(shop))
    finally:
        shop.close()


def _seen(shop: Installed) -> tuple[int, int]:
    """How many answers the first page counts, and the file that it gives out, for somebody who signs in."""
    link = shop.address + urlsplit(shop.run("member", "link")).path
    with httpx.Client(base_url=shop.address, follow_redirects=True, timeout=60) as browser:
        browser.get(link)
        form = {
            "email": "ann@shop.example",
            "password": "",
            "csrfmiddlewaretoken": browser.cookies["mindgap-csrf"],
        }
        browser.post(link, data=form).raise_for_status()
        page = browser.get("/", params={"period": "all"}).raise_for_status().text
        file = browser.get("/explore/download/raw/", params={"metric": "csat", "period": "all"})
    shown = _SHOWN.search(html.unescape(page))
    rows = csv.DictReader(file.raise_for_status().text.lstrip("\ufeff").splitlines())
    return int(re.sub(r"\D", "", shown[1])) if shown else 0, sum(int(row["n"]) for row in rows)


def _send(address: str, key: str, things: list[dict[str, object]], chance: np.random.Generator) -> None:
    with Client(address, key, tries=20, sleep=lambda seconds: time.sleep(min(seconds, 0.05))) as client:
        while things:
            size = int(chance.integers(1, 11))
            client.answers(things[:size])
            things = things[size:]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--answers", type=int, default=0)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--workers", type=int, default=1, help="processes of the public lane that are killed")
    given = parser.parse_args()
    began, good = time.monotonic(), True
    with tempfile.TemporaryDirectory(prefix="mindgap-durability-") as folder:
        if given.kills:
            verdict = endure(
                Path(folder) / "kills", kills=given.kills, database=given.database, workers=given.workers
            )
            print(f"{given.database}, killed {given.kills} times\n{verdict}")
            good = verdict.is_good
        if given.answers:
            counted = disturb(Path(folder) / "line", answers=given.answers, database=given.database)
            print(f"{given.database}, over a bad line\n{counted}")
            good = good and counted.is_good
    print(f"{'good' if good else 'NOT GOOD'}, {time.monotonic() - began:.0f} s")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
