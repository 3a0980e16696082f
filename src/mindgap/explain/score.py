"""Score: what customers answered, per metric, in all and split by state and by promise; and its trend."""

from collections.abc import Iterator

import numpy as np

from mindgap.explain.cell import ANSWER, Cell, answers
from mindgap.explain.disclosure import concealed, countable
from mindgap.explain.figure import Figure, Score, cells_for, figures
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.tally import POPULATIONS
from mindgap.keep.reading import EXCEEDED, MET, MISSED

PROMISED: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("kept", (float(MET), float(EXCEEDED))),
    ("missed", (float(MISSED),)),
)
_NEITHER: dict[str, str | None] = {"promise": None}


def scores(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Every metric of every touchpoint.

    Without `by`: the headline (completed interactions and answers without interaction), then open and cancelled
    ones as groups `{"state": …}`, then answers after a promise kept and missed as groups `{"promise": …}`. With
    `by`: the headline of each group.
    """
    stated = [finding for cell in answers(inquiry, *ANSWER) for finding in _of_cell(cell, inquiry)]
    shown = concealed(stated, inquiry)
    return shown if inquiry.by else tuple(finding for finding in shown if finding.group != _NEITHER)


def _of_cell(cell: Cell, inquiry: Inquiry) -> Iterator[Finding]:
    for figure in figures(inquiry.catalog):
        if isinstance(figure, Score) and figure.suits(cell):
            yield from _by_state(figure, cell)
            if not inquiry.by:
                yield from _by_promise(figure, cell)


def _by_state(figure: Score, cell: Cell) -> Iterator[Finding]:
    known = cell.tally.known("value")
    for population, group, states in POPULATIONS:
        part = known.state(*states)
        if part.total:
            yield figure.state(cell, part, about={"population": population, "group": group})


def _by_promise(figure: Score, cell: Cell) -> Iterator[Finding]:
    part = figure.part(cell.tally)
    for word, outcomes in PROMISED:
        some = part.where(outcome=outcomes)
        if some.total:
            yield figure.state(cell, some, about={"group": {"promise": word}, "rule": "calendar"})
    # Those of whose promise nothing is known are not shown, but they are what the headline has beyond the others.
    rest = part.only(np.isnan(part.columns["outcome"]))
    if rest.total:
        yield figure.state(cell, rest, about={"group": _NEITHER, "rule": "calendar"})


def trend(
    inquiry: Inquiry, figure: Figure, *, every: str = "week", across: bool = False
) -> tuple[Finding, ...]:
    """One figure over time, a finding per `week` or `month` with anything in it; `group` holds its first day.

    An inquiry with a `by` gives one line per group; `across` puts all touchpoints into one.
    """
    found: list[Finding] = []
    cells = list(cells_for(inquiry, figure, every, across=across))
    whole = [figure.part(cell.tally) for cell in cells]
    for cell, line in zip(cells, countable(whole, as_one=True) if across else whole, strict=True):
        steps = [(number, part) for (number,), part in line.groups(every)]
        known = figure.estimates(cell, [part for _, part in steps])
        for (number, part), estimate in zip(steps, known, strict=True):
            group = {every: inquiry.catalog.outside(every, number)}
            found.append(figure.state(cell, part, about={"group": group}, known=estimate))
    return concealed(found, inquiry)
