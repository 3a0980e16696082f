"""Counting readings: the facts against DuckDB, Polars, pandas and SQLite on the same readings, in one run.

    python benchmarks/facts.py [--rows N ...] [--hundred] [--sqlite] [--repeats 5]

Every engine answers every question in turn, again and again, so that a busy moment hits all of them; printed are the
median and its ratio to the facts'. SQLite is left out above a million readings unless asked for: it takes minutes.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

DAYS = 730
FIRST = 19_800
TOUCHPOINTS, CHANNELS, UNITS, VALUES, SEGMENT = 40, 8, 30, 11, 6
FILE_ROWS = 1_000_000
Q1 = "week x touchpoint x value, everything"
Q2 = "the same of two channels (free filter)"
Q3 = "last 90 days of two segments, unit x value"
SQL = {
    Q1: "select week, touchpoint, value, count(*) from readings group by week, touchpoint, value",
    Q2: "select week, touchpoint, value, count(*) from readings where channel in (1, 2) group by week, touchpoint, value",
    Q3: f"select unit, value, count(*) from readings where day > {FIRST + DAYS - 90} and seg_tier in (1, 2) group by unit, value",
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="*", default=[1_000_000, 10_000_000])
    parser.add_argument(
        "--hundred", action="store_true", help="also 100 million readings (takes a long while)"
    )
    parser.add_argument("--sqlite", action="store_true", help="SQLite also above a million readings")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--reader", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.reader:
        watch(chosen.reader)
        return
    with tempfile.TemporaryDirectory(prefix="mindgap-bench-") as home:
        os.environ |= {"MINDGAP_DATA": home, "DJANGO_SETTINGS_MODULE": "mindgap.ground.settings"}
        start_django(migrate=True)
        for rows in [*chosen.rows, *([100_000_000] if chosen.hundred else [])]:
            compare(rows, Path(home), sqlite=chosen.sqlite or rows <= 1_000_000, repeats=chosen.repeats)
        freshness()
        recording()


def start_django(*, migrate: bool) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    if migrate:
        call_command("migrate", verbosity=0)


def compare(rows: int, home: Path, *, sqlite: bool, repeats: int) -> None:
    organization, plain = fill(rows, home)
    engines = {
        "facts": facts_engine(organization),
        "DuckDB table": duckdb_engine(plain),
        "Polars": polars_engine(plain),
    }
    if rows <= 10_000_000:
        engines["pandas"] = pandas_engine(plain)
    if sqlite:
        engines["SQLite"] = sqlite_engine(plain, home)
    size = sum(file.stat().st_size for file in (home / "facts").rglob("*.parquet"))
    print(f"\n{rows:,} readings, {size / rows * 1e6 / 2**20:.1f} MB of files per million")
    for question in SQL:
        taken: dict[str, list[float]] = {name: [] for name in engines}
        totals = set()
        for _ in range(repeats):
            for name, ask in engines.items():
                start = time.perf_counter()
                totals.add(ask(question))
                taken[name].append(time.perf_counter() - start)
        assert len(totals) == 1, totals
        medians = {name: statistics.median(times) for name, times in taken.items()}
        told = [
            f"{name} {median:.4f} s ({median / medians['facts']:.1f} x)" for name, median in medians.items()
        ]
        print(f"  {question}: " + ", ".join(told))
    refresh(organization, repeats * 10)
    for path in plain:
        path.unlink()


def portions(rows: int) -> Iterator[Any]:
    """Readings in tables of the facts' shape, of at most `FILE_ROWS` rows and one month each."""
    import pyarrow as pa

    from mindgap.ground import clock
    from mindgap.keep.facts import schema

    draw = np.random.default_rng(7)
    months: dict[int, list[int]] = {}
    for day in range(FIRST, FIRST + DAYS):
        months.setdefault(clock.month_of(day), []).append(day)
    made = 0
    for days in months.values():
        wanted = round(rows * (days[-1] + 1 - FIRST) / DAYS) - made
        for start in range(0, wanted, FILE_ROWS):
            count = min(FILE_ROWS, wanted - start)
            day = pa.array(np.sort(draw.choice(np.array(days, np.int32), count)), pa.int32())
            ids = np.arange(made, made + count)
            given = {
                "day": day, "week": schema.weeks(day), "month": schema.months(day),
                "touchpoint": draw.integers(1, TOUCHPOINTS + 1, count), "channel": draw.integers(1, CHANNELS + 1, count),
                "unit": draw.integers(1, UNITS + 1, count), "measure": np.ones(count), "promise": np.zeros(count),
                "source": np.zeros(count), "customer": draw.integers(1, rows // 5 + 2, count), "interaction": ids,
                "answer": ids + 1, "value": np.minimum(draw.poisson(8, count), VALUES - 1),
                "state": np.ones(count), "early": np.zeros(count), "sign": np.ones(count),
            }  # fmt: skip
            shape = schema.empty().schema
            columns = {
                field.name: given[field.name]
                if isinstance(given.get(field.name), pa.Array)
                else pa.array(given[field.name].astype(field.type.to_pandas_dtype()), field.type)
                if field.name in given
                else pa.nulls(count, field.type)
                for field in shape
            }
            columns["seg_tier"] = pa.array(draw.integers(1, SEGMENT + 1, count), pa.int32())
            made += count
            yield pa.table(columns)


def fill(rows: int, home: Path) -> tuple[Any, list[Path]]:
    """An organization with so many readings in closed files, and the same as plain files, unsorted."""
    import pyarrow.parquet as pq

    from mindgap.keep.facts import snapshot, store
    from mindgap.keep.models import Organization

    organization = Organization.objects.create(code=f"rows-{rows}")
    plain, written = [], []
    columns = ["day", "week", "touchpoint", "channel", "unit", "value", "seg_tier"]
    for place, table in enumerate(portions(rows)):
        written += store.write(organization.id, table)
        plain.append(home / f"plain-{place}.parquet")
        pq.write_table(table.select(columns), plain[-1], compression="zstd")
    version, _ = snapshot.version_of(organization.id)
    assert store.publish(organization.id, written, version=version)
    return organization, plain


def facts_engine(organization: Any) -> Callable[[str], int]:
    """Counting from closed files, nothing remembered: every question is asked for the first time."""
    from mindgap.ground.condition import Clause, Condition
    from mindgap.keep import facts
    from mindgap.keep.facts import counter

    two = Condition((Clause("channel", "in", (1, 2)),))
    tiers = Condition((Clause("seg_tier", "in", (1, 2)),))
    questions = {
        Q1: facts.Question(organization.id, ("week", "touchpoint", "value")),
        Q2: facts.Question(organization.id, ("week", "touchpoint", "value"), where=two),
        Q3: facts.Question(organization.id, ("unit", "value"), where=tiers, since=FIRST + DAYS - 89),
    }

    def ask(question: str) -> int:
        counter.forget()
        return facts.counts(questions[question]).total

    return ask


def duckdb_engine(plain: list[Path]) -> Callable[[str], int]:
    import duckdb

    connection = duckdb.connect(":memory:")
    connection.execute("set threads = 2")
    connection.execute(
        "create table readings as select * from read_parquet(?)", [[str(path) for path in plain]]
    )

    def ask(question: str) -> int:
        import pyarrow.compute as pc

        return int(pc.sum(connection.sql(SQL[question]).to_arrow_table().column(-1)).as_py())

    return ask


def polars_engine(plain: list[Path]) -> Callable[[str], int]:
    import polars as pl

    def ask(question: str) -> int:
        frame = pl.scan_parquet(plain)
        by = ["week", "touchpoint", "value"]
        if question == Q2:
            frame = frame.filter(pl.col("channel").is_in([1, 2]))
        if question == Q3:
            frame = frame.filter((pl.col("day") > FIRST + DAYS - 90) & pl.col("seg_tier").is_in([1, 2]))
            by = ["unit", "value"]
        return int(frame.group_by(by).len().collect(engine="streaming")["len"].sum())

    return ask


def pandas_engine(plain: list[Path]) -> Callable[[str], int]:
    import pandas as pd

    whole = pd.concat([pd.read_parquet(path) for path in plain], ignore_index=True)

    def ask(question: str) -> int:
        frame, by = whole, ["week", "touchpoint", "value"]
        if question == Q2:
            frame = frame[frame["channel"].isin([1, 2])]
        if question == Q3:
            frame = frame[(frame["day"] > FIRST + DAYS - 90) & frame["seg_tier"].isin([1, 2])]
            by = ["unit", "value"]
        return int(frame.groupby(by).size().sum())

    return ask


def sqlite_engine(plain: list[Path], home: Path) -> Callable[[str], int]:
    import sqlite3

    import pyarrow.parquet as pq

    (home / "plain.sqlite3").unlink(missing_ok=True)
    connection = sqlite3.connect(home / "plain.sqlite3")
    connection.execute("create table readings (day, week, touchpoint, channel, unit, value, seg_tier)")
    for path in plain:
        columns = [column.to_pylist() for column in pq.read_table(path).columns]
        connection.executemany(
            "insert into readings values (?, ?, ?, ?, ?, ?, ?)", zip(*columns, strict=True)
        )
    connection.execute("create index by_day on readings (day)")
    connection.commit()
    return lambda question: sum(row[-1] for row in connection.execute(SQL[question]))


def refresh(organization: Any, repeats: int) -> None:
    """The page's question again, after a few new readings: closed files from memory, the tail counted."""
    from mindgap.keep import bulk, facts, ledger, readings

    question = facts.Question(organization.id, ("week", "touchpoint", "value"))
    facts.counts(question)
    plain = dict.fromkeys(readings.COLUMNS, 0) | {
        "day": FIRST + DAYS - 1,
        "measure": 1,
        "answer": 1,
        "segments": "{}",
    }
    plain |= {"early": False, "state": 1, "touchpoint": 3, "should": None, "minimum": None}
    fresh, same = [], []
    for place in range(repeats):
        row = plain | {"value": place % VALUES}
        bulk.insert(
            "keep_reading",
            ledger.READING,
            [(organization.id, 1, *(row[name] for name in readings.COLUMNS))] * 5,
        )
        for taken in (fresh, same):
            start = time.perf_counter()
            facts.counts(question)
            taken.append(time.perf_counter() - start)
    print(f"  refresh after 5 new readings: {told(fresh)}; with none new: {told(same)}")


def freshness(*, rate: int = 500, seconds: float = 10.0, readers: int = 2) -> None:
    """From the commit of an answer to the first count in another process that has it."""
    from mindgap.ground import identity
    from mindgap.keep import appender, facts, incoming, recorder
    from mindgap.keep.models import Measure, Organization

    organization = Organization.objects.create(code="freshness")
    Measure.objects.create(
        organization=organization, code="likelihood", kind="likelihood", minimum=0, maximum=10
    )
    command = [sys.executable, __file__, "--reader", str(organization.id)]
    watching = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(readers)
    ]
    for process in watching:
        process.stdout.readline()  # type: ignore[union-attr]
    commits, made = [], 0
    start = care = time.monotonic()
    while time.monotonic() - start < seconds:
        items = []
        while made < rate * (time.monotonic() - start):
            said = incoming.Answer(
                str(made), datetime(2026, 1, 1 + made % 28, tzinfo=UTC), scores={"likelihood": made % 11}
            )
            items.append((identity.uuid7(), "answer", "bench", incoming.write(said)))
            made += 1
        appender.append(organization.id, items)
        commits.append((made, time.monotonic()))
        recorder.run_batch()
        if time.monotonic() - care > 3:
            facts.close_tail(organization, force=True)
            facts.compact(organization)
            care = time.monotonic()
        time.sleep(0.02)
    recorder.catch_up()
    delays = []
    for process in watching:
        looks = [line.split() for line in process.communicate()[0].splitlines()]
        for number, committed in commits:
            seen = next(float(moment) for count, moment in looks if int(count) >= number)
            delays.append(seen - committed)
    print(f"\nfrom receipt to visible, {rate}/s, {readers} readers, tail closed every 3 s: {told(delays)}")


def watch(organization: int) -> None:
    """A reader: counts every 50 ms and prints the count and the moment."""
    import select

    start_django(migrate=False)
    from mindgap.keep import facts

    question = facts.Question(organization, ("week", "touchpoint", "value"))
    going_on = True
    while going_on:
        going_on = not select.select([sys.stdin], [], [], 0.05)[0]
        print(facts.counts(question).total, time.monotonic(), flush=True)


def recording(*, rows: int = 100_000) -> None:
    """Answers from arrival to counted readings."""
    from mindgap.ground import identity
    from mindgap.keep import appender, facts, incoming, recorder
    from mindgap.keep.models import Measure, Organization

    organization = Organization.objects.create(code="recording")
    Measure.objects.create(
        organization=organization, code="likelihood", kind="likelihood", minimum=0, maximum=10
    )
    items = []
    for place in range(rows):
        person = incoming.Person({"email": f"c{place // 3}@example.org"})
        when = datetime(2025, 1 + place % 12, 1 + place % 28, tzinfo=UTC)
        said = incoming.Answer(
            str(place), when, scores={"likelihood": place % 11}, customer=person, channel="web"
        )
        items.append((identity.content_id("bench", str(place)), "answer", "bench", incoming.write(said)))
    start = time.perf_counter()
    for place in range(0, rows, 10_000):
        appender.append(organization.id, items[place : place + 10_000])
    appended = time.perf_counter()
    while recorder.run_batch():
        facts.close_tail(organization)
    facts.close_tail(organization, force=True)
    done = time.perf_counter()
    assert facts.counts(facts.Question(organization.id)).total == rows
    print(
        f"appended {rows / (appended - start):,.0f} answers/s; recorded and closed {rows / (done - appended):,.0f} answers/s"
    )


def told(seconds: list[float]) -> str:
    p50, p99 = np.quantile(seconds, [0.5, 0.99])
    return f"p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms"


if __name__ == "__main__":
    main()
