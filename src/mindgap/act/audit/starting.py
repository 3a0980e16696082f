"""Starting: an audit with everything it is to look at, and the evidence for it; making it again; what was missing."""

from collections.abc import Callable, Iterator
from datetime import date

from django.db import transaction

from mindgap.act.audit import courted, digital, messages, mistakes, permission, pyramid
from mindgap.act.audit.audit import KINDS, Audit, AuditItem
from mindgap.act.audit.draft import Draft
from mindgap.act.audit.errors import NotAllowed
from mindgap.act.audit.scope import Scope
from mindgap.explain.inquiry import Inquiry
from mindgap.ground import clock
from mindgap.keep.member import Member
from mindgap.keep.models import Unit

DRAFTS: dict[str, Callable[[Inquiry, Scope], Iterator[Draft]]] = {
    "messages": messages.drafts,
    "courted": courted.drafts,
    "pyramid": pyramid.drafts,
    "digital": digital.drafts,
    "mistakes": mistakes.drafts,
}
assert tuple(DRAFTS) == KINDS
MONTHS = 6


def start(member: Member, *, kind: str, name: str, scope: Scope, auditor: Member | None = None) -> Audit:
    """A new audit by `member`, to be done by `auditor` (else by themselves).

    `NotAllowed` unless the member may start one of that unit and the auditor may look at it.
    """
    organization = member.organization
    unit = Unit.objects.get(organization=organization, code=scope.unit) if scope.unit else None
    if not permission.may_start(member, unit):
        raise NotAllowed("start")
    audit = Audit(
        organization=organization,
        kind=kind,
        name=name,
        scope=scope.write(),
        auditor=auditor or member,
        created_by=member,
    )
    permission.need(auditor or member, "look", audit)
    found = list(DRAFTS[kind](scope.inquiry(organization), scope))
    with transaction.atomic():
        audit.save()
        AuditItem.objects.bulk_create(
            AuditItem(
                audit=audit,
                subject=draft.subject,
                position=place,
                evidence=draft.evidence,
                wording=draft.wording,
            )
            for place, draft in enumerate(found)
        )
        if scope.before is not None:
            # What is made again is due no more.
            Audit.objects.filter(organization=organization, pk=scope.before).update(next_due=None)
    return audit


def again(audit: Audit, member: Member) -> Audit:
    """The same audit anew: what was looked at may have changed; the old one stays as it was."""
    permission.need(member, "manage", audit)
    scope = Scope.read({**audit.scope, "before": audit.pk})
    auditor = audit.auditor if audit.auditor is not None and audit.auditor.is_active else member
    return start(member, kind=audit.kind, name=audit.name, scope=scope, auditor=auditor)


def refresh(audit: Audit, member: Member) -> int:
    """Seek the evidence again, and add what has come since; how many things were added. Scores stay as they are."""
    permission.need(member, "manage", audit)
    scope = Scope.read(audit.scope)
    found = list(DRAFTS[audit.kind](scope.inquiry(audit.organization), scope))
    with transaction.atomic():
        known = {item.subject: item for item in audit.items.all()}
        last = max((item.position for item in known.values()), default=-1)
        for draft in found:
            if draft.subject in known:
                # Evidence alone, so that nobody's scores are touched and nobody's version grows old.
                AuditItem.objects.filter(pk=known[draft.subject].pk).update(evidence=draft.evidence)
        new = [draft for draft in found if draft.subject not in known]
        AuditItem.objects.bulk_create(
            [
                AuditItem(
                    audit=audit,
                    subject=draft.subject,
                    position=last + place,
                    evidence=draft.evidence,
                    wording=draft.wording,
                )
                for place, draft in enumerate(new, start=1)
            ],
            ignore_conflicts=True,
        )
    return len(new)


def finish(audit: Audit, member: Member, *, next_due: date | None = None) -> None:
    """The audit is done; the next one is due on `next_due`, else six months from today."""
    permission.need(member, "manage", audit)
    now = clock.now()
    today = now.astimezone(clock.zone(audit.organization.zone)).date()
    due = next_due or in_months(today, MONTHS)
    Audit.objects.filter(pk=audit.pk, state="open").update(state="done", done_at=now, next_due=due)


def reopen(audit: Audit, member: Member) -> None:
    """It was not done yet."""
    permission.need(member, "manage", audit)
    Audit.objects.filter(pk=audit.pk, state="done").update(state="open", done_at=None, next_due=None)


def in_months(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last day of that month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
