"""Track: a figure side by side, per period, touchpoint or unit, as comparisons, charts and series of `measure` ask."""

from collections.abc import Sequence

import numpy as np

from mindgap.explain.cell import Cell
from mindgap.explain.figure import Early, Figure, Kept, Missed, Score, kept_count
from mindgap.explain.metric import scale_of
from mindgap.explain.tally import Tally
from mindgap.keep.interaction import COMPLETED
from mindgap.measure import classes
from mindgap.measure.track import Track


def track(figure: Figure, cell: Cell, parts: Sequence[Tally]) -> Track:
    """The figure of each part of a cell, in their order; a part without readings is a sample without answers.

    Kept promises are those of completed interactions: what is open belongs to no period yet.
    """
    if isinstance(figure, Kept):
        done = [part.state(COMPLETED) for part in parts]
        return Track.share([kept_count(each) for each in done], [each.total for each in done])
    if isinstance(figure, Missed):
        return Track.share([figure.missed(each) for each in parts], [each.total for each in parts])
    if isinstance(figure, Early):
        return Track.share([figure.early(each) for each in parts], [each.total for each in parts])
    counts = [figure.counts(cell, each) for each in parts]  # type: ignore[attr-defined]
    if not isinstance(figure, Score):
        # A gap has no ends.
        return Track.of(counts)
    if figure.metric.summary == "nps":
        return Track.nps(*np.array([classes(each) for each in counts]).T)
    if figure.metric.summary == "top":
        return Track.share([figure.metric.top(each) for each in counts], [each.n for each in counts])
    scale = scale_of(cell.measure)
    ends = {} if scale is None else {"low": scale.low, "high": scale.high}
    return Track.of(counts, **ends)
