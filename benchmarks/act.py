"""Alerts: arrivals judged against rules, as a ratio to recording alone; and how soon somebody is told.

    python benchmarks/act.py [--arrivals 100000] [--rules 50] [--answers 60]

The first part records the arrivals and then judges them, in one process, on SQLite. The second runs the whole product
with a mail server on loopback and takes the time from the receipt of a low answer to its mail. The goal is a 95th
percentile below five seconds.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

GOAL_SECONDS = 5.0
TOUCHPOINTS, UNITS = 20, 50
WORDS = (
    "",
    "",
    "",
    "",
    "很快，谢谢",
    "It took too long and nobody called back",
    "服務態度很好",
    "ok",
    "下次還會來",
    "fine",
)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--arrivals", type=int, default=100_000)
    parser.add_argument("--rules", type=int, default=50)
    parser.add_argument("--answers", type=int, default=60)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mindgap-bench-") as home:
        os.environ |= {"MINDGAP_DATA": f"{home}/home", "DJANGO_SETTINGS_MODULE": "mindgap.ground.settings"}
        import django

        django.setup()
        from mindgap.keep import store

        store.ready()
        catch_up(chosen.arrivals, chosen.rules)
        tell(Path(home) / "shop", chosen.answers)
    return 0


def catch_up(arrivals: int, rules: int) -> None:
    """Judge what was recorded against rules of all kinds; one answer in a few hundred fires one."""
    from mindgap.act.alert import reading
    from mindgap.act.models import Alert
    from mindgap.ground import clock, identity
    from mindgap.keep import appender, incoming, recorder

    organization = plant(rules)
    draw, now, items = np.random.default_rng(1), clock.now(), []
    for place in range(arrivals):
        said = incoming.Answer(
            str(place), now - timedelta(seconds=place % 80_000), touchpoint=f"t{place % TOUCHPOINTS}",
            unit=f"u{place % UNITS}", scores={"likelihood": int(draw.choice(11, p=SCORES))},
            comment=WORDS[int(draw.integers(len(WORDS)))], channel="web",
            customer=incoming.Person({"email": f"c{place // 2}@example.org"}, segments={"tier": "gold"}),
        )  # fmt: skip
        items.append((identity.content_id("bench", str(place)), "answer", "bench", incoming.write(said)))
    for place in range(0, arrivals, 10_000):
        appender.append(organization.pk, items[place : place + 10_000])
    start = time.perf_counter()
    while recorder.run_batch():
        pass
    recorded = time.perf_counter()
    while reading.run_batch():
        pass
    judged = time.perf_counter()
    fired = Alert.objects.count()
    alone, both = recorded - start, judged - start
    print(f"{arrivals:,} arrivals, {rules} rules, {fired:,} alerts")
    print(f"  recording alone      {arrivals / alone:>9,.0f} arrivals/s")
    print(f"  judging              {arrivals / (judged - recorded):>9,.0f} arrivals/s")
    print(
        f"  recording + judging  {arrivals / both:>9,.0f} arrivals/s, {both / alone:.2f} times recording alone"
    )


SCORES = np.array([0.002, 0.002, 0.005, 0.01, 0.02, 0.05, 0.08, 0.13, 0.2, 0.25, 0.251])


def plant(rules: int):
    """An organization with rules of every kind that judges arrivals."""
    from mindgap.act.models import AlertRule
    from mindgap.keep.models import Measure, Organization, Touchpoint, Unit

    made = Organization.objects.create(code="chain", name={"en": "Chain"}, zone="Asia/Shanghai")
    mine = {"organization": made}
    Measure.objects.create(**mine, code="likelihood", kind="likelihood", minimum=0, maximum=10)
    for number in range(TOUCHPOINTS):
        Touchpoint.objects.create(**mine, code=f"t{number}")
    for number in range(UNITS):
        Unit.objects.create(**mine, code=f"u{number}")
    kinds = ["answer"] * 7 + ["keyword", "safety", "repeat_complaint"]
    for number in range(rules):
        kind = kinds[number % len(kinds)]
        where = [
            {"column": "touchpoint", "op": "is", "value": f"t{number % TOUCHPOINTS}"},
            {"column": "score.likelihood", "op": "at_most", "value": 1},
            {"column": "segment.tier", "op": "is", "value": "gold"},
        ]
        AlertRule.objects.create(
            **mine, code=f"r{number}", name={"en": f"Rule {number}"}, trigger=kind, is_active=True,
            condition={"all": where if kind == "answer" else where[:1]},
            settings={"words": ["refund*", "再也不"]} if kind == "keyword" else {},
            recipients=[{"to": "role", "role": "branch_manager"}], opens_case=number % 5 == 0,
        )  # fmt: skip
    # What is planted a moment ago watches from now on; the arrivals are of the last day.
    AlertRule.objects.update(active_from=made.created_at - timedelta(days=2))
    return made


def tell(folder: Path, answers: int) -> None:
    """From the receipt of a low answer to its mail, with everything running."""
    from tools.alert_shop import AlertShop

    shop, sent = AlertShop(folder), []
    try:
        shop.installed.start()
        # The lane answers before the worker has begun; what is measured begins when it has.
        post(shop)
        wait(shop, 1)
        for _ in range(answers):
            post(shop)
            sent.append(time.perf_counter())
            time.sleep(1)
        wait(shop, answers + 1)
        # One after the other: the n-th mail is that of the n-th answer.
        took = [came - at for at, came in zip(sent, sorted(shop.sink.came.values())[1:], strict=False)]
    finally:
        shop.close()
    p50, p95 = np.quantile(took, [0.5, 0.95])
    print(
        f"from receipt to mail, {len(took)} of {answers} low answers: p50 {p50:.2f} s, p95 {p95:.2f} s; goal below {GOAL_SECONDS:g} s"
    )


def post(shop: Any) -> None:
    """Post a low answer and wait for its receipt."""
    from mindgap.collect.client import uuid7

    thing = {
        "id": str(uuid7()), "answered_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "unit": "north", "scores": {"likelihood": 1},
    }  # fmt: skip
    headers = {"authorization": f"Bearer {shop.key}", "content-type": "application/json"}
    asked = Request(f"{shop.installed.address}/c/v1/answers", json.dumps([thing]).encode(), headers)
    with urlopen(asked, timeout=30) as reply:
        reply.read()


def wait(shop: Any, mails: int) -> None:
    """Until so many mails have come, or two minutes."""
    until = time.perf_counter() + 120
    while len(shop.sink.came) < mails and time.perf_counter() < until:
        time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main())
