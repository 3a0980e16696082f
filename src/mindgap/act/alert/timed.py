"""Timed: the rules that look through the record now and then.

1. Whatever is due is looked through without any lock.
2. In one transaction the rule is claimed by a conditional update of its next look, and what it fired on is written. Of
   two workers that looked at once only the first writes; one that dies before the commit leaves the look to be done.
3. Spans overlap, since things also come in late; an event fires a rule once all the same.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from mindgap.act.alert import firing, judging
from mindgap.act.alert.firing import Fired
from mindgap.act.alert.place import Place
from mindgap.act.alert.rule import AlertRule
from mindgap.act.alert.trigger import Look, Trigger
from mindgap.act.alert.triggers import catalog
from mindgap.ground import clock
from mindgap.ground.condition import BadCondition, Condition

OVERLAP = timedelta(days=1)
FAILED = "failed"

log = logging.getLogger("mindgap.alerts")


def run_due() -> int:
    """Let every rule look that is due; how many did."""
    done = 0
    while run_next():
        done += 1
    return done


def run_next() -> bool:
    """Let the rule look that is due next; whether there was one."""
    now = clock.now()
    codes = [code for code, trigger in catalog().items() if trigger.look is not None]
    due = AlertRule.objects.filter(Q(next_at=None) | Q(next_at__lte=now), is_active=True, trigger__in=codes)
    rule = due.select_related("playbook").order_by(F("next_at").asc(nulls_first=True), "id").first()
    if rule is None:
        return False
    trigger = catalog()[rule.trigger]
    assert trigger.every is not None
    place = Place(rule.organization_id)
    since = max(rule.active_from, (rule.looked_to or rule.active_from) - OVERLAP)
    try:
        found = looked(place, rule, trigger, since=since, until=now, anchor=rule.active_from)
        fault, words = "", ""
    except BadCondition as problem:
        found, fault, words = [], judging.UNREADABLE, str(problem)
    except Exception as problem:
        # One rule that cannot look must not keep the others from looking.
        log.exception("the alert rule %s could not look", rule.code)
        found, fault, words = [], FAILED, str(problem)
    with transaction.atomic():
        mine = AlertRule.objects.filter(pk=rule.pk, next_at=rule.next_at, is_active=True)
        if mine.update(next_at=now + trigger.every, looked_to=rule.looked_to if fault else now):
            if fault or rule.fault in (judging.UNREADABLE, FAILED):
                firing.note_fault(rule, fault, words)
            firing.fire(place, found)
    return True


def looked(
    place: Place, rule: AlertRule, trigger: Trigger, *, since: datetime, until: datetime, anchor: datetime
) -> list[Fired]:
    """What the rule fires on in a span; nothing is written."""
    assert trigger.look is not None
    condition = Condition.read(rule.condition)
    asked = Look(place.organization, since, until, trigger.settle(rule.settings), condition, anchor)
    holds = judging.compiled(Condition() if trigger.judges_itself else condition, place)
    return [
        Fired(rule, each)
        for each in trigger.look(asked)
        if since < each.happened_at <= until and holds(each.row)
    ]
