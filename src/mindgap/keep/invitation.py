"""Invitation: one person is asked to answer one survey, by a link that is theirs alone."""

import hashlib
import secrets
from datetime import datetime

from django.db import models

from mindgap.ground import clock
from mindgap.keep.customer import Customer
from mindgap.keep.interaction import Interaction
from mindgap.keep.programme import Programme, Wave
from mindgap.keep.survey import Survey
from mindgap.keep.touchpoint import Touchpoint
from mindgap.keep.unit import Unit

STATES = ("waiting", "sent", "opened", "answered", "expired", "bounced", "revoked")
# In these somebody may still answer.
OPEN = ("waiting", "sent", "opened")

# 144 random bits are 24 characters without padding: short enough for a text message.
_TOKEN_BYTES = 18


class Invitation(models.Model):
    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(
        "keep.Organization", models.CASCADE, related_name="invitations", db_index=False
    )
    survey = models.ForeignKey("keep.Survey", models.CASCADE, related_name="invitations", db_index=False)
    customer = models.ForeignKey(
        "keep.Customer", models.SET_NULL, null=True, related_name="invitations", db_constraint=False
    )
    # Of the token only this is known; the token itself is in the message that was sent.
    token_digest = models.CharField(max_length=64, unique=True)
    channel = models.CharField(max_length=64, blank=True)
    interaction = models.ForeignKey(
        "keep.Interaction", models.SET_NULL, null=True, related_name="invitations"
    )
    unit = models.ForeignKey("keep.Unit", models.SET_NULL, null=True, db_index=False)
    touchpoint = models.ForeignKey("keep.Touchpoint", models.SET_NULL, null=True, db_index=False)
    language = models.CharField(max_length=16, blank=True)
    hidden = models.JSONField(default=dict)
    programme = models.ForeignKey(
        "keep.Programme", models.SET_NULL, null=True, related_name="invitations", db_index=False
    )
    wave = models.ForeignKey("keep.Wave", models.SET_NULL, null=True, related_name="invitations")
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    reminded = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=16, choices=[(state, state) for state in STATES], default="waiting")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["organization", "survey", "state"], name="invitation_of_survey"),
            # Whom to remind.
            models.Index(fields=["programme", "state", "sent_at"], name="invitation_to_remind"),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it may be answered now, as far as the invitation goes."""
        return self.state in OPEN and (self.expires_at is None or clock.now() < self.expires_at)


def make(
    survey: Survey,
    *,
    customer: Customer | None = None,
    channel: str = "",
    interaction: Interaction | None = None,
    unit: Unit | None = None,
    touchpoint: Touchpoint | None = None,
    language: str = "",
    hidden: dict[str, str] | None = None,
    programme: Programme | None = None,
    wave: Wave | None = None,
    expires_at: datetime | None = None,
) -> tuple[Invitation, str]:
    """A new invitation and its token, which nobody can find out afterwards."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    made = Invitation.objects.create(
        organization_id=survey.organization_id,
        survey=survey,
        customer=customer,
        token_digest=digest_of(token),
        channel=channel,
        interaction=interaction,
        unit=unit,
        touchpoint=touchpoint or survey.touchpoint,
        language=language,
        hidden=hidden or {},
        programme=programme,
        wave=wave,
        expires_at=expires_at,
    )
    return made, token


def find(token: str) -> Invitation | None:
    """The invitation of a token, whatever its state, with all that an answering page needs of it."""
    return (
        Invitation.objects.select_related("survey", "customer", "interaction", "unit", "touchpoint")
        .filter(token_digest=digest_of(token))
        .first()
    )


def digest_of(token: str) -> str:
    """What is stored of a token: tokens are random, so a plain hash cannot be guessed back. 64 hex digits."""
    return hashlib.blake2b(token.encode(errors="replace"), digest_size=32).hexdigest()
