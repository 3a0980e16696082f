"""Due: the auditor is told once when an audit should be made again (R21)."""

from datetime import timedelta

from django.db import transaction

from mindgap.act.audit.audit import Audit
from mindgap.act.notice.tell import tell
from mindgap.act.notice.words import NoticeWords
from mindgap.ground import clock


def tell_due() -> int:
    """Tell the auditors, or whoever set an audit up where there is none; how many were told now.

    The key holds the day on which it is due: told once for each, however often this is called and by however many.
    """
    now, told = clock.now(), 0
    # A day is over at different times; nobody is a whole day ahead of UTC's tomorrow.
    rows = Audit.objects.filter(state="done", next_due__lte=(now + timedelta(days=1)).date())
    for audit in rows.select_related("organization", "auditor__user", "created_by__user"):
        assert audit.next_due is not None
        today = now.astimezone(clock.zone(audit.organization.zone)).date()
        member = audit.auditor if audit.auditor and audit.auditor.is_active else audit.created_by
        if audit.next_due > today or member is None or not member.is_active:
            continue
        key = f"audit:{audit.pk}:{audit.next_due.isoformat()}"
        words = NoticeWords(
            "audit_due", {"title": audit.name, "deadline": audit.next_due}, f"/audits/{audit.pk}/"
        )
        with transaction.atomic():
            if not audit.organization.notices.filter(key=key).exists():
                tell(organization=audit.organization, kind="audit_due", key=key, to=member, message=words)
                told += 1
    return told
