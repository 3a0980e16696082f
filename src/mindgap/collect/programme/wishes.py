"""Wishes: what people say about being asked and about what is kept of them: opt-outs, withdrawals, requests.

Every wish holds from the moment it is stored: whoever sends looks it up in the moment of sending.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from mindgap.collect.channels import suppression
from mindgap.collect.channels.account import SendingAccount
from mindgap.collect.channels.delivery import Delivery
from mindgap.ground import clock, identity
from mindgap.keep import erasure, optout
from mindgap.keep import invitation as invitations
from mindgap.keep.models import (
    Answer,
    Channel,
    Consent,
    Customer,
    Interaction,
    Invitation,
    OptOut,
    Organization,
    Submission,
    Survey,
)

COPY, ERASURE = "copy", "erasure"
REQUESTS = (COPY, ERASURE)
# A copy within one month, as the GDPR has it; an erasure is carried out by itself within a day.
DUE_DAYS = {COPY: 30, ERASURE: 1}
CONTACT = "contact"
SOURCE = "preferences"
# A request is a statement of the customer like a consent, and kept among them under a purpose of its own.
_REQUEST = "request:"

audit = logging.getLogger("mindgap.audit")


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose wishes these are: a customer, or whoever sent one submission; how they were asked, if they were."""

    organization: Organization
    customer: Customer | None = None
    submission: UUID | None = None
    invitation: Invitation | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """A channel and whether the customer lets us use it."""

    code: str
    name: dict[str, str]
    is_allowed: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A consent that stands, or a request that was made; `due` is when a request has to be fulfilled."""

    what: str
    at: datetime
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that a page of preferences shows."""

    name: dict[str, str]
    ways: tuple[Way, ...]
    identities: tuple[tuple[str, str], ...]
    interactions: int
    answers: int
    consents: tuple[Said, ...]
    requests: tuple[Said, ...]
    language: str = ""


def of_token(token: str) -> Holder | None:
    """Whoever was given the token of an invitation, also when it was answered or has expired."""
    return _of_invitation(invitations.find(token))


def of_digest(digest: str) -> Holder | None:
    """The same by what is stored of the token."""
    found = Invitation.objects.select_related("survey", "customer").filter(token_digest=digest).first()
    return _of_invitation(found)


def of_submission(short: str, key: UUID) -> Holder | None:
    """Whoever sent a submission to the survey (or link) of a short name; it may not have been read in yet.

    They speak for a customer only if they were invited as that customer, or if the customer came with what they sent:
    to have typed somebody's address gives no say over what is kept of them.
    """
    survey = Survey.objects.filter(short=short).first() or Survey.objects.filter(links__short=short).first()
    if survey is None:
        return None
    sent = Submission.objects.filter(organization_id=survey.organization_id, key=key).first()
    customer = sent.customer if sent and _speaks_for_customer(sent) else None
    return Holder(survey.organization, customer, key, language=sent.language if sent else "")


def _speaks_for_customer(sent: Submission) -> bool:
    answers = Answer.objects.filter(organization_id=sent.organization_id, key=str(sent.key))
    is_theirs = sent.customer_id is not None and answers.filter(id=sent.customer_id).exists()
    return sent.invitation_id is not None or is_theirs


def standing(holder: Holder) -> Standing:
    """What is kept of somebody, and what they said about it."""
    mine = {"organization": holder.organization, "customer": holder.customer}
    known = holder.customer is not None
    said = list(_said(holder))
    latest = {each.purpose: each for each in said}
    return Standing(
        name=dict(holder.organization.name),
        ways=tuple(_ways(holder)),
        identities=tuple(
            (each.kind, masked(each.value))
            for each in (holder.customer.identities.order_by("id") if holder.customer else ())
        ),
        interactions=Interaction.objects.filter(**mine).count() if known else 0,
        answers=_answers(holder),
        consents=tuple(
            Said(each.purpose, each.at)
            for each in latest.values()
            if each.given and not each.purpose.startswith(_REQUEST)
        ),
        requests=tuple(
            Said(each.purpose.removeprefix(_REQUEST), each.at, _due(each))
            for each in latest.values()
            if each.purpose.startswith(_REQUEST)
        ),
        language=holder.language or (holder.customer.language if holder.customer else ""),
    )


@transaction.atomic
def allow_only(holder: Holder, ways: Collection[str], *, source: str = SOURCE) -> None:
    """Let the customer be asked over these channels only; over none is: nowhere."""
    customer = _hold(holder)
    if customer is None:
        return
    shown = {each.code for each in _ways(holder)}
    allowed = shown & set(ways)
    standing_ = OptOut.objects.filter(customer=customer, lifted_at=None)
    if not allowed:
        _opt_out(customer, {optout.EVERYWHERE}, source)
        return
    standing_.filter(channel__in={optout.EVERYWHERE, *allowed}).update(lifted_at=clock.now())
    _opt_out(customer, shown - allowed, source)


@transaction.atomic
def unsubscribe(holder: Holder, *, source: str = "one-click") -> None:
    """Stop the channel over which somebody was asked (RFC 8058); everything when it is not known which that was."""
    customer, invitation = _hold(holder), holder.invitation
    delivery = Delivery.objects.filter(invitation=invitation).select_related("account").first()
    if customer is None:
        if invitation is not None and delivery is not None:
            suppression.suppress(holder.organization.pk, delivery.account.way, delivery.address, "opted_out")
        return
    ways = {invitation.channel if invitation else "", delivery.account.way if delivery else ""} - {""}
    _opt_out(customer, ways or {optout.EVERYWHERE}, source)


@transaction.atomic
def withdraw(holder: Holder) -> int:
    """Take every consent back that stands; how many."""
    _hold(holder)
    given = [each for each in {each.purpose: each for each in _said(holder)}.values() if each.given]
    taken = [each.purpose for each in given if not each.purpose.startswith(_REQUEST)]
    for purpose in taken:
        _say(holder, purpose, given=False, proof={"by": SOURCE})
    if CONTACT in taken:
        # What was given so that we may write goes with the consent.
        erasure.ask(holder.organization.pk, source=SOURCE, scope=erasure.CONTACT, **_whose(holder))
    return len(taken)


@transaction.atomic
def request(holder: Holder, what: str) -> Said:
    """Ask for a copy of what is kept, or for its deletion; asking again changes nothing."""
    if what not in REQUESTS:
        raise ValueError(f"{what!r} is none of {', '.join(REQUESTS)}")
    _hold(holder)
    purpose = _REQUEST + what
    there = next((each for each in _said(holder) if each.purpose == purpose), None)
    if there is None:
        due = clock.now() + timedelta(days=DUE_DAYS[what])
        there = _say(holder, purpose, given=True, proof={"by": SOURCE, "due": due.isoformat()})
        audit.info("organization %s: %s requested, due %s", holder.organization.code, what, due.date())
    if what == ERASURE:
        erasure.ask(holder.organization.pk, source=SOURCE, **_whose(holder))
    return Said(what, there.at, _due(there))


def _whose(holder: Holder) -> dict[str, Any]:
    if holder.customer is not None:
        return {"customer": holder.customer}
    return {"submission_key": holder.submission}


def masked(value: str) -> str:
    """Enough of an address to recognise it by, too little to use it."""
    name, at, host = value.partition("@")
    if at:
        return f"{name[:1]}•••@{host}"
    return f"•••{value[-4:]}" if len(value) > 6 else "•••"


def _of_invitation(found: Invitation | None) -> Holder | None:
    if found is None:
        return None
    # One who was invited without a name is whoever sent the one submission that the invitation can bring.
    sent = None if found.customer_id else identity.content_id("invited", found.token_digest)
    return Holder(found.survey.organization, found.customer, sent, found, found.language)


def _hold(holder: Holder) -> Customer | None:
    """The customer, held to the end of the transaction, so that nobody decides on asking them meanwhile."""
    if holder.customer is None:
        return None
    return Customer.objects.select_for_update().filter(pk=holder.customer.pk).first()


def _answers(holder: Holder) -> int:
    if holder.customer is not None:
        return Answer.objects.filter(organization=holder.organization, customer=holder.customer).count()
    if holder.submission is None:
        return 0
    return Submission.objects.filter(organization=holder.organization, key=holder.submission).count()


def _ways(holder: Holder) -> list[Way]:
    if holder.customer is None:
        return []
    out = set(
        OptOut.objects.filter(customer=holder.customer, lifted_at=None).values_list("channel", flat=True)
    )
    accounts = SendingAccount.objects.filter(organization=holder.organization, is_active=True)
    asked = Invitation.objects.filter(customer=holder.customer).exclude(channel="")
    codes = {*accounts.values_list("way", flat=True), *asked.values_list("channel", flat=True), *out}
    names = Channel.objects.filter(organization=holder.organization, code__in=codes)
    known = {each.code: dict(each.name) for each in names}
    return [
        Way(code, known.get(code, {}), not out & {code, optout.EVERYWHERE})
        for code in sorted(codes - {optout.EVERYWHERE})
    ]


def _opt_out(customer: Customer, ways: Collection[str], source: str) -> None:
    there = set(OptOut.objects.filter(customer=customer, lifted_at=None).values_list("channel", flat=True))
    now = clock.now()
    OptOut.objects.bulk_create(
        OptOut(
            organization_id=customer.organization_id, customer=customer, channel=way, at=now, source=source
        )
        for way in sorted(set(ways) - there)
    )


def _said(holder: Holder) -> list[Consent]:
    """Consents and requests in order; the last one of a purpose stands."""
    mine = Consent.objects.filter(organization=holder.organization)
    if holder.customer is not None:
        return list(mine.filter(customer=holder.customer).order_by("at", "id"))
    return (
        list(mine.filter(submission_key=holder.submission).order_by("at", "id")) if holder.submission else []
    )


def _say(holder: Holder, purpose: str, *, given: bool, proof: dict[str, Any]) -> Consent:
    return Consent.objects.create(
        organization=holder.organization,
        customer=holder.customer,
        submission_key=None if holder.customer else holder.submission,
        purpose=purpose,
        given=given,
        proof=proof,
    )


def _due(said: Consent) -> datetime | None:
    due = said.proof.get("due")
    return datetime.fromisoformat(due) if due else None
