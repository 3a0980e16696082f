"""Improvement: a change with a goal, a deadline, and a test that was planned before (`behaviour.md` 3.6)."""

from django.db import models

from mindgap.ground import clock

IDEA, AGREED, DOING, DONE, MEASURING, VERIFIED, NO_EFFECT, WORSE, NOT_VERIFIABLE, STANDARDISED, DROPPED = (
    "idea", "agreed", "doing", "done", "measuring", "verified", "no_effect_seen", "worse", "not_verifiable",
    "standardised", "dropped",
)  # fmt: skip
STATES = (
    IDEA, AGREED, DOING, DONE, MEASURING, VERIFIED, NO_EFFECT, WORSE, NOT_VERIFIABLE, STANDARDISED, DROPPED,
)  # fmt: skip
KINDS = ("repair", "innovate", "quick_win")
SIDES = ("promise", "delivery", "both")
METHODS = ("before_after", "comparison", "history")
ORIGINS = ("worst", "cases", "audit", "topic", "member")


class Improvement(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="improvements")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    hypothesis = models.TextField(blank=True)
    origin = models.CharField(max_length=16, choices=[(each, each) for each in ORIGINS], default="member")
    # What it was opened from: a finding as JSON, case numbers, the audit finding's id, a topic.
    source = models.JSONField(default=dict)
    kind = models.CharField(max_length=16, choices=[(each, each) for each in KINDS], default="repair")
    side = models.CharField(max_length=16, choices=[(each, each) for each in SIDES], default="delivery")
    state = models.CharField(max_length=16, choices=[(each, each) for each in STATES], default=IDEA)
    version = models.PositiveIntegerField(default=0)
    touchpoint = models.ForeignKey("keep.Touchpoint", models.SET_NULL, null=True, related_name="improvements")
    unit = models.ForeignKey("keep.Unit", models.SET_NULL, null=True, blank=True, related_name="improvements")
    promise = models.ForeignKey(
        "keep.Promise", models.SET_NULL, null=True, blank=True, related_name="improvements"
    )
    owner = models.ForeignKey(
        "keep.Member", models.SET_NULL, null=True, blank=True, related_name="improvements"
    )
    partner = models.CharField(max_length=128, blank=True)
    sponsor = models.ForeignKey(
        "keep.Member", models.SET_NULL, null=True, blank=True, related_name="sponsored_improvements"
    )
    cost_minor = models.BigIntegerField(null=True, blank=True)
    value_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    deadline = models.DateField(null=True, blank=True)
    # Fixed when it is agreed: metric or figure, method, treated, comparison units, before and after periods, level,
    # power, baseline with interval and n, target, smallest visible effect, answers needed and expected.
    plan = models.JSONField(default=dict)
    planned_at = models.DateTimeField(null=True)
    # What the planned test said at the deadline: verdict, both estimates, what picking and drift explain.
    result = models.JSONField(default=dict)
    tested_at = models.DateTimeField(null=True)
    standardised_words = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey("keep.Member", models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["deadline", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="improvement_number_once")
        ]
        indexes = [models.Index(fields=["organization", "state", "deadline"], name="improvement_board")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Task(models.Model):
    improvement = models.ForeignKey("act.Improvement", models.CASCADE, related_name="tasks")
    words = models.CharField(max_length=300)
    owner = models.ForeignKey("keep.Member", models.SET_NULL, null=True, blank=True, related_name="tasks")
    due = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]


class ImprovementEvent(models.Model):
    """One entry of the trail; appended, never changed."""

    id = models.BigAutoField(primary_key=True)
    improvement = models.ForeignKey("act.Improvement", models.CASCADE, related_name="events")
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey("keep.Member", models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=32)
    words = models.TextField(blank=True)
    changes = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]


class Feed(models.Model):
    """A calendar feed of one member: the token is the key, shown once, stored as a digest."""

    member = models.OneToOneField("keep.Member", models.CASCADE, related_name="feed")
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
