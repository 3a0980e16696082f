"""Clocks: how long each step of a case has taken and may take, in the customer's time and in business time.

Every clock runs from when it began for the customer, and stands only while the customer is awaited. One of the two
times counts, as the service level says; both are told. After a case was opened again the last clock runs anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mindgap.act.case import states
from mindgap.act.case.case import Case, CaseEvent
from mindgap.act.hours.reckoning import Hours
from mindgap.act.hours.service_level import STEPS, Level
from mindgap.ground import clock

ACKNOWLEDGE, CONTACT, RESOLVE = STEPS
# Percent of the time at which a clock says something: it warns, it is breached, it goes one level up each.
WARNING, BREACH, HIGHER, HIGHEST = 75, 100, 150, 200
SHARES = (WARNING, BREACH, HIGHER, HIGHEST)
LEVELS = {BREACH: 1, HIGHER: 2, HIGHEST: 3}
LEVEL_MOST = 3

Levels = dict[tuple[str, str], Level]
# From and to; still going on when there is no end.
Pause = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock at one moment. `due` is none while it stands; elapsed times leave out how long it stood."""

    step: str
    began_at: datetime
    stopped_at: datetime | None
    allowed: Level
    due: datetime | None
    customer_due: datetime | None
    business_due: datetime | None
    customer_seconds: int
    business_seconds: int
    paused_seconds: int
    is_paused: bool

    @property
    def seconds(self) -> int:
        """What has elapsed of the time that counts."""
        return self.business_seconds if self.allowed.is_business else self.customer_seconds

    @property
    def share(self) -> float:
        """How much of the allowed time has elapsed; 1 is all of it."""
        return self.seconds / self.allowed.seconds if self.allowed.seconds else float(self.seconds > 0)

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None and not self.is_paused

    @property
    def is_breached(self) -> bool:
        return self.seconds > self.allowed.seconds

    @property
    def is_warned(self) -> bool:
        """Whether three quarters of the time have elapsed and nobody has done it yet."""
        return self.stopped_at is None and not self.is_breached and self.share * 100 >= WARNING


class Reckoner:
    """The clocks of one case: its hours, its service levels, and what its trail says of pauses and reopenings."""

    def __init__(self, case: Case, hours: Hours, levels: Levels, events: Iterable[CaseEvent]) -> None:
        self._case, self._hours, self._levels = case, hours, levels
        self._events = [
            each for each in events if each.kind in ("reopened", *_TELLING) or "state" in each.changes
        ]
        self._pauses = pauses(self._events)
        self.reopened_at = max((each.at for each in self._events if each.kind == "reopened"), default=None)
        righted = (
            each.at for each in self._events if each.changes.get("state", ("", ""))[1] == states.RESOLVED
        )
        # Put right again after it was opened again: the case itself keeps the first time.
        self.resolved_at = max(righted, default=case.resolved_at)

    def clocks(self, now: datetime | None = None) -> tuple[Clock, ...]:
        """All three, as they are now."""
        return tuple(self.clock(step, now or clock.now()) for step in STEPS)

    def clock(self, step: str, now: datetime) -> Clock:
        began, stopped = self._span(step)
        allowed = self._allowed(step)
        end = max(began, stopped or now)
        runs = _runs(began, end, self._pauses)
        due_by = {
            is_business: self._due(began, allowed.seconds, is_business=is_business)
            for is_business in (False, True)
        }
        paused = sum(
            (_overlap(begins, over or end, began, end) for begins, over in self._pauses), timedelta()
        )
        return Clock(
            step=step,
            began_at=began,
            stopped_at=stopped,
            allowed=allowed,
            due=due_by[allowed.is_business],
            customer_due=due_by[False],
            business_due=due_by[True],
            customer_seconds=sum((over - begins for begins, over in runs), timedelta())
            // timedelta(seconds=1),
            business_seconds=sum(self._hours.between(begins, over) for begins, over in runs),
            paused_seconds=paused // timedelta(seconds=1),
            is_paused=stopped is None and self._case.paused_since is not None,
        )

    def moment(self, step: str, share: int) -> datetime | None:
        """When a clock has run for so many percent of its time; none when it stands before that."""
        allowed = self._allowed(step)
        return self._due(self._span(step)[0], allowed.seconds * share // 100, is_business=allowed.is_business)

    def said(self) -> set[tuple[str, int]]:
        """What clocks have said in this round: step and percent."""
        return {
            (each.changes["step"], each.changes["share"])
            for each in self._events
            if each.kind in _TELLING and "share" in each.changes and not self._is_before(each)
        }

    def next_word(self) -> datetime | None:
        """When a clock says something next."""
        if self._case.state not in states.OPEN:
            return None
        said = self.said()
        moments = [
            self.moment(step, share)
            for step in STEPS
            if self._span(step)[1] is None
            for share in SHARES
            if not any(other == step and heard >= share for other, heard in said)
        ]
        return min((each for each in moments if each is not None), default=None)

    def _allowed(self, step: str) -> Level:
        return allowance(
            self._case, self._levels, step, is_again=step == RESOLVE and self.reopened_at is not None
        )

    def _is_before(self, event: CaseEvent) -> bool:
        return self.reopened_at is not None and event.at < self.reopened_at

    def _span(self, step: str) -> tuple[datetime, datetime | None]:
        case = self._case
        if step == RESOLVE:
            began = self.reopened_at or case.opened_at
            return began, None if case.state in states.OPEN else self.resolved_at or case.closed_at or began
        done = case.acknowledged_at if step == ACKNOWLEDGE else case.contacted_at
        if done is None and case.state not in states.OPEN:
            done = case.resolved_at or case.closed_at or case.opened_at
        if done is None and self.reopened_at is not None:
            # It was put right without a word to the customer; now only that counts, and its clock runs.
            done = case.resolved_at or self.reopened_at
        return case.opened_at, done

    def _due(self, began: datetime, seconds: int, *, is_business: bool) -> datetime | None:
        """When so many seconds have run; none when the clock stands before that."""
        left, at = seconds, began
        for begins, over in self._pauses:
            if over is not None and over <= at:
                continue
            if begins > at:
                ran = (
                    self._hours.between(at, begins) if is_business else (begins - at) // timedelta(seconds=1)
                )
                if ran >= left:
                    break
                left -= ran
            if over is None:
                return None
            at = over
        return self._hours.add(at, left) if is_business else at + timedelta(seconds=left)


# Kinds of entries by which a clock has said something.
_TELLING = ("warned", "breached", "escalated")


def allowance(case: Case, levels: Levels, step: str, *, is_again: bool = False) -> Level:
    """How long a step may take: half as long for a repeated complaint, and for what was not put right at first."""
    found = levels[case.urgency, step]
    return Level(found.seconds // 2, found.counts) if is_again or case.repeat > 1 else found


def pauses(events: Sequence[CaseEvent]) -> tuple[Pause, ...]:
    """When a case stood, in order, as its trail says."""
    found: list[Pause] = []
    for each in events:
        before, after = each.changes.get("state", (None, None))
        if after == states.AWAITING:
            found.append((each.at, None))
        elif before == states.AWAITING and found:
            found[-1] = (found[-1][0], each.at)
    return tuple(found)


def _runs(began: datetime, end: datetime, stood: Iterable[Pause]) -> list[tuple[datetime, datetime]]:
    """The stretches from `began` to `end` in which the clock ran."""
    runs, at = [], began
    for begins, over in stood:
        if begins > at:
            runs.append((at, min(begins, end)))
        at = max(at, over or end)
        if at >= end:
            break
    if at < end:
        runs.append((at, end))
    return [(begins, over) for begins, over in runs if over > begins]


def _overlap(begins: datetime, over: datetime, began: datetime, end: datetime) -> timedelta:
    return max(timedelta(), min(over, end) - max(begins, began))
