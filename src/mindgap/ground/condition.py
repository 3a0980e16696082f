"""A condition over named columns: the one object behind filters, segments, alert rules, survey logic and scope."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

OPERATORS = ("is", "not", "in", "not_in", "at_least", "at_most", "above", "below", "empty", "filled")

Scalar = str | int | float | bool | None


class BadCondition(ValueError):
    """A condition that cannot be understood; the message says which part."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One test of one column."""

    column: str
    op: str
    value: Scalar | tuple[Scalar, ...] = None

    def __post_init__(self) -> None:
        if self.op not in OPERATORS:
            raise BadCondition(f"{self.op!r} is no operator; use one of {', '.join(OPERATORS)}")
        if self.op in ("in", "not_in") and not isinstance(self.value, tuple):
            raise BadCondition(f"{self.column}: {self.op} needs a list of values")

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether a row meets the clause; an unknown value meets only `empty` and the two negations."""
        value = row.get(self.column)
        if self.op in ("empty", "filled"):
            return (value is None or value == "") == (self.op == "empty")
        if self.op in ("in", "not_in"):
            assert isinstance(self.value, tuple)
            return (value in self.value) == (self.op == "in")
        if self.op in ("is", "not"):
            return (value == self.value) == (self.op == "is")
        if value is None or self.value is None:
            return False
        return {
            "at_least": lambda: value >= self.value,
            "at_most": lambda: value <= self.value,
            "above": lambda: value > self.value,
            "below": lambda: value < self.value,
        }[self.op]()


@dataclass(frozen=True, slots=True)
class Condition:
    """Clauses and conditions joined by `all` (default) or `any`; an empty one is always met."""

    items: tuple["Clause | Condition", ...] = field(default=())
    any: bool = False

    @classmethod
    def of(cls, **columns: Scalar) -> "Condition":
        """All of the named columns have the given values."""
        return cls(tuple(Clause(column, "is", value) for column, value in columns.items()))

    @classmethod
    def read(cls, raw: Any) -> "Condition":
        """The condition of a JSON object `{"all": [{"column", "op", "value"}, …]}` or `{"any": […]}`."""
        if raw in (None, {}, []):
            return cls()
        if not isinstance(raw, Mapping) or len(raw) != 1 or next(iter(raw)) not in ("all", "any"):
            raise BadCondition('a condition is {"all": [...]} or {"any": [...]}')
        ((kind, items),) = raw.items()
        if not isinstance(items, list):
            raise BadCondition(f"{kind} needs a list")
        return cls(tuple(_read_item(item) for item in items), any=kind == "any")

    def write(self) -> dict[str, Any]:
        """The JSON object that `read` takes back."""
        items = [item.write() if isinstance(item, Condition) else _write_clause(item) for item in self.items]
        return {"any" if self.any else "all": items}

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether a row meets the condition."""
        if not self.items:
            return True
        return (any if self.any else all)(item.holds(row) for item in self.items)

    def clauses(self) -> Iterator[Clause]:
        """Every clause, at any depth."""
        for item in self.items:
            if isinstance(item, Condition):
                yield from item.clauses()
            else:
                yield item

    def __and__(self, other: "Condition") -> "Condition":
        if not self.items:
            return other
        if not other.items:
            return self
        return Condition((self, other))


def _read_item(item: Any) -> Clause | Condition:
    if isinstance(item, Mapping) and "column" in item:
        value = item.get("value")
        if isinstance(value, list):
            value = tuple(value)
        return Clause(str(item["column"]), str(item.get("op", "is")), value)
    return Condition.read(item)


def _write_clause(clause: Clause) -> dict[str, Any]:
    value = list(clause.value) if isinstance(clause.value, tuple) else clause.value
    return {"column": clause.column, "op": clause.op, "value": value}
