"""Is it the same? Two one-sided tests: no difference *seen* is not the same as none."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mindgap.measure.counts import Counts
from mindgap.measure.errors import BadArgument
from mindgap.measure.estimate import Difference
from mindgap.measure.mean import mean_difference
from mindgap.measure.normal import checked_level
from mindgap.measure.nps import nps_difference
from mindgap.measure.proportion import proportion_difference

EquivalenceVerdict = Literal["equivalent", "different", "undecided"]

HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Equivalence:
    """The step from a to b held against ``margin``, in one unit.

    ``low``, ``high`` are the limits at level 1 - 2 alpha that must lie within the margin, ``p``
    the two one-sided tests' p-value (1 if the difference itself is beyond the margin).
    ``verdict``: ``equivalent``; else ``different`` where the usual interval, in ``difference``,
    excludes 0; else ``undecided``: too few answers to say either.
    """

    difference: Difference
    margin: float
    low: float
    high: float
    p: float
    verdict: EquivalenceVerdict


def mean_equivalence(a: Counts, b: Counts, *, margin: float, level: float = 0.95) -> Equivalence:
    """Whether two means (Welch) differ by less than ``margin``, in their unit.

    TooFewAnswers if either n < 2, BadArgument unless margin > 0.

    Notes
    -----
    Choose the margin before looking: the largest difference that would not matter to anybody.
    Two small groups are never equivalent; that is the point of it.

    References
    ----------
    .. [1] Schuirmann, D. J. (1987), J. Pharmacokinetics and Biopharmaceutics 15, 657-680.

    Examples
    --------
    >>> a, b = Counts([40, 60, 100]), Counts([38, 62, 100])
    >>> mean_equivalence(a, b, margin=0.2).verdict
    'equivalent'
    """
    return _held(lambda at: mean_difference(a, b, level=at), margin=margin, level=level)


def proportion_equivalence(
    successes_a: float, n_a: float, successes_b: float, n_b: float, *, margin: float, level: float = 0.95
) -> Equivalence:
    """Whether two shares differ by less than ``margin`` (0.03 is three points of a hundred).

    With Newcombe's interval. TooFewAnswers if either n = 0; see `mean_equivalence`.
    """
    return _held(
        lambda at: proportion_difference(successes_a, n_a, successes_b, n_b, level=at),
        margin=margin,
        level=level,
    )


def nps_equivalence(a: Counts, b: Counts, *, margin: float, level: float = 0.95) -> Equivalence:
    """Whether two NPS differ by less than ``margin`` points; see `mean_equivalence`.

    TooFewAnswers if either n < 2.
    """
    return _held(lambda at: nps_difference(a, b, level=at), margin=margin, level=level)


def _held(step: Callable[[float], Difference], *, margin: float, level: float) -> Equivalence:
    if not (math.isfinite(margin) and margin > 0):
        raise BadArgument("margin", margin)
    alpha = 1 - checked_level(level)
    usual = step(level)
    # Level 1 - 2 alpha needs alpha below a half.
    if not alpha < 0.5:
        raise BadArgument("level", level)
    inner = step(1 - 2 * alpha)
    p = _p(step, margin)
    verdict: EquivalenceVerdict = "different" if usual.excludes(0) else "undecided"
    if -margin < inner.low and inner.high < margin:
        verdict = "equivalent"
    return Equivalence(usual, margin, inner.low, inner.high, p, verdict)


def _p(step: Callable[[float], Difference], margin: float) -> float:
    """Smallest alpha whose interval lies within the margin."""

    def fits(alpha: float) -> bool:
        at = step(1 - 2 * alpha)
        return -margin < at.low and at.high < margin

    low, high = 0.0, 0.5
    if not fits(high - 1e-12):
        return 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        # Beyond what a level can hold, the interval is that of level 1.
        if 2 * middle < 1e-15:
            return 0.0
        low, high = (low, middle) if fits(middle) else (middle, high)
    return high
