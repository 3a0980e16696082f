"""Audit: a run over messages, touchpoints, channels or levels by people, with scores and findings (R21, R29, R82)."""

from django.db import models

from mindgap.ground import clock

KINDS = ("messages", "courted", "pyramid", "digital", "mistakes")
STATES = ("open", "done")


class Audit(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="audits")
    kind = models.CharField(max_length=16, choices=[(each, each) for each in KINDS])
    name = models.CharField(max_length=200)
    # What it covers: {"touchpoints": [...], "channels": [...], "unit": code}; empty lists: all.
    scope = models.JSONField(default=dict, blank=True)
    auditor = models.ForeignKey("keep.Member", models.SET_NULL, null=True, related_name="audits")
    state = models.CharField(max_length=8, choices=[(each, each) for each in STATES], default="open")
    started_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)
    next_due = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey("keep.Member", models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return self.name


class AuditItem(models.Model):
    """One thing looked at: a message where it stands, a part of COURTED, a level, a step of a channel, a mistake."""

    audit = models.ForeignKey("act.Audit", models.CASCADE, related_name="items")
    # `occurrence:12`, `touchpoint:delivery`, `part:respect`, `level:inform`, `channel:web`, `mistake:long_waiting`.
    subject = models.CharField(max_length=128)
    position = models.PositiveIntegerField(default=0)
    # Dimension -> 0..10, or null where it was not judged: `accuracy`, `empathy`, `score`, `effort`, `impact` …
    scores = models.JSONField(default=dict)
    words = models.TextField(blank=True)
    # The wording before and after, of a message.
    wording = models.JSONField(default=dict)
    # Figures that the system found by itself at that moment, each with n and interval.
    evidence = models.JSONField(default=list)
    looked_at = models.DateTimeField(null=True)
    by = models.ForeignKey("keep.Member", models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["audit", "subject"], name="audit_subject_once")]


class AuditFinding(models.Model):
    """Something to mend; it can become an improvement or a quick win."""

    item = models.ForeignKey("act.AuditItem", models.CASCADE, related_name="findings")
    words = models.TextField()
    severity = models.CharField(max_length=8, default="warning")
    improvement = models.ForeignKey(
        "act.Improvement", models.SET_NULL, null=True, blank=True, related_name="audit_findings"
    )
    created_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
