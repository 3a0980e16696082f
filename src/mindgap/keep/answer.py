"""Answer: what one customer said at one time: scores, expectations, a comment."""

from django.db import models


class Answer(models.Model):
    # The sequence number of the arrival that first brought it.
    id = models.BigIntegerField(primary_key=True)
    organization = models.ForeignKey(
        "keep.Organization", models.CASCADE, related_name="answers", db_index=False
    )
    key = models.CharField(max_length=200)
    customer = models.ForeignKey(
        "keep.Customer", models.SET_NULL, null=True, related_name="answers", db_constraint=False
    )
    interaction = models.ForeignKey("keep.Interaction", models.SET_NULL, null=True, related_name="answers")
    # The key of an interaction that has yet to arrive; empty once linked, or when none was named.
    awaits = models.CharField(max_length=200, blank=True)
    touchpoint = models.ForeignKey("keep.Touchpoint", models.CASCADE, null=True, db_index=False)
    channel = models.ForeignKey("keep.Channel", models.SET_NULL, null=True, db_index=False)
    unit = models.ForeignKey("keep.Unit", models.SET_NULL, null=True, db_index=False)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField()
    language = models.CharField(max_length=16, blank=True)
    comment = models.TextField(blank=True)
    # Measure code -> {"value": steps, "expected": steps or null, "source": code or null}; beside them what was said
    # of the kinds that are no prediction: {"should": steps, "minimum": steps}.
    scores = models.JSONField(default=dict)
    weight = models.FloatField(null=True)
    segments = models.JSONField(default=dict)
    attributes = models.JSONField(default=dict)
    digest = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="answer_key_once")]
        indexes = [
            models.Index(fields=["organization", "touchpoint", "-answered_at"], name="answer_latest"),
            models.Index(
                fields=["organization", "awaits"], name="answer_awaits", condition=~models.Q(awaits="")
            ),
        ]
