"""Zone of tolerance: between what a customer would just accept and what it should be (R13, R165–R167).

Both ends are stated expectations (`minimum`, `should`) of the very thing that was experienced, by the same customer.
"""

from collections.abc import Iterator
from functools import partial
from typing import Literal

import numpy as np

from mindgap.explain.cell import Cell, answers
from mindgap.explain.disclosure import concealed
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.measure import Difference, Estimate, MeasureError
from mindgap.measure.tolerance import ToleranceZone, tolerance_zone

PLACES = ("below", "within", "above")
STEPS = ("adequacy", "superiority", "width")
_ENDS = ("value", "should", "minimum")


def zones(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Per touchpoint and measure of which all three were said (and per value of the inquiry's `by`).

    `expectation.zone`: share of customers `below`, `within` or `above` their own zone. `expectation.step`:
    `adequacy` from what would just do to what was experienced, `superiority` from what should be, `width` of the zone;
    + is good. Who wishes for less than they accept is left out and counted (`contradictory`).
    """
    found = [finding for cell in answers(inquiry, "state", *_ENDS) for finding in _zone(cell)]
    return concealed(found, inquiry)


def _zone(cell: Cell) -> Iterator[Finding]:
    part = cell.happened
    for name in _ENDS:
        part = part.known(name)
    if not part.total:
        return
    # One row per customer: their three answers go together.
    rows = {name: np.repeat(part.columns[name] * cell.step, part.n.astype(np.int64)) for name in _ENDS}
    better: Literal["higher", "lower"] = "higher" if cell.measure.higher_is_better else "lower"
    try:
        zone: ToleranceZone | MeasureError = tolerance_zone(
            rows["should"], rows["minimum"], rows["value"], better=better, level=cell.level
        )
    except MeasureError as problem:
        zone = problem
    # Those left out would follow from the difference; their share is said, so the whole is what counts.
    subject = cell.subject.about(metric="tolerance")
    more = (
        {} if isinstance(zone, MeasureError) else {"used": zone.n, "contradictory": zone.inconsistent.value}
    )
    for place in PLACES:
        yield subject.about(unit="share").states(
            "expectation.zone", part.total, partial(_share, zone, place), outcome=place,
            better={"below": -1, "within": 0, "above": 1}[place], **more,
        )  # fmt: skip
    for step in STEPS:
        yield subject.states(
            "expectation.step", part.total, partial(_step, zone, step), figure=step, better=1, **more
        )


def _share(zone: ToleranceZone | MeasureError, place: str) -> Estimate:
    if isinstance(zone, MeasureError):
        raise zone
    found: Estimate = getattr(zone, place)
    return Estimate(found.value, found.low, found.high, found.n, found.method, zone.warnings)


def _step(zone: ToleranceZone | MeasureError, step: str) -> Estimate:
    if isinstance(zone, MeasureError):
        raise zone
    found: Difference = getattr(zone, step)
    warnings = (*zone.warnings, *found.warnings)
    return Estimate(found.value, found.low, found.high, found.n_a, found.method, warnings)
