"""Escalation: what clocks say by themselves. The worker looks at each case at the moment at which one of them speaks.

1. Cases whose `check_at` has passed are taken one by one, each in a transaction of its own, under a lock.
2. What a clock says stands in the trail, so it is said once; whoever hears of it is told in the same transaction.
3. `check_at` moves on to the next word. A worker that dies before the commit has said nothing; one that runs twice
   finds nothing more to say.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from mindgap.act.case import change, clocks, people, recovery_promise, states, telling, verdict
from mindgap.act.case.case import Case
from mindgap.act.case.clocks import Reckoner
from mindgap.ground import clock
from mindgap.keep.models import Organization

# Few at a time: what comes in must not wait behind a morning on which many clocks speak.
BATCH = 5
# A case with which something went wrong is looked at again after this time; the others go on.
_LATER = timedelta(minutes=10)
# When executives read their digest, in the organization's zone.
_DIGEST_HOUR = 8
_DIGEST_MOST = 200

log = logging.getLogger("mindgap.case")


def run_next(*, limit: int = BATCH) -> bool:
    """Look at the cases whose moment has come; whether there was any."""
    now = clock.now()
    due = list(
        Case.objects.filter(check_at__lte=now).order_by("check_at").values_list("id", flat=True)[:limit]
    )
    for case_id in due:
        try:
            look_at(case_id)
        except Exception:
            log.exception("looking at case %s went wrong", case_id)
            Case.objects.filter(pk=case_id, check_at__lte=now).update(check_at=now + _LATER)
    return bool(due)


@transaction.atomic
def look_at(case_id: int) -> None:
    """Let everything be said about one case that is due to be said."""
    case, now = change.hold(Case.objects, case_id), clock.now()
    if case.check_at is None or case.check_at > now:
        return
    made = change.Change(case)
    if _is_missed(case, now):
        _miss(made)
        made = change.Change(case)
    if case.state in states.OPEN:
        _speak(case, change.reckoner(case), now)
    elif case.state == states.RESOLVED and change.is_silent(case):
        verdict.fall_silent(made)
        return
    change.set_clocks(case, case.events.all())
    # No version: what clocks say takes nothing from whoever is writing at this moment.
    Case.objects.filter(pk=case.pk).update(check_at=case.check_at, due_at=case.due_at, level=case.level)


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


def _speak(case: Case, reckon: Reckoner, now: datetime) -> None:
    """Each clock that is running says what its time has come to say."""
    said, again = reckon.said(), case.events.filter(kind="reopened").count()
    for each in reckon.clocks(now):
        if not each.is_running or each.due is None:
            continue
        heard = max((share for step, share in said if step == each.step), default=0)
        reached = [
            share for share in clocks.SHARES if share > heard and _has_come(reckon, each.step, share, now)
        ]
        # Whoever was away for long is not warned of what is over already.
        for share in [share for share in reached if share >= clocks.BREACH] or reached:
            _say(case, each, share, again)


def _has_come(reckon: Reckoner, step: str, share: int, now: datetime) -> bool:
    moment = reckon.moment(step, share)
    return moment is not None and moment <= now


def _say(case: Case, said: clocks.Clock, share: int, again: int) -> None:
    assert said.due is not None
    before = case.level
    if share == clocks.WARNING:
        change.note(case, "warned", step=said.step, share=share)
        telling.warned(case, said.step, said.due, again=again)
        return
    # A repeated complaint began one level up; so does everything that follows.
    case.level = max(before, min(clocks.LEVEL_MOST, clocks.LEVELS[share] + min(case.repeat - 1, 1)))
    kind = "breached" if share == clocks.BREACH else "escalated"
    change.note(case, kind, step=said.step, share=share, due=said.due.isoformat(), level=[before, case.level])
    if share == clocks.BREACH:
        telling.breached(case, said.step, said.due, again=again)
    for level in range(before + 1, case.level + 1):
        telling.level(case, level, again=again)


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
