"""Promoting: a finding becomes an improvement, or a quick win where it is easy to fix (R32, R82)."""

from django.db import transaction

from mindgap.act.audit import permission
from mindgap.act.audit.audit import AuditFinding
from mindgap.act.audit.errors import ChangedMeanwhile
from mindgap.act.audit.scope import unit_of
from mindgap.act.improvement.improvement import Improvement
from mindgap.act.improvement.opening import open_improvement
from mindgap.collect.widget.site import WidgetSite
from mindgap.keep.member import Member
from mindgap.keep.models import Occurrence, Promise, Touchpoint

# Which side of the gap is mended: the words, or what is done.
_SIDES = {"occurrence": "promise", "touchpoint": "promise"}
_TITLE = 200


def promote(finding: AuditFinding, member: Member, *, about: str) -> Improvement:
    """The improvement of this finding: opened now, or the one that it has become already."""
    audit = finding.item.audit
    permission.need(member, "promote", audit)
    kind, code = finding.item.subject.split(":", 1)
    with transaction.atomic():
        fresh = AuditFinding.objects.get(pk=finding.pk)
        if fresh.improvement is not None:
            return fresh.improvement
        made = open_improvement(
            audit.organization,
            origin="audit",
            source={
                "audit": audit.pk,
                "audit_finding": finding.pk,
                "subject": finding.item.subject,
                "evidence": finding.item.evidence,
            },
            title=f"{about}: {finding.words}"[:_TITLE],
            touchpoint=_touchpoint(audit.organization_id, kind, code),
            side=_SIDES.get(kind, "delivery"),
            kind="quick_win" if finding.severity == "quick" else "repair",
            member=member,
            unit=unit_of(audit),
            promise=_promise(audit.organization_id, kind, code),
        )
        # Whoever is second undoes their own, so that one finding never becomes two improvements.
        if not AuditFinding.objects.filter(pk=finding.pk, improvement=None).update(improvement=made):
            raise ChangedMeanwhile(finding.item)
    return made


def _promise(organization: int, kind: str, code: str) -> Promise | None:
    if kind != "occurrence":
        return None
    return Promise.objects.filter(organization=organization, occurrences__pk=int(code)).first()


def _touchpoint(organization: int, kind: str, code: str) -> Touchpoint | None:
    if kind == "touchpoint":
        return Touchpoint.objects.filter(organization=organization, code=code).first()
    if kind == "occurrence":
        rows = Occurrence.objects.filter(promise__organization=organization, pk=int(code))
        place = rows.select_related("touchpoint", "promise__touchpoint").first()
        return (place.touchpoint or place.promise.touchpoint) if place else None
    if kind == "site":
        site = WidgetSite.objects.filter(organization=organization, short=code).select_related(
            "promise__touchpoint"
        )
        found = site.first()
        return found.promise.touchpoint if found and found.promise else None
    return None
