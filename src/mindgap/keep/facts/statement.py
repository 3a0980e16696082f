"""The SQL of a question: column names from a closed list, every value a bound parameter."""

from dataclasses import dataclass
from typing import Any

from mindgap.ground.condition import Clause, Condition
from mindgap.ground.duration import SECONDS
from mindgap.keep.facts.question import CODES, Question
from mindgap.keep.facts.schema import ROLLUP
from mindgap.keep.interaction import OPEN

_COMPARE = {"at_least": ">=", "at_most": "<=", "above": ">", "below": "<"}


@dataclass(frozen=True, slots=True)
class Scales:
    """What a question must know of the measures: ids where less is better, and steps per day of durations."""

    lower_is_better: tuple[int, ...] = ()
    steps_per_day: tuple[tuple[int, float], ...] = ()

    @classmethod
    def of(cls, question: Question) -> "Scales":
        """The scales of the organization, when the question needs any."""
        if not question.needs_value:
            return cls()
        from mindgap.keep.measure import Measure

        lower, paces = [], []
        for measure in Measure.objects.filter(organization_id=question.organization).order_by("id"):
            if not measure.higher_is_better:
                lower.append(measure.id)
            if measure.is_duration:
                seconds = SECONDS.get(measure.unit, 86400)
                paces.append((measure.id, 86400 / seconds / float(measure.step)))
        return cls(tuple(lower), tuple(paces))


@dataclass(frozen=True, slots=True)
class Statement:
    """A select with one placeholder, `{source}`, for what it counts."""

    sql: str
    parameters: tuple[Any, ...]


def fits_rollup(question: Question) -> bool:
    """Whether the rollups hold enough to answer it."""
    return question.columns <= set(ROLLUP) and not question.weighted


def statement(question: Question, scales: Scales, *, count: str) -> Statement:
    """The statement of a question; `count` is the SQL of what is summed per group."""
    writer = Writer(question, scales)
    test = writer.test()
    inner = [f"{writer.column(name)} as {quoted(name)}" for name in question.by]
    inner.append(f"cast({count} as bigint) as n")
    outer = [f"cast({quoted(name)} as integer) as {quoted(name)}" for name in question.by]
    outer.append("n")
    if question.weighted:
        inner.append("cast(sum(sign * coalesce(weight, 1)) as double) as weight")
        outer.append("weight")
    sql = f"select {', '.join(inner)} from {{source}}"  # noqa: S608
    if test:
        sql += f" where {test}"
    if question.by:
        sql += f" group by {', '.join(str(place + 1) for place in range(len(question.by)))}"
    # Groups are made of the narrow integers as they are stored, and widened when they are few.
    return Statement(f"select {', '.join(outer)} from ({sql})", tuple(writer.parameters))  # noqa: S608


def needed(question: Question) -> list[str]:
    """Stored columns that the statement reads."""
    wanted = set(question.columns) | {"day", "measure", "sign"}
    if question.columns & {"gap_promised", "gap_expected"}:
        wanted |= {"value", "promised", "expected"}
    if question.needs_value and question.as_of is not None:
        wanted |= {"state", "answered"}
    if question.weighted:
        wanted.add("weight")
    return sorted(wanted - {"gap_promised", "gap_expected"})


class Writer:
    """Collects parameters in the order in which their marks are written: the test first, then the columns.

    (Columns carry none: their numbers come from the scales, which are ours, and are written out.)
    """

    def __init__(self, question: Question, scales: Scales) -> None:
        self._question = question
        self._scales = scales
        self.parameters: list[Any] = []

    def test(self) -> str:
        """Which readings count; empty for all."""
        question, tests = self._question, []
        if question.measures:
            tests.append(self._among("measure", question.measures))
        if question.since is not None:
            tests.append(f"day >= {self._mark(question.since)}")
        if question.until is not None:
            tests.append(f"day <= {self._mark(question.until)}")
        if question.where.items:
            tests.append(self._condition(question.where))
        return " and ".join(tests)

    def column(self, name: str) -> str:
        """The SQL of a column of the facts."""
        if name == "value":
            return self._value()
        if name in ("gap_promised", "gap_expected"):
            return self._gap(name.removeprefix("gap_"))
        return quoted(name)

    def _value(self) -> str:
        as_of, paces = self._question.as_of, self._scales.steps_per_day
        if as_of is None or not paces:
            return "value"
        elapsed = f"greatest({int(as_of)} - day, 0)"
        pace = " ".join(f"when {measure} then {pace!r}" for measure, pace in paces)
        return (
            f"case when value is null and state = {OPEN} and answered = 0"
            f" then cast(floor({elapsed} * case measure {pace} end) as integer) else value end"
        )

    def _gap(self, against: str) -> str:
        lower = ", ".join(str(int(measure)) for measure in self._scales.lower_is_better)
        gap = f"(({self._value()}) - {against})"
        return f"({gap} * case when measure in ({lower}) then -1 else 1 end)" if lower else gap

    def _condition(self, condition: Condition) -> str:
        if not condition.items:
            return "true"
        written = [
            self._condition(item) if isinstance(item, Condition) else self._clause(item)
            for item in condition.items
        ]
        return "(" + (" or " if condition.any else " and ").join(written) + ")"

    def _clause(self, clause: Clause) -> str:
        """Means what `Clause.holds` means: an unknown value meets only `empty` and the two negations."""
        column = f"({self.column(clause.column)})"
        # Nothing declared is stored as 0; whoever asks for "empty" means that too.
        unknown = f"({column} is null or {column} = 0)" if clause.column in CODES else f"{column} is null"
        if clause.op in ("empty", "filled"):
            return unknown if clause.op == "empty" else f"not ({unknown})"
        values = clause.value if isinstance(clause.value, tuple) else (clause.value,)
        known = [int(value) if isinstance(value, bool) else value for value in values if value is not None]
        if clause.op in _COMPARE:
            return (
                f"({column} is not null and {column} {_COMPARE[clause.op]} {self._mark(known[0])})"
                if known
                else "false"
            )
        tests = [self._among(column, known)] if known else []
        if len(known) < len(values):
            tests.append(unknown)
        found = f"coalesce({' or '.join(tests)}, false)" if tests else "false"
        return found if clause.op in ("is", "in") else f"not {found}"

    def _among(self, column: str, values: Any) -> str:
        return f"{column} in ({', '.join(self._mark(value) for value in values)})"

    def _mark(self, value: Any) -> str:
        self.parameters.append(value)
        return "?"


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'
