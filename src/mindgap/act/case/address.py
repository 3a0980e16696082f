"""Address: the customer learns the address of their own page, once when somebody first takes care of their case.

1. It leaves in the transaction of that step, over the first channel on which the customer can be reached.
2. Consent, opt-outs and quiet hours hold as for every question; the caps do not count: this answers what they said.
3. A channel that only carries wording registered with a provider, or only surveys, cannot bring it.
4. The trail says over which channel it left. The address is a key: it stands in the letter, which is encrypted, and in
   no trail.
"""

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

import msgspec
from django.conf import settings

from mindgap.act.case import change, verification_programme
from mindgap.act.case.case import Case
from mindgap.collect.channels import catalog, texts
from mindgap.collect.channels.account import SendingAccount, for_way
from mindgap.collect.channels.contract import INVITATION, NOTICE
from mindgap.collect.channels.deliver import hand_over
from mindgap.collect.channels.message import Message
from mindgap.collect.programme import decision, known
from mindgap.collect.programme.decision import Candidate, Decision
from mindgap.ground import clock, identity, language
from mindgap.keep import contact
from mindgap.keep.models import Customer, Programme

_REGISTERED = "template_facts"


def path(case: Case) -> str:
    """The path of the customer's own page."""
    return f"/k/{case.token}/"


def send(case: Case) -> None:
    """Send the address to the customer, unless they cannot or do not want to be reached; in the caller's transaction."""
    customer = case.customer
    ways = [] if customer is None else _carrying(case.organization_id)
    if customer is None or not ways:
        return
    made = _decide(case, customer, ways)
    if made.outcome not in ("sent", "delayed_until"):
        return
    account = for_way(case.organization_id, made.channel, kind=INVITATION)
    assert account is not None
    hand_over(account, _compose(case, customer, account), at=made.until)
    change.note(case, "linked", channel=made.channel)


def beside(message: Message, case: Case, *, is_short: bool) -> Message:
    """A message to the customer with the address of their page below its words; in a text message there is no room."""
    if is_short:
        return message
    words = _words("beside", message.language)[1]
    return msgspec.structs.replace(
        message, text=f"{message.text}\n\n{words}\n{settings.SITE_URL}{path(case)}"
    )


def _carrying(organization_id: int) -> list[str]:
    """The channels that bring any words to a customer, in the order in which they were set up."""
    found = SendingAccount.objects.filter(organization_id=organization_id, is_active=True).order_by("id")
    ways = dict.fromkeys(each.way or each.channel for each in found)
    return [way for way in ways if _carries(for_way(organization_id, way, kind=INVITATION))]


def _carries(account: SendingAccount | None) -> bool:
    channel = catalog()[account.channel] if account is not None else None
    if channel is None or not channel.addresses or not {INVITATION, NOTICE} <= channel.kinds:
        return False
    return all(each.name != _REGISTERED for each in channel.fields)


def _decide(case: Case, customer: Customer, ways: list[str]) -> Decision:
    now = clock.now()
    kind = verification_programme.KIND
    asked = Programme(organization=case.organization, code=kind, kind=kind, channels=ways)
    facts = known.facts(customer, asked, case.interaction, now, has_open_case=lambda _customer: False)
    facts = replace(facts, sent=(), answered_at=None, survey_sent_at=None)
    candidate = Candidate(key=_reference(case), programme=kind, kind=kind, due_at=now)
    return decision.decide(candidate, facts, known.rules(contact.policy(case.organization_id)), now)


def _compose(case: Case, customer: Customer, account: SendingAccount) -> Message:
    code = customer.language or case.organization.language
    is_short = catalog()[account.channel].is_short
    name = language.choose(case.organization.name, code, fallback=case.organization.code)
    facts = {"name": customer.name, "organization": name}
    subject, text = _words("message_short" if is_short else "message", code)
    return Message(
        reference=_reference(case),
        to=known.address_of(customer, account),
        # Not `invitation`: nothing is to be answered, and no invitation stands behind it.
        kind=NOTICE,
        language=code,
        subject=texts.fill(subject, facts, code=code),
        text=texts.fill(text, facts, code=code),
        link=f"{settings.SITE_URL}{path(case)}",
        sender=account.settings.get("sender") or name,
        organization=name,
        values=facts,
    )


def _reference(case: Case) -> str:
    """The same for a case, for ever: the outbox takes it once."""
    return identity.content_id("case_address", str(case.organization_id), str(case.pk)).hex


def _words(kind: str, code: str) -> tuple[str, str]:
    table = _table()[kind]
    subject, text = table.get(language.canonical(code), table[language.DEFAULT])
    return subject, text


@cache
def _table() -> dict[str, dict[str, tuple[str, str]]]:
    return tomllib.loads(Path(__file__).with_name("address.toml").read_text(encoding="utf-8"))
