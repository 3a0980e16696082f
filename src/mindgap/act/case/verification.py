"""Verification: some days after it was put right the customer is asked whether it was; only their word counts.

They are asked over the channels on which they can be reached, with consent, opt-out and quiet hours as for every
survey; the caps do not count, because this is owed. The invitation, the ledger and the case are one transaction. The
answers are read behind the reader of submissions, each once.
"""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction

from mindgap.act.case import address, change, states, verdict, verification_programme
from mindgap.act.case.case import Case
from mindgap.act.case.policy import policy
from mindgap.collect.channels import catalog, compose, deliver, vault
from mindgap.collect.channels.account import for_way
from mindgap.collect.channels.contract import INVITATION
from mindgap.collect.programme import decision, known
from mindgap.collect.programme.decision import Candidate, Decision
from mindgap.ground import clock
from mindgap.keep import contact, incoming, submissions
from mindgap.keep import invitation as invitations
from mindgap.keep.models import Contact, Customer, Invitation, Programme, Submission
from mindgap.keep.reader import Reader

READER = "verdicts"
BATCH = 500
_ASK_BATCH = 10
# A paused programme, and one with which something went wrong, is looked at again after this time.
_LATER = timedelta(hours=1)

_reader = Reader(READER, kinds=("submission",), behind=submissions.READER)
log = logging.getLogger("mindgap.case")


def has_open_case(customer_id: int) -> bool:
    """Whether a customer waits for something to be put right, or for us to ask whether it is: nobody else asks then."""
    return Case.objects.filter(customer_id=customer_id, state__in=(*states.OPEN, states.RESOLVED)).exists()


def ask_due(*, limit: int = _ASK_BATCH) -> int:
    """Ask the customers whose cases were put right long enough ago; of how many cases that was decided."""
    now = clock.now()
    due = Case.objects.filter(verify_at__lte=now).order_by("verify_at").values_list("id", flat=True)[:limit]
    ids = list(due)
    for case_id in ids:
        try:
            ask(case_id)
        except Exception:
            log.exception("asking the customer of case %s went wrong", case_id)
            Case.objects.filter(pk=case_id, verify_at__lte=now).update(verify_at=now + _LATER)
    return len(ids)


@transaction.atomic
def ask(case_id: int) -> None:
    """Ask the customer of one case, or write down why not."""
    case, now = change.hold(Case.objects, case_id), clock.now()
    if case.verify_at is None or case.verify_at > now or case.state != states.RESOLVED:
        return
    if case.customer_id is None:
        _leave(case, "no_customer")
        return
    customer = Customer.objects.select_for_update().get(pk=case.customer_id)
    asked = verification_programme.programme(case.organization)
    if asked.state != "running":
        Case.objects.filter(pk=case.pk).update(verify_at=now + _LATER)
        return
    made = _decide(case, customer, asked, now)
    row = _ledger(case, customer, asked, made, now)
    if made.outcome == "delayed_until":
        Case.objects.filter(pk=case.pk).update(verify_at=made.until)
    elif made.is_sent:
        _send(case, customer, asked, row, made, now)
    else:
        _leave(case, made.outcome)


def read_answers(*, limit: int = BATCH) -> int:
    """Take the verdicts in that have come; how many submissions were looked at."""
    stretch = _reader.batch(limit)
    if not stretch:
        return 0
    digests = {digest for arrival in stretch.arrivals if (digest := _invited_by(arrival.body))}
    with transaction.atomic():
        if not _reader.advance(stretch):
            return 0
        for case in Case.objects.filter(verification__token_digest__in=digests).order_by("id"):
            _judge(case)
    return max(len(stretch.arrivals), 1)


def _decide(case: Case, customer: Customer, asked: Programme, now: datetime) -> Decision:
    programme = Programme.objects.select_related("organization", "survey").get(pk=asked.pk)
    programme.channels = verification_programme.ways(programme)
    facts = known.facts(customer, programme, case.interaction, now, has_open_case=lambda _customer: False)
    # Who was asked lately about something else is still owed this question.
    facts = replace(facts, sent=(), answered_at=None, survey_sent_at=None)
    candidate = Candidate(key=_key(case), programme=programme.code, kind=programme.kind, due_at=now)
    rules = known.rules(contact.policy(case.organization_id))
    return decision.decide(candidate, facts, rules, now)


def _key(case: Case) -> str:
    """The same case is asked about once for each time it was put right."""
    return contact.candidate(
        "recovery", "case", str(case.pk), str(case.events.filter(kind="resolved").count())
    )


def _ledger(case: Case, customer: Customer, asked: Programme, made: Decision, now: datetime) -> Contact:
    trigger = {"step": "trigger", "passed": True, "saw": {"case": case.number}}
    row, _ = Contact.objects.update_or_create(
        organization=case.organization,
        candidate=_key(case),
        defaults={
            "customer": customer,
            "programme": asked,
            "survey": asked.survey,
            "channel": made.channel,
            "outcome": made.outcome,
            # Only the case decides again: a ledger row that waits is taken by whoever decides on programmes.
            "until": None,
            "reasons": [trigger, *made.steps],
            "decided_at": now,
        },
    )
    return row


def _send(
    case: Case, customer: Customer, asked: Programme, row: Contact, made: Decision, now: datetime
) -> None:
    try:
        with transaction.atomic():
            invited = _hand_over(case, customer, asked, made.channel, now)
    except vault.Unreadable as problem:
        row.outcome = "failed"
        row.reasons = [*row.reasons, {"step": "send", "passed": False, "saw": {"problem": str(problem)}}]
        row.save(update_fields=["outcome", "reasons"])
        _leave(case, "failed")
        return
    row.invitation = invited
    row.save(update_fields=["invitation"])
    case.verification, case.verify_at = invited, None
    change.note(case, "asked", channel=made.channel)
    change.set_clocks(case, case.events.all())
    Case.objects.filter(pk=case.pk).update(verification=invited, verify_at=None, check_at=case.check_at)


def _hand_over(case: Case, customer: Customer, asked: Programme, way: str, now: datetime) -> Invitation:
    account = for_way(case.organization_id, way, kind=INVITATION)
    assert account is not None
    made, token = invitations.make(
        asked.survey,
        customer=customer,
        channel=way,
        unit=case.unit,
        touchpoint=asked.survey.touchpoint,
        language=customer.language,
        programme=asked,
        expires_at=now + timedelta(days=policy(case.organization_id).silence_days),
    )
    happened = case.interaction.attributes if case.interaction else {}
    trigger = {str(name): str(text) for name, text in happened.items()}
    message = compose.compose(made, token, account, to=known.address_of(customer, account), trigger=trigger)
    message = address.beside(message, case, is_short=catalog()[account.channel].is_short)
    deliver.hand_over(account, message, invitation=made)
    return made


def _leave(case: Case, why: str) -> None:
    """Nobody can be asked: a colleague may ask in person, the customer may say so on their page; else silence."""
    change.note(case, "not_asked", why=why)
    Case.objects.filter(pk=case.pk).update(verify_at=None)


def _invited_by(body: bytes) -> str:
    try:
        return incoming.read_submission(body).invitation
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # The reader of submissions has set it aside.
        return ""


def _judge(found: Case) -> None:
    """Give the verdict of the customer's submission, unless it was given already."""
    case = change.hold(Case.objects, found.pk)
    answers = _said(Submission.objects.filter(invitation=case.verification, is_test=False).order_by("id"))
    right = answers.get(verification_programme.QUESTION)
    if right is None:
        return
    recovered = right == verification_programme.YES
    words = str(answers.get("open") or "")
    made = change.Change(case, by_customer=True)
    if case.state == states.RESOLVED or (case.state == states.CLOSED and case.outcome == verdict.NO_ANSWER):
        verdict.give(made, recovered=recovered, words=words, answered=str(right))
    elif not recovered and case.outcome == verdict.RECOVERED:
        # They went back a page and changed their mind.
        verdict.give(made, recovered=False, words=words, answered=str(right))


def _said(rows: Iterable[Submission]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in rows:
        found |= each.answers
    return found
