"""Alert: a rule fired on a subject. It stays, whoever was told and whatever came of it."""

from django.db import models

from mindgap.ground import clock


class Alert(models.Model):
    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(
        "keep.Organization", models.CASCADE, related_name="alerts", db_index=False
    )
    rule = models.ForeignKey("act.AlertRule", models.CASCADE, related_name="alerts", db_index=False)
    # The event it fired on (`answer:<key>`, `touchpoint:<code>:<week>`): the same one fires a rule once, for ever.
    event = models.CharField(max_length=200)
    # Whom or what it is about (`customer:7`, `touchpoint:delivery`): the cool-down counts by this.
    subject = models.CharField(max_length=200)
    severity = models.CharField(max_length=8)
    fired_at = models.DateTimeField(default=clock.now)
    # When it happened: for an answer, its receipt.
    happened_at = models.DateTimeField(default=clock.now)
    touchpoint = models.ForeignKey("keep.Touchpoint", models.SET_NULL, null=True, related_name="alerts")
    unit = models.ForeignKey("keep.Unit", models.SET_NULL, null=True, related_name="alerts")
    customer = models.ForeignKey(
        "keep.Customer", models.SET_NULL, null=True, related_name="alerts", db_constraint=False
    )
    answer = models.ForeignKey(
        "keep.Answer", models.SET_NULL, null=True, related_name="alerts", db_constraint=False
    )
    interaction = models.ForeignKey(
        "keep.Interaction", models.SET_NULL, null=True, related_name="alerts", db_constraint=False
    )
    case = models.ForeignKey("act.Case", models.SET_NULL, null=True, related_name="alerts")
    # What the rule saw: column -> value, with n and interval where it is a figure.
    saw = models.JSONField(default=dict)
    # Why nobody was told: `cooldown`, `nobody`, `test`; empty: somebody was.
    silent = models.CharField(max_length=16, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        "keep.Member", models.SET_NULL, null=True, blank=True, related_name="acknowledged_alerts"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["rule", "event"], name="alert_once")]
        indexes = [
            models.Index(fields=["organization", "-fired_at"], name="alert_latest"),
            models.Index(fields=["rule", "subject", "-fired_at"], name="alert_cooldown"),
        ]
