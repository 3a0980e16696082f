"""Figure: one kind of number that can be estimated, compared, followed over time and split by any column."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from mindgap.explain.catalog import Catalog
from mindgap.explain.cell import Cell, answers, interactions
from mindgap.explain.errors import UnknownValue
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.metric import SCORES, Metric
from mindgap.explain.subject import Subject
from mindgap.explain.tally import HAPPENED, Tally
from mindgap.keep.interaction import COMPLETED, OPEN
from mindgap.keep.models import Promise
from mindgap.keep.reading import MET, MISSED
from mindgap.measure import (
    Counts,
    Difference,
    Estimate,
    Outcomes,
    kept,
    mean,
    mean_difference,
    proportion,
    proportion_difference,
)


class Figure(ABC):
    """`name` is what people ask for, `code` what the finding is called, `columns` what the facts must count by.

    `is_answer` tells whether customers said it, or operations know it; `better` is +1 where more is better.
    """

    name: str
    code: str
    columns: ClassVar[tuple[str, ...]]
    is_answer: bool = False
    population: ClassVar[str] = "completed"
    rule: str | None = None
    better: int = 1

    @abstractmethod
    def part(self, tally: Tally) -> Tally:
        """The readings that count for this figure."""

    @abstractmethod
    def estimate(self, cell: Cell, part: Tally) -> Estimate:
        """The value with its interval."""

    @abstractmethod
    def difference(self, cell: Cell, a: Tally, b: Tally) -> Difference:
        """The step from the readings `a` to `b`."""

    def suits(self, cell: Cell) -> bool:  # noqa: ARG002 - scores look at the measure
        """Whether the figure is one of this cell's measure."""
        return True

    def unit(self, cell: Cell) -> str:  # noqa: ARG002 - gaps are in the unit of the measure
        return "share"

    def about(self, cell: Cell, **changes: Any) -> Subject:
        """The subject of the findings of this figure in a cell."""
        return cell.subject.about(
            **{
                "metric": self.name,
                "unit": self.unit(cell),
                "population": self.population,
                "rule": self.rule,
                **changes,
            }
        )

    def estimates(self, cell: Cell, parts: Sequence[Tally]) -> Sequence[Estimate | None]:  # noqa: ARG002
        """Estimates of many parts at once, for figures that are slow one by one; None: ask `estimate`."""
        return [None] * len(parts)

    def state(
        self,
        cell: Cell,
        part: Tally | None = None,
        *,
        about: Mapping[str, Any] | None = None,
        known: Estimate | None = None,
    ) -> Finding:
        """The finding of a cell, or of a part of it; `known` when its estimate has been made already."""
        counted = self.part(cell.tally) if part is None else part
        subject = self.about(cell, **(about or {}))
        return subject.states(
            self.code, counted.total, lambda: known or self.estimate(cell, counted), **self.details()
        )

    def details(self) -> dict[str, Any]:
        """What else belongs to every finding of this figure."""
        return {"better": self.better}


@dataclass(frozen=True)
class Score(Figure):
    """A metric of what customers answered (or of how long it took, for a counted measure)."""

    metric: Metric
    is_answer: bool = True
    columns = ("state", "value")

    @property
    def name(self) -> str:  # type: ignore[override]
        return self.metric.code

    @property
    def code(self) -> str:  # type: ignore[override]
        return self.metric.finding_code

    @property
    def better(self) -> int:  # type: ignore[override]
        return 1 if self.metric.value_is_better_high else -1

    def suits(self, cell: Cell) -> bool:
        return cell.measure.id == self.metric.measure_id

    def unit(self, cell: Cell) -> str:  # noqa: ARG002
        return self.metric.figure_unit

    def details(self) -> dict[str, Any]:
        goal = {} if self.metric.goal is None else {"goal": self.metric.goal}
        return {"better": self.better, **goal}

    def part(self, tally: Tally) -> Tally:
        return tally.state(*HAPPENED).known("value")

    def counts(self, cell: Cell, part: Tally) -> Counts:
        return part.counts("value", step=cell.step)

    def estimate(self, cell: Cell, part: Tally) -> Estimate:
        return self.metric.estimate(self.counts(cell, part), level=cell.level)

    def estimates(self, cell: Cell, parts: Sequence[Tally]) -> Sequence[Estimate | None]:
        return self.metric.estimates([self.counts(cell, part) for part in parts], level=cell.level)

    def difference(self, cell: Cell, a: Tally, b: Tally) -> Difference:
        return self.metric.difference(self.counts(cell, a), self.counts(cell, b), level=cell.level)


@dataclass(frozen=True)
class Gap(Figure):
    """Mean gap against the `promise` or against the customer's `expectation`; + is better than that."""

    against: str = "promise"
    is_answer: bool = False
    code: str = "gap.mean"
    columns = ("state", "gap_promised", "gap_expected")

    @property
    def name(self) -> str:  # type: ignore[override]
        return f"gap.{self.against}"

    @property
    def column(self) -> str:
        return "gap_promised" if self.against == "promise" else "gap_expected"

    def unit(self, cell: Cell) -> str:
        return cell.measure.unit

    def details(self) -> dict[str, Any]:
        return {"against": self.against, "better": 1}

    def part(self, tally: Tally) -> Tally:
        return tally.state(*HAPPENED).known(self.column)

    def counts(self, cell: Cell, part: Tally) -> Counts:
        return part.counts(self.column, step=cell.step)

    def estimate(self, cell: Cell, part: Tally) -> Estimate:
        return mean(self.counts(cell, part), level=cell.level)

    def difference(self, cell: Cell, a: Tally, b: Tally) -> Difference:
        return mean_difference(self.counts(cell, a), self.counts(cell, b), level=cell.level)


@dataclass(frozen=True)
class Missed(Figure):
    """Share of completed interactions whose promise was missed, by calendar day or by timestamp."""

    rule: str = "calendar"
    name: str = "missed"
    code: str = "promise.missed"
    better: int = -1
    columns = ("state", "outcome", "outcome_time")

    @property
    def column(self) -> str:
        return "outcome" if self.rule == "calendar" else "outcome_time"

    def part(self, tally: Tally) -> Tally:
        return tally.state(COMPLETED).known(self.column)

    def missed(self, part: Tally) -> float:
        return part.where(**{self.column: float(MISSED)}).total

    def estimate(self, cell: Cell, part: Tally) -> Estimate:
        return proportion(self.missed(part), part.total, level=cell.level)

    def difference(self, cell: Cell, a: Tally, b: Tally) -> Difference:
        return proportion_difference(self.missed(a), a.total, self.missed(b), b.total, level=cell.level)


@dataclass(frozen=True)
class Kept(Figure):
    """Share of promises kept, where those still open are counted honestly (Kaplan–Meier on the lateness)."""

    promises: Mapping[int, Promise] = field(default_factory=dict)
    rule: str = "calendar"
    name: str = "kept"
    code: str = "promise.kept"
    columns = ("state", "promise", "outcome", "gap_promised")
    population = "not_cancelled"

    def part(self, tally: Tally) -> Tally:
        open_ones = (tally.columns["state"] == OPEN) & ~np.isnan(tally.columns["gap_promised"])
        done = (tally.columns["state"] == COMPLETED) & ~np.isnan(tally.columns["outcome"])
        return tally.only(open_ones | done)

    def estimate(self, cell: Cell, part: Tally) -> Estimate:
        if is_deadline(cell, self.promises):
            return kept(lateness(cell, part), level=cell.level)
        done = part.state(COMPLETED)
        return proportion(kept_count(done), done.total, level=cell.level)

    def difference(self, cell: Cell, a: Tally, b: Tally) -> Difference:
        # Between periods the completed ones are compared: the open ones of the last days are not known yet.
        first, second = a.state(COMPLETED), b.state(COMPLETED)
        return proportion_difference(
            kept_count(first), first.total, kept_count(second), second.total, level=cell.level
        )


@dataclass(frozen=True)
class Early(Figure):
    """Share of answers asked for before the customer had the experience they were asked about."""

    name: str = "early"
    code: str = "asked.early"
    is_answer: bool = True
    better: int = -1
    columns = ("state", "early")

    def part(self, tally: Tally) -> Tally:
        return tally.state(*HAPPENED)

    def early(self, part: Tally) -> float:
        return part.where(early=1.0).total

    def estimate(self, cell: Cell, part: Tally) -> Estimate:
        return proportion(self.early(part), part.total, level=cell.level)

    def difference(self, cell: Cell, a: Tally, b: Tally) -> Difference:
        return proportion_difference(self.early(a), a.total, self.early(b), b.total, level=cell.level)


def is_deadline(cell: Cell, promises: Mapping[int, Promise]) -> bool:
    """Whether lateness has a meaning: less is better, and no promise here is "at least" or "exactly"."""
    known = cell.promises(dict(promises))
    return not cell.measure.higher_is_better and all(promise.bound == "at_most" for promise in known)


def lateness(cell: Cell, part: Tally, *, column: str = "gap_promised") -> Outcomes:
    """Completed and open interactions by lateness (negative = early), or by duration for column `value`.

    An open one is known to end after its last finished step: on the running day it may yet be kept.
    """
    sign = -1.0 if column == "gap_promised" else 1.0
    steps = sign * part.columns[column]
    is_open = part.columns["state"] == OPEN
    n = np.maximum(part.n, 0)
    return Outcomes(
        (steps - is_open) * cell.step,
        completed=np.where(is_open, 0.0, n),
        still_open=np.where(is_open, n, 0.0),
    )


def kept_count(done: Tally) -> float:
    """Completed interactions whose promise was met or exceeded."""
    return done.only(done.columns["outcome"] >= MET).total


def cells_for(inquiry: Inquiry, figure: Figure, *columns: str, across: bool = False) -> Iterator[Cell]:
    """The cells of which a figure can be stated, counted by what it needs and by `columns`."""
    ask = answers if figure.is_answer else interactions
    # What is said over all touchpoints must leave out those that are too small to be shown.
    asked = dict.fromkeys((*columns, *figure.columns, *(("touchpoint",) if across else ())))
    return (cell for cell in ask(inquiry, *asked, across=across) if figure.suits(cell))


def figures(catalog: Catalog) -> tuple[Figure, ...]:
    """Every figure that may be asked for: declared metrics first, then gap, promise and asked early."""
    scores = tuple(
        Score(metric, is_answer=metric.measure_id not in catalog.counted)
        for metric in catalog.metrics
        if metric.summary in SCORES
    )
    return (
        *scores,
        Gap("promise"),
        Gap("expectation"),
        Gap("expectation", is_answer=True),
        Kept(catalog.promises),
        Missed("calendar"),
        Missed("timestamp", name="missed.timestamp"),
        Early(),
    )


def find(catalog: Catalog, name: str) -> tuple[Figure, ...]:
    """The figures that `name` means: a metric's code, a summary (`nps`), or `gap`, `kept`, `missed`, `early`."""
    declared = {metric.code: metric.summary for metric in catalog.metrics}
    # A declared metric may itself be a gap or a kept rate.
    asked = {"gap": "gap.promise", "kept": "kept"}.get(declared.get(name, name), name)
    every = figures(catalog)
    found = [figure for figure in every if figure.name == asked]
    found = found or [
        figure for figure in every if isinstance(figure, Score) and figure.metric.summary == asked
    ]
    if not found:
        raise UnknownValue("metric", name, tuple(dict.fromkeys(figure.name for figure in every)))
    return tuple(found)
