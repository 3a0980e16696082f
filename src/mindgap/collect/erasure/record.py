"""Record: the rows of one person, removed, or kept as figures without anybody behind them."""

from collections import Counter
from typing import Any
from uuid import UUID

from mindgap.collect import channels
from mindgap.collect.channels import suppression, vault
from mindgap.collect.channels.account import SendingAccount
from mindgap.collect.channels.addressing import normal
from mindgap.collect.channels.delivery import SUPPRESSED, WAITING, Delivery
from mindgap.collect.erasure.bodies import subject_key
from mindgap.collect.erasure.subject import Subject
from mindgap.keep import erasure, optout
from mindgap.keep.definition import CHOSEN, Definition
from mindgap.keep.erasure import CONTACT, EVERYTHING, REMOVED, VISIT
from mindgap.keep.forgetting import Forgetting
from mindgap.keep.models import (
    Consent,
    Contact,
    Customer,
    Erasure,
    Identity,
    Interaction,
    Invitation,
    OptOut,
    Submission,
    SurveyVersion,
)

_OWN_WORDS = ("text", "contact", "file", "date", "consent")


def contact_codes(organization: int) -> set[str]:
    """The codes of all questions for a contact in the organization's surveys."""
    versions = SurveyVersion.objects.filter(survey__organization_id=organization)
    return {
        question.code
        for version in versions
        for question in version.read().questions
        if question.type == "contact"
    }


def forget(wanted: Erasure, subject: Subject, contacts: set[str]) -> "Counter[str]":
    """Answers, interactions, submissions, consents, invitations and the customer."""
    removed: Counter[str] = Counter()
    is_removed = wanted.scope == VISIT or erasure.policy(wanted.organization_id).readings == REMOVED
    if wanted.scope == EVERYTHING:
        _keep_opt_outs(wanted.organization_id, subject)
        done = Forgetting(
            wanted.organization_id,
            answers=subject.answers,
            interactions=subject.interactions,
            removed=is_removed,
            new_keys={
                key: subject_key(key, subject) for key in (*subject.answer_keys, *subject.interaction_keys)
            },
        ).write()
        removed.update(answers=done.answers, interactions=done.interactions, readings=done.readings)
    removed += _forget_submissions(wanted, subject, contacts, is_removed=is_removed)
    removed += _forget_about(wanted, subject)
    removed["customers"] = Customer.objects.filter(
        organization_id=wanted.organization_id, pk__in=subject.customers
    ).count()
    Customer.objects.filter(organization_id=wanted.organization_id, pk__in=subject.customers).delete()
    return removed


def forget_deliveries(organization: int, subject: Subject) -> "Counter[str]":
    """The letters in the outbox, with whatever a provider said about their addresses."""
    digests = {vault.digest(kind, normal(kind, value)) for kind, value in subject.identities}
    mine = Delivery.objects.filter(organization_id=organization)
    theirs = mine.filter(invitation_id__in=subject.invitations) | mine.filter(address__in=digests)
    ids = list(theirs.values_list("id", flat=True))
    held = mine.filter(id__in=ids).exclude(letter="", address="", words="")
    removed = Counter(letters=held.count())
    mine.filter(id__in=ids, state=WAITING).update(state=SUPPRESSED, code="erased")
    mine.filter(id__in=ids).update(letter="", address="", words="")
    return removed


def _forget_submissions(
    wanted: Erasure, subject: Subject, contacts: set[str], *, is_removed: bool
) -> "Counter[str]":
    rows = Submission.objects.filter(organization_id=wanted.organization_id, pk__in=subject.submissions)
    removed: Counter[str] = Counter()
    if is_removed:
        removed["submissions"] = rows.count()
        if wanted.scope == VISIT:
            # Nobody can tell any more that the link was opened, and it can be opened again.
            opened = Invitation.objects.filter(pk__in=rows.values("invitation_id"), state="opened")
            opened.update(state="sent", opened_at=None)
        rows.delete()
        return removed
    for row in rows.select_related("version"):
        before = dict(row.answers)
        if wanted.scope == CONTACT:
            _forget_claims(row, contacts)
            row.answers = {
                name: value for name, value in row.answers.items() if name.partition(".")[0] not in contacts
            }
        else:
            row.answers = _figures(row.answers, row.version.read())
            row.hidden, row.customer, row.invitation = {}, None, None
        row.save(update_fields=["answers", "hidden", "customer", "invitation"])
        removed["submissions"] += row.answers != before
    return removed


def _forget_claims(row: Submission, contacts: set[str]) -> None:
    """Take from the customer the addresses that were typed in this answer, unless they came with an order as well."""
    if row.customer_id is None or Interaction.objects.filter(customer_id=row.customer_id).exists():
        return
    said = {str(value).strip() for name, value in row.answers.items() if name.partition(".")[0] in contacts}
    typed = Identity.objects.filter(customer_id=row.customer_id, kind__in=("email", "phone", "wecom"))
    typed.filter(value__in=said | {text.lower() for text in said}).delete()


def _figures(answers: dict[str, Any], definition: Definition) -> dict[str, Any]:
    """What can be counted: no words of their own, no contact, no file."""
    found = {}
    for name, value in answers.items():
        code, _, part = name.partition(".")
        question = definition.question(name) or definition.question(code)
        if question is None or question.type in _OWN_WORDS or (part and question.type in CHOSEN):
            continue
        found[name] = value
    return found


def _forget_about(wanted: Erasure, subject: Subject) -> "Counter[str]":
    """What was agreed and asked."""
    removed: Counter[str] = Counter()
    if wanted.scope == CONTACT:
        return removed
    consents = Consent.objects.filter(organization_id=wanted.organization_id)
    theirs = consents.filter(customer_id__in=subject.customers) | consents.filter(
        submission_key__in=[UUID(key) for key in subject.submission_keys]
    )
    removed["consents"] = theirs.count()
    theirs.delete()
    if wanted.scope == VISIT:
        return removed
    invitations = Invitation.objects.filter(pk__in=subject.invitations)
    removed["invitations"] = invitations.exclude(customer=None).count()
    invitations.exclude(state="answered").update(state="revoked")
    invitations.update(customer=None, hidden={}, interaction=None)
    # Who was asked, and who was not and why, stays as a number: else response rates would change.
    contacts = Contact.objects.filter(pk__in=subject.contacts)
    removed["contacts"] = contacts.exclude(customer=None).count()
    contacts.update(customer=None, reasons=[])
    return removed


def _keep_opt_outs(organization: int, subject: Subject) -> None:
    """Who wanted no messages gets none when the address comes back: by its digest, which nobody can read."""
    out = set(
        OptOut.objects.filter(customer_id__in=subject.customers, lifted_at=None).values_list(
            "channel", flat=True
        )
    )
    if not out:
        return
    for account in SendingAccount.objects.filter(organization_id=organization):
        if not out & {account.way, optout.EVERYWHERE}:
            continue
        kinds = channels.channel(account.channel).addresses
        for kind, value in subject.identities:
            if kind in kinds:
                address = vault.digest(kinds[0], normal(kinds[0], value))
                suppression.suppress(organization, account.way, address, "opted_out")
