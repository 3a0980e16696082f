"""The questions: how many readings there are by these columns, where this, in this period; and what goes with what."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from mindgap.ground.condition import Condition
from mindgap.keep.facts.errors import BadQuestion

EVERYTHING = Condition()

# Numbers of the declared things; 0 stands for "none".
CODES = ("touchpoint", "channel", "unit", "measure", "promise", "source")
DAYS = ("day", "week", "month", "asked_day")
STATES = ("state", "outcome", "outcome_time", "early")
NUMBERS = ("value", "expected", "promised", "should", "minimum")
GAPS = ("gap_promised", "gap_expected")
COLUMNS = (*DAYS, *CODES, *STATES, *NUMBERS, *GAPS)

Per = Literal["interaction", "customer"]
MOST_TERMS = 60

_SEGMENT = re.compile(r"seg_[A-Za-z0-9_-]{1,32}\Z")


@dataclass(frozen=True, slots=True)
class Question:
    """Columns, values and days are the numbers of the facts; `since` and `until` are days, both included.

    `as_of` lets interactions that are still open, and whose elapsed time nobody stated, count with the time from
    their start to that day. `weighted` adds the sum of weights (a reading without weight weighs 1).
    """

    organization: int
    by: tuple[str, ...] = ()
    measures: tuple[int, ...] = ()
    where: Condition = EVERYTHING
    since: int | None = None
    until: int | None = None
    as_of: int | None = None
    weighted: bool = False

    def __post_init__(self) -> None:
        if len(set(self.by)) < len(self.by):
            raise BadQuestion(self.by[0], "each column may be asked for once")
        for column in (*self.by, *(clause.column for clause in self.where.clauses())):
            check_column(column)
        for clause in self.where.clauses():
            for value in clause.value if isinstance(clause.value, tuple) else (clause.value,):
                check_value(clause.column, value)

    @property
    def columns(self) -> frozenset[str]:
        """Every column that the question looks at, apart from the day of its period and its measures."""
        return frozenset(self.by) | {clause.column for clause in self.where.clauses()}

    @property
    def segments(self) -> tuple[str, ...]:
        """The segment columns among them, in order."""
        return tuple(sorted(column for column in self.columns if column.startswith("seg_")))

    @property
    def needs_value(self) -> bool:
        """Whether it looks at the value, as such or in a gap."""
        return bool(self.columns & {"value", *GAPS})

    @property
    def plain(self) -> "Question":
        """The same question without what does not change its answer."""
        return self if self.needs_value or self.as_of is None else replace(self, as_of=None)


@dataclass(frozen=True, slots=True)
class Term:
    """A column of the products: a measure's `value`, `expected`, `promised` or gap, perhaps at one touchpoint only."""

    measure: int
    column: str = "value"
    touchpoint: int | None = None

    def __post_init__(self) -> None:
        if self.column not in (*NUMBERS, *GAPS):
            raise BadQuestion(
                self.column, f"{self.column!r} is no number; use {', '.join((*NUMBERS, *GAPS))}"
            )


@dataclass(frozen=True, slots=True)
class ProductsQuestion:
    """Which products are asked for: `crossed` are places of terms whose products are columns too: (0, 0) is a square.

    The first term is the outcome: a row belongs to the cell of `by` in which its outcome was read.
    """

    question: Question
    terms: tuple[Term, ...]
    crossed: tuple[tuple[int, int], ...] = ()
    blocks: int = 1
    per: Per = "interaction"

    def __post_init__(self) -> None:
        if not 0 < len(self.terms) <= MOST_TERMS or len(set(self.terms)) < len(self.terms):
            raise BadQuestion("terms", f"1 to {MOST_TERMS} different terms may be asked for")
        if any(not 0 <= place < len(self.terms) for pair in self.crossed for place in pair):
            raise BadQuestion("crossed", "products are made of the terms asked for")
        if self.blocks < 1:
            raise BadQuestion("blocks", "at least one block is needed")
        if self.question.weighted:
            raise BadQuestion("weight", "products are not weighted")

    @property
    def width(self) -> int:
        return len(self.terms) + len(self.crossed)

    @property
    def reading(self) -> Question:
        """The question about the readings of which rows are made."""
        columns = dict.fromkeys((*self.question.by, *(term.column for term in self.terms)))
        measures = tuple(sorted({term.measure for term in self.terms}))
        return replace(self.question, by=tuple(columns), measures=measures).plain


def check_column(column: str) -> None:
    """`BadQuestion` unless it is a column of the facts."""
    if column not in COLUMNS and not _SEGMENT.match(column):
        raise BadQuestion(
            column, f"{column!r} is no column of the facts; use {', '.join(COLUMNS)} or seg_<code>"
        )


def check_value(column: str, value: object) -> None:
    """`BadQuestion` unless it is a number or nothing."""
    if value is not None and not isinstance(value, int | float):
        raise BadQuestion(column, f"{value!r} cannot stand in {column}: the facts hold numbers")
