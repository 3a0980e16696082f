"""Change: one step of a case, by one person, written whole or not at all.

1. The case is read under a lock, as far as whoever acts may see it.
2. What they saw must be what is there: the version; else nothing is written and they are told what happened since.
3. The fields, the next due moment and the entry in the trail are written together.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from mindgap.act.case import clocks, permission, states, visible
from mindgap.act.case.case import Case, CaseEvent
from mindgap.act.case.desk import Desk
from mindgap.act.case.errors import ChangedMeanwhile, NoSuchCase, NotAllowed, NotPossible
from mindgap.ground import clock
from mindgap.keep.models import Member

# Reckoned from the others, so no news in the trail.
_SILENT = frozenset({"due_at", "check_at", "acknowledge_due", "contact_due", "resolve_due", "paused_seconds"})


_RELATED = (
    "organization",
    "unit",
    "owner__user",
    "owner__unit",
    "touchpoint",
    "promise",
    "customer",
    "answer",
)


class Change:
    """What becomes of a case. Fields are set with `put` and `enter`; `write` ends it."""

    def __init__(self, case: Case, *, by: Member | None = None, by_customer: bool = False) -> None:
        self.case, self.by, self.by_customer, self.now = case, by, by_customer, clock.now()
        self._before = _fields(case)

    def put(self, **values: Any) -> None:
        """Set fields."""
        for name, value in values.items():
            setattr(self.case, name, value)

    def enter(self, state: str, verb: str) -> None:
        """Go into a state, with everything that this says of the clocks; `NotPossible` from where one cannot."""
        case = self.case
        if state not in states.following(case.state):
            raise NotPossible(verb, case.state)
        if case.state == states.AWAITING and case.paused_since is not None:
            stood = int((self.now - case.paused_since).total_seconds())
            self.put(paused_since=None, paused_seconds=case.paused_seconds + max(0, stood))
        self.put(state=state)
        if state in (states.MERGED, states.NOT_ACTIONABLE, states.CLOSED):
            self.put(closed_at=case.closed_at or self.now, verify_at=None)
            return
        self.put(acknowledged_at=case.acknowledged_at or self.now)
        if state in (states.CONTACTED, states.AWAITING):
            self.put(contacted_at=case.contacted_at or self.now)
        if state == states.AWAITING:
            self.put(paused_since=self.now)
        if state == states.RESOLVED:
            self.put(resolved_at=case.resolved_at or self.now)

    def is_first(self, name: str) -> bool:
        """Whether this change is the first to fill a field."""
        return self._before[name] is None and getattr(self.case, name) is not None

    def write(self, kind: str, words: str = "", **more: Any) -> Case:
        """Write the case and the entry in its trail; `ChangedMeanwhile` when somebody was faster."""
        case, seen = self.case, self.case.version
        case.version = seen + 1
        news = {
            name: [_plain(before), _plain(now)]
            for name, (before, now) in self._differing().items()
            if name not in _SILENT
        }
        event = CaseEvent(
            case=case,
            at=self.now,
            by=self.by,
            by_customer=self.by_customer,
            kind=kind,
            words=words,
            changes=news | more,
        )
        set_clocks(case, [*case.events.all(), event])
        values = {name: now for name, (_, now) in self._differing().items()}
        if not Case.objects.filter(pk=case.pk, version=seen).update(**values):
            raise ChangedMeanwhile(Case.objects.get(pk=case.pk), since(case, seen))
        event.save()
        self._before = _fields(case)
        return case

    def _differing(self) -> dict[str, tuple[Any, Any]]:
        now = _fields(self.case)
        return {name: (self._before[name], now[name]) for name in now if now[name] != self._before[name]}


def begin(case_id: int, member: Member, verb: str, *, version: int | None) -> Change:
    """A member's change of a case, in a transaction of the caller's; no version: it holds whatever was seen."""
    case = hold(visible.cases(member), case_id)
    if not permission.may(member, verb, case):
        raise NotAllowed(verb)
    if version is not None and case.version != version:
        raise ChangedMeanwhile(case, since(case, version))
    return Change(case, by=member)


def hold(among: Any, case_id: int) -> Case:
    """The case, locked until the transaction ends; `NoSuchCase` when it is not among those."""
    held = among.filter(pk=case_id).select_for_update(of=("self",)).values_list("id", flat=True).first()
    if held is None:
        raise NoSuchCase(case_id)
    return Case.objects.select_related(*_RELATED).get(pk=held)


def hold_all(ids: Iterable[int]) -> list[Case]:
    """Those cases with their trails, locked until the transaction ends; always in one order, so that none waits for ever."""
    mine = Case.objects.filter(pk__in=list(ids)).order_by("pk")
    held = list(mine.select_for_update(of=("self",)).values_list("id", flat=True))
    return list(
        Case.objects.filter(pk__in=held).order_by("pk").select_related(*_RELATED).prefetch_related("events")
    )


def since(case: Case, version: int) -> tuple[CaseEvent, ...]:
    """What was done after a version, in order; notes among it."""
    events = list(case.events.select_related("by__user"))
    seen = [each.pk for each in events if each.changes.get("version", (0, 0))[1] == version]
    return tuple(each for each in events if each.pk > max(seen, default=0))


def note(
    case: Case,
    kind: str,
    words: str = "",
    *,
    by: Member | None = None,
    by_customer: bool = False,
    **more: Any,
) -> CaseEvent:
    """Append to the trail something that changes nothing."""
    return CaseEvent.objects.create(
        case=case, by=by, by_customer=by_customer, kind=kind, words=words, changes=more
    )


def reckoner(
    case: Case, events: Iterable[CaseEvent] | None = None, desk: Desk | None = None
) -> clocks.Reckoner:
    """What reckons the clocks of one case."""
    desk = desk or Desk()
    seen = case.events.all() if events is None else events
    return clocks.Reckoner(case, desk.hours(case), desk.levels(case), seen)


def set_clocks(case: Case, events: Iterable[CaseEvent], desk: Desk | None = None) -> None:
    """Say anew by when each step is due, what is due next, and when somebody must look at it again. Unsaved."""
    reckon, now = reckoner(case, events, desk), clock.now()
    dues: list[datetime | None] = []
    for each in reckon.clocks(now):
        if each.stopped_at is None:
            setattr(case, f"{each.step}_due", each.due)
            dues.append(each.due)
    looks = [reckon.next_word()]
    if case.recovery_due is not None and case.recovery_kept is None and case.state not in states.OVER:
        dues.append(case.recovery_due)
        looks.append(case.recovery_due)
    if case.state == states.RESOLVED:
        looks.append(_silence_ends(case, reckon, desk or Desk()))
    is_owing = case.state in states.OPEN
    case.due_at = min((each for each in dues if each is not None), default=None) if is_owing else None
    case.check_at = min((each for each in looks if each is not None), default=None)


def is_silent(case: Case) -> bool:
    """Whether the customer has had the time to say whether it was put right, and said nothing."""
    return _silence_ends(case, reckoner(case), Desk()) <= clock.now()


def _silence_ends(case: Case, reckon: clocks.Reckoner, desk: Desk) -> datetime:
    """When a case that was put right is closed without the customer's word."""
    rules = desk.policy(case.organization_id)
    if case.verification is not None:
        return case.verification.created_at + timedelta(days=rules.silence_days)
    resolved = reckon.resolved_at or clock.now()
    return resolved + timedelta(days=rules.verify_days + rules.silence_days)


def _fields(case: Case) -> dict[str, Any]:
    return {field.attname: getattr(case, field.attname) for field in Case._meta.concrete_fields}  # noqa: SLF001


def cleaned(words: str, most: int) -> str:
    """Words as they can be stored: PostgreSQL holds every character but NUL, which nobody can mean."""
    return words.replace("\x00", "").strip()[:most]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
