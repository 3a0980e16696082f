"""Plan: how the effect will be judged, fixed before anything is known of it (R27, R81; `behaviour.md` 3.6)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from mindgap.explain.finding import Period

# Chosen because the figures were bad: part of what comes next is chance that passes.
PICKED = ("worst", "cases", "topic")


@dataclass(frozen=True, slots=True)
class Wish:
    """What people want: this metric at this level by the deadline, counted from the day on which it is to work.

    `was_picked` only adds to what the origin says; `before` is the quarter until yesterday where nothing is said.
    """

    metric: str
    target: float
    works_from: date
    deadline: date
    before: Period | None = None
    was_picked: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """A level with its interval."""

    value: float
    low: float | None
    high: float | None
    n: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Method `comparison` (with units or touchpoints where nothing is done), `history` (against its own), or
    `before_after`, which verifies nothing: `reason` says why there is no better one.

    `expected` is where the treated would be if nothing were done: `baseline` moved back where it was picked; `effect` =
    target - expected. `sees` is the smallest effect that the test verifies with `power` by the deadline, `weeks_needed`
    and `answers_needed` what it takes to see `effect` (None: no number of answers does). `override` holds who accepted
    a deadline that is too early, and why.
    """

    metric: str
    measure: str
    unit: str
    better: int
    method: str
    reason: str
    by: str
    treated: tuple[str, ...]
    others: tuple[str, ...]
    touchpoint: str | None
    was_picked: bool
    before: Period
    after: Period
    baseline: Level
    expected: Level
    target: float
    effect: float
    wander: float | None
    sees: float | None
    a_week: float
    weeks: float
    weeks_needed: int | None
    answers_expected: int
    answers_needed: int | None
    level: float = 0.95
    power: float = 0.8
    override: dict[str, Any] | None = None

    @property
    def is_enough(self) -> bool:
        """Whether the target will be seen by the deadline, if it is reached; nothing is promised without a test."""
        return self.sees is None or self.sees <= abs(self.effect)

    def write(self) -> dict[str, Any]:
        """As JSON."""
        lists = {"treated": list(self.treated), "others": list(self.others)}
        return {**asdict(self), **lists, "before": self.before.write(), "after": self.after.write()}

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> "Plan":
        """What `write` wrote."""
        periods = {
            name: Period(*(date.fromisoformat(raw[name][end]) for end in ("since", "until")))
            for name in ("before", "after")
        }
        levels = {name: Level(**raw[name]) for name in ("baseline", "expected")}
        lists = {name: tuple(raw[name]) for name in ("treated", "others")}
        return cls(**{**raw, **periods, **levels, **lists})
