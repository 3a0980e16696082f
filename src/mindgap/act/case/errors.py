"""What can go wrong when somebody acts on a case.

CaseError
├── NoSuchCase         there is none that this member, or this token, may see
├── NotAllowed         they see it, but this is for others to do
├── NotPossible        not in the state in which the case is
├── Incomplete         something that must be said was not
├── ChangedMeanwhile   somebody else acted first; nothing was written
└── TooOften           the customer writes more often than anybody reads
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mindgap.act.case.case import Case, CaseEvent


class CaseError(Exception):
    """Why an action was not done; nothing of it was."""


class NoSuchCase(CaseError, LookupError):
    """There is no case of that name, as far as whoever asks may know."""


class NotAllowed(CaseError, PermissionError):
    """The member sees the case, but may not do this with it."""

    def __init__(self, verb: str) -> None:
        super().__init__(f"this member may not {verb} this case")
        self.verb = verb


class NotPossible(CaseError):
    """The case is in a state in which this is not done."""

    def __init__(self, verb: str, state: str) -> None:
        super().__init__(f"a case that is {state} cannot be {verb}")
        self.verb, self.state = verb, state


class Incomplete(CaseError, ValueError):
    """What was given is missing, or makes no sense; `field` names the argument, `code` what is wrong with it."""

    def __init__(self, field: str, code: str, words: str) -> None:
        super().__init__(f"{field}: {words}")
        self.field, self.code = field, code


class ChangedMeanwhile(CaseError):
    """Somebody acted after the member had looked: the case as it is now, and what was done since."""

    def __init__(self, case: Case, since: tuple[CaseEvent, ...]) -> None:
        super().__init__(f"case {case.number} is at version {case.version} by now; look at it again")
        self.case, self.since = case, since


class TooOften(CaseError):
    """The customer wrote more often than anybody can read."""
