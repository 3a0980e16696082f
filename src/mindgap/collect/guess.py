"""A mapping guessed from what the columns are called, and said so; nothing is guessed about what the values mean."""

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from mindgap.collect import values
from mindgap.collect.errors import NothingToGuess
from mindgap.collect.mapping import File, check, schema
from mindgap.collect.register import Known, known
from mindgap.collect.sheet import open_sheet, paths_in
from mindgap.collect.synonyms import FIELD_OF, plain
from mindgap.keep.models import Organization

_IDENTITIES = ("email", "phone", "customer", "wecom", "order")
_SCALES = ((5, 1, 5), (7, 1, 7), (10, 0, 10), (100, 0, 100))
_SEGMENTS = ("region", "city", "tier")
_SCORES = ("likelihood", "satisfaction", "effort")
_NAMES = {
    "likelihood": {"en": "Likelihood to recommend", "zh-hans": "推荐意愿", "zh-hant": "推薦意願"},
    "satisfaction": {"en": "Satisfaction", "zh-hans": "满意度", "zh-hant": "滿意度"},
    "effort": {"en": "Effort", "zh-hans": "费力度", "zh-hant": "費力度"},
}


@dataclass(frozen=True, slots=True)
class Guess:
    """A guessed mapping; `columns` says which column was taken as what, `unused` lists the others."""

    mapping: schema.Mapping
    columns: dict[str, str]
    unused: tuple[str, ...]


def guess(frame: pl.DataFrame, known: Known, *, makes: str = "", touchpoint: str = "") -> Guess:
    """A mapping for a table whose columns have usual names.

    `makes` (interactions, answers, customers) and `touchpoint` (a code) are what a person said. Raises
    `NothingToGuess` naming the columns that are missing.
    """
    found = _fields(frame.columns)
    kinds = (makes,) if makes else _kinds(found)
    if not kinds:
        words = "the names of the columns do not say what the rows are; write a mapping, or say --as interactions, answers or customers"
        raise NothingToGuess(words, needed=(), present=tuple(frame.columns))
    at = _Guessing(frame, known, found, touchpoint, is_both=len(kinds) > 1)
    records = tuple(at.record(kind) for kind in kinds)
    mapping = schema.Mapping(name="Guessed", measure=tuple(at.measures.values()), record=records)
    used = {
        name for record in records for _, source in check.sources(record) for name in check.columns_of(source)
    }
    columns = {name: field for field, name in found.items() if name in used}
    return Guess(mapping, columns, tuple(name for name in frame.columns if name not in used))


def guess_files(
    paths: tuple[Path, ...],
    organization: Organization,
    *,
    makes: str = "",
    touchpoint: str = "",
    how: File | None = None,
) -> Guess:
    """A mapping for files that are alike, guessed from the first; `how` is a person's choice of how to open them."""
    sheet = open_sheet(paths_in(paths)[0], schema.Mapping().opened(how))
    found = guess(sheet.frame, known(organization), makes=makes, touchpoint=touchpoint)
    return replace(found, mapping=found.mapping.opened(how))


def _fields(names: list[str]) -> dict[str, str]:
    """Field to column; the first column that fits wins, so that a report's leading columns count."""
    found: dict[str, str] = {}
    for name in names:
        field = FIELD_OF.get(plain(name))
        if field is None and (parts := name.split(" / ")) and len(parts) > 1:
            # A header of two rows: the group above may be all that is telling, or the option below.
            field = FIELD_OF.get(plain(parts[-1])) or FIELD_OF.get(plain(parts[0]))
        if field is not None:
            found.setdefault(field, name)
    return found


def _kinds(found: Dictionary[str, str]) -> tuple[str, ...]:
    says = any(name in found for name in (*_SCORES, "comment"))
    happens = "started" in found and ("promised" in found or "experienced" in found)
    if happens:
        return ("interactions", "answers") if says and "answered" in found else ("interactions",)
    if says:
        return ("answers",)
    return ("customers",) if any(name in found for name in ("email", "phone", "customer", "wecom")) else ()


class _Guessing:
    def __init__(
        self, frame: pl.DataFrame, known: Known, found: dict[str, str], touchpoint: str, *, is_both: bool
    ) -> None:
        self.frame = frame
        self.known = known
        self.found = found
        self.touchpoint = touchpoint
        # What happened and what was said about it, in one row.
        self.is_both = is_both
        self.measures: dict[str, schema.MeasurePart] = {}

    def record(self, kind: str) -> schema.Record:
        if kind == "interactions":
            return self._interactions()
        return self._answers() if kind == "answers" else self._customers()

    def _interactions(self) -> schema.Record:
        key = self._first("ticket", "order", "number")
        self._need("interactions", key=key, started=self.found.get("started", ""))
        where = self._where()
        if not where:
            words = "no column says at which touchpoint this happened; name one with --touchpoint, or write a mapping"
            raise NothingToGuess(words, needed=("touchpoint",), present=tuple(self.frame.columns))
        names = ("started", "promised", "experienced", "expected", "revenue", "cost", "currency")
        return schema.Record(
            makes="interactions", key=key, touchpoint=where, **self._taken(*names), **self._common()
        )

    def _answers(self) -> schema.Record:
        key = self._first("response", "number", "ticket", "order")
        self._need("answers", key=key, answered=self.found.get("answered", ""))
        scores: dict[str, schema.Source] = {
            self._measure(name): self.found[name] for name in _SCORES if name in self.found
        }
        if not scores and "comment" not in self.found:
            words = "no column holds a score or a comment; call it NPS, satisfaction or comment, or write a mapping"
            raise NothingToGuess(words, needed=("score",), present=tuple(self.frame.columns))
        interaction = self._first("ticket", "order")
        where: dict[str, list[dict[str, object]]] = {}
        if self.is_both:
            where = {"all": [{"column": self.found["answered"], "op": "filled"}]}
        return schema.Record(
            makes="answers",
            key=key,
            touchpoint=self._where(),
            scores=scores,
            interaction=interaction if self.is_both or interaction != key else "",
            where=where,
            **self._taken("asked", "answered", "comment"),
            **self._common(),
        )

    def _customers(self) -> schema.Record:
        customer = self._customer()
        if not customer:
            words = (
                "no column says who the customer is; call it email, phone or customer id, or write a mapping"
            )
            raise NothingToGuess(words, needed=("customer",), present=tuple(self.frame.columns))
        return schema.Record(
            makes="customers", customer=customer, segments=self._segments(),
            customer_name=self.found.get("customer_name", ""), language=self.found.get("language", ""),
        )  # fmt: skip

    def _need(self, kind: str, **columns: str) -> None:
        missing = tuple(name for name, column in columns.items() if not column)
        if missing:
            words = (
                f"{kind} need a column for {' and '.join(missing)}, and none is called like that;"
                " rename one, or write a mapping that names it"
            )
            raise NothingToGuess(words, needed=missing, present=tuple(self.frame.columns))

    def _taken(self, *names: str) -> dict[str, Any]:
        return {name: self.found.get(name, "") for name in names}

    def _common(self) -> dict[str, Any]:
        taken = self._taken("customer_name", "language", "channel", "unit")
        return taken | {"customer": self._customer(), "segments": self._segments()}

    def _customer(self) -> dict[str, schema.Source]:
        return {kind: self.found[kind] for kind in _IDENTITIES if kind in self.found}

    def _segments(self) -> dict[str, schema.Source]:
        return {code: self.found[code] for code in _SEGMENTS if code in self.found}

    def _first(self, *fields: str) -> str:
        return next((self.found[field] for field in fields if field in self.found), "")

    def _where(self) -> schema.Source:
        """The column of touchpoints, else the one that a person named, else the only one there is."""
        if self.touchpoint:
            return schema.Field(value=self.touchpoint)
        if "touchpoint" in self.found:
            return self.found["touchpoint"]
        return (
            schema.Field(value=next(iter(self.known.touchpoints))) if len(self.known.touchpoints) == 1 else ""
        )

    def _measure(self, kind: str) -> str:
        """The measure for a score: of that name, else the only one of that kind, else a new one on the values' scale."""
        named = self.known.measure_names.get(self.found[kind].strip().lower())
        if named:
            return named
        same = [code for code, measure in self.known.measures.items() if measure.kind == kind]
        if len(same) == 1:
            return same[0]
        least, most = (0, 10) if kind == "likelihood" else self._scale(self.found[kind])
        self.measures[kind] = schema.MeasurePart(
            code=kind,
            kind=kind,  # type: ignore[arg-type]
            name=_NAMES[kind],
            minimum=least,
            maximum=most,
            unit="points",
        )
        return kind

    def _scale(self, column: str) -> tuple[int, int]:
        numbers, _ = values.number(values.clean(self.frame[column]))
        highest = numbers.max()
        highest = highest if isinstance(highest, float) else 5.0
        return next(((least, most) for limit, least, most in _SCALES if highest <= limit), (0, 100))
