"""Follow: what comes after an invitation: reminders, thanks, expiry, and messages that never left.

Reminders and thanks do not count against the cap. Nobody is reminded after an answer, an opt-out or a bounce; the
outbox looks at that once more in the moment of sending.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from mindgap.collect.channels import compose, deliver, texts, vault
from mindgap.collect.channels.delivery import FAILED, SUPPRESSED, Delivery
from mindgap.collect.programme import decision, known
from mindgap.collect.programme.plan import BadPlan, Plan
from mindgap.keep import contact, optout
from mindgap.keep.models import Contact, Invitation, Programme

_BATCH = 200
# Thanks that come later than this are odd.
_THANKS_DAYS = 2
# A provider that never answered may have sent it all the same: that counts as asked.
_MAYBE_SENT = "unknown_end"


def remind(now: datetime) -> int:
    """Hand over the reminders that are due; how many."""
    made = 0
    for programme in Programme.objects.filter(state="running").select_related("organization"):
        for number, days in enumerate(_days(programme), start=1):
            kind = f"{texts.REMINDER}-{number}"
            due = Invitation.objects.filter(
                programme=programme,
                state__in=("sent", "opened"),
                sent_at__lte=now - timedelta(days=days),
                # One that was missed for long is not made up for together with the next.
                sent_at__gt=now - timedelta(days=days + 3),
            ).exclude(expires_at__lte=now)
            made += sum(_follow(each, texts.REMINDER, now, number=number) for each in _without(due, kind))
    return made


def thank(now: datetime) -> int:
    """Thank those who answered lately, where the programme wants that; how many."""
    made = 0
    for programme in Programme.objects.filter(state="running").select_related("organization"):
        try:
            if not Plan.of(programme).thanks:
                continue
        except BadPlan:
            continue
        answered = Invitation.objects.filter(
            programme=programme, state="answered", answered_at__gt=now - timedelta(days=_THANKS_DAYS)
        )
        made += sum(_follow(each, texts.THANKS, now) for each in _without(answered, texts.THANKS))
    return made


def expire(now: datetime) -> int:
    """Let invitations expire whose time is over; how many."""
    over = Invitation.objects.filter(state__in=("waiting", "sent", "opened"), expires_at__lte=now)
    return over.update(state="expired")


def note_failures(now: datetime) -> int:
    """Let the ledger know of messages that never left: they do not count as asked; how many."""
    lost = Contact.objects.filter(
        outcome=contact.SENT,
        decided_at__gt=now - timedelta(days=30),
        invitation__deliveries__kind=texts.INVITATION,
        invitation__deliveries__state__in=(FAILED, SUPPRESSED),
    ).exclude(invitation__deliveries__code=_MAYBE_SENT)
    made = 0
    for row in lost.select_related("invitation")[:_BATCH]:
        with transaction.atomic():
            delivery = Delivery.objects.filter(invitation=row.invitation, kind=texts.INVITATION).first()
            saw = {"state": delivery.state, "code": delivery.code} if delivery else {}
            reasons = [*row.reasons, {"step": "delivery", "passed": False, "saw": saw}]
            mine = Contact.objects.filter(pk=row.pk, outcome=contact.SENT)
            made += mine.update(outcome="failed", reasons=reasons)
            Invitation.objects.filter(contacts=row, state="waiting").update(state="revoked")
    return made


def _days(programme: Programme) -> list[int]:
    return sorted({int(each) for each in programme.reminders if int(each) > 0})


def _without(asked: QuerySet[Invitation], kind: str) -> Iterator[Invitation]:
    """Invitations that have no message of that kind yet."""
    there = Delivery.objects.filter(invitation=OuterRef("pk"), kind=kind)
    found = asked.filter(~Exists(there), customer__isnull=False)
    yield from found.select_related("customer", "survey__organization", "interaction__unit")[:_BATCH]


def _follow(invitation: Invitation, kind: str, now: datetime, *, number: int = 0) -> bool:
    """Hand over one more message to where the first one went, not in quiet hours; whether that could be done."""
    first = (
        Delivery.objects.filter(invitation=invitation, kind=texts.INVITATION)
        .select_related("account")
        .first()
    )
    customer = invitation.customer
    if first is None or customer is None or optout.is_out(customer, first.account.way):
        return False
    try:
        letter = deliver.letter_of(invitation)
        if letter is None:
            return False
        token = deliver.token_of(letter)
        message = compose.compose(
            invitation, token, first.account, to=letter.to, kind=kind, trigger=letter.trigger
        )
    except vault.Unreadable:
        return False
    organization = invitation.survey.organization
    zone = known.zone(customer, invitation.interaction, organization)
    at = decision.quiet_until(known.rules(contact.policy(organization.pk)), zone, now)
    deliver.hand_over(first.account, message, invitation=invitation, at=at, number=number)
    return True
