"""Idle: who leads something and has nothing going on (`behaviour.md` 3.6: to show managers who do nothing)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from mindgap.act.improvement.improvement import Improvement, ImprovementEvent
from mindgap.act.improvement.states import OPEN
from mindgap.ground import clock
from mindgap.keep.models import Member

DAYS = 90
_MANAGERS = ("branch_manager", "cx_manager")


@dataclass(frozen=True, slots=True)
class Idle:
    """A manager who owns no open improvement and has done nothing for one in 90 days; `last_at` None: never."""

    member: Member
    last_at: datetime | None


def idle(member: Member) -> list[Idle]:
    """The idle managers in the scope of whoever asks, longest idle first."""
    rows = Member.objects.filter(organization=member.organization_id, is_active=True)
    if member.unit is not None:
        rows = rows.filter(unit__path__startswith=member.unit.path)
    managers = [each for each in rows.select_related("user", "unit") if each.has_role(*_MANAGERS)]
    busy = set(
        Improvement.objects.filter(organization=member.organization_id, state__in=OPEN, owner__in=managers)
        .values_list("owner", flat=True)
    )  # fmt: skip
    last = dict(
        ImprovementEvent.objects.filter(by__in=managers).values_list("by").annotate(last=Max("at")).order_by()
    )
    border = clock.now() - timedelta(days=DAYS)
    found = [
        Idle(each, last.get(each.pk))
        for each in managers
        if each.pk not in busy and (last.get(each.pk) is None or last[each.pk] < border)
    ]
    return sorted(found, key=lambda each: (each.last_at is not None, each.last_at or border, each.member.pk))
