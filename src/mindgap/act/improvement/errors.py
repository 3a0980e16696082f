"""What may keep an improvement from being done what is asked.

ImprovementProblem
├── NotAllowed        the member may not do this
├── ChangedMeanwhile  somebody else was faster: what they did is a field
├── NotNow            the state does not allow it
├── NotGiven          a field is missing or cannot be: which, and why (a code)
└── TooSoon           the deadline is too early to see the target: how much later, and what it would see
"""

from dataclasses import dataclass
from typing import Any


class ImprovementProblem(ValueError):
    """The root; `code` is stable, pages choose the words."""

    code = "improvement_problem"


class NotAllowed(ImprovementProblem):
    """The member may not do `verb` here."""

    code = "not_allowed"

    def __init__(self, verb: str) -> None:
        super().__init__(f"this member may not {verb} here")
        self.verb = verb


class ChangedMeanwhile(ImprovementProblem):
    """The improvement is not as the member saw it; `events` are the entries of the trail since then."""

    code = "changed_meanwhile"

    def __init__(self, events: tuple[Any, ...]) -> None:
        super().__init__("somebody else changed this improvement meanwhile; look at it again")
        self.events = events


class NotNow(ImprovementProblem):
    """In `state` this cannot be done."""

    code = "not_now"

    def __init__(self, verb: str, state: str) -> None:
        super().__init__(f"an improvement that is {state} cannot be {verb}")
        self.verb = verb
        self.state = state


class NotGiven(ImprovementProblem):
    """`field` cannot be as it is given, because of `reason` (both codes)."""

    code = "not_given"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Why a deadline is too early: with `a_week` answers it sees `sees`, the target is a change of `effect`.

    `weeks_more` is None where no later deadline helps: what was answered before, or how much places waver by
    themselves, is not enough to see the target at all.
    """

    sees: float
    effect: float
    a_week: float
    weeks: float
    weeks_more: float | None
    expected: float
    needed: float | None


class TooSoon(ImprovementProblem):
    """The deadline is too early to see the target; it holds only when somebody says so and why."""

    code = "too_soon"

    def __init__(self, shortfall: Shortfall) -> None:
        super().__init__("the target cannot be seen by the deadline")
        self.shortfall = shortfall
