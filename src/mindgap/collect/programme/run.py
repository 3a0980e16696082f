"""Run: decides what is due, customer by customer, each in one transaction that ends with the message in the outbox.

The customer's row is held from reading the facts to writing the outcome, so two workers that meet at one customer send
once. Whoever dies before the commit has decided nothing; whoever dies after it has left a message that leaves once.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from mindgap.collect.channels import compose, deliver, vault
from mindgap.collect.channels.account import SendingAccount, for_way
from mindgap.collect.channels.contract import INVITATION
from mindgap.collect.programme import candidates, decision, follow, known, waves
from mindgap.collect.programme.decision import Candidate, Decision, Facts, Step
from mindgap.collect.programme.known import HasOpenCase
from mindgap.collect.programme.plan import BadPlan, Plan, concerns
from mindgap.ground import clock
from mindgap.keep import contact
from mindgap.keep import invitation as invitations
from mindgap.keep.models import Contact, Customer, Interaction, Invitation, Programme

BATCH = 50
# A customer with whom something went wrong is looked at again after this time; the others go on.
_LATER = timedelta(minutes=10)

log = logging.getLogger("mindgap.programme")


def nobody_has(_customer: int) -> bool:
    """No customer has an open case: for whoever keeps no cases."""
    return False


def run_next(*, has_open_case: HasOpenCase = nobody_has, limit: int = BATCH) -> bool:
    """Take events in and decide on what is due next; whether there was anything to do."""
    taken = candidates.take_events()
    return decide_due(clock.now(), has_open_case=has_open_case, limit=limit) > 0 or taken > 0


def care() -> None:
    """What need not happen at once: waves, echoes, reminders, thanks, expiry, messages that could not be sent."""
    now = clock.now()
    waves.open_due(now)
    candidates.take_echoes(now)
    follow.remind(now)
    follow.thank(now)
    follow.expire(now)
    follow.note_failures(now)


def decide_due(now: datetime, *, has_open_case: HasOpenCase = nobody_has, limit: int = BATCH) -> int:
    """Decide for the customers whose candidates are due; how many customers that were."""
    asleep = Q(programme__state__in=("draft", "paused"))
    due = _due(now).exclude(asleep).order_by("until").values_list("customer_id", flat=True)
    customers = list(dict.fromkeys(due[: limit * 4]))[:limit]
    for customer in customers:
        try:
            decide_for(customer, now, has_open_case=has_open_case)
        except Exception:
            log.exception("deciding whether customer %s is asked went wrong", customer)
            _due(now).filter(customer_id=customer).update(until=now + _LATER)
    return len(customers)


@transaction.atomic
def decide_for(
    customer_id: int, now: datetime, *, has_open_case: HasOpenCase = nobody_has
) -> dict[str, Decision]:
    """Decide on all due candidates of a customer at once and hand over what is sent; the decisions by candidate."""
    customer = Customer.objects.select_for_update().filter(pk=customer_id).first()
    due = _due(now).filter(customer_id=customer_id)
    if customer is None:
        # Removed; one that was merged has no candidates any more.
        due.update(customer=None, outcome="failed", until=None, decided_at=now)
        return {}
    rows = list(due.select_related("programme__survey", "programme__organization", "wave").order_by("id"))
    asked, decided = [], dict[str, Decision]()
    for row in rows:
        if row.programme is not None and row.programme.state in ("draft", "paused"):
            continue
        each = _ask(row, customer, now, has_open_case)
        if each is None:
            decided[row.candidate] = Decision("failed", steps=(_no_more(row),))
        else:
            asked.append(each)
    if not asked and not decided:
        return {}
    rules = known.rules(contact.policy(customer.organization_id))
    decided |= decision.decide_together([(each.candidate, each.facts) for each in asked], rules, now)
    by_key = {each.candidate.key: each for each in asked}
    for row in rows:
        if row.candidate in decided:
            _note(row, decided[row.candidate], by_key.get(row.candidate), customer, now)
    return decided


@dataclass(frozen=True, slots=True)
class _Asked:
    """A candidate with all that is needed to decide and to send."""

    candidate: Candidate
    facts: Facts
    plan: Plan
    programme: Programme
    interaction: Interaction | None


def _due(now: datetime) -> Any:
    return Contact.objects.filter(outcome=candidates.WAITING, until__lte=now, customer__isnull=False)


def _ask(row: Contact, customer: Customer, now: datetime, has_open_case: HasOpenCase) -> _Asked | None:
    """The candidate of a row; none when what set it off does not hold any more."""
    programme = row.programme
    if programme is None or programme.state != "running" or not programme.survey.is_open:
        return None
    try:
        plan = Plan.of(programme)
    except BadPlan:
        return None
    key = row.reasons[0]["saw"].get("interaction") if row.reasons else None
    interaction = None
    if key is not None:
        interaction = (
            Interaction.objects.select_related("touchpoint__measure", "channel", "unit", "customer")
            .filter(organization_id=row.organization_id, key=key)
            .first()
        )
        if interaction is None or not concerns(plan, interaction):
            return None
    facts = known.facts(customer, programme, interaction, now, has_open_case=has_open_case)
    return _Asked(known.candidate(row, programme, plan), facts, plan, programme, interaction)


def _no_more(row: Contact) -> Step:
    """Why a candidate is none any more."""
    programme = row.programme
    saw = {
        "programme": programme.state if programme else "",
        "survey": bool(programme and programme.survey.is_open),
    }
    return {"step": "holds", "passed": False, "saw": saw}


def _note(row: Contact, made: Decision, asked: _Asked | None, customer: Customer, now: datetime) -> None:
    """Write a decision into the ledger; one that says "send" also makes the invitation and hands it over."""
    steps: Sequence[Step] = made.steps
    row.outcome, row.until, row.channel, row.decided_at = made.outcome, made.until, made.channel, now
    if made.is_sent:
        assert asked is not None
        row.invitation, problem = _invite(asked, made.channel, customer, row, now)
        row.outcome = contact.SENT if row.invitation else "failed"
        steps = (*steps, {"step": "send", "passed": not problem, "saw": {"problem": problem}})
    # Of earlier times, only what made it wait is kept.
    before = row.reasons[:1] + [each for each in row.reasons[1:] if not each["passed"]]
    row.reasons = [*before, *steps]
    row.save(update_fields=["outcome", "until", "channel", "decided_at", "invitation", "reasons"])


def _invite(
    asked: _Asked, way: str, customer: Customer, row: Contact, now: datetime
) -> tuple[Invitation | None, str]:
    """The invitation, handed over to its channel; or none and what was wrong."""
    account = for_way(customer.organization_id, way, kind=INVITATION)
    assert account is not None
    try:
        with transaction.atomic():
            return _hand_over(asked, account, way, customer, row, now), ""
    except vault.Unreadable as problem:
        return None, str(problem)


def _hand_over(
    asked: _Asked, account: SendingAccount, way: str, customer: Customer, row: Contact, now: datetime
) -> Invitation:
    interaction, programme = asked.interaction, asked.programme
    made, token = invitations.make(
        programme.survey,
        customer=customer,
        channel=way,
        interaction=interaction,
        unit=interaction.unit if interaction else None,
        touchpoint=interaction.touchpoint if interaction else None,
        language=customer.language,
        programme=programme,
        wave=row.wave,
        expires_at=now + timedelta(days=asked.plan.expires_days),
    )
    # Some providers only deliver as the answer to what happened there.
    trigger = {str(name): str(text) for name, text in interaction.attributes.items()} if interaction else {}
    address = known.address_of(customer, account)
    message = compose.compose(made, token, account, to=address, trigger=trigger)
    deliver.hand_over(account, message, invitation=made)
    return made
