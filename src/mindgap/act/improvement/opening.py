"""Opening: an idea, from a touchpoint that was picked, a pattern of cases, a finding of an audit, a topic, or by hand."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from mindgap.act.improvement import permission
from mindgap.act.improvement.errors import NotAllowed, NotGiven
from mindgap.act.improvement.improvement import KINDS, ORIGINS, SIDES, Improvement, ImprovementEvent
from mindgap.keep.models import Member, Organization, Promise, Touchpoint, Unit

_ATTEMPTS = 20


def open_improvement(
    organization: Organization,
    *,
    origin: str,
    source: Mapping[str, Any],
    title: str,
    touchpoint: Touchpoint | None,
    side: str,
    kind: str,
    member: Member | None,
    unit: Unit | None = None,
    promise: Promise | None = None,
    hypothesis: str = "",
) -> Improvement:
    """Open an idea, numbered within the organization; `member` None is the system.

    A member with a scope opens it for their unit. It begins with the touchpoint's owner, else with whoever opens it.
    """
    if member is not None and unit is None:
        unit = member.unit
    if member is not None and not permission.may_open(member, organization, unit):
        raise NotAllowed("open")
    title = title.strip()
    for field, given, known in (("origin", origin, ORIGINS), ("side", side, SIDES), ("kind", kind, KINDS)):
        if given not in known:
            raise NotGiven(field, "unknown")
    if not title:
        raise NotGiven("title", "empty")
    for field, thing in (("touchpoint", touchpoint), ("promise", promise), ("unit", unit)):
        if thing is not None and thing.organization_id != organization.pk:
            raise NotGiven(field, "unknown")
    made = _numbered(
        Improvement(
            organization=organization,
            title=title[:200],
            hypothesis=hypothesis,
            origin=origin,
            source=dict(source),
            kind=kind,
            side=side,
            touchpoint=touchpoint,
            unit=unit,
            promise=promise,
            owner=_owner(touchpoint, member),
            partner=touchpoint.partner if touchpoint else "",
            currency=organization.currency,
            created_by=member,
        )
    )
    ImprovementEvent.objects.create(improvement=made, by=member, kind="opened", changes={"origin": origin})
    return made


def _owner(touchpoint: Touchpoint | None, member: Member | None) -> Member | None:
    owner = touchpoint.owner if touchpoint else None
    return owner if owner is not None and owner.is_active else member


def _numbered(improvement: Improvement) -> Improvement:
    """Save under the next free number; whoever opens at the same moment gets the one after."""
    for attempt in range(_ATTEMPTS):
        last = Improvement.objects.filter(organization=improvement.organization).aggregate(n=Max("number"))
        improvement.number = (last["n"] or 0) + 1
        try:
            # A savepoint, so that the caller's transaction outlives a number that was just taken.
            with transaction.atomic():
                improvement.save(force_insert=True)
        except IntegrityError:
            if attempt == _ATTEMPTS - 1:
                raise
            improvement.pk = None
        else:
            return improvement
    raise AssertionError
