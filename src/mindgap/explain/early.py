"""Early: answers asked for before the customer had the experience; counted, and warned of."""

from mindgap.explain.disclosure import concealed
from mindgap.explain.figure import Early, cells_for
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry


def early(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Share of the answers of every touchpoint that were asked for too early, with their `count` among the details.

    Only answers to completed interactions are counted: whoever was asked about one still open stands in the group
    `{"state": "open"}` of the scores already. An answer may hold several scores; the one most often given at a
    touchpoint stands for its answers.
    """
    figure = Early()
    stated = []
    for cell in cells_for(inquiry, figure):
        part = figure.part(cell.tally)
        finding = figure.state(cell, part)
        if part.total:
            shown = {} if finding.is_hidden else {"count": int(figure.early(part))}
            stated.append(finding.with_details(**shown))
    by_place: dict[tuple[str | None, str], Finding] = {}
    for finding in concealed(stated, inquiry):
        place = (finding.touchpoint, str(finding.group))
        if place not in by_place or (finding.n or 0) > (by_place[place].n or 0):
            by_place[place] = finding
    return tuple(by_place.values())
