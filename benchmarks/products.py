"""Sums of products of 20 drivers and an outcome, from closed files, in one run with the same by other engines.

    python benchmarks/products.py [--rows N ...] [--repeats 3]

A row is one answered survey: 21 readings. Every engine answers in turn, again and again; printed are the medians.
pandas gets the same readings in memory, DuckDB a plain Parquet file of rows that are put side by side already.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

DRIVERS = 20
FIRST, DAYS = 19_800, 360
BLOCKS = 200


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="*", default=[50_000, 200_000])
    parser.add_argument("--repeats", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mindgap-bench-") as home:
        os.environ |= {"MINDGAP_DATA": home, "DJANGO_SETTINGS_MODULE": "mindgap.ground.settings"}
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        for rows in chosen.rows:
            compare(rows, Path(home), repeats=chosen.repeats)


def compare(rows: int, home: Path, *, repeats: int) -> None:
    organization, wide = fill(rows, home)
    engines = {
        "facts, one block": facts_engine(organization, blocks=1),
        f"facts, {BLOCKS} blocks": facts_engine(organization, blocks=BLOCKS),
        "pandas pivot": pandas_engine(organization),
        "DuckDB on wide rows": wide_engine(wide),
        "NumPy on wide rows": numpy_engine(wide),
    }
    taken: dict[str, list[float]] = {name: [] for name in engines}
    answers = set()
    for _ in range(repeats):
        for name, ask in engines.items():
            start = time.perf_counter()
            answers.add(ask())
            taken[name].append(time.perf_counter() - start)
    assert len(answers) == 1, answers
    medians = {name: statistics.median(times) for name, times in taken.items()}
    refreshed = refresh(organization, rows, repeats=repeats)
    print(f"\n{rows:,} rows of {DRIVERS} drivers and an outcome, {rows * (DRIVERS + 1):,} readings")
    for name, median in medians.items():
        print(f"  {name}: {median:.3f} s ({median / medians['facts, one block']:.1f} x)")
    print(f"  facts, again after 5 new surveys: {statistics.median(refreshed):.3f} s")


def refresh(organization: Any, rows: int, *, repeats: int) -> list[float]:
    """The same question again after five new surveys: closed files from memory, the changed rows summed."""
    from mindgap.keep import bulk, facts, ledger, readings

    terms = [facts.Term(measure) for measure in range(1, DRIVERS + 2)]
    plain = dict.fromkeys(readings.COLUMNS) | dict.fromkeys(
        ("touchpoint", "channel", "unit", "promise", "source", "interaction", "state"), 0
    )
    plain |= {"day": FIRST + DAYS - 1, "customer": 1, "early": False, "segments": "{}"}
    facts.products(facts.Question(organization.id), terms, blocks=BLOCKS)
    taken = []
    for place in range(repeats):
        made = [
            plain
            | {"answer": 3 * (rows + 5 * place + i) + 1, "measure": measure, "value": (i + measure) % 11}
            for i in range(5)
            for measure in range(1, DRIVERS + 2)
        ]
        bulk.insert(
            "keep_reading",
            ledger.READING,
            [(organization.id, 1, *(row[name] for name in readings.COLUMNS)) for row in made],
        )
        start = time.perf_counter()
        found = facts.products(facts.Question(organization.id), terms, blocks=BLOCKS)
        taken.append(time.perf_counter() - start)
        assert found.n.sum() == rows + 5 * (place + 1)
    return taken


def fill(rows: int, home: Path) -> tuple[Any, Path]:
    """An organization with so many answered surveys in closed files, one per month; and the same as wide rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from mindgap.keep.facts import snapshot, store
    from mindgap.keep.models import Organization

    organization = Organization.objects.create(code=f"rows-{rows}")
    draw = np.random.default_rng(7)
    columns, written = [], []
    for month in range(12):
        n = rows // 12 + (month < rows % 12)
        halo = draw.normal(size=(n, 1))
        values = np.clip(np.round(6 + 2 * halo + draw.normal(scale=2, size=(n, DRIVERS + 1))), 0, 10)
        columns.append(values)
        day = np.sort(draw.integers(FIRST + month * 30, FIRST + month * 30 + 30, n))
        # Every third arrival is such a survey.
        ids = (sum(map(len, columns)) - n + np.arange(n)) * 3 + 1
        customers = draw.integers(1, rows // 3 + 2, n)
        written += store.write(organization.id, readings(day, ids, customers, values))
    version, _ = snapshot.version_of(organization.id)
    assert store.publish(organization.id, written, version=version)
    whole = np.concatenate(columns)
    wide = home / f"wide-{rows}.parquet"
    pq.write_table(pa.table({f"t{j}": whole[:, j] for j in range(DRIVERS + 1)}), wide)
    return organization, wide


def readings(day: Any, ids: Any, customers: Any, values: Any) -> Any:
    """Readings in the facts' shape: measure j + 1 is column j."""
    import pyarrow as pa

    from mindgap.keep.facts import schema

    n, width = values.shape
    days = pa.array(np.tile(day, width).astype(np.int32), pa.int32())
    given = {
        "day": days, "week": schema.weeks(days), "month": schema.months(days),
        "measure": np.repeat(np.arange(1, width + 1), n), "value": values.T.ravel(), "answer": np.tile(ids, width),
        "customer": np.tile(customers, width), "touchpoint": np.zeros(n * width), "channel": np.ones(n * width),
        "unit": np.ones(n * width), "promise": np.zeros(n * width), "source": np.zeros(n * width),
        "interaction": np.zeros(n * width), "state": np.zeros(n * width), "early": np.zeros(n * width),
        "sign": np.ones(n * width),
    }  # fmt: skip
    return pa.table(
        {
            field.name: given[field.name]
            if isinstance(given.get(field.name), pa.Array)
            else pa.array(given[field.name].astype(field.type.to_pandas_dtype()), field.type)
            if field.name in given
            else pa.nulls(n * width, field.type)
            for field in schema.empty().schema
        }
    )


def facts_engine(organization: Any, *, blocks: int) -> Callable[[], tuple[int, ...]]:
    """From closed files, nothing remembered: the question is asked for the first time."""
    from mindgap.keep import facts
    from mindgap.keep.facts.products import forget

    terms = [facts.Term(measure) for measure in range(1, DRIVERS + 2)]

    def ask() -> tuple[int, ...]:
        forget()
        found = facts.products(facts.Question(organization.id), terms, blocks=blocks)
        sums, about, n = found.sums.sum(axis=(0, 1)), found.about, found.n.sum()
        shifted = np.outer(sums, about)
        return _told(n, found.cross.sum(axis=(0, 1)) + shifted + shifted.T + n * np.outer(about, about))

    return ask


def pandas_engine(organization: Any) -> Callable[[], tuple[int, ...]]:
    import pandas as pd

    from mindgap.keep.facts import store

    folder = store.folder() / f"organization={organization.id}"
    files = [path for path in sorted(folder.rglob("*.parquet")) if not path.name.endswith(".rollup.parquet")]
    frame = pd.concat([pd.read_parquet(path, columns=["answer", "measure", "value"]) for path in files])

    def ask() -> tuple[int, ...]:
        wide = frame.pivot_table(index="answer", columns="measure", values="value").dropna().to_numpy()
        return _told(len(wide), wide.T @ wide)

    return ask


def wide_engine(path: Path) -> Callable[[], tuple[int, ...]]:
    import duckdb

    connection = duckdb.connect(":memory:")
    connection.execute("set threads = 2")
    pairs = [(i, j) for i in range(DRIVERS + 1) for j in range(i, DRIVERS + 1)]
    sums = ", ".join(f"sum(t{i} * t{j})" for i, j in pairs)

    def ask() -> tuple[int, ...]:
        row = connection.sql(f"select count(*), {sums} from read_parquet('{path}')").fetchall()[0]
        cross = np.zeros((DRIVERS + 1, DRIVERS + 1))
        for (i, j), value in zip(pairs, row[1:], strict=True):
            cross[i, j] = cross[j, i] = value
        return _told(row[0], cross)

    return ask


def numpy_engine(path: Path) -> Callable[[], tuple[int, ...]]:
    """The limit: rows in memory, already side by side."""
    import pyarrow.parquet as pq

    whole = np.column_stack([column.to_numpy() for column in pq.read_table(path).columns])
    return lambda: _told(len(whole), whole.T @ whole)


def _told(n: int, cross: Any) -> tuple[int, ...]:
    return int(n), round(float(cross.sum())), round(float(cross[0, DRIVERS]))


if __name__ == "__main__":
    main()
