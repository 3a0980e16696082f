"""Interaction: one customer at one touchpoint at one time, with what was promised and what happened."""

from django.db import models

COMPLETED, OPEN, CANCELLED = 1, 2, 3
STATES = {COMPLETED: "completed", OPEN: "open", CANCELLED: "cancelled"}


class Interaction(models.Model):
    # The sequence number of the arrival that first brought it.
    id = models.BigIntegerField(primary_key=True)
    organization = models.ForeignKey(
        "keep.Organization", models.CASCADE, related_name="interactions", db_index=False
    )
    key = models.CharField(max_length=200)
    customer = models.ForeignKey(
        "keep.Customer", models.SET_NULL, null=True, related_name="interactions", db_constraint=False
    )
    touchpoint = models.ForeignKey("keep.Touchpoint", models.CASCADE, db_index=False)
    channel = models.ForeignKey("keep.Channel", models.SET_NULL, null=True, db_index=False)
    unit = models.ForeignKey("keep.Unit", models.SET_NULL, null=True, db_index=False)
    promise = models.ForeignKey("keep.Promise", models.SET_NULL, null=True, db_index=False)
    state = models.SmallIntegerField(default=COMPLETED, choices=list(STATES.items()))
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    experienced_at = models.DateTimeField(null=True)
    # The last moment at which an open interaction was known to be open.
    observed_until = models.DateTimeField(null=True)
    # In steps of the touchpoint's measure.
    value = models.IntegerField(null=True)
    promised = models.IntegerField(null=True)
    expected = models.IntegerField(null=True)
    told_before_due = models.BooleanField(null=True)
    revenue_minor = models.BigIntegerField(null=True)
    cost_minor = models.BigIntegerField(null=True)
    segments = models.JSONField(default=dict)
    attributes = models.JSONField(default=dict)
    digest = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="interaction_key_once")]
        indexes = [
            # What is open is little beside what was ever done, and looked through every other minute.
            models.Index(
                fields=["organization", "due_at", "started_at"],
                name="interaction_open_due",
                condition=models.Q(state=OPEN),
            ),
        ]
