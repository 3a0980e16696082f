"""Permission: who sees an improvement, and who may do what with it. The scope of a member is a unit with all below it."""

from django.db.models import Q, QuerySet

from mindgap.act.improvement.improvement import Improvement
from mindgap.keep.models import Member, Organization, Unit

# Who agrees on goals and says what becomes of a result; branch managers in their own units.
LEADS = ("admin", "cx_manager", "branch_manager")
# Who may read all of their scope; everybody else sees what they have a part in.
READERS = (*LEADS, "executive", "analyst")
VERBS = ("edit", "plan", "advance", "standardise", "drop", "note", "task")


def improvements(member: Member) -> "QuerySet[Improvement]":
    """The improvements that a member may see: those in scope for readers, and those they have a part in."""
    rows = Improvement.objects.filter(organization=member.organization_id)
    if not member.is_active:
        return rows.none()
    if member.has_role(*READERS) and member.unit_id is None:
        return rows
    own = Q(owner=member) | Q(sponsor=member) | Q(created_by=member) | Q(tasks__owner=member)
    if member.has_role(*READERS):
        assert member.unit is not None
        own |= Q(unit__path__startswith=member.unit.path)
    # By key, because a member may own several tasks of one.
    return rows.filter(pk__in=Improvement.objects.filter(own).values("pk"))


def may(member: Member, verb: str, improvement: Improvement) -> bool:
    """Whether the member may do it.

    `edit` its words and people, `advance` (begin, finish) and `task`: leads in scope, and the owner; `plan`,
    `standardise` and `drop`: leads in scope; `note`: whoever has a part in it. Who only reads may do nothing.
    """
    assert verb in VERBS
    if not member.is_active or member.organization_id != improvement.organization_id:
        return False
    leads = member.has_role(*LEADS) and _within(member, improvement.unit)
    if verb in ("plan", "standardise", "drop"):
        return leads
    owns = improvement.owner_id == member.pk
    if verb == "note":
        return leads or owns or member.pk in (improvement.sponsor_id, improvement.created_by_id)
    return leads or owns


def may_open(member: Member, organization: Organization, unit: Unit | None) -> bool:
    """Whether the member may open an idea here: everybody may, within their scope."""
    return member.is_active and member.organization_id == organization.pk and _within(member, unit)


def _within(member: Member, unit: Unit | None) -> bool:
    if unit is not None and unit.organization_id != member.organization_id:
        return False
    if member.unit is None:
        return True
    return unit is not None and unit.path.startswith(member.unit.path)
