"""Prove that no alert is lost and nobody is told twice of one event, by killing the worker.

    python tools/alerts_durability.py --kills 60 [--database postgres]

Low answers are posted while every process is ended with SIGKILL at random moments and started again; then a worker is
killed at each named point of its way. At the end every answer that was acknowledged has one alert for each rule, one
case, one notice to the branch's manager, and one mail, counted by Message-ID at a real mail server.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.alert_shop import AlertShop

from mindgap.collect.client import uuid7

# Where a worker is killed: before or after the function of that name has run.
POINTS = {
    "after the rows were read, before anything is written": ("mindgap.act.alert.reading", "_judged", "after"),
    "in the transaction, before the cursor moves": ("mindgap.act.alert.firing", "fire", "before"),
    "in the transaction, with the case opened": ("mindgap.act.alert.firing", "_case", "after"),
    "in the transaction, with the first notice written": ("mindgap.act.alert.firing", "_notice", "after"),
    "in the transaction, with all written and nothing committed": (
        "mindgap.act.alert.firing",
        "fire",
        "after",
    ),
    "after the commit": ("mindgap.act.alert.reading", "run_batch", "after"),
    "with a mail claimed and not yet sent": ("mindgap.collect.channels.deliver", "_attempt", "before"),
    "with a mail sent and not yet noted": ("mindgap.collect.channels.deliver", "_attempt", "after"),
    "with a mail noted": ("mindgap.collect.channels.deliver", "_mark", "after"),
}
_WORK = """
import importlib, os, signal
from mindgap.show.start import start_django
start_django()
from mindgap.act import worker
module, name, when = {point!r}
where = importlib.import_module(module)
real = getattr(where, name)
def deadly(*given, **named):
    if when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    done = real(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)
    return done
setattr(where, name, deadly)
worker.run(once=True)
"""
# What a worker that died left in the middle is taken up after ten minutes: those pass here without waiting.
_DRAIN = """
from datetime import timedelta
from mindgap.show.start import start_django
start_django()
from mindgap.act import worker
from mindgap.ground import clock
now = clock.now()
for minutes in (0, 11, 13, 20, 60):
    with clock.frozen(now + timedelta(minutes=minutes)):
        worker.run(once=True)
"""


@dataclass(frozen=True)
class Verdict:
    """The end of a run; everything after `acknowledged` must be nothing."""

    kills: int
    acknowledged: int
    lost_alerts: int
    lost_cases: int
    doubled_cases: int
    lost_notices: int
    lost_mails: int
    doubled_mails: int
    repeated: int

    @property
    def is_good(self) -> bool:
        return not (
            self.lost_alerts or self.lost_cases or self.doubled_cases or self.lost_notices or self.lost_mails
            or self.doubled_mails
        )  # fmt: skip

    def __str__(self) -> str:
        rows = "\n".join(f"  {name:15}{value:>8,}" for name, value in vars_of(self).items())
        return f"{rows}\n  (repeated: the same mail handed over again, under the Message-ID by which it is known)"


def vars_of(verdict: Verdict) -> dict[str, int]:
    return {name: getattr(verdict, name) for name in verdict.__dataclass_fields__}


def post(shop: AlertShop, count: int) -> list[str]:
    """Post low answers; the ids of those that were acknowledged."""
    things = [
        {
            "id": str(uuid7()), "answered_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "unit": "north",
            "scores": {"likelihood": 2},
        }
        for _ in range(count)
    ]  # fmt: skip
    headers = {"authorization": f"Bearer {shop.key}", "content-type": "application/json"}
    asked = Request(f"{shop.installed.address}/c/v1/answers", json.dumps(things).encode(), headers)
    try:
        with urlopen(asked, timeout=5) as reply:
            return [each["id"] for each in json.loads(reply.read())["receipts"]]
    except (URLError, OSError, ValueError):
        return []


def endure(
    folder: Path, *, kills: int, database: str = "sqlite", points: Iterable[str] = tuple(POINTS)
) -> Verdict:
    """Kill it so often at random, then once at each named point; the verdict."""
    chance, shop = np.random.default_rng(kills), AlertShop(folder, database=database)
    acknowledged: set[str] = set()
    try:
        shop.installed.start()
        stopping = threading.Event()
        poster = threading.Thread(target=_keep_posting, args=(shop, acknowledged, stopping), daemon=True)
        poster.start()
        for _ in range(kills):
            time.sleep(chance.uniform(0.2, 1.5))
            shop.installed.kill()
            shop.installed.start()
        time.sleep(1)
        stopping.set()
        poster.join(10)
        named = [POINTS[each] for each in points]
        for point in named:
            acknowledged.update(post(shop, 2))
            shop.installed.kill()
            _die_at(shop, point)
            shop.installed.start()
            time.sleep(0.3)
        shop.installed.stop()
        shop.run(_DRAIN)
        return _judge(shop, acknowledged, kills + len(named))
    finally:
        shop.close()


def _keep_posting(shop: AlertShop, acknowledged: set[str], stopping: threading.Event) -> None:
    while not stopping.is_set():
        acknowledged.update(post(shop, 1))
        stopping.wait(0.15)


def _die_at(shop: AlertShop, point: tuple[str, str, str]) -> None:
    """Let a worker run into its death at a point; it may also find that all is done."""
    done = subprocess.run(
        [sys.executable, "-c", _WORK.format(point=point)],
        env=shop.installed._environment,  # noqa: SLF001
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode not in (-9, 0):
        raise RuntimeError(done.stdout + done.stderr)


def _judge(shop: AlertShop, acknowledged: set[str], kills: int) -> Verdict:
    rows = shop.installed.rows
    alerts = Counter(event for (event,) in rows("select event from act_alert"))
    cases = Counter(key for (key,) in rows("select key from act_case"))
    notices = Counter(event for (event,) in rows("select n.key from act_notice n where n.kind = 'alert'"))
    answers = [f"answer:{id_}" for (id_,) in rows("select id from keep_answer")]
    numbers = [number for (number,) in rows("select number from act_case")]
    told = Counter()
    for text in shop.sink.texts.values():
        told.update(number for number in numbers if f"/cases/{number}/" in text)
    assert len(answers) >= len(acknowledged)
    return Verdict(
        kills=kills,
        acknowledged=len(acknowledged),
        lost_alerts=sum(alerts[each] != 2 for each in answers),
        lost_cases=sum(cases[each] == 0 for each in answers),
        doubled_cases=sum(count - 1 for count in cases.values()),
        lost_notices=abs(len(answers) - len(notices)),
        lost_mails=sum(told[number] == 0 for number in numbers),
        doubled_mails=sum(max(told[number] - 1, 0) for number in numbers),
        repeated=sum(count - 1 for count in shop.sink.counts.values()),
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    given = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mindgap-alerts-") as folder:
        verdict = endure(Path(folder) / "shop", kills=given.kills, database=given.database)
    print(
        f"{given.database}\n{verdict}\n{'good' if verdict.is_good else 'NOT GOOD'}, {time.monotonic() - began:.0f} s"
    )
    return 0 if verdict.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
