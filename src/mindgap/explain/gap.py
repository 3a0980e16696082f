"""Gap: how far what happened lies from what was promised and from what the customer expected (R11, R13, R165–R166)."""

from collections.abc import Iterator

from mindgap.explain.cell import Cell, answers, interactions
from mindgap.explain.disclosure import concealed
from mindgap.explain.figure import Gap
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.subject import Subject, least_for_distribution
from mindgap.explain.tally import POPULATIONS, Tally
from mindgap.measure import Counts, proportion, quantile

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
AGAINST = ("promise", "expectation")


def gaps(inquiry: Inquiry, *, against: tuple[str, ...] = AGAINST) -> tuple[Finding, ...]:
    """Mean, quantiles and shares exceeded / met / missed of the gaps of every touchpoint, on completed ones.

    Oriented so that + is better than promised or expected, in the measure's unit. With `by`: of each group.
    """
    found = [finding for cell in interactions(inquiry) for finding in of_cell(cell, against)]
    if "expectation" in against:
        for cell in answers(inquiry, "state", "gap_expected"):
            found += _whole(Gap("expectation", is_answer=True), cell)
    return concealed(found, inquiry)


def of_cell(cell: Cell, against: tuple[str, ...] = AGAINST) -> Iterator[Finding]:
    """The gaps of one cell of interactions."""
    for side in against:
        yield from _whole(Gap(side), cell)


def distribution(cell: Cell, against: str = "promise") -> tuple[tuple[float, float], ...]:
    """How many have each gap, as pairs (gap in the measure's unit, n), for the chart of a touchpoint.

    Empty where too few would be laid open one by one.
    """
    figure = Gap(against)
    counts = figure.counts(cell, figure.part(cell.tally))
    if counts.n < least_for_distribution():
        return ()
    return tuple(zip(counts.values.tolist(), counts.counts.tolist(), strict=True))


def _whole(figure: Gap, cell: Cell) -> Iterator[Finding]:
    part = figure.part(cell.tally)
    if not part.total:
        return
    yield figure.state(cell, part)
    counts = figure.counts(cell, part)
    subject = figure.about(cell)
    yield from _quantiles(figure, counts, subject, cell.level)
    yield from _shares(figure, counts, subject, cell.level)
    if figure.against == "expectation":
        yield from _others(figure, cell)


def _quantiles(figure: Gap, counts: Counts, subject: Subject, level: float) -> Iterator[Finding]:
    for q in QUANTILES:
        yield subject.states(
            "gap.quantile",
            counts.n,
            lambda q=q: quantile(counts, q, level=level),  # type: ignore[misc]
            quantile=q,
            against=figure.against,
        )


def _shares(figure: Gap, counts: Counts, subject: Subject, level: float) -> Iterator[Finding]:
    hits = {
        "exceeded": float(counts.counts[counts.values > 0].sum()),
        "met": counts.between(0, 0),
        "missed": float(counts.counts[counts.values < 0].sum()),
    }
    shares = subject.about(unit="share", rule="calendar" if figure.against == "promise" else None)
    for outcome, hit in hits.items():
        yield shares.states(
            "gap.share",
            counts.n,
            lambda hit=hit: proportion(hit, counts.n, level=level),  # type: ignore[misc]
            outcome=outcome,
            against=figure.against,
        )


def _others(figure: Gap, cell: Cell) -> Iterator[Finding]:
    """The mean gap of what is open or was cancelled, beside the headline, where something is known of it."""
    known: Tally = cell.tally.known(figure.column)
    for population, group, states in POPULATIONS[1:]:
        part = known.state(*states)
        if part.total and figure.is_answer:
            yield figure.state(cell, part, about={"population": population, "group": group})
