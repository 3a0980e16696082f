"""Ready rows made into what the record takes: the last step before the door, and the only loop over rows."""

from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import Any

import polars as pl

from mindgap.collect.mapping import Record
from mindgap.keep import incoming

Dicts = Iterable[dict[str, Any]]


def make(frame: pl.DataFrame, record: Record, *, currency: str = "") -> list[incoming.Incoming]:
    """The incoming things of a slice of a ready frame, in its order."""
    if record.makes == "interactions":
        return list(_interactions(_Columns(frame), currency))
    if record.makes == "answers":
        return list(_answers(_Columns(frame), record))
    return list(_customers(_Columns(frame)))


class _Columns:
    """Columns as lists, and what stands in for those that the mapping does not fill."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame

    def get(self, name: str) -> Iterable[Any]:
        return self.frame[name].to_list() if name in self.frame.columns else repeat(None, self.frame.height)

    def text(self, name: str) -> Iterable[str]:
        if name in self.frame.columns:
            return self.frame[name].fill_null("").to_list()
        return repeat("", self.frame.height)

    def group(self, prefix: str) -> Dicts:
        """Columns named `<prefix> <code>` as one dictionary per row, without the empty ones."""
        names = [name for name in self.frame.columns if name.startswith(prefix + " ")]
        codes = [name.removeprefix(prefix + " ") for name in names]
        lists = [self.frame[name].to_list() for name in names]
        if not names:
            return repeat({}, self.frame.height)
        if len(names) == 1:
            return [{} if value is None else {codes[0]: value} for value in lists[0]]
        return [
            {code: value for code, value in zip(codes, row, strict=True) if value is not None}
            for row in zip(*lists, strict=True)
        ]

    def people(self, *, whole: bool = False) -> Iterable[incoming.Person | None]:
        """Who it was; None where no identity is given. `whole` adds segments and attributes of the customer."""
        if whole:
            every = zip(
                self.group("identity"), self.text("customer_name"), self.text("language"),
                self.group("segment"), self.group("attribute"), strict=True,
            )  # fmt: skip
            return [incoming.Person(*part) for part in every]
        parts = zip(self.group("identity"), self.text("customer_name"), self.text("language"), strict=True)
        return [incoming.Person(*part) if part[0] else None for part in parts]


def _interactions(at: _Columns, currency: str) -> Iterator[incoming.Incoming]:
    said = at.text("currency") if "currency" in at.frame.columns else repeat(currency, at.frame.height)
    amounts = zip(at.text("revenue"), at.text("cost"), said, strict=True)
    # Without an amount a currency says nothing.
    currencies = [which if revenue or cost else "" for revenue, cost, which in amounts]
    rows = zip(
        at.get("key"), at.get("touchpoint"), at.get("started_at"), at.people(), at.text("channel"), at.text("unit"),
        at.text("promise"), at.get("due_at"), at.get("promised"), at.get("experienced_at"), at.get("experienced"),
        at.get("expected_at"), at.get("expected"), at.get("cancelled"), at.get("observed_until"),
        at.get("told_before_due"), at.text("revenue"), at.text("cost"), currencies, at.group("segment"),
        at.group("attribute"), strict=True,
    )  # fmt: skip
    for row in rows:
        yield incoming.Interaction(*row)


def _answers(at: _Columns, record: Record) -> Iterator[incoming.Incoming]:
    rows = zip(
        at.get("key"), at.get("answered_at"), at.text("touchpoint"), at.group("score"), _statements(at, record),
        at.people(), at.text("interaction"), at.text("channel"), at.text("unit"), at.get("asked_at"),
        at.text("language"), at.text("comment"), at.get("weight"), at.group("segment"), at.group("attribute"),
        strict=True,
    )  # fmt: skip
    for row in rows:
        yield incoming.Answer(*row)


def _statements(at: _Columns, record: Record) -> Iterable[tuple[incoming.Statement, ...]]:
    if not record.statements:
        return repeat((), at.frame.height)
    made: list[list[incoming.Statement]] = [[] for _ in range(at.frame.height)]
    for number, statement in enumerate(record.statements):
        # The measure stands in the name of the column: the mapping may have named it by a name of another language.
        name = next(name for name in at.frame.columns if name.startswith(f"statement {number} "))
        measure = name.split(" ", 2)[2]
        for place, (value, source) in enumerate(zip(at.get(name), at.text(f"source {number}"), strict=True)):
            if value is not None:
                made[place].append(incoming.Statement(measure, value, statement.kind, source))
    return [tuple(each) for each in made]


def _customers(at: _Columns) -> Iterator[incoming.Incoming]:
    for key, person in zip(at.get("key"), at.people(whole=True), strict=True):
        assert person is not None
        yield incoming.Customer(key, person)
