"""Explore: any figure by any column, with filter and period."""

from dataclasses import dataclass

from mindgap.explain.cell import Cell
from mindgap.explain.change import family
from mindgap.explain.disclosure import concealed, countable
from mindgap.explain.figure import Figure, cells_for, figures, find
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.tally import Tally
from mindgap.measure import MeasureError


def explore(inquiry: Inquiry, metric: str, *, across: bool = False) -> tuple[Finding, ...]:
    """One finding per touchpoint and value of the inquiry's `by`; `across` puts all touchpoints into one.

    With a `by` each group is compared with all others of its touchpoint: `is_real` among the details says whether it
    differs from them for sure (Benjamini–Hochberg over all groups), `p` and `p_adjusted` how sure.
    """
    found: list[Finding] = []
    for figure in find(inquiry.catalog, metric):
        rows = parts(figure, inquiry, across=across)
        known = figure.estimates(rows[0][0], [part for _, part in rows]) if rows else []
        stated = [
            figure.state(cell, part, known=each) for (cell, part), each in zip(rows, known, strict=True)
        ]
        shown = concealed(stated, inquiry)
        for place, ((cell, part), finding) in enumerate(zip(rows, shown, strict=True)):
            others = [
                other for i, (beside, other) in enumerate(rows) if i != place and _side_by_side(cell, beside)
            ]
            found.append(_compared(figure, cell, part, others, finding) if inquiry.by else finding)
    return family(found)


def parts(figure: Figure, inquiry: Inquiry, *, across: bool) -> list[tuple[Cell, Tally]]:
    """The cells of a figure with the readings that count; `across`, of the touchpoints that may be shown."""
    cells = list(cells_for(inquiry, figure, across=across))
    found = [figure.part(cell.tally) for cell in cells]
    if across:
        by_measure: dict[int, list[int]] = {}
        for place, cell in enumerate(cells):
            by_measure.setdefault(cell.measure.id, []).append(place)
        for places in by_measure.values():
            kept = countable([found[place] for place in places], as_one=True)
            for place, part in zip(places, kept, strict=True):
                found[place] = part
    return [(cell, part) for cell, part in zip(cells, found, strict=True) if part.total]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be asked for: the code of a metric or column, and where its name is found."""

    code: str
    kind: str


def choices(inquiry: Inquiry) -> tuple[Choice, ...]:
    """The metrics one may choose."""
    return tuple(Choice(figure.name, figure.code) for figure in _distinct(figures(inquiry.catalog)))


def columns(inquiry: Inquiry) -> tuple[str, ...]:
    """The columns by which figures may be split."""
    segments = (f"seg_{code}" for code in inquiry.organization.segments.values_list("code", flat=True))
    return ("touchpoint", "channel", "unit", "promise", "outcome", "state", "week", "month", *segments)


def _distinct(every: tuple[Figure, ...]) -> list[Figure]:
    return list({figure.name: figure for figure in reversed(every)}.values())[::-1]


def _side_by_side(cell: Cell, other: Cell) -> bool:
    return cell.measure.id == other.measure.id and cell.touchpoint == other.touchpoint


def _compared(figure: Figure, cell: Cell, part: Tally, others: list[Tally], finding: Finding) -> Finding:
    if finding.value is None or not others:
        return finding
    try:
        step = figure.difference(cell, Tally.joined(others), part)
    except MeasureError:
        return finding
    return finding.with_details(p=step.p, step=step.value)
