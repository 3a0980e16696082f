"""Series: what changed at a dated event: the level at once, and the slope from then on (R81).

Anything else that happened at the date is part of it; with places where nothing happened take `comparison`.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from mindgap.explain.cell import Cell
from mindgap.explain.disclosure import policy
from mindgap.explain.errors import BadInquiry
from mindgap.explain.figure import Figure, cells_for, find
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.tally import Tally
from mindgap.explain.track import track
from mindgap.ground import clock
from mindgap.measure import Estimate, MeasureError, NotIdentified
from mindgap.measure.series import Interrupted, interrupted

TERMS = ("average", "latest", "step", "bend")
# Pieces are of so many days, counted from the date of the event: the first that leaves no piece empty.
PIECES = (7, 28)
# Years seen before a season can be told from a trend.
_SEASONS = 2


def events(inquiry: Inquiry, metric: str, on: date) -> tuple[Finding, ...]:
    """Per touchpoint with the figure (and per value of the inquiry's `by`): what changed on a day.

    `series.average` and `series.latest`: distance from the continued old line over all pieces since, and in the last
    one; `series.step`: the jump; `series.bend`: the change of slope, per piece of seven days (28 where some week has
    no answers). A season is taken out where two years were seen.
    """
    since, until = inquiry.period.since, inquiry.period.until
    if (since and since >= on) or (until and until < on):
        raise BadInquiry("on", f"{on} does not lie inside the period")
    return tuple(
        finding
        for figure in find(inquiry.catalog, metric)
        for cell in cells_for(inquiry, figure, "day")
        if (part := figure.part(cell.tally)).total
        for finding in _event(inquiry, figure, cell, part, on)
    )


def _event(inquiry: Inquiry, figure: Figure, cell: Cell, part: Tally, on: date) -> Sequence[Finding]:
    days = part.columns["day"]
    cut = clock.day_of(on)
    before, after = part.only(days < cut), part.only(days >= cut)
    fitted: Interrupted | MeasureError = NotIdentified(what="series", reason="gaps")
    length = PIECES[0]
    for length in PIECES:
        pieces, start = _pieces(part, cut, length)
        if pieces and min(piece.total for piece in pieces) > 0:
            fitted = _fitted(figure, cell, pieces, start, length, inquiry.level)
            break
    details: dict[str, Any] = {
        **figure.details(), "figure": figure.code, "on": on.isoformat(), "days": length,
        "n_before": before.total,
    }  # fmt: skip
    if isinstance(fitted, Interrupted):
        details |= {
            "p": fitted.p_average, "neighbours": fitted.neighbours, "lags": fitted.lags,
            "before": int(start), "after": len(pieces) - int(start),
        }  # fmt: skip
    subject = figure.about(cell)
    if min(before.total, after.total) < policy().least():
        # One side would follow from the other and what is told of both together.
        return [subject.hidden("series.average", min(before.total, after.total), better=figure.better)]
    return [_term(subject.states, fitted, term, after.total, details) for term in TERMS]


def _term(
    states: Callable[..., Finding],
    fitted: Interrupted | MeasureError,
    term: str,
    n: float,
    details: dict[str, Any],
) -> Finding:
    codes = {
        "average": "series.average",
        "latest": "series.latest",
        "step": "series.step",
        "bend": "series.bend",
    }
    own = dict(details)
    if isinstance(fitted, Interrupted) and term in ("step", "bend"):
        own["p"] = fitted.p_step if term == "step" else fitted.p_bend
    elif term == "latest":
        own.pop("p", None)
    return states(codes[term], n, partial(_estimate, fitted, term), **own)


def _estimate(fitted: Interrupted | MeasureError, term: str) -> Estimate:
    if isinstance(fitted, MeasureError):
        raise fitted
    found: Estimate = getattr(fitted, term)
    return Estimate(found.value, found.low, found.high, found.n, found.method, fitted.warnings)


def _pieces(part: Tally, cut: int, length: int) -> tuple[list[Tally], int]:
    """Whole pieces around the cut, and how many lie before it."""
    days = part.columns["day"]
    places = np.floor((days - cut) / length)
    # The last and the first piece may have begun before, or go on after, what was seen.
    first = int(np.ceil((days.min() - cut) / length))
    last = int(np.floor((days.max() + 1 - cut) / length)) - 1
    return [part.only(places == place) for place in range(first, last + 1)], max(-first, 0)


def _fitted(
    figure: Figure, cell: Cell, pieces: list[Tally], start: int, length: int, level: float
) -> Interrupted | MeasureError:
    try:
        samples = track(figure, cell, pieces)
        year = round(364 / length)
        seasonal = len(pieces) >= _SEASONS * year
        return interrupted(
            samples.values,
            start=start,
            season=year if seasonal else None,
            harmonics=2 if seasonal else None,
            weights=samples.ns,
            level=level,
        )
    except MeasureError as problem:
        return problem
