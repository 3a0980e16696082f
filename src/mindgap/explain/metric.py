"""Metric: a measure and how it is summarised, with all that is needed to estimate and to compare it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from mindgap.keep.measure import Measure
from mindgap.keep.measure import Metric as Declared
from mindgap.keep.organization import Organization
from mindgap.measure import (
    Counts,
    Difference,
    Estimate,
    MeasureError,
    NotIdentified,
    Scale,
    classes,
    mean,
    mean_difference,
    nps,
    nps_cells,
    nps_difference,
    proportion,
    proportion_difference,
)

# How answers of a kind are summarised where nobody said otherwise. Effort is never shown as a mean alone.
_BY_KIND = {
    "likelihood": ("nps",),
    "satisfaction": ("top", "mean"),
    "effort": ("effort", "top"),
}
_BOXES = {"effort": 3}
SCORES = ("nps", "top", "mean", "effort")


@dataclass(frozen=True, slots=True)
class Metric:
    """`counts` of this metric are in the unit of the measure, not in steps."""

    code: str
    summary: str
    measure: str
    measure_id: int
    kind: str
    unit: str
    scale: Scale | None
    higher_is_better: bool
    top_from: float | None = None
    goal: float | None = None
    position: int = 0

    @property
    def finding_code(self) -> str:
        """The code under which its value is stated."""
        return f"score.{self.summary}"

    @property
    def figure_unit(self) -> str:
        """`points`, `share`, or the unit of the measure."""
        return {"nps": "points", "top": "share"}.get(self.summary, self.unit)

    @property
    def value_is_better_high(self) -> bool:
        """Whether a larger value of the metric is better; NPS and top boxes always point up."""
        return self.summary in ("nps", "top") or self.higher_is_better

    def estimate(self, counts: Counts, *, level: float) -> Estimate:
        """The value with its interval; `TooFewAnswers` when n < 2."""
        if self.summary == "nps":
            return nps(counts, level=level)
        if self.summary == "top":
            return proportion(self.top(counts), counts.n, level=level)
        return mean(counts, scale=self.scale, level=level)

    def estimates(self, cells: Sequence[Counts], *, level: float) -> Sequence[Estimate | None]:
        """`estimate` of many distributions at once where that is faster (NPS); None for the others."""
        if self.summary != "nps" or len(cells) < 2:
            return [None] * len(cells)
        try:
            split = np.array([classes(counts) for counts in cells])
        except MeasureError:
            return [None] * len(cells)
        found = nps_cells(*split.T, level=level)
        return [
            Estimate(float(value), float(low), float(high), float(n), found.method) if n >= 2 else None
            for value, low, high, n in zip(found.value, found.low, found.high, found.n, strict=True)
        ]

    def difference(self, a: Counts, b: Counts, *, level: float) -> Difference:
        """The step from `a` to `b` (different customers)."""
        if self.summary == "nps":
            return nps_difference(a, b, level=level)
        if self.summary == "top":
            return proportion_difference(self.top(a), a.n, self.top(b), b.n, level=level)
        return mean_difference(a, b, level=level)

    def bad(self, counts: Counts) -> float:
        """How many of the answers tell of a bad experience: a detractor, or the worse half of the scale."""
        if self.kind == "likelihood":
            return counts.between(high=6)
        if self.scale is None:
            return 0.0
        middle = (self.scale.low + self.scale.high) / 2
        near = self.scale.step / 4
        if self.higher_is_better:
            return counts.between(high=middle - near)
        return counts.between(low=middle + near)

    def top(self, counts: Counts) -> float:
        """How many of the answers lie in the best boxes, or from `top_from` on."""
        if self.top_from is None:
            if self.scale is None:
                raise NotIdentified(what=self.code, reason="the measure has no ends and no top is declared")
            return self.scale.best(counts, boxes=_BOXES.get(self.kind, 2))
        near = 1e-9
        if self.higher_is_better:
            return counts.between(low=self.top_from - near)
        return counts.between(high=self.top_from + near)


def metrics_of(organization: Organization, measures: Iterable[Measure]) -> tuple[Metric, ...]:
    """Declared metrics in their order, then the summaries that the kinds of the measures ask for."""
    by_id = {measure.id: measure for measure in measures}
    declared = Declared.objects.filter(organization=organization)
    found = [_of(by_id[row.measure_id], row.summary, row) for row in declared if row.measure_id in by_id]
    present = {(metric.measure_id, metric.summary) for metric in found}
    for measure in by_id.values():
        for summary in _BY_KIND.get(measure.kind, ("mean",)):
            fits = summary != "top" or scale_of(measure) is not None
            if fits and (measure.id, summary) not in present:
                found.append(_of(measure, summary, None))
    return tuple(found)


def _of(measure: Measure, summary: str, row: Declared | None) -> Metric:
    top_from = None if row is None or row.top_from is None else float(row.top_from * measure.step)
    return Metric(
        code=row.code if row else f"{measure.code}.{summary}",
        summary=summary,
        measure=measure.code,
        measure_id=measure.id,
        kind=measure.kind,
        unit=measure.unit,
        scale=scale_of(measure),
        higher_is_better=measure.higher_is_better,
        top_from=top_from,
        goal=row.goal if row else None,
        position=row.position if row else 1_000_000,
    )


def scale_of(measure: Measure) -> Scale | None:
    """The closed scale of a measure; None where it is open at an end (days, money)."""
    if measure.minimum is None or measure.maximum is None:
        return None
    better = "higher" if measure.higher_is_better else "lower"
    return Scale(float(measure.minimum), float(measure.maximum), float(measure.step), better)  # type: ignore[arg-type]
