"""CSAT: the share of answers in the best boxes of a scale."""

from __future__ import annotations

from mindgap.measure.counts import Counts
from mindgap.measure.estimate import Difference, Estimate
from mindgap.measure.proportion import proportion, proportion_difference
from mindgap.measure.scale import SATISFACTION, Scale


def top_box(
    counts: Counts,
    scale: Scale = SATISFACTION,
    *,
    boxes: int = 2,
    level: float = 0.95,
    population: float | None = None,
) -> Estimate:
    """Share (0 to 1) of answers in the ``boxes`` best steps, with Wilson's interval.

    CSAT is ``top_box(counts)``: 4 and 5 on a scale of 1 to 5. Which end is best is the scale's
    to say. BadCounts if an answer is off the scale, TooFewAnswers if n = 0.
    """
    scale.check(counts)
    best = scale.best(counts, boxes=boxes)
    return proportion(best, counts.n, level=level, population=population)


def top_box_difference(
    a: Counts, b: Counts, scale: Scale = SATISFACTION, *, boxes: int = 2, level: float = 0.95
) -> Difference:
    """The step in `top_box` from group ``a`` to group ``b`` (different customers)."""
    scale.check(a)
    scale.check(b)
    best_a, best_b = (scale.best(counts, boxes=boxes) for counts in (a, b))
    return proportion_difference(best_a, a.n, best_b, b.n, level=level)
