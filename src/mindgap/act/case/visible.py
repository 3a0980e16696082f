"""Visible: which cases a member sees. Deny wins: outside their units nobody sees any, whatever their roles."""

from django.db.models import Q, QuerySet

from mindgap.act.case.case import Case
from mindgap.keep.models import Member

# They see all cases of their units; front line people see their own and those that nobody has taken.
WIDE = ("admin", "cx_manager", "branch_manager", "executive", "analyst")
NARROW = "front_line"


def cases(member: Member) -> QuerySet[Case]:
    """The cases that a member sees."""
    if not member.is_active or not member.has_role(*WIDE, NARROW):
        return Case.objects.none()
    found = Case.objects.filter(organization_id=member.organization_id)
    if member.unit is not None:
        found = found.filter(unit__in=member.unit.subtree().values("id"))
    if not member.has_role(*WIDE):
        found = found.filter(Q(owner=member) | Q(owner=None))
    return found


def sees(member: Member, case: Case) -> bool:
    """Whether a member sees a case: the same as `cases`, without asking the database."""
    if not member.is_active or member.organization_id != case.organization_id:
        return False
    return covers(member, case) and (
        member.has_role(*WIDE) or (member.has_role(NARROW) and case.owner_id in (None, member.pk))
    )


def covers(member: Member, case: Case) -> bool:
    """Whether a case lies within the units of a member."""
    if member.unit is None:
        return True
    return case.unit is not None and case.unit.path.startswith(member.unit.path)
