"""What every question returns: a number that never travels without its interval and n."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Caution(StrEnum):
    """Codes in ``warnings``: the result is defined, but must be read with care."""

    ALL_EQUAL = "all_equal"
    """Every answer is the same, so the sample shows no spread."""
    SMALL_EXPECTED = "small_expected"
    """An expected count is below five and no exact test exists for weighted counts."""
    OPEN_LOW = "open_low"
    """Too few answers to bound the value from below (``low`` may be minus infinity)."""
    OPEN_HIGH = "open_high"
    """Too few answers to bound the value from above (``high`` may be infinity)."""
    NOT_REACHED = "not_reached"
    """No observed value reaches what is asked; ``value`` is infinity."""
    FOLLOW_UP_SHORT = "follow_up_short"
    """Open orders were not followed up to the promise: ``value`` is a lower bound."""
    CENSORED = "censored"
    """Some orders were still open before the promise fell due."""
    UNRELIABLE = "unreliable"
    """Reliability below 0.7: good for groups, no ranking of single customers."""
    BOUNDARY = "boundary"
    """The fit lies on the edge of what is possible: one item leaves no variance of its own."""
    OPPOSED = "opposed"
    """An item runs against the others: turn it round or leave it out."""
    CONTRADICTORY = "contradictory"
    """Some respondents contradict themselves; they are left out and counted."""
    FEW_IN_CATEGORY = "few_in_category"
    """A category has too few answers for an effect of its own, so it was not estimated."""
    COLLINEAR = "collinear"
    """Some drivers are determined by the others; they share what they explain together."""
    SUPPRESSION = "suppression"
    """The coefficient is zero or against the correlation: the driver works through others."""
    FEW_BLOCKS = "few_blocks"
    """Fewer than twenty customers or blocks were resampled: the interval is rough."""
    HALO = "halo"
    """The drivers move together so much that one general impression may be behind them."""
    NOT_PROPORTIONAL = "not_proportional"
    """A driver does not move all steps of the outcome alike; one coefficient is an average."""
    FEW_EVENTS = "few_events"
    """Fewer than ten events per covariate: the coefficients lean away from zero."""
    DEPENDENT = "dependent"
    """Spend and number of purchases go together, which the method takes not to be so."""
    ASSOCIATION = "association"
    """Compares customers who chose their own group: not the effect of anything one could do."""
    ASSUMED = "assumed"
    """Rests on the user's own figures, not on answers."""
    FEW_CLUSTERS = "few_clusters"
    """Fewer than ten customers, clusters or comparison units: the interval is rough."""
    SHORT_BASELINE = "short_baseline"
    """Few periods say what is usual, so limits are uncertain."""
    OVERDISPERSED = "overdispersed"
    """The baseline wavers more from period to period than the chance of its answers explains."""
    AUTOCORRELATED = "autocorrelated"
    """Neighbouring periods resemble each other so much that the interval is rough."""
    NOT_PARALLEL = "not_parallel"
    """Before the change the two groups already moved apart."""
    PICKED = "picked"
    """The touchpoint was picked for its low value; part of any rise is chance that passes."""
    WEAK_BLOCK = "weak_block"
    """The questions of a block hang together too little (alpha below 0.6) to stand for one thing."""
    COVERS_ZERO = "covers_zero"
    """The interval holds zero: the answers do not show which way it goes, or whether at all."""
    REPLICATES_LOST = "replicates_lost"
    """The model could not be fitted to some resamples; the interval rests on the others."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its confidence interval.

    ``low`` <= ``value`` <= ``high`` in the unit the function names; ``n`` answers used (a sum of
    weights when the counts are weighted); ``method`` names the interval, ``warnings`` hold
    `Caution` codes. An infinite limit means that the answers do not bound the value on that side.
    """

    value: float
    low: float
    high: float
    n: float
    method: str
    warnings: tuple[str, ...] = ()

    @property
    def half_width(self) -> float:
        """Half the length of the interval, in the unit of the value."""
        return (self.high - self.low) / 2

    def excludes(self, value: float) -> bool:
        """Whether the interval lies wholly on one side of ``value``."""
        return value < self.low or value > self.high


@dataclass(frozen=True, slots=True)
class Difference:
    """The step from ``a`` to ``b``: ``value`` = b - a, with interval and two-sided p-value.

    The test and the interval may differ in method (``method`` names both), so p < 0.05 and an
    interval without zero agree nearly always, not always.
    """

    value: float
    low: float
    high: float
    p: float
    n_a: float
    n_b: float
    method: str
    warnings: tuple[str, ...] = ()

    def excludes(self, value: float) -> bool:
        """Whether the interval lies wholly on one side of ``value``."""
        return value < self.low or value > self.high
