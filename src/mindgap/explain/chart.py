"""Chart: is a period out of what the touchpoint always did, or within its usual wavering? (R84)

A Shewhart chart per touchpoint and figure: p-chart of a share, chart of an NPS or a mean. For a lasting small change
take `watch`.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from mindgap.explain.cell import Cell
from mindgap.explain.disclosure import hidden_values, policy
from mindgap.explain.figure import Figure, Missed, Score, cells_for, figures, find
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.tally import Tally
from mindgap.explain.track import track
from mindgap.ground import clock
from mindgap.measure import Caution, Estimate, MeasureError
from mindgap.measure.chart import Chart
from mindgap.measure.chart import chart as charted

Every = Literal["week", "month"]
# From so much more wavering than chance explains it is said; less is seen by chance in a short baseline.
WIDENED = 1.2


def charts(
    inquiry: Inquiry, metric: str | None = None, *, every: Every = "week", baseline: int | None = None
) -> tuple[Finding, ...]:
    """`chart.line` per touchpoint and figure, and per value of the inquiry's `by`: the usual level, and the periods.

    Without `metric`: the first metric of each score, and missed promises. The running period is left out. `baseline`
    is how many of the first periods say what is usual; all, if left out. Where the figure wavers more from period to
    period than the chance of its answers explains, the limits are widened by that (Laney's p′); never narrowed.
    """
    return tuple(
        _line(inquiry, figure, cell, part, every, baseline)
        for figure in (find(inquiry.catalog, metric) if metric else headline(inquiry))
        for cell in cells_for(inquiry, figure, every)
        if (part := whole_periods(figure.part(cell.tally), inquiry, every)).total
    )


def headline(inquiry: Inquiry) -> Iterator[Figure]:
    """The first metric of each score that customers answer, and missed promises."""
    seen = set()
    for figure in figures(inquiry.catalog):
        if isinstance(figure, Score) and figure.is_answer and figure.metric.measure_id not in seen:
            seen.add(figure.metric.measure_id)
            yield figure
    yield Missed()


def whole_periods(part: Tally, inquiry: Inquiry, every: Every = "week") -> Tally:
    """Without the running period, which would look like a quiet one."""
    today = clock.local_day(clock.now(), clock.zone(inquiry.organization.zone))
    running = clock.week_of(today) if every == "week" else clock.month_of(today)
    return part.only(part.columns[every] < running)


def _line(
    inquiry: Inquiry, figure: Figure, cell: Cell, part: Tally, every: Every, baseline: int | None
) -> Finding:
    first, last = int(part.columns[every].min()), int(part.columns[every].max())
    periods = [part.where(**{every: float(place)}) for place in range(first, last + 1)]
    used = periods[: baseline or len(periods)]
    usual = Tally.joined(used)
    details: dict[str, Any] = {**figure.details(), "every": every}
    found: Chart | None = None
    if not policy().hides(usual.total):
        try:
            found = _limits(figure, cell, periods, len(used))
        except (MeasureError, ValueError):
            found = None
    if found is not None:
        details |= _points(inquiry, found, periods, first, every)

    def level() -> Estimate:
        estimate = figure.estimate(cell, usual)
        cautions = () if found is None else found.warnings
        return replace(estimate, warnings=tuple(dict.fromkeys((*estimate.warnings, *cautions))))

    return figure.about(cell).states("chart.line", usual.total, level, **details)


def _limits(figure: Figure, cell: Cell, periods: list[Tally], baseline: int) -> Chart:
    samples = track(figure, cell, periods)
    plain = charted(samples, baseline=baseline)
    try:
        wide = charted(samples, baseline=baseline, laney=True)
    except MeasureError:
        return plain
    if wide.widened <= 1:
        return plain
    more = (Caution.OVERDISPERSED,) if wide.widened >= WIDENED else ()
    return replace(wide, warnings=(*wide.warnings, *more))


def _points(inquiry: Inquiry, found: Chart, periods: list[Tally], first: int, every: Every) -> dict[str, Any]:
    """Every period with its limits; those hidden that are too small or would give a small one away."""
    begins = clock.week_start if every == "week" else clock.month_start
    names = [begins(first + place).isoformat() for place in range(len(periods))]
    hidden = hidden_values(
        every, {name: part.total for name, part in zip(names, periods, strict=True)}, inquiry
    )
    points = []
    for place, name in enumerate(names):
        is_shown = name not in hidden and np.isfinite(found.values[place])
        points.append(
            {
                "start": name,
                "value": float(found.values[place]) if is_shown else None,
                "low": float(found.lows[place]) if is_shown else None,
                "high": float(found.highs[place]) if is_shown else None,
                "n": float(found.ns[place]) if is_shown else None,
                "out": int(found.out[place]) if is_shown else 0,
            }
        )
    return {
        "centre": found.centre,
        "widened": found.widened,
        "chart": found.method,
        "baseline": {"since": names[0], "periods": int(found.baseline.size and found.baseline.sum())},
        "points": points,
        "out": [point["start"] for point in points if point["out"]],
    }
