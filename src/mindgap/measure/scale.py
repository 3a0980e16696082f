"""The scale of a measure: its ends, its step and which end is better."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mindgap.measure.counts import Counts
from mindgap.measure.errors import BadArgument, BadCounts


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from ``low`` to ``high`` by ``step``; ``better`` names the good end.

    The direction is part of the scale because effort scales exist both ways round, and a score
    read the wrong way round is worse than none.
    """

    low: float
    high: float
    step: float = 1
    better: Literal["higher", "lower"] = "higher"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise BadArgument("scale", (self.low, self.high))
        if not 0 < self.step <= self.high - self.low:
            raise BadArgument("step", self.step)
        if self.better not in ("higher", "lower"):
            raise BadArgument("better", self.better)

    def check(self, counts: Counts) -> Counts:
        """The counts; BadCounts if an answer lies off the scale or between its steps."""
        values = counts.values[counts.counts > 0]
        if ((values < self.low) | (values > self.high)).any():
            raise BadCounts("off the scale")
        steps = (values - self.low) / self.step
        if (np.abs(steps - np.round(steps)) > 1e-9).any():
            raise BadCounts("between the steps of the scale")
        return counts

    def best(self, counts: Counts, *, boxes: int) -> float:
        """Number of answers in the ``boxes`` best steps of the scale."""
        steps = round((self.high - self.low) / self.step)
        if not 1 <= boxes <= steps:
            raise BadArgument("boxes", boxes)
        # Half a step inward: no answer lies there, so rounding cannot move one.
        reach = (boxes - 0.5) * self.step
        if self.better == "higher":
            return counts.between(low=self.high - reach)
        return counts.between(high=self.low + reach)

    def index(self, value: float) -> float:
        """``value`` on 0 (worst end) to 100 (best end)."""
        share = (value - self.low) / (self.high - self.low)
        return 100 * (share if self.better == "higher" else 1 - share)


LIKELIHOOD = Scale(0, 10)
SATISFACTION = Scale(1, 5)
EFFORT = Scale(1, 7)
