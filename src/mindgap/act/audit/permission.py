"""Permission: who may see an audit, and do what with it. The scope of a member is a unit with all below it."""

from django.db.models import Q, QuerySet

from mindgap.act.audit.audit import Audit
from mindgap.act.audit.errors import NotAllowed
from mindgap.act.audit.scope import unit_of
from mindgap.keep.member import Member
from mindgap.keep.models import Unit

# Who sets up audits and makes improvements of what they find; branch managers do so in their own units.
KEEPERS = ("admin", "cx_manager")
LEADS = (*KEEPERS, "branch_manager")
READERS = (*LEADS, "executive", "analyst")
VERBS = ("look", "assess", "manage", "reword", "promote")


def audits(member: Member) -> QuerySet[Audit]:
    """The audits that a member may see: of the whole organization or of units in scope; staff see COURTED and their own."""
    rows = Audit.objects.filter(organization=member.organization_id).select_related("auditor__user")
    if member.unit_id is not None:
        assert member.unit is not None
        codes = list(member.unit.subtree().values_list("code", flat=True))
        # A key inside JSON is compared as text, and codes are text.
        rows = rows.filter(scope__unit__in=codes)
    if not member.has_role(*READERS):
        rows = rows.filter(Q(auditor=member) | Q(kind="courted"))
    return rows


def may(member: Member, verb: str, audit: Audit) -> bool:
    """Whether the member may do it to this audit.

    `look`: score the items of it; `assess`: say one's own view (COURTED); `manage`: add, finish, make again;
    `reword`: change the words of a promise, which hold for everybody; `promote`: open an improvement of a finding.
    """
    assert verb in VERBS
    if not member.is_active or member.organization_id != audit.organization_id or not _inside(member, audit):
        return False
    is_lead = member.has_role(*LEADS)
    is_auditor = audit.auditor_id == member.pk
    return {
        "look": is_auditor or is_lead,
        "assess": audit.kind == "courted",
        "manage": is_lead or is_auditor,
        "reword": member.unit_id is None and member.has_role(*KEEPERS),
        "promote": is_lead,
    }[verb]


def may_start(member: Member, unit: Unit | None) -> bool:
    """Whether the member may start an audit of this unit (None: of the whole organization)."""
    if not member.is_active or not member.has_role(*LEADS):
        return False
    return _within(member, unit)


def need(member: Member, verb: str, audit: Audit) -> None:
    """`NotAllowed` unless the member may."""
    if not may(member, verb, audit):
        raise NotAllowed(verb)


def _inside(member: Member, audit: Audit) -> bool:
    return member.unit_id is None or _within(member, unit_of(audit))


def _within(member: Member, unit: Unit | None) -> bool:
    if unit is not None and unit.organization_id != member.organization_id:
        return False
    if member.unit is None:
        return True
    return unit is not None and unit.path.startswith(member.unit.path)
