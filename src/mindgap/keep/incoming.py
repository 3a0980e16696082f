"""Incoming: what every channel, import and API hands over. The body of an arrival is one of these as JSON.

Values are in the words of the outside (codes, ISO instants, plain numbers); the recorder turns them into ids, steps
and minor units, and refuses what does not fit into quarantine.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from mindgap.ground import identity


class Person(msgspec.Struct, omit_defaults=True, frozen=True, forbid_unknown_fields=True):
    """Who it was: identities by kind (`email`, `phone`, `order`, `crm`, `wecom` …), and what is known of them.

    `claims` are identities that somebody typed about themselves: they complete a customer or make one, and never
    join two, since anybody can type any address.
    """

    identities: dict[str, str]
    name: str = ""
    language: str = ""
    segments: dict[str, str] = {}
    attributes: dict[str, str] = {}
    claims: dict[str, str] = {}


class Interaction(
    msgspec.Struct,
    omit_defaults=True,
    frozen=True,
    tag="interaction",
    tag_field="kind",
    forbid_unknown_fields=True,
):
    """One customer at one touchpoint. Instants carry a zone; numbers are in the unit of the touchpoint's measure."""

    key: str
    touchpoint: str
    started_at: datetime
    customer: Person | None = None
    channel: str = ""
    unit: str = ""
    promise: str = ""
    # Either the promised instant or the promised number; likewise for what was experienced and expected.
    due_at: datetime | None = None
    promised: float | None = None
    experienced_at: datetime | None = None
    experienced: float | None = None
    expected_at: datetime | None = None
    expected: float | None = None
    cancelled: bool = False
    observed_until: datetime | None = None
    told_before_due: bool | None = None
    revenue: str = ""
    cost: str = ""
    currency: str = ""
    segments: dict[str, str] = {}
    attributes: dict[str, str] = {}


class Statement(msgspec.Struct, omit_defaults=True, frozen=True, forbid_unknown_fields=True):
    """An expectation in numbers: kind `should`, `will` or `minimum`, and where it came from."""

    measure: str
    value: float
    kind: str = "will"
    source: str = ""


class Answer(
    msgspec.Struct,
    omit_defaults=True,
    frozen=True,
    tag="answer",
    tag_field="kind",
    forbid_unknown_fields=True,
):
    """What one customer said at one time: scores by measure, expectations, a comment."""

    key: str
    answered_at: datetime
    touchpoint: str = ""
    scores: dict[str, float] = {}
    expected: tuple[Statement, ...] = ()
    customer: Person | None = None
    interaction: str = ""
    channel: str = ""
    unit: str = ""
    asked_at: datetime | None = None
    language: str = ""
    comment: str = ""
    weight: float | None = None
    segments: dict[str, str] = {}
    attributes: dict[str, str] = {}


class Customer(
    msgspec.Struct,
    omit_defaults=True,
    frozen=True,
    tag="customer",
    tag_field="kind",
    forbid_unknown_fields=True,
):
    """A customer by themself: from a contact list or a CRM."""

    key: str
    customer: Person


class Consent(msgspec.Struct, omit_defaults=True, frozen=True, forbid_unknown_fields=True):
    """What was ticked, or left or made unticked, and the words beside the box: their version and digest."""

    purpose: str
    given: bool
    text_version: str = ""
    text_hash: str = ""


class Submission(
    msgspec.Struct,
    omit_defaults=True,
    frozen=True,
    tag="submission",
    tag_field="kind",
    forbid_unknown_fields=True,
):
    """How far one person is in a survey: everything said so far, each time. `key` is a UUID, the same at each page.

    A finished one comes after the `Answer` of the same key in one hand-over: then whose it is, is known.
    """

    key: str
    # The survey's code and the number of its version.
    survey: str
    version: int
    started_at: datetime
    changed_at: datetime
    # `partial`, `finished`, `over_quota`, `screened` or `withdrawn`; `finished` is when it was.
    state: str = "partial"
    finished: datetime | None = None
    language: str = ""
    # The page that they are to see next; empty at an end.
    page: str = ""
    # Values by question code (`q.row`, `q.got` … where a question has several).
    answers: dict[str, Any] = {}
    seconds: dict[str, float] = {}
    hidden: dict[str, str] = {}
    # Digest of the invitation's token (`invitation.digest_of`); short name of a link.
    invitation: str = ""
    link: str = ""
    channel: str = ""
    unit: str = ""
    touchpoint: str = ""
    interaction: str = ""
    customer: Person | None = None
    consents: tuple[Consent, ...] = ()
    # What makes one suspect: `honeypot`, `too_fast` …
    flags: tuple[str, ...] = ()
    # A trial of whoever wrote the survey, also of a version that is not published.
    test: bool = False


# What the record is made of. A submission is read by a reader of its own.
Incoming = Interaction | Answer | Customer

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Incoming)
_submissions = msgspec.json.Decoder(Submission)


def withdrawal_id(key: str, started_at: datetime) -> UUID:
    """The id of the arrival that says that a visit was broken off: a page of it that comes later is not kept."""
    return identity.content_id("withdrawn", key, started_at.astimezone(UTC).isoformat())


def write(incoming: Incoming | Submission) -> bytes:
    """The body of an arrival."""
    return _encoder.encode(incoming)


def read(body: bytes | memoryview) -> Incoming:
    """The incoming thing of a body; `msgspec.DecodeError` (a `ValueError`) says where it does not fit."""
    return _decoder.decode(bytes(body))


def read_submission(body: bytes | memoryview) -> Submission:
    """The submission of a body; `msgspec.DecodeError` (a `ValueError`) says where it does not fit."""
    return _submissions.decode(bytes(body))
