"""Ready rows written as the bodies of arrivals, whole columns at once: a million rows are no million objects.

What is written here is what `keep.incoming.write` would write of the same values; a test holds the two together.
"""

from collections.abc import Iterable

import msgspec
import polars as pl

from mindgap.collect.mapping import Record

# What JSON cannot hold as it is.
_SPECIAL = r'["\\\x00-\x1f]'


def bodies(frame: pl.DataFrame, record: Record, *, currency: str = "") -> pl.Series:
    """The JSON bodies (text) of a slice of a ready frame, in its order."""
    at = _Columns(frame)
    if record.makes == "interactions":
        return at.join("interaction", _interaction(at, currency))
    return (
        at.join("answer", _answer(at, record))
        if record.makes == "answers"
        else at.join("customer", _customer(at))
    )


class _Columns:
    """The columns of a ready frame as JSON; null where nothing is to be written."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame

    def join(self, kind: str, fields: Iterable[pl.Series | None]) -> pl.Series:
        """Objects of one kind from their fields, each of which begins with a comma."""
        parts = [pl.lit(each) for each in fields if each is not None]
        start, end = pl.lit(f'{{"kind":"{kind}"'), pl.lit("}")
        return self.frame.select(
            pl.concat_str(start, *parts, end, ignore_nulls=True).alias("body")
        ).to_series()

    def field(self, name: str, column: str = "") -> pl.Series | None:
        """`,"name":value` of a column; None when the frame has none."""
        column = column or name
        if column not in self.frame.columns:
            return None
        return self.named(name, self.value(self.frame[column]))

    def fields(self, *names: str) -> list[pl.Series | None]:
        return [self.field(name) for name in names]

    def named(self, name: str, json: pl.Series | None) -> pl.Series | None:
        return None if json is None else f",{_quoted(name)}:" + json

    def value(self, column: pl.Series) -> pl.Series:
        """The JSON of each value."""
        if column.dtype == pl.String:
            return _texts(column)
        if isinstance(column.dtype, pl.Datetime):
            return '"' + column.dt.to_string("%Y-%m-%dT%H:%M:%S%.fZ") + '"'
        return column.cast(pl.String)

    def group(self, prefix: str) -> pl.Series | None:
        """Columns named `<prefix> <code>` as one object; null where all are empty."""
        names = [name for name in self.frame.columns if name.startswith(prefix + " ")]
        if not names:
            return None
        parts = [self.field(name.removeprefix(prefix + " "), name) for name in names]
        return self.enclosed("{", parts, "}")

    def enclosed(self, start: str, parts: list[pl.Series | None], end: str) -> pl.Series:
        """Parts that each begin with a comma, without the first comma, in brackets; null where all are null."""
        columns = [pl.lit(part) for part in parts if part is not None]
        inner = self.frame.select(pl.concat_str(*columns, ignore_nulls=True).alias("inner")).to_series()
        return (start + inner.str.slice(1) + end).set(inner == "", None)

    def person(self, *, whole: bool = False) -> pl.Series | None:
        """Who it was; null where no identity is given. `whole` adds segments and attributes of the customer."""
        identities = self.group("identity")
        if identities is None:
            return None
        parts = [
            self.named("identities", identities),
            self.field("name", "customer_name"),
            self.field("language"),
        ]
        if whole:
            parts += [
                self.named("segments", self.group("segment")),
                self.named("attributes", self.group("attribute")),
            ]
        return self.enclosed("{", parts, "}").set(identities.is_null(), None)


def _interaction(at: _Columns, currency: str) -> list[pl.Series | None]:
    return [
        *at.fields("key", "touchpoint", "started_at"),
        at.named("customer", at.person()),
        *at.fields(
            "channel", "unit", "promise", "due_at", "promised", "experienced_at", "experienced", "expected_at"
        ),
        *at.fields("expected", "cancelled", "observed_until", "told_before_due", "revenue", "cost"),
        _currency(at, currency),
        at.named("segments", at.group("segment")),
        at.named("attributes", at.group("attribute")),
    ]


def _currency(at: _Columns, currency: str) -> pl.Series | None:
    """Without an amount a currency says nothing."""
    amounts = [at.frame[name].is_not_null() for name in ("revenue", "cost") if name in at.frame.columns]
    if not amounts or not (currency or "currency" in at.frame.columns):
        return None
    said = at.frame["currency"] if "currency" in at.frame.columns else _same(currency, at.frame.height)
    return at.named("currency", _texts(said.set(~(amounts[0] | amounts[-1]), None)))


def _answer(at: _Columns, record: Record) -> list[pl.Series | None]:
    return [
        *at.fields("key", "answered_at", "touchpoint"),
        at.named("scores", at.group("score")),
        at.named("expected", _statements(at, record)),
        at.named("customer", at.person()),
        *at.fields("interaction", "channel", "unit", "asked_at", "language", "comment", "weight"),
        at.named("segments", at.group("segment")),
        at.named("attributes", at.group("attribute")),
    ]


def _statements(at: _Columns, record: Record) -> pl.Series | None:
    parts: list[pl.Series | None] = []
    for number, statement in enumerate(record.statements):
        # The measure stands in the name of the column: the mapping may have named it by a name of another language.
        name = next(name for name in at.frame.columns if name.startswith(f"statement {number} "))
        measure = _quoted(name.split(" ", 2)[2])
        value = f',{{"measure":{measure},"value":' + at.value(at.frame[name]) + f',"kind":"{statement.kind}"'
        source = at.field("source", f"source {number}")
        ended = value + "}" if source is None else value + source.fill_null("") + "}"
        parts.append(ended)
    return at.enclosed("[", parts, "]") if parts else None


def _customer(at: _Columns) -> list[pl.Series | None]:
    return [at.field("key"), at.named("customer", at.person(whole=True))]


def _texts(column: pl.Series) -> pl.Series:
    if column.str.contains(_SPECIAL).any():
        # `{"t":"…"}` without what stands around the text.
        encoded = column.to_frame("t").select(pl.struct("t").struct.json_encode()).to_series()
        return encoded.str.slice(5).str.head(-1).set(column.is_null(), None)
    return '"' + column + '"'


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()


def _same(text: str, length: int) -> pl.Series:
    return pl.Series("same", [text]).new_from_index(0, length)
