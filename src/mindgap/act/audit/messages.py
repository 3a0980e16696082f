"""Messages: every occurrence of a promise, and every touchpoint without any, as a checklist (R19–R21, R28, R29)."""

from collections.abc import Iterator

from mindgap.act.audit import evidence
from mindgap.act.audit.draft import Draft
from mindgap.act.audit.evidence import Evidence
from mindgap.act.audit.scope import Scope
from mindgap.explain import audit as register
from mindgap.explain import promise as keeping
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.keep.models import Occurrence


def drafts(inquiry: Inquiry, scope: Scope) -> Iterator[Draft]:
    """Occurrences in the order of the journey, then the touchpoints where nothing is said."""
    faults = {finding.details["promise"]: finding for finding in register.contradictions(inquiry)}
    kept = _kept(inquiry)
    for row in occurrences(inquiry, scope):
        code = row.promise.code
        told = [each for each in (faults.get(code), kept.get(code)) if each is not None]
        found: list[Evidence] = evidence.of(told) or [evidence.lacking("no_interactions")]
        yield Draft(f"occurrence:{row.pk}", found, {"before": dict(row.words)})
    for touchpoint in register.coverage(inquiry).finding.details["bare"]:
        if scope.covers(touchpoint):
            yield Draft(f"touchpoint:{touchpoint}", [evidence.lacking("no_promise", touchpoint=touchpoint)])


def occurrences(inquiry: Inquiry, scope: Scope) -> list[Occurrence]:
    """The places that count now, of the touchpoints and channels in scope."""
    rows = Occurrence.objects.filter(
        promise__organization=inquiry.organization, promise__is_active=True, is_active=True
    ).select_related("promise__touchpoint__stage", "touchpoint", "channel")
    if scope.channels:
        rows = rows.filter(channel__code__in=scope.channels)
    found = [row for row in rows if scope.covers((row.touchpoint or row.promise.touchpoint).code)]
    order = {number: place for place, number in enumerate(inquiry.catalog.touchpoints)}
    return sorted(
        found, key=lambda row: (order.get(row.touchpoint_id or row.promise.touchpoint_id, 0), row.pk)
    )


def _kept(inquiry: Inquiry) -> dict[str, Finding]:
    """How often each promise is kept: what words are accurate must be true."""
    found = {}
    for finding in keeping.promises(inquiry.split("promise")):
        code = finding.group.get("promise")
        if finding.code == "promise.kept" and code:
            found[code] = finding
    return found
