"""Escalation: what clocks say by themselves. The worker looks at each case at the moment at which one of them speaks.

1. Cases whose `check_at` has passed are taken some at a time, in one transaction, under a lock; what they are judged by
   is read once for all. When one of them cannot be looked at, the others are looked at one by one.
2. What a clock says stands in the trail, so it is said once; whoever hears of it is told in the same transaction.
3. `check_at` moves on to the next word. A worker that dies before the commit has said nothing; one that runs twice
   finds nothing more to say.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from mindgap.act.case import change, clocks, people, recovery_promise, states, telling, verdict
from mindgap.act.case.case import Case, CaseEvent
from mindgap.act.case.clocks import Reckoner
from mindgap.act.case.desk import Desk
from mindgap.ground import clock
from mindgap.keep import bulk
from mindgap.keep.models import Organization

# Not too many at a time: what comes in must not wait behind a morning on which many clocks speak.
BATCH = 50
# A case with which something went wrong is looked at again after this time; the others go on.
_LATER = timedelta(minutes=10)
# When executives read their digest, in the organization's zone.
_DIGEST_HOUR = 8
_DIGEST_MOST = 200

# What looking at a case may change, in the order of `_moved`.
_MOVED = ("check_at", "due_at", "level")

log = logging.getLogger("mindgap.case")


def run_next(*, limit: int = BATCH) -> bool:
    """Look at the cases whose moment has come; whether there was any."""
    now = clock.now()
    due = list(
        Case.objects.filter(check_at__lte=now).order_by("check_at").values_list("id", flat=True)[:limit]
    )
    try:
        look_at_all(due)
    except Exception:
        if len(due) > 1:
            log.exception("looking at %s cases at once went wrong", len(due))
        for case_id in due:
            _look_at_one(case_id, now)
    return bool(due)


def _look_at_one(case_id: int, now: datetime) -> None:
    try:
        look_at_all([case_id])
    except Exception:
        log.exception("looking at case %s went wrong", case_id)
        Case.objects.filter(pk=case_id, check_at__lte=now).update(check_at=now + _LATER)


@transaction.atomic
def look_at_all(ids: Sequence[int]) -> None:
    """Let everything be said about some cases that is due to be said."""
    now, desk = clock.now(), Desk()
    looked: list[Case] = []
    news: list[CaseEvent] = []
    for case in change.hold_all(ids):
        if case.check_at is None or case.check_at > now:
            continue
        if _is_missed(case, now):
            _miss(change.Change(case))
            case = change.hold(Case.objects, case.pk)  # noqa: PLW2901
        if case.state == states.RESOLVED and change.is_silent(case):
            verdict.fall_silent(change.Change(case))
            continue
        events = list(case.events.all())
        said = (
            _speak(case, change.reckoner(case, events, desk), now, desk) if case.state in states.OPEN else []
        )
        change.set_clocks(case, [*events, *said], desk)
        looked.append(case)
        news += said
    # No version: what clocks say takes nothing from whoever is writing at this moment.
    bulk.update("act_case", _MOVED, [_moved(case) for case in looked])
    CaseEvent.objects.bulk_create(news)
    desk.send()


def _moved(case: Case) -> tuple[Any, ...]:
    return case.pk, bulk.instant(case.check_at), bulk.instant(case.due_at), case.level


def _is_missed(case: Case, now: datetime) -> bool:
    is_watched = case.recovery_kept is None and case.state not in states.OVER
    return is_watched and case.recovery_due is not None and case.recovery_due < now


def _miss(made: change.Change) -> None:
    """A recovery promise whose date has passed: it was not kept, and the case goes one level up."""
    recovery_promise.settle(made, is_done=False)
    raised = min(clocks.LEVEL_MOST, made.case.level + 1)
    is_higher = raised > made.case.level
    made.put(level=raised)
    number = made.case.events.filter(kind="promised").count()
    case = made.write("recovery_missed", made.case.recovery_promise)
    telling.recovery_missed(case, number=number)
    if is_higher:
        telling.level(case, raised, again=case.version)


def _speak(case: Case, reckon: Reckoner, now: datetime, desk: Desk) -> list[CaseEvent]:
    """Each clock that is running says what its time has come to say; the entries for the trail, unsaved."""
    said, again = reckon.said(), sum(each.kind == "reopened" for each in case.events.all())
    news = []
    for each in reckon.clocks(now):
        if not each.is_running or each.due is None:
            continue
        heard = max((share for step, share in said if step == each.step), default=0)
        reached = [
            share for share in clocks.SHARES if share > heard and _has_come(reckon, each.step, share, now)
        ]
        # Whoever was away for long is not warned of what is over already.
        over = [share for share in reached if share >= clocks.BREACH]
        news += [_say(case, each, share, again, desk) for share in over or reached]
    return news


def _has_come(reckon: Reckoner, step: str, share: int, now: datetime) -> bool:
    moment = reckon.moment(step, share)
    return moment is not None and moment <= now


def _say(case: Case, said: clocks.Clock, share: int, again: int, desk: Desk) -> CaseEvent:
    assert said.due is not None
    before = case.level
    if share == clocks.WARNING:
        telling.warned(case, said.step, said.due, again=again, desk=desk)
        return CaseEvent(case=case, kind="warned", changes={"step": said.step, "share": share})
    # A repeated complaint began one level up; so does everything that follows.
    case.level = max(before, min(clocks.LEVEL_MOST, clocks.LEVELS[share] + min(case.repeat - 1, 1)))
    kind = "breached" if share == clocks.BREACH else "escalated"
    if share == clocks.BREACH:
        telling.breached(case, said.step, said.due, again=again, desk=desk)
    for level in range(before + 1, case.level + 1):
        telling.level(case, level, again=again, desk=desk)
    due = said.due.isoformat()
    told = {"step": said.step, "share": share, "due": due, "level": [before, case.level]}
    return CaseEvent(case=case, kind=kind, changes=told)


def tell_executives() -> None:
    """Once a day, in the morning, executives read of the cases that nobody below has put right."""
    now = clock.now()
    for organization in Organization.objects.filter(cases__level=clocks.LEVEL_MOST).distinct():
        local = now.astimezone(clock.zone(organization.zone))
        if local.hour >= _DIGEST_HOUR:
            _digest(organization, local.date().isoformat())


def _digest(organization: Organization, day: str) -> None:
    waiting = Case.objects.filter(organization=organization, level=clocks.LEVEL_MOST, state__in=states.OPEN)
    waiting = waiting.select_related("organization", "unit").order_by(F("due_at").asc(nulls_last=True), "id")
    for each in people.with_role(organization.pk, "executive"):
        if telling.has_digest(each, day=day):
            continue
        here = waiting if each.unit is None else waiting.filter(unit__path__startswith=each.unit.path)
        found, count = list(here[:1]), here.count()
        if found:
            with transaction.atomic():
                telling.digest(found[0], each, day=day, count=count)
