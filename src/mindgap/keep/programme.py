"""Programme: when, whom, how often and by which channels a survey asks. Wave: one round of a scheduled one."""

from django.db import models
from django.db.models import Q

from mindgap.ground import clock
from mindgap.keep.survey import KINDS
from mindgap.keep.texts import TextsField

STATES = ("draft", "running", "paused", "ended")
TRIGGERS = ("event", "schedule")
WAVE_STATES = ("planned", "running", "ended")


class Programme(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="programmes")
    survey = models.ForeignKey("keep.Survey", models.RESTRICT, related_name="programmes")
    code = models.SlugField(max_length=64, allow_unicode=True)
    name = TextsField()
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in KINDS], default="transaction")
    state = models.CharField(max_length=8, choices=[(state, state) for state in STATES], default="draft")
    trigger = models.CharField(max_length=8, choices=[(each, each) for each in TRIGGERS], default="event")
    # {"touchpoint": code, "state": "completed"}
    event = models.JSONField(default=dict, blank=True)
    # {"every": 1, "unit": "day" | "week" | "month", "at": "09:00"} in the organization's zone
    schedule = models.JSONField(default=dict, blank=True)
    # Who is asked: a `ground.condition` over the interaction and the customer.
    condition = models.JSONField(default=dict, blank=True)
    delay_minutes = models.PositiveIntegerField(default=0)
    sample = models.FloatField(default=1.0, help_text="Share of those who qualify, 0 to 1.")
    # Codes in the order in which they are tried.
    channels = models.JSONField(default=list, blank=True)
    # Days after sending.
    reminders = models.JSONField(default=list, blank=True)
    rest_days = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: the policy's.")
    # Of two that want the same person, the larger asks.
    priority = models.IntegerField(default=0)
    since = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-priority", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="programme_code_once"),
            models.CheckConstraint(condition=Q(sample__gte=0, sample__lte=1), name="programme_sample_share"),
        ]

    def __str__(self) -> str:
        return str(self.name) or self.code


class Wave(models.Model):
    programme = models.ForeignKey("keep.Programme", models.CASCADE, related_name="waves")
    number = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(
        max_length=8, choices=[(state, state) for state in WAVE_STATES], default="planned"
    )

    class Meta:
        ordering = ["programme", "number"]
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="wave_once")]

    def __str__(self) -> str:
        return f"{self.programme} {self.number}"
