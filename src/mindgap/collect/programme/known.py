"""Known: what the record knows of a customer in the moment of deciding."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max

from mindgap.collect.channels import addressing, catalog, pace, suppression, vault
from mindgap.collect.channels.account import SendingAccount, for_way
from mindgap.collect.channels.contract import INVITATION
from mindgap.collect.programme import decision
from mindgap.collect.programme.decision import Candidate, Facts, Rules
from mindgap.collect.programme.plan import PREFERRED, ZONE, Plan
from mindgap.ground import clock
from mindgap.keep import consent, contact, optout
from mindgap.keep.models import (
    Contact,
    ContactPolicy,
    Customer,
    Interaction,
    Invitation,
    OptOut,
    Organization,
    Programme,
    Submission,
)

# Whether a customer has an open case: said by whoever keeps cases.
HasOpenCase = Callable[[int], bool]
# What a customer allows when they allow to be asked.
PURPOSE = "contact"


def rules(policy: ContactPolicy) -> Rules:
    """The policy of the record as the decision takes it."""
    return Rules(
        cap_days=policy.cap_days,
        cap_count=policy.cap_count,
        year_count=policy.year_count,
        rest_after_answer_days=policy.rest_after_answer_days,
        per_survey_rest_days=policy.per_survey_rest_days,
        quiet_from=time.fromisoformat(policy.quiet_from),
        quiet_to=time.fromisoformat(policy.quiet_to),
        suppress_on_open_case=policy.suppress_on_open_case,
    )


def candidate(row: Contact, programme: Programme, plan: Plan) -> Candidate:
    """A waiting row of the ledger as the decision takes it."""
    saw = row.reasons[0]["saw"] if row.reasons else {}
    deadline = saw.get("deadline")
    due = saw.get("due")
    return Candidate(
        key=row.candidate,
        programme=programme.code,
        kind=programme.kind,
        priority=programme.priority,
        share=programme.sample,
        rest_days=programme.rest_days,
        needs_consent=plan.needs_consent,
        due_at=datetime.fromisoformat(due) if due else row.decided_at,
        deadline=datetime.fromisoformat(deadline) if deadline else None,
    )


def facts(
    customer: Customer,
    programme: Programme,
    interaction: Interaction | None,
    now: datetime,
    *,
    has_open_case: HasOpenCase,
) -> Facts:
    """All that decides about asking a customer for a programme."""
    said = consent.standing(customer, PURPOSE)
    sent = Contact.objects.filter(customer=customer, outcome=contact.SENT)
    return Facts(
        zone=zone(customer, interaction, programme.organization),
        consent="" if said is None else "given" if said.given else "withdrawn",
        ways=ways(customer, programme, interaction, now),
        sent=tuple(
            sent.filter(decided_at__gt=now - decision.YEAR)
            .order_by("decided_at")
            .values_list("decided_at", flat=True)
        ),
        answered_at=_answered_at(customer),
        survey_sent_at=sent.filter(survey_id=programme.survey_id).aggregate(last=Max("decided_at"))["last"],
        has_open_case=has_open_case(customer.pk),
    )


def zone(customer: Customer, interaction: Interaction | None, organization: Organization) -> ZoneInfo:
    """Where the customer is: as they say, else where the unit is, else the organization's."""
    unit = interaction.unit if interaction is not None else None
    for name in (customer.attributes.get(ZONE), unit.zone if unit else ""):
        try:
            if name:
                return clock.zone(str(name))
        except ValueError:
            continue
    return clock.zone(organization.zone)


def ways(
    customer: Customer, programme: Programme, interaction: Interaction | None, now: datetime
) -> tuple[tuple[str, str], ...]:
    """Each channel of the programme with what it is for this customer; the one they like best comes first."""
    out = set(OptOut.objects.filter(customer=customer, lifted_at=None).values_list("channel", flat=True))
    liked = str(customer.attributes.get(PREFERRED, ""))
    wanted = sorted((str(each) for each in programme.channels), key=lambda way: way != liked)
    return tuple((way, _way(way, customer, out, interaction, now)) for way in wanted)


def address_of(customer: Customer, account: SendingAccount) -> str:
    """Where an account reaches a customer; empty when it cannot, or sends to a place of its own."""
    return addressing.of_customer(customer, catalog()[account.channel])


def _way(way: str, customer: Customer, out: set[str], interaction: Interaction | None, now: datetime) -> str:
    if out & {optout.EVERYWHERE, way}:
        return decision.OPTED_OUT
    account = for_way(customer.organization_id, way, kind=INVITATION)
    if account is None:
        return decision.NO_ACCOUNT
    if account.way in out:
        return decision.OPTED_OUT
    channel = catalog()[account.channel]
    address = address_of(customer, account)
    if channel.addresses and not address:
        return decision.NO_ADDRESS
    if address and suppression.is_suppressed(
        customer.organization_id, account.way, addressing.digest(channel, address)
    ):
        return decision.SUPPRESSED
    try:
        hours = pace.limits(account).window_hours
    except vault.Unreadable:
        return decision.NO_ACCOUNT
    last = interaction.experienced_at or interaction.started_at if interaction is not None else None
    if hours and (last is None or last < now - timedelta(hours=hours)):
        return decision.TOO_LATE
    return decision.FREE


def _answered_at(customer: Customer) -> datetime | None:
    """When the customer answered a relationship survey last."""
    mine = {"customer": customer, "survey__kind": "relationship"}
    times = [
        Submission.objects.filter(**mine, state="finished", is_test=False).aggregate(last=Max("finished_at"))[
            "last"
        ],
        Invitation.objects.filter(**mine).aggregate(last=Max("answered_at"))["last"],
    ]
    return max((each for each in times if each is not None), default=None)
