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
