"""Opening: a case begins, once for an event, with an owner, its clocks, and what is known of earlier complaints."""

from datetime import datetime, timedelta

from django.db import transaction

from mindgap.act.case import change, people, states, telling
from mindgap.act.case.case import Case, CaseEvent
from mindgap.act.case.clocks import LEVEL_MOST
from mindgap.act.case.policy import policy
from mindgap.act.hours.service_level import URGENCIES
from mindgap.act.playbook.playbook import Playbook
from mindgap.keep import claim
from mindgap.keep.models import (
    Answer,
    Channel,
    Customer,
    Interaction,
    Member,
    Organization,
    Promise,
    Touchpoint,
    Unit,
)

NORMAL, CRITICAL = URGENCIES
# The place from which numbers are taken; held while a case is opened, so that two openings know of each other.
_NUMBERS = "case_number"
_TITLE_MOST = 200


@transaction.atomic
def open_case(
    *,
    organization: Organization,
    key: str,
    title: str,
    opened_at: datetime,
    customer: Customer | None = None,
    interaction: Interaction | None = None,
    answer: Answer | None = None,
    touchpoint: Touchpoint | None = None,
    channel: Channel | None = None,
    unit: Unit | None = None,
    promise: Promise | None = None,
    urgency: str = NORMAL,
    is_safety: bool = False,
    playbook: Playbook | None = None,
    topic: str = "",
    cause: str = "",
    origin: str = "alert",
    owner: Member | None = None,
) -> tuple[Case, bool]:
    """The case of an event, and whether this opened it; in the caller's transaction, once for a key.

    What else goes wrong with the same interaction while its case is open belongs to that case: it is one complaint.
    """
    name = (organization.pk, _NUMBERS)
    used = claim.hold([name])[name]
    is_grave = urgency == CRITICAL or is_safety or (promise is not None and promise.is_time_critical)
    urgency = CRITICAL if is_grave else NORMAL
    if there := _known(organization, key, interaction):
        return there, False
    if interaction is not None and (there := _of_interaction(organization, interaction)):
        return _further(there, key, title, urgency=urgency, is_safety=is_safety), False
    claim.take({name: used + 1})
    case = Case(
        organization=organization, number=used + 1, title=title[:_TITLE_MOST], key=key, origin=origin,
        opened_at=opened_at, customer=customer, interaction=interaction, answer=answer, touchpoint=touchpoint,
        channel=channel, unit=unit, promise=promise, urgency=urgency, is_safety=is_safety, playbook=playbook,
        topic=topic[:64], cause=cause[:64],
    )  # fmt: skip
    case.repeat = _repeat(case)
    # A repeated complaint begins one level up.
    case.level = min(case.repeat - 1, LEVEL_MOST)
    case.owner = owner or people.owner_of(case)
    change.set_clocks(case, ())
    case.save()
    opened = {
        "repeat": case.repeat,
        "level": [0, case.level],
        "owner_id": [None, case.owner_id],
        "version": [0, 0],
    }
    CaseEvent.objects.create(
        case=case, at=opened_at, kind="opened", words=title, changes={**opened, "key": key}
    )
    if case.level:
        telling.level(case, case.level)
    return case, True


def _known(organization: Organization, key: str, interaction: Interaction | None) -> Case | None:
    """The case that this event opened, or was added to."""
    if not key:
        return None
    mine = Case.objects.filter(organization=organization)
    if there := mine.filter(key=key).first():
        return there
    added = mine.filter(interaction=interaction, events__kind="further", events__words=key)
    return added.first() if interaction is not None else None


def _of_interaction(organization: Organization, interaction: Interaction) -> Case | None:
    return Case.objects.filter(
        organization=organization, interaction=interaction, state__in=states.OPEN
    ).first()


def _further(case: Case, key: str, title: str, *, urgency: str, is_safety: bool) -> Case:
    """Add what else went wrong to an open case; it may make it urgent."""
    change.note(case, "further", key, title=title[:_TITLE_MOST])
    if (urgency, is_safety or case.is_safety) == (case.urgency, case.is_safety) or urgency == NORMAL:
        return case
    graver = change.Change(change.hold(Case.objects, case.pk))
    graver.put(urgency=urgency, is_safety=is_safety or case.is_safety)
    return graver.write("graver", title)


def _repeat(case: Case) -> int:
    """Of how many complaints of this customer lately it is the last."""
    if case.customer is None:
        return 1
    since = case.opened_at - timedelta(days=policy(case.organization_id).repeat_days)
    before = Case.objects.filter(
        organization=case.organization,
        customer=case.customer,
        opened_at__gte=since,
        opened_at__lte=case.opened_at,
    )
    return 1 + before.exclude(state__in=(states.MERGED, states.NOT_ACTIONABLE)).count()
