"""Watch: has the level of a touchpoint moved for good? Alerts often enough for real moves, seldom for noise (R84)."""

from typing import Any

from mindgap.explain.cell import Cell
from mindgap.explain.chart import headline, whole_periods
from mindgap.explain.disclosure import policy
from mindgap.explain.figure import Figure, cells_for
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.tally import Tally
from mindgap.explain.track import track
from mindgap.ground import clock
from mindgap.measure import MeasureError
from mindgap.measure.watch import BASELINE, BETWEEN
from mindgap.measure.watch import Watch as Seen
from mindgap.measure.watch import watch as watched

# False alerts a year that are accepted over all touchpoints together; one alone gives one in eight years at most.
FALSE_A_YEAR = 6.0
# What is said of the present rests on so many weeks; an alert in one of them is a fresh one.
PRESENT = 4


def watch(
    inquiry: Inquiry, *, baseline: int = BASELINE, false_a_year: float = FALSE_A_YEAR
) -> tuple[Finding, ...]:
    """`watch.level` per touchpoint and figure: the first metric of each score, and missed promises.

    `value` is the level of the last four whole weeks; among the details stand the `usual` level of the first `baseline`
    weeks, the first days of the weeks that gave an alert (`alerts`), whether one of them is fresh (`is_alert`), and the
    smallest lasting change that would be found within four weeks (`finds`). Only worsening alerts.
    """
    asked = inquiry.split(None)
    lines = [
        (figure, cell, part)
        for figure in headline(asked)
        for cell in cells_for(asked, figure, "week")
        if (part := whole_periods(figure.part(cell.tally), asked)).total
    ]
    between = max(BETWEEN, len(lines) * 52 / false_a_year)
    return tuple(_level(figure, cell, part, baseline, between) for figure, cell, part in lines)


def _level(figure: Figure, cell: Cell, part: Tally, baseline: int, between: float) -> Finding:
    weeks = part.columns["week"]
    first, last = int(weeks.min()), int(weeks.max())
    lately = part.only(weeks > last - PRESENT)
    details: dict[str, Any] = {
        **figure.details(),
        "weeks": last - first + 1,
        "present": {"since": clock.week_start(last - PRESENT + 1).isoformat(), "weeks": PRESENT},
    }
    if not policy().hides(part.total):
        details |= _seen(figure, cell, part, first, baseline, between)
    return figure.about(cell).states(
        "watch.level", lately.total, lambda: figure.estimate(cell, lately), **details
    )


def _seen(
    figure: Figure, cell: Cell, part: Tally, first: int, baseline: int, between: float
) -> dict[str, Any]:
    """What the watch says; None everywhere while there are too few weeks."""
    last = int(part.columns["week"].max())
    try:
        found: Seen | None = watched(
            track(figure, cell, [part.where(week=float(week)) for week in range(first, last + 1)]),
            baseline=baseline,
            between=between,
            sides="fall" if figure.better > 0 else "rise",
        )
    except (MeasureError, ValueError):
        found = None
    if found is None:
        return {"usual": None, "alerts": [], "is_alert": None, "finds": None}
    size = found.z.size
    return {
        "usual": found.level,
        "alerts": [clock.week_start(first + place).isoformat() for place in found.alerts],
        "is_alert": any(place >= size - PRESENT for place in found.alerts),
        "finds": found.finds,
        "baseline": {"since": clock.week_start(first).isoformat(), "weeks": baseline},
        "weeks_between_false_alerts": found.false.between,
        "cautions": [str(each) for each in found.warnings],
    }
