"""Inquiry: what is asked: whose, where, when, under which filter, split by what. The same object for the command
line, the address bar and the reports."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from mindgap.explain.catalog import Catalog
from mindgap.explain.errors import BadInquiry, UnknownColumn
from mindgap.explain.finding import Period
from mindgap.ground import clock
from mindgap.ground.condition import OPERATORS, BadCondition, Clause, Condition
from mindgap.keep import facts
from mindgap.keep.models import Organization

# Written for "nothing is known": `channel=-` asks for what has no channel.
NONE = "-"
_WHENEVER = Period()
_EVERYTHING = Condition()
_OWN = ("touchpoint", "by", "since", "until", "level", "where")
# Columns whose "nothing is known" is the number 0 in the facts.
_ZERO = ("touchpoint", "channel", "unit", "promise", "source")


@dataclass(frozen=True, slots=True)
class Inquiry:
    """`where` and `touchpoint` are in the words of the outside (codes, ISO dates); `scope` are ids of units."""

    organization: Organization
    period: Period = _WHENEVER
    where: Condition = _EVERYTHING
    by: str | None = None
    touchpoint: str | None = None
    scope: frozenset[int] | None = None
    level: float = 0.95
    catalog: Catalog = field(default=None, compare=False, repr=False)  # type: ignore[assignment]

    def __post_init__(self) -> None:
        if self.catalog is None:
            object.__setattr__(self, "catalog", Catalog(self.organization))
        since, until = self.period.since, self.period.until
        if since and until and since > until:
            raise BadInquiry("period", f"it ends ({until}) before it begins ({since})")
        if not 0.5 <= self.level < 1:
            raise BadInquiry("level", f"{self.level} is no confidence level; use one from 0.5 to 0.999")
        if self.by is not None:
            object.__setattr__(self, "by", self.catalog.column(self.by))
        if self.touchpoint is not None:
            self.catalog.id_of("touchpoint", self.touchpoint)
        self._inside(self.where)

    @classmethod
    def from_query(
        cls, query: Mapping[str, Any], *, organization: Organization, scope: frozenset[int] | None = None
    ) -> "Inquiry":
        """The inquiry of an address: `touchpoint by since until level`, `where` (a condition as JSON), and any
        column as a filter: `channel=web`, repeated for "one of", `channel.not=web`, `value.at_least=9`.

        Other parameters of a page and empty fields are left alone. `query` may be a Django QueryDict.
        """
        catalog = Catalog(organization)
        given = {name: values for name in query if (values := _values(query, name))}
        return cls(
            organization=organization,
            period=Period(_date("since", given), _date("until", given)),
            where=_where(given, catalog),
            by=_last(given, "by"),
            touchpoint=_last(given, "touchpoint"),
            scope=scope,
            level=_level(given),
            catalog=catalog,
        )

    def to_query(self) -> list[tuple[str, str]]:
        """The pairs of an address from which `from_query` makes the same inquiry (its scope is not in it)."""
        pairs = [("touchpoint", self.touchpoint), ("by", self.by)]
        pairs += [("since", self.period.write()["since"]), ("until", self.period.write()["until"])]
        written = [(name, value) for name, value in pairs if value]
        if self.level != 0.95:
            written.append(("level", f"{self.level:g}"))
        flat = _flat(self.where)
        if flat is None:
            return [*written, ("where", json.dumps(self.where.write(), ensure_ascii=False))]
        return written + [pair for clause in flat for pair in _pairs(clause)]

    @property
    def columns(self) -> tuple[str, ...]:
        """The column asked for, if any, as a tuple."""
        return (self.by,) if self.by else ()

    @property
    def filter(self) -> dict[str, Any]:
        """The filter as findings carry it: `{column: value or values}` where it is that simple."""
        clauses = _flat(self.where)
        simple = clauses is not None and all(clause.op in ("is", "in") for clause in clauses)
        if clauses is None or not simple or len({clause.column for clause in clauses}) < len(clauses):
            return self.where.write()
        return {
            clause.column: list(clause.value) if isinstance(clause.value, tuple) else clause.value
            for clause in clauses
        }

    def within(self, period: Period) -> "Inquiry":
        """The same inquiry in another period."""
        return replace(self, period=period)

    def at(self, touchpoint: str | None) -> "Inquiry":
        """The same inquiry at another touchpoint."""
        return replace(self, touchpoint=touchpoint)

    def split(self, by: str | None) -> "Inquiry":
        """The same inquiry by another column."""
        return replace(self, by=by)

    def also(self, column: str, value: Any) -> "Inquiry":
        """The same inquiry where a column has one value too."""
        return replace(self, where=self.where & Condition.of(**{column: value}))

    def narrowed(self, where: Condition) -> "Inquiry":
        """The same inquiry under one more filter."""
        return replace(self, where=self.where & where)

    def question(
        self, by: tuple[str, ...], *, measures: tuple[int, ...] = (), where: Condition = _EVERYTHING
    ) -> facts.Question:
        """The question to the facts, in ids and day numbers; `where` adds to the filter and is in ids already."""
        condition = self._inside(self.where) & where
        if self.touchpoint is not None:
            condition = condition & Condition.of(touchpoint=self.catalog.id_of("touchpoint", self.touchpoint))
        if self.scope is not None:
            # An empty scope sees nothing; no unit has the id -1.
            condition = condition & Condition((Clause("unit", "in", tuple(sorted(self.scope)) or (-1,)),))
        since, until = self.period.since, self.period.until
        return facts.Question(
            organization=self.organization.id,
            by=by,
            measures=measures,
            where=condition,
            since=clock.day_of(since) if since else None,
            until=clock.day_of(until) if until else None,
            as_of=clock.local_day(clock.now(), clock.zone(self.organization.zone)),
        )

    def _inside(self, condition: Condition) -> Condition:
        items = tuple(
            self._inside(item) if isinstance(item, Condition) else self._clause(item)
            for item in condition.items
        )
        return Condition(items, any=condition.any)

    def _column(self, clause: Clause) -> str:
        many = clause.value if isinstance(clause.value, tuple) else (clause.value,)
        return self.catalog.column(clause.column, tuple(value for value in many if value not in (None, NONE)))

    def _clause(self, clause: Clause) -> Clause:
        column = self._column(clause)
        if clause.op in ("empty", "filled"):
            if column in _ZERO:
                return Clause(column, "is" if clause.op == "empty" else "not", 0)
            return Clause(column, clause.op)
        many = clause.value if isinstance(clause.value, tuple) else (clause.value,)
        if many in ((NONE,), (None,)):
            return self._clause(Clause(column, "empty" if clause.op in ("is", "in") else "filled"))
        numbers = tuple(0 if value in (NONE, None) else self.catalog.id_of(column, value) for value in many)
        if column == "unit" and clause.op in ("is", "in", "not", "not_in"):
            # A unit means itself and all below it.
            below = {number for unit in numbers if unit for number in self.catalog.subtree(int(unit))}
            numbers = tuple(sorted(below | ({0} if 0 in numbers else set())))
            return Clause(column, "in" if clause.op in ("is", "in") else "not_in", numbers)
        return Clause(column, clause.op, numbers if isinstance(clause.value, tuple) else numbers[0])


def conditions(wheres: Sequence[str], catalog: Catalog) -> Condition:
    """The filter of `COLUMN=VALUE` and `COLUMN!=VALUE` words of a command line; the same column again is "or"."""
    given: dict[str, list[str]] = {}
    for word in wheres:
        column, sign, value = word.partition("=")
        if not sign or not column.strip("!"):
            raise BadInquiry("where", f"{word!r} is not COLUMN=VALUE")
        name = f"{column[:-1].strip()}.not" if column.endswith("!") else column.strip()
        catalog.column(name.removesuffix(".not"))
        given.setdefault(name, []).append(value.strip())
    return _where(given, catalog)


def _values(query: Mapping[str, Any], name: str) -> list[str]:
    raw = query.getlist(name) if hasattr(query, "getlist") else query[name]
    many = raw if isinstance(raw, list | tuple) else [raw]
    return [str(value).strip() for value in many if value is not None and str(value).strip()]


def _last(given: Mapping[str, list[str]], name: str) -> str | None:
    return given[name][-1] if name in given else None


def _date(name: str, given: Mapping[str, list[str]]) -> date | None:
    text = _last(given, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInquiry(name, f"{text!r} is no date; write it as 2026-11-22") from None


def _level(given: Mapping[str, list[str]]) -> float:
    text = _last(given, "level") or "0.95"
    try:
        return float(text)
    except ValueError:
        raise BadInquiry("level", f"{text!r} is no number") from None


def _where(given: Mapping[str, list[str]], catalog: Catalog) -> Condition:
    clauses: list[Clause | Condition] = []
    for name, values in given.items():
        column, _, op = name.partition(".")
        if name in _OWN or (op and op not in OPERATORS):
            continue
        try:
            column = catalog.column(column, tuple(values))
        except UnknownColumn:
            # A parameter of the page, unless it is meant as a segment.
            if column.startswith("seg_"):
                raise
            continue
        clauses += _clauses(column, op or "is", values)
    whole = Condition(tuple(clauses))
    if "where" not in given:
        return whole
    try:
        read = Condition.read(json.loads(given["where"][-1]))
    except (ValueError, BadCondition) as problem:
        raise BadInquiry("where", str(problem)) from problem
    return read & whole


def _clauses(column: str, op: str, values: list[str]) -> list[Clause]:
    if op in ("empty", "filled"):
        return [Clause(column, op)]
    if op in ("in", "not_in") or (op in ("is", "not") and len(values) > 1):
        return [Clause(column, {"is": "in", "not": "not_in"}.get(op, op), tuple(values))]
    return [Clause(column, op, value) for value in values]


def _flat(condition: Condition) -> list[Clause] | None:
    """The clauses, when all of them must hold; None for a condition with "any" in it."""
    if condition.any and len(condition.items) > 1:
        return None
    found: list[Clause] = []
    for item in condition.items:
        inner = _flat(item) if isinstance(item, Condition) else [item]
        if inner is None:
            return None
        found += inner
    names = [(clause.column, clause.op) for clause in found]
    return found if len(set(names)) == len(names) else None


def _pairs(clause: Clause) -> list[tuple[str, str]]:
    op = {"in": "is", "not_in": "not"}.get(clause.op, clause.op)
    values = clause.value if isinstance(clause.value, tuple) else (clause.value,)
    # One value of "in" would come back as "is", which asks the same but is not equal.
    if len(values) == 1 and isinstance(clause.value, tuple):
        op = clause.op
    name = clause.column if op == "is" else f"{clause.column}.{op}"
    return [
        (name, NONE if value is None else str(value)) if op not in ("empty", "filled") else (name, "1")
        for value in values
    ]
