"""Delivery: the outbox. One row is one message to one address; it stays until its fate is known."""

from django.db import models
from django.db.models import Q

from mindgap.ground import clock

WAITING, SENDING, SENT, FAILED, BOUNCED, SUPPRESSED = (
    "waiting", "sending", "sent", "failed", "bounced", "suppressed",
)  # fmt: skip
STATES = (WAITING, SENDING, SENT, FAILED, BOUNCED, SUPPRESSED)


class Delivery(models.Model):
    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(
        "keep.Organization", models.CASCADE, related_name="deliveries", db_index=False
    )
    account = models.ForeignKey(
        "collect.SendingAccount", models.CASCADE, related_name="deliveries", db_index=False
    )
    invitation = models.ForeignKey("keep.Invitation", models.CASCADE, null=True, related_name="deliveries")
    # `invitation`, `reminder-1`, `thanks`, `notice`.
    kind = models.CharField(max_length=32)
    # Made by us, the same at every attempt; in the Message-ID and the return path of a mail.
    reference = models.CharField(max_length=64, unique=True)
    # Keyed digests: enough to compare, not to read.
    address = models.CharField(max_length=32, blank=True)
    content = models.CharField(max_length=32)
    # The whole message, encrypted: its link is a key to the answers of one person.
    letter = models.TextField(blank=True)
    state = models.CharField(max_length=16, choices=[(state, state) for state in STATES], default=WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=clock.now)
    # The last attempt: what an account's limits are counted from.
    tried_at = models.DateTimeField(null=True)
    # Its words left within the message of another row, which the limits count.
    is_folded = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=64, blank=True)
    words = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "kind"], name="delivery_once", condition=Q(invitation__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["next_at", "id"], name="delivery_due", condition=Q(state="waiting")),
            models.Index(fields=["tried_at"], name="delivery_hanging", condition=Q(state="sending")),
            models.Index(fields=["account", "-tried_at"], name="delivery_pace"),
            models.Index(fields=["account", "provider_id"], name="delivery_of_provider"),
            models.Index(fields=["organization", "address", "-tried_at"], name="delivery_to_address"),
        ]


class Suppression(models.Model):
    """An address to which nothing is sent any more: it does not exist, or its owner complained."""

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(
        "keep.Organization", models.CASCADE, related_name="suppressions", db_index=False
    )
    way = models.CharField(max_length=64)
    address = models.CharField(max_length=32)
    reason = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "way", "address"], name="suppressed_once", condition=Q(lifted_at=None)
            ),
        ]


class SeenCallback(models.Model):
    """A report of a provider that was taken: the same one again changes nothing (F9)."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(
        "collect.SendingAccount", models.CASCADE, related_name="callbacks", db_index=False
    )
    digest = models.CharField(max_length=32)
    at = models.DateTimeField(default=clock.now)
    events = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["account", "digest"], name="callback_once")]


class Wording(models.Model):
    """A programme's own words for a message, in one language; where there are none, ours are used."""

    programme = models.ForeignKey("keep.Programme", models.CASCADE, related_name="wordings", db_index=False)
    # The channel whose messages have these words; empty: all, where the kind of a short one ends in `_short`.
    way = models.CharField(max_length=64, blank=True, default="")
    # `invitation`, `reminder`, `thanks`.
    kind = models.CharField(max_length=16)
    language = models.CharField(max_length=16)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "way", "kind", "language"], name="wording_once"),
        ]
