"""Customer Effort Score: never the mean alone, never without its direction."""

from __future__ import annotations

from dataclasses import dataclass

from mindgap.measure.counts import Counts
from mindgap.measure.estimate import Estimate
from mindgap.measure.mean import mean
from mindgap.measure.scale import EFFORT, Scale
from mindgap.measure.topbox import top_box


@dataclass(frozen=True, slots=True)
class Effort:
    """``mean`` on the scale, ``easy`` = share in the best boxes (0 to 1), and the ``scale``.

    The scale travels with the figures because effort scales exist both ways round.
    """

    mean: Estimate
    easy: Estimate
    scale: Scale


def effort(counts: Counts, scale: Scale = EFFORT, *, boxes: int = 3, level: float = 0.95) -> Effort:
    """CES as mean with t interval and top-3 share with Wilson's interval.

    Parameters
    ----------
    counts : Counts
        Answers on ``scale``; by default 1 to 7, 7 = "agree: it was easy".

    Raises
    ------
    TooFewAnswers
        If n < 2.
    BadCounts
        If an answer is off the scale.
    """
    return Effort(
        mean=mean(counts, scale=scale, level=level),
        easy=top_box(counts, scale, boxes=boxes, level=level),
        scale=scale,
    )
