"""Front: what the record knows of an address: the survey behind a short name, a version, a guest with an invitation.

Looked up in a thread, off the event loop. Short names are remembered for a second, so that closing a survey is seen
that soon; versions, which never change, for as long as there is room.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from mindgap.collect import beside
from mindgap.collect.survey.handover import unflattened
from mindgap.collect.survey.page import Sheet
from mindgap.keep import invitation, link, submission, survey
from mindgap.keep.definition import Definition
from mindgap.keep.incoming import Person

_SHORTS_MOST = 10_000
# While the record cannot be asked, pages are still drawn for those who are answering; nothing can be stored then.
_PATIENCE_SECONDS = 600.0
_EDITIONS_MOST = 200
_SHORT_MOST = 64


@dataclass(frozen=True, slots=True)
class Entrance:
    """What stands behind a short name; `number` is the newest published version, 0 when there is none."""

    organization: int
    survey_id: int
    survey: str
    short: str
    number: int
    is_open: bool
    link: str = ""
    channel: str = ""
    unit: str = ""
    touchpoint: str = ""
    hidden: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Edition:
    """One version of a survey with its pages, one sheet per language."""

    definition: Definition
    number: int
    _sheets: dict[str, Sheet] = field(default_factory=dict)

    def sheet(self, language: str) -> Sheet:
        """The pages in one of the definition's languages."""
        code = language if language in self.definition.languages else self.definition.languages[0]
        if code not in self._sheets:
            self._sheets[code] = Sheet(self.definition, code)
        return self._sheets[code]


@dataclass(frozen=True, slots=True)
class Left:
    """Where a guest left off."""

    version: int
    page: str
    answers: dict[str, Any]
    seconds: dict[str, float]
    started: int


@dataclass(frozen=True, slots=True)
class Guest:
    """Who comes with an invitation; `why_not` is `expired` or `used` when it cannot be answered any more."""

    digest: str
    why_not: str
    language: str = ""
    channel: str = ""
    unit: str = ""
    touchpoint: str = ""
    interaction: str = ""
    hidden: dict[str, str] = field(default_factory=dict)
    customer: Person | None = None
    segments: dict[str, str] = field(default_factory=dict)
    left: Left | None = None


class Front:
    """Looks up and remembers."""

    def __init__(self) -> None:
        self._entrances: beside.Memory[str, Entrance | None] = beside.Memory(
            most=_SHORTS_MOST, patience=_PATIENCE_SECONDS
        )
        self._editions: OrderedDict[tuple[int, int], Edition] = OrderedDict()

    async def entrance(self, short: str) -> Entrance | None:
        """The survey or link of a short name."""
        if len(short) > _SHORT_MOST:
            return None
        return await self._entrances.find(short, lambda: _entrance(short))

    async def edition(self, entrance: Entrance, number: int, *, draft: bool = False) -> Edition | None:
        """A published version; with `draft` the draft as it is now, which is never remembered."""
        if draft:
            return await beside.ask(lambda: _draft(entrance.survey_id))
        key = (entrance.survey_id, number)
        if key not in self._editions:
            found = await beside.ask(lambda: _edition(*key))
            if found is None:
                return None
            self._editions[key] = found
            while len(self._editions) > _EDITIONS_MOST:
                self._editions.popitem(last=False)
        self._editions.move_to_end(key)
        return self._editions[key]

    async def guest(self, token: str, survey_id: int) -> Guest | None:
        """Whoever was given that token for that survey."""
        if len(token) > _SHORT_MOST:
            return None
        return await beside.ask(lambda: guest_of(token, survey_id))

    async def known(self, organization: int, *, unit: str, touchpoint: str) -> tuple[str, str]:
        """The two codes as far as they exist: an address must not make up places."""
        if not unit and not touchpoint:
            return "", ""
        return await beside.ask(lambda: _known(organization, unit, touchpoint))


def _entrance(short: str) -> Entrance | None:
    found = link.find(short)
    asked = (
        found.survey
        if found
        else survey.Survey.objects.select_related("touchpoint").filter(short=short).first()
    )
    if asked is None:
        return None
    newest = survey.published(asked)
    touchpoint = (found and found.touchpoint) or asked.touchpoint
    return Entrance(
        organization=asked.organization_id,
        survey_id=asked.pk,
        survey=asked.code,
        short=short,
        number=newest.number if newest else 0,
        is_open=asked.is_open and (found is None or found.is_active),
        link=short if found else "",
        channel=found.channel if found else "",
        unit=found.unit.code if found and found.unit else "",
        touchpoint=touchpoint.code if touchpoint else "",
        hidden={str(name): str(value) for name, value in found.hidden.items()} if found else {},
    )


def _edition(survey_id: int, number: int) -> Edition | None:
    found = survey.SurveyVersion.objects.filter(
        survey_id=survey_id, number=number, state=survey.PUBLISHED
    ).first()
    return Edition(found.read(), number) if found else None


def _draft(survey_id: int) -> Edition | None:
    found = survey.SurveyVersion.objects.filter(survey_id=survey_id).order_by("-number").first()
    return Edition(found.read(), found.number) if found else None


def guest_of(token: str, survey_id: int) -> Guest | None:
    """Whoever was given the token for that survey; a token of another one costs no more than one of nobody (B4)."""
    found = invitation.find(token)
    if found is None or found.survey_id != survey_id:
        return None
    return Guest(
        digest=found.token_digest,
        why_not="" if found.is_open else "used" if found.state == "answered" else "expired",
        language=found.language or (found.customer.language if found.customer else ""),
        channel=found.channel,
        unit=found.unit.code if found.unit else "",
        touchpoint=found.touchpoint.code if found.touchpoint else "",
        interaction=found.interaction.key if found.interaction else "",
        hidden={str(name): str(value) for name, value in found.hidden.items()},
        customer=_person(found),
        segments=dict(found.customer.segments) if found.customer else {},
        left=_left(found),
    )


def _person(found: invitation.Invitation) -> Person | None:
    if found.customer is None:
        return None
    identities = {each.kind: each.value for each in found.customer.identities.order_by("-id")}
    return Person(identities) if identities else None


def _left(found: invitation.Invitation) -> Left | None:
    there = (
        submission.Submission.objects.select_related("version")
        .filter(invitation=found, state=submission.PARTIAL)
        .order_by("-changed_at")
        .first()
    )
    if there is None:
        return None
    return Left(
        there.version.number,
        there.page,
        unflattened(there.version.read(), there.answers),
        dict(there.seconds),
        int(there.started_at.timestamp() * 1000),
    )


def _known(organization: int, unit: str, touchpoint: str) -> tuple[str, str]:
    from mindgap.keep.models import Touchpoint, Unit

    units = Unit.objects.filter(organization_id=organization, code=unit)
    touchpoints = Touchpoint.objects.filter(organization_id=organization, code=touchpoint)
    return unit if units.exists() else "", touchpoint if touchpoints.exists() else ""


def submission_id(digest: str) -> UUID:
    """The id of the one submission that an invitation can bring."""
    from mindgap.ground import identity

    return identity.content_id("invited", digest)
