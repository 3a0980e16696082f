"""Compare: one figure now against an earlier period, for every touchpoint or value of a column."""

from mindgap.explain.cell import Cell
from mindgap.explain.change import earlier, family, settled
from mindgap.explain.disclosure import concealed
from mindgap.explain.explore import parts
from mindgap.explain.figure import Figure, find
from mindgap.explain.finding import Finding, Period
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.tally import Tally


def compare(
    inquiry: Inquiry, metric: str, *, against: str = "previous", across: bool = False
) -> tuple[Finding, ...]:
    """The steps of `metric` from the earlier period to this one, as `change.previous` or `change.last_year`.

    One finding per touchpoint and value of the inquiry's `by` that has anything in this period; all of them are one
    family (`is_real` among the details, Benjamini–Hochberg). A group that did not exist before is hidden as too few.
    """
    now = settled(inquiry)
    if now is None:
        return ()
    before = earlier(now.period, against)
    found: list[Finding] = []
    for figure in find(inquiry.catalog, metric):
        then = {_key(cell): part for cell, part in parts(figure, now.within(before), across=across)}
        steps = [
            _step(figure, cell, then.get(_key(cell)), part, f"change.{against}", before)
            for cell, part in parts(figure, now, across=across)
        ]
        # A group is hidden if either period would give it, or another one, away.
        found += concealed(steps, now)
    return family(found)


def _step(figure: Figure, now: Cell, then: Tally | None, part: Tally, code: str, before: Period) -> Finding:
    old = part.only(part.n < 0) if then is None else then
    details = {**figure.details(), "figure": figure.code, "before": before.write()}
    return figure.about(now).differs(
        code, (old.total, part.total), lambda: figure.difference(now, old, part), **details
    )


def _key(cell: Cell) -> tuple[object, ...]:
    return (cell.touchpoint, cell.measure.id, *cell.subject.group.items())
