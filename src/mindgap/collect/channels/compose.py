"""Compose: the message for an invitation: its words, its link, its first question, the ways to stop it."""

import uuid

from django.conf import settings

from mindgap.collect.channels import catalog, texts, wording
from mindgap.collect.channels.account import SendingAccount
from mindgap.collect.channels.message import FirstQuestion, Message, Option
from mindgap.collect.survey import address, logic, scale
from mindgap.ground import language
from mindgap.keep import survey as surveys
from mindgap.keep.definition import Definition
from mindgap.keep.models import Invitation, Organization

# More than a scale of eleven does not fit a line of a mail.
_OPTIONS_MOST = 11


def compose(
    invitation: Invitation,
    token: str,
    account: SendingAccount,
    *,
    to: str,
    kind: str = texts.INVITATION,
    trigger: dict[str, str] | None = None,
    words: wording.Words | None = None,
    definition: Definition | None = None,
) -> Message:
    """The message that asks (or reminds, or thanks) the person of an invitation over an account.

    `to` is an address of the kinds that the account's channel names; `trigger` what the provider wants to be answered;
    `words` stand in for those of the programme while an author tries them, and `definition` for what is published.
    """
    channel = catalog()[account.channel]
    organization = invitation.survey.organization
    definition = definition or _published(invitation)
    code = _language(invitation, definition, organization)
    facts = _facts(invitation, organization, definition, code)
    said = words or wording.of(
        invitation.programme_id,
        kind,
        way=invitation.channel or account.way,
        code=code,
        is_short=channel.is_short,
    )
    path = address.path(invitation.survey.short, token=token)
    return Message(
        reference=uuid.uuid4().hex,
        to=to,
        kind=kind,
        language=code,
        subject=texts.fill(said.subject, facts, code=code),
        text=texts.fill(said.text, facts, code=code),
        link="" if kind == texts.THANKS else f"{settings.SITE_URL}{path}",
        first=None if kind == texts.THANKS else _first(definition, invitation, token, code),
        sender=account.settings.get("sender") or facts["organization"],
        organization=facts["organization"],
        unsubscribe=f"{settings.SITE_URL}/s/u/{token}",
        preferences=f"{settings.SITE_URL}/s/p/{token}",
        values={name: facts[name] for name in texts.FACTS if name in facts},
        trigger=trigger or {},
    )


def _published(invitation: Invitation) -> Definition:
    version = surveys.published(invitation.survey)
    return version.read() if version else Definition(title=dict(invitation.survey.name))


def _language(invitation: Invitation, definition: Definition, organization: Organization) -> str:
    customer = invitation.customer
    said = invitation.language or (customer.language if customer else "")
    return said or organization.language or definition.languages[0]


def _facts(
    invitation: Invitation, organization: Organization, definition: Definition, code: str
) -> dict[str, str]:
    return {
        **{name: str(value) for name, value in invitation.hidden.items()},
        "name": invitation.customer.name if invitation.customer else "",
        "organization": language.choose(organization.name, code, fallback=organization.code),
        "survey": logic.words(definition.title, code, definition, fallback=invitation.survey.code),
    }


def _first(definition: Definition, invitation: Invitation, token: str, code: str) -> FirstQuestion | None:
    """The first question with a link for each answer, if it has a scale and is always asked first."""
    page = definition.pages[0] if definition.pages else None
    question = page.questions[0] if page and page.questions and not (page.shuffle or page.show_if) else None
    if question is None or question.show_if or question.type == "pair":
        return None
    points = scale.points(question, definition, code)
    if not 2 <= len(points) <= _OPTIONS_MOST:
        return None
    return FirstQuestion(
        logic.words(question.text, code, definition, fallback=question.code),
        tuple(
            Option(
                _label(question.type, point),
                f"{settings.SITE_URL}{address.path(invitation.survey.short, token=token, first=point.written)}",
            )
            for point in points
        ),
        *scale.ends(question, definition, code),
    )


def _label(type_: str, point: scale.Point) -> str:
    """Never a sign alone: all screen readers would leave nothing to choose by."""
    words = point.label or point.written
    return f"★ {words}" if type_ == "stars" else words
