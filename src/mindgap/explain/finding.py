"""Finding: one statement of fact with its interval, its n and its population. `show` chooses the words."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

# Codes in `warnings` that explain adds to those of `measure.Caution`.
TOO_FEW = "too_few"
NOT_KNOWN = "not_known"
SLACK_NEGATIVE = "slack_negative"
SLACK_LARGE = "slack_large"
NO_GOAL = "no_goal"
# Details that tell which statement it is, and nothing of the people behind it; `IDENTITY` part groups of one kind.
IDENTITY = ("against", "quantile", "outcome", "share", "figure", "before")
PLAIN = (*IDENTITY, "better", "goal", "promises", "k")


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `since` to `until`, both included; None is open."""

    since: date | None = None
    until: date | None = None

    def write(self) -> dict[str, str | None]:
        """The JSON object of the period: ISO dates or null."""
        return {
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """Shares are 0–1, durations in the measure's unit, scores in points, gaps oriented so that + is good.

    `value`, `low` and `high` are None where there are too few answers to say anything; `warnings` then holds
    `too_few` and `n` is hidden too (None), because a small number beside a known total gives people away.
    A limit is None also where the answers do not bound the value on that side. `n` answers or interactions stand
    behind the figure, drawn from `population` (a stable code).
    """

    code: str
    measure: str
    value: float | None
    low: float | None
    high: float | None
    n: float | None
    population: str
    touchpoint: str | None = None
    metric: str | None = None
    rule: str | None = None
    period: Period = Period()
    filter: dict[str, Any] = field(default_factory=dict)
    group: dict[str, Any] = field(default_factory=dict)
    unit: str = ""
    method: str = ""
    warnings: tuple[str, ...] = ()
    # What else belongs to this statement: quantile, level, rank, probability, problem kind, places …
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def is_hidden(self) -> bool:
        """Whether there are too few answers to show anything."""
        return TOO_FEW in self.warnings

    def with_details(self, **more: Any) -> "Finding":
        """The same finding with more details."""
        return replace(self, details={**self.details, **more})

    def with_warning(self, code: str) -> "Finding":
        """The same finding with one more warning."""
        return replace(self, warnings=(*self.warnings, code))

    def write(self) -> dict[str, Any]:
        """The JSON object of the finding, the same for the command line, the API and downloads."""
        return {
            "code": self.code,
            "touchpoint": self.touchpoint,
            "measure": self.measure,
            "metric": self.metric,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "n": self.n,
            "population": self.population,
            "rule": self.rule,
            "period": self.period.write(),
            "filter": self.filter,
            "group": self.group,
            "warnings": list(self.warnings),
            "unit": self.unit,
            "method": self.method,
            "details": self.details,
        }


@dataclass(frozen=True, slots=True)
class Stated(Finding):
    """A finding that still knows how many stand behind it, hidden or not: for `disclosure`, never shown or written.

    `behind` holds one number; two for a step, of the earlier period and of this one.
    """

    behind: tuple[float, ...] = field(default=(), compare=False, repr=False)
