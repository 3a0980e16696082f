"""The gap between what customers expected and what they got."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mindgap.measure.counts import Counts
from mindgap.measure.errors import BadArgument
from mindgap.measure.estimate import Estimate
from mindgap.measure.mean import mean, quantile
from mindgap.measure.proportion import proportion


@dataclass(frozen=True, slots=True)
class Gap:
    """Gaps oriented so that + is better than expected.

    ``mean`` and ``quantiles`` (pairs of q and estimate) in the unit of the gap; ``exceeded``,
    ``met`` and ``missed`` are shares from 0 to 1 that add up to 1.
    """

    mean: Estimate
    quantiles: tuple[tuple[float, Estimate], ...]
    exceeded: Estimate
    met: Estimate
    missed: Estimate


def gap(
    counts: Counts,
    *,
    tolerance: float = 0,
    quantiles: Sequence[float] = (0.1, 0.5, 0.9),
    level: float = 0.95,
) -> Gap:
    """Summary of the gaps (experienced - expected, oriented so that + is good).

    Parameters
    ----------
    counts : Counts
        Counts of gap values; ``counts.negated()`` turns lateness into a gap.
    tolerance : float, optional
        A gap from -tolerance to +tolerance counts as met.
    quantiles : sequence of float, optional
        Each between 0 and 1; with distribution-free intervals.

    Raises
    ------
    TooFewAnswers
        If n < 2.

    Notes
    -----
    The three shares have an interval each; they are not independent, so compare groups by
    `top_box_difference` or `proportion_difference` on one of them.
    """
    if not tolerance >= 0:
        raise BadArgument("tolerance", tolerance)
    whole = mean(counts, level=level)
    met = counts.between(-tolerance, tolerance)
    exceeded = float(counts.counts[counts.values > tolerance].sum())
    missed = float(counts.counts[counts.values < -tolerance].sum())
    n = counts.n
    return Gap(
        mean=whole,
        quantiles=tuple((q, quantile(counts, q, level=level)) for q in quantiles),
        exceeded=proportion(exceeded, n, level=level),
        met=proportion(met, n, level=level),
        missed=proportion(missed, n, level=level),
    )
