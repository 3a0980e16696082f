"""People: who owns a case, and who is above."""

from collections import Counter

from mindgap.act.case import states, visible
from mindgap.act.case.case import Case
from mindgap.act.case.desk import Desk
from mindgap.keep.models import Member, Unit


def owner_of(case: Case) -> Member | None:
    """Who takes care of a new case: whoever answers for the touchpoint or the promise there, else the unit's manager.

    None: nobody yet; it is in the pool.
    """
    answering = [
        thing.owner
        for thing in (case.touchpoint, case.promise)
        if thing is not None and thing.owner is not None
    ]
    fit = next((each for each in answering if may_own(each, case)), None)
    return fit or _least_busy(holders(case.organization_id, case.unit, "branch_manager"))


def may_own(member: Member, case: Case) -> bool:
    """Whether a member can take care of a case: one who works on cases, in whose units it is."""
    works = member.has_role("branch_manager", "cx_manager", "admin", visible.NARROW)
    is_here = member.is_active and member.organization_id == case.organization_id
    return works and is_here and visible.covers(member, case)


def lead_of(case: Case, desk: Desk | None = None) -> Member | None:
    """Whoever is above the owner: the nearest branch manager up the tree who is somebody else, else a CX manager."""
    above = [
        each
        for each in holders(case.organization_id, case.unit, "branch_manager", all_above=True, desk=desk)
        if each.pk != case.owner_id
    ]
    return next(iter(above), None) or next(iter(managers(case, desk)), None)


def managers(case: Case, desk: Desk | None = None) -> list[Member]:
    """The CX managers of a case, the nearest first."""
    found = holders(case.organization_id, case.unit, "cx_manager", all_above=True, desk=desk)
    return [each for each in found if each.pk != case.owner_id] or found


def holders(
    organization_id: int, unit: Unit | None, role: str, *, all_above: bool = False, desk: Desk | None = None
) -> list[Member]:
    """The members with a role at a unit, else at the nearest one above that has any; with `all_above` all of these.

    Whoever has no unit belongs to the organization as a whole, above all units.
    """
    line = [int(part) for part in reversed(unit.path.split("/")) if part] if unit else []
    places: list[int | None] = [*line, None]
    found = [each for each in with_role(organization_id, role, desk) if each.unit_id in places]
    found.sort(key=lambda each: places.index(each.unit_id))
    if all_above or not found:
        return found
    return [each for each in found if each.unit_id == found[0].unit_id]


def with_role(organization_id: int, role: str, desk: Desk | None = None) -> list[Member]:
    """All members with a role, wherever they are."""
    return [each for each in (desk or Desk()).members(organization_id) if each.has_role(role)]


def _least_busy(members: list[Member]) -> Member | None:
    if len(members) < 2:
        return next(iter(members), None)
    owned = Counter(
        Case.objects.filter(owner__in=members, state__in=states.OPEN).values_list("owner_id", flat=True)
    )
    return min(members, key=lambda each: (owned[each.pk], each.pk))
