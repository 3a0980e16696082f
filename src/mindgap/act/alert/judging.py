"""Judging: rules made ready to be asked of many rows: a condition as one function, units with all below them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mindgap.act.alert.place import Place
from mindgap.act.alert.rule import AlertRule
from mindgap.act.alert.trigger import Trigger
from mindgap.act.alert.triggers import catalog
from mindgap.ground.condition import BadCondition, Clause, Condition

Row = Mapping[str, Any]
Holds = Callable[[Row], bool]

UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Judge:
    """A rule that is ready."""

    rule: AlertRule
    trigger: Trigger
    holds: Holds
    settings: dict[str, Any]
    # The touchpoints at which it can fire at all; None: anywhere.
    touchpoints: frozenset[Any] | None = None

    def sees(self, row: Row) -> dict[str, Any] | None:
        """What the rule saw in a row; None when it does not fire."""
        assert self.trigger.sees is not None
        return self.trigger.sees(row, self.settings) if self.holds(row) else None


def ready(rule: AlertRule, place: Place) -> Judge | None:
    """The rule made ready; None when it cannot be read."""
    trigger = catalog().get(rule.trigger)
    if trigger is None:
        return None
    try:
        condition = Condition.read(rule.condition)
    except BadCondition:
        return None
    if trigger.needs_condition and not any(True for _ in condition.clauses()):
        return None
    settings = trigger.settle(rule.settings)
    return Judge(rule, trigger, compiled(condition, place), settings, _touchpoints(condition))


class Bench:
    """Rules that sit together: of many, only those are asked that can fire at the touchpoint of a row."""

    def __init__(self, judges: Iterable[Judge]) -> None:
        self.judges = list(judges)
        self._asked: dict[tuple[str, Any], list[Judge]] = {}

    def asked(self, kind: str, touchpoint: Any) -> list[Judge]:
        """The rules to ask of a row."""
        found = self._asked.get((kind, touchpoint))
        if found is None:
            found = self._asked[kind, touchpoint] = [
                each
                for each in self.judges
                if kind in each.trigger.rows and (each.touchpoints is None or touchpoint in each.touchpoints)
            ]
        return found


def compiled(condition: Condition, place: Place) -> Holds:
    """The condition as one function: judging many rows by it costs a third of `Condition.holds`."""
    tests = [
        compiled(item, place) if isinstance(item, Condition) else _test(_widened(item, place))
        for item in condition.items
    ]
    if not tests:
        return lambda _row: True
    if len(tests) == 1:
        return tests[0]
    if condition.any:
        return lambda row: any(test(row) for test in tests)
    # Few tests in a row are the rule; a generator would cost more than they do.
    first, second, *rest = tests
    if not rest:
        return lambda row: first(row) and second(row)
    if len(rest) == 1:
        third = rest[0]
        return lambda row: first(row) and second(row) and third(row)
    return lambda row: all(test(row) for test in tests)


def _touchpoints(condition: Condition) -> frozenset[Any] | None:
    if condition.any and len(condition.items) > 1:
        return None
    for item in condition.items:
        if isinstance(item, Clause) and item.column == "touchpoint" and item.op in ("is", "in"):
            return frozenset(item.value if isinstance(item.value, tuple) else (item.value,))
    return None


def _widened(clause: Clause, place: Place) -> Clause:
    """A unit means itself and all below it."""
    if clause.column != "unit" or clause.op not in ("is", "in", "not", "not_in"):
        return clause
    values = clause.value if isinstance(clause.value, tuple) else (clause.value,)
    below = {code for value in values for code in place.codes_below(str(value))}
    return Clause("unit", "in" if clause.op in ("is", "in") else "not_in", tuple(sorted(below)))


def _test(clause: Clause) -> Holds:
    column, value = clause.column, clause.value
    if clause.op in ("in", "not_in"):
        assert isinstance(value, tuple)
        among, wanted = frozenset(value), clause.op == "in"
        return lambda row: (row.get(column) in among) == wanted
    if clause.op == "is":
        return lambda row: row.get(column) == value
    if clause.op == "at_most":
        return lambda row: (seen := row.get(column)) is not None and seen <= value
    if clause.op == "at_least":
        return lambda row: (seen := row.get(column)) is not None and seen >= value
    return clause.holds
