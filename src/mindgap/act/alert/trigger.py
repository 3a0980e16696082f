"""The contract of a trigger: what it watches, which columns its condition may use, what else it wants to be told.

A trigger of arrivals judges one row at a time in memory (`sees`); one that goes by time looks through the record of a
span and yields what happened in it (`look`). Neither tells anybody: that is `firing`'s.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from mindgap.act.notice.words import Fact
from mindgap.ground.condition import Condition
from mindgap.keep.models import Organization

ANSWER, INTERACTION, CALLBACK = "answer", "interaction", "callback"

# Families of columns; see `columns` for what each holds.
PLACE = ("touchpoint", "unit", "channel", "segments")
SCORES = ("lowest", "scores", "comment", "language")
PROMISE = ("promise", "late", "kept", "told")


@dataclass(frozen=True, slots=True)
class Setting:
    """Something that a rule of this trigger may set; `kind` is `number`, `words`, `metric` or `flag`."""

    name: str
    default: Any
    kind: str = "number"
    least: int = 1
    most: int = 10_000


Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something on which a rule may fire. Ids of what it is about, the row for the condition, what was seen."""

    # The same event fires a rule once, for ever; the cool-down counts by the subject.
    event: str
    subject: str
    happened_at: datetime
    # When it began for the customer; the receipt may be later.
    since: datetime
    touchpoint: int | None = None
    unit: int | None = None
    channel: int | None = None
    customer: int | None = None
    answer: int | None = None
    interaction: int | None = None
    promise: int | None = None
    # The case that it is about, where there is one already.
    case: int | None = None
    row: Mapping[str, Any] = field(default_factory=dict)
    saw: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What a trigger that goes by time is asked: what happened after `since`, until `until`."""

    organization: Organization
    since: datetime
    until: datetime
    settings: Settings
    condition: Condition
    # When the rule began; a standing watch counts from here, whatever is asked.
    anchor: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """One kind of event. `sees` gets a row and the rule's settings and returns what it saw, or None."""

    code: str
    columns: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()
    # Which rows it judges: `answer`, `interaction`, `callback`.
    rows: frozenset[str] = frozenset()
    sees: Callable[[Mapping[str, Any], Settings], dict[str, Any] | None] | None = None
    look: Callable[[Look], Iterable[Happening]] | None = None
    every: timedelta | None = None
    # Whether a rule of it must have a condition, since without one everything would fire.
    needs_condition: bool = False
    # Whether `look` heeds the condition itself, since what it yields has no row to judge.
    judges_itself: bool = False
    # Whether its rows want the earlier complaints of the customer within the days of that setting.
    wants_history: str = ""

    def settle(self, given: Settings) -> dict[str, Any]:
        """The settings of a rule, complete; what was not set is as shipped."""
        return {each.name: given.get(each.name, each.default) for each in self.settings}
