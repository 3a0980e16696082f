"""Arrival: everything that came in, as it came in, appended once and never changed. Cursor: how far a reader is."""

from django.db import models
from django.db.models import F

from mindgap.ground import clock

KINDS = ("interaction", "answer", "customer", "submission")


class Arrival(models.Model):
    seq = models.BigAutoField(primary_key=True)
    # The transaction that appended it: on PostgreSQL readers never pass one that has yet to commit.
    # (There the migration makes the number of the running transaction the column's default.)
    transaction = models.BigIntegerField(db_default=0)
    organization = models.ForeignKey("keep.Organization", models.CASCADE, db_index=False)
    # Made by the client (UUIDv7) or from the content: the same thing sent twice is one arrival.
    id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=16)
    source = models.CharField(max_length=64)
    received_at = models.DateTimeField(default=clock.now)
    body = models.BinaryField()

    class Meta:
        ordering = ["transaction", "seq"]
        indexes = [models.Index(F("transaction"), F("seq"), name="arrival_order")]


class Cursor(models.Model):
    """A reader's place among the arrivals; moved in the same transaction as what the reader wrote."""

    reader = models.CharField(max_length=64, primary_key=True)
    transaction = models.BigIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(default=clock.now)


class Tally(models.Model):
    """What became of the arrivals of one source, by kind: written by whichever recorder recorded them.

    A source that is used once (`import:<id>`) is how an import learns its outcome, even when another process,
    such as the worker, recorded some of its rows.
    """

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="tallies")
    source = models.CharField(max_length=64)
    kind = models.CharField(max_length=16)
    new = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    known = models.BigIntegerField(default=0)
    quarantined = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "source", "kind"], name="tally_once")]


class Quarantine(models.Model):
    """Readable input that is not valid: kept with its reason, to be repaired and replayed. Nothing is thrown away."""

    STATES = ("open", "replayed", "dismissed")

    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="quarantine")
    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=16)
    source = models.CharField(max_length=200)
    line = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=64)
    words = models.TextField()
    column = models.CharField(max_length=200, blank=True)
    raw = models.JSONField(default=dict)
    # The same bad row of the same file is kept once.
    digest = models.CharField(max_length=32)
    state = models.CharField(max_length=16, default="open", choices=[(state, state) for state in STATES])
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["organization", "digest"], name="quarantine_once")]
