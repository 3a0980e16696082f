"""What a statement reads from: closed files and tables in memory, as relations with the columns it needs."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from mindgap.keep.facts import engine, schema, store
from mindgap.keep.facts.errors import FactsMissing
from mindgap.keep.facts.question import Question
from mindgap.keep.facts.snapshot import File, Snapshot
from mindgap.keep.facts.statement import Statement

PARQUET = "read_parquet(?, hive_partitioning = false)"


class Relation:
    """All readings of a snapshot that may be of a question's period: closed files and the tail, as one relation."""

    def __init__(self, question: Question, columns: Collection[str], now: Snapshot) -> None:
        files = within(now.files, question.since, question.until)
        relations: list[str] = []
        self._names: list[list[str]] = []
        if files:
            relation, self._names = of_files(sorted(columns), files)
            relations.append(relation)
        self._tables: dict[str, pa.Table] = {}
        if now.tail:
            tail = pa.concat_tables([chunk.table for chunk in now.tail], promote_options="default")
            self._tables["tail"] = tail
            relations.append(select(sorted(columns), tail.column_names, "tail"))
        self._sql = f"({' union all by name '.join(f'from {each}' for each in relations)})"
        self.is_empty = not relations
        self.is_corrected = any(file.has_corrections for file in files) or any(
            chunk.table["sign"].to_numpy().min() < 0 for chunk in now.tail
        )

    def beside(self, name: str, table: pa.Table) -> None:
        """Let statements name one more table."""
        self._tables[name] = table

    def ask(self, made: Statement) -> pa.Table:
        """The whole answer of a statement."""
        with missing_told():
            return engine.run(*self._written(made), tables=self._tables)

    def stream(self, made: Statement, *, rows: int) -> Iterator[pa.RecordBatch]:
        """The answer piece by piece."""
        with missing_told():
            yield from engine.batches(*self._written(made), tables=self._tables, rows=rows)

    def _written(self, made: Statement) -> tuple[str, list[Any]]:
        return made.sql.format(source=self._sql), [*self._names, *made.parameters]


@contextmanager
def missing_told() -> Iterator[None]:
    """Say what to do where a file cannot be read."""
    try:
        yield
    except engine.Unreadable as problem:
        raise FactsMissing(f"{problem}; run `mindgap facts rebuild` when this stays") from problem


def of_files(columns: Sequence[str], files: Sequence[File]) -> tuple[str, list[list[str]]]:
    """The files as one relation, and its parameters; those without a column have nothing known in it."""
    groups: dict[frozenset[str], list[str]] = {}
    for file in files:
        there = {f"seg_{code}" for code in file.segments} | set(schema.LATER if file.layout > 1 else ())
        groups.setdefault(frozenset(there & set(columns)), []).append(str(store.folder() / file.name))
    selects = [select(columns, present, PARQUET) for present in groups]
    return "(" + " union all ".join(selects) + ")", list(groups.values())


def select(columns: Sequence[str], there: Collection[str], source: str) -> str:
    """The columns of one source; `there` are those it has of the columns that not every file has."""
    written = []
    for name in columns:
        if name == "answered":
            written.append("cast(answer <> 0 as tinyint) as answered")
        elif (name.startswith("seg_") or name in schema.LATER) and name not in there:
            written.append(f'cast(null as integer) as "{name}"')
        else:
            written.append(f'"{name}"')
    return f"(select {', '.join(written)} from {source})"  # noqa: S608


def within(files: Sequence[File], since: int | None, until: int | None) -> list[File]:
    """The files that may hold a day of the period."""
    return [
        file
        for file in files
        if (since is None or file.last_day >= since) and (until is None or file.first_day <= until)
    ]
