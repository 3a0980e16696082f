"""Explore: any figure by any column, with filter and period."""

from dataclasses import dataclass

from mindgap.explain.cell import Cell
from mindgap.explain.change import family
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
        rows = [
            (cell, part)
            for cell in cells_for(inquiry, figure, across=across)
            if (part := figure.part(cell.tally)).total
        ]
        known = figure.estimates(rows[0][0], [part for _, part in rows]) if rows else []
        for place, (cell, part) in enumerate(rows):
            finding = figure.state(cell, part, known=known[place])
            others = [
                other for i, (beside, other) in enumerate(rows) if i != place and _side_by_side(cell, beside)
            ]
            found.append(_compared(figure, cell, part, others, finding) if inquiry.by else finding)
    return family(found)


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
