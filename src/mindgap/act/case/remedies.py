"""Remedies: what is given to put it right, within the giver's authority and budget; beyond it a lead decides (R187).

What somebody has given so far is read and added to under a lock on the giver, and on the case: two remedies at the
same moment cannot together be more than either would have been allowed to give.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from mindgap.act.case import change, people, states, telling
from mindgap.act.case.case import REMEDIES, Authority, Case, Remedy
from mindgap.act.case.errors import Incomplete, NotAllowed, NotPossible
from mindgap.ground import clock
from mindgap.keep import claim
from mindgap.keep.models import Member

GIVEN, ASKED, REFUSED = "given", "asked", "refused"
_LOCK = "remedies"
# Who may give without a limit, where the organization has set none for them.
_UNLIMITED = ("cx_manager", "admin")
_MINOR_MOST = 10**15


@dataclass(frozen=True, slots=True)
class Room:
    """How much a member may still give without asking, in minor units; None: as much as they like."""

    in_case: int | None
    in_month: int | None

    def holds(self, cost_minor: int) -> bool:
        return all(left is None or cost_minor <= left for left in (self.in_case, self.in_month))


@transaction.atomic
def remedy(
    case_id: int, member: Member, *, version: int, kind: str, cost_minor: int = 0, words: str = ""
) -> Case:
    """Give something; beyond the member's authority it is asked for, and whoever may allow it is told."""
    made = change.begin(case_id, member, "remedy", version=version)
    case = made.case
    if case.state in states.OVER:
        raise NotPossible("remedy", case.state)
    if kind not in REMEDIES:
        raise Incomplete("kind", "unknown", f"choose one of {', '.join(REMEDIES)}")
    if not 0 <= cost_minor < _MINOR_MOST:
        raise Incomplete("cost_minor", "off_scale", "an amount is a positive number")
    is_within = _room_of(member, case, made.now).holds(cost_minor)
    given = Remedy.objects.create(
        case=case, kind=kind, words=change.cleaned(words, 300), cost_minor=cost_minor, by=member,
        currency=case.organization.currency, state=GIVEN if is_within else ASKED, at=made.now,
    )  # fmt: skip
    if case.state in (states.NEW, states.TRIAGED, states.CONTACTED):
        made.enter(states.RESOLVING, "remedy")
    if case.owner is None and people.may_own(member, case):
        made.put(owner=member)
    written = made.write("remedy" if is_within else "remedy_asked", given.words, remedy=_said(given))
    if not is_within:
        telling.remedy_asked(given, written, _deciders(written, given))
    return written


@transaction.atomic
def approve(case_id: int, member: Member, *, version: int, remedy: int, words: str = "") -> Case:
    """Allow a remedy that was asked for; it counts against the authority of whoever allows it."""
    made = change.begin(case_id, member, "approve", version=version)
    asked = _asked(made.case, remedy)
    if asked.by_id == member.pk or not _room_of(member, made.case, made.now).holds(asked.cost_minor):
        raise NotAllowed("approve")
    return _decide(made, asked, member, GIVEN, words)


@transaction.atomic
def refuse(case_id: int, member: Member, *, version: int, remedy: int, words: str) -> Case:
    """Refuse a remedy that was asked for, saying why."""
    made = change.begin(case_id, member, "refuse", version=version)
    if not change.cleaned(words, 300):
        raise Incomplete("words", "missing", "say why, so that whoever asked can tell the customer")
    return _decide(made, _asked(made.case, remedy), member, REFUSED, words)


def room(member: Member, case: Case) -> Room:
    """How much a member may still give in a case without asking: for the page that says so before."""
    return _left(member, case, clock.now())


def _decide(made: change.Change, asked: Remedy, member: Member, state: str, words: str) -> Case:
    asked.state, asked.approved_by = state, member
    asked.save(update_fields=["state", "approved_by"])
    kind = "remedy_approved" if state == GIVEN else "remedy_refused"
    written = made.write(kind, change.cleaned(words, 300), remedy=_said(asked))
    telling.remedy_decided(asked, written, words)
    return written


def _asked(case: Case, remedy: int) -> Remedy:
    found = Remedy.objects.select_related("by__user").filter(case=case, pk=remedy).first()
    if found is None:
        raise Incomplete("remedy", "unknown", "there is no such remedy in this case")
    if found.state != ASKED:
        raise NotPossible("decide", found.state)
    return found


def _room_of(member: Member, case: Case, now: datetime) -> Room:
    """The room, held until the transaction ends; the case is held already."""
    claim.hold([(case.organization_id, f"{_LOCK}:{member.pk}")])
    return _left(member, case, now)


def _left(member: Member, case: Case, now: datetime) -> Room:
    limits = _limits(member)
    if limits is None:
        return Room(None, None)
    zone = clock.zone(case.organization.zone)
    month = clock.day_begins(now.astimezone(zone).date().replace(day=1), zone)
    given = Remedy.objects.filter(state=GIVEN, case__organization=case.organization_id)
    # What a lead allowed is on the lead's account, not on that of whoever asked.
    mine = given.filter(approved_by=None, by=member) | given.filter(approved_by=member)
    in_case = _sum(given.filter(case=case))
    # A remedy counts in the month in which it was asked for or given.
    return Room(max(0, limits[0] - in_case), max(0, limits[1] - _sum(mine.filter(at__gte=month))))


def _limits(member: Member) -> tuple[int, int] | None:
    """Per case and per month: the member's own, else the highest of their roles; None: no limit."""
    rows = Authority.objects.filter(organization=member.organization_id)
    own = rows.filter(member=member).first()
    if own is not None:
        return own.per_case_minor, own.per_month_minor
    of_roles = [each for each in rows.filter(member=None) if member.has_role(each.role)]
    limited = {each.role for each in of_roles}
    if any(member.has_role(role) and role not in limited for role in _UNLIMITED):
        return None
    most_case = max((each.per_case_minor for each in of_roles), default=0)
    return most_case, max((each.per_month_minor for each in of_roles), default=0)


def _deciders(case: Case, asked: Remedy) -> list[Member]:
    """The nearest above whose authority holds it; all CX managers when nobody's does."""
    above = people.holders(case.organization_id, case.unit, "branch_manager", all_above=True)
    managers = people.managers(case)
    for each in [*above, *managers]:
        if each != asked.by and _left(each, case, asked.at).holds(asked.cost_minor):
            return [each]
    return [each for each in managers if each != asked.by]


def _sum(rows: object) -> int:
    return int(rows.aggregate(total=Sum("cost_minor"))["total"] or 0)  # type: ignore[attr-defined]


def _said(given: Remedy) -> dict[str, object]:
    return {"id": given.pk, "kind": given.kind, "cost_minor": given.cost_minor, "currency": given.currency}
