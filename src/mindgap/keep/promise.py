"""Promise: what is promised at a touchpoint, and the occurrences where its words stand (R8, R19, R191)."""

from django.db import models

from mindgap.ground import clock
from mindgap.keep.texts import TextsField

BOUNDS = ("at_most", "at_least", "exactly")
RULES = ("calendar", "timestamp")
PLACES = (
    "advertisement",
    "social",
    "website",
    "script",
    "warranty",
    "policy",
    "contract",
    "message",
    "staff",
)


class Promise(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="promises")
    touchpoint = models.ForeignKey("keep.Touchpoint", models.CASCADE, related_name="promises")
    measure = models.ForeignKey("keep.Measure", models.RESTRICT, related_name="promises")
    code = models.SlugField(max_length=64, allow_unicode=True)
    name = TextsField()
    bound = models.CharField(max_length=16, choices=[(bound, bound) for bound in BOUNDS], default="at_most")
    # In steps of the measure; null where each interaction carries a promise of its own.
    quantity = models.IntegerField(null=True, blank=True)
    # Late by calendar day, or late by timestamp: two rules, both kept, one shown first.
    rule = models.CharField(max_length=16, choices=[(rule, rule) for rule in RULES], default="calendar")
    starts = models.CharField(
        max_length=200, blank=True, help_text="The event from which the promise counts."
    )
    conditions = TextsField()
    is_time_critical = models.BooleanField(default=False)
    owner = models.ForeignKey("keep.Member", models.SET_NULL, null=True, blank=True, related_name="promises")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["touchpoint__position", "id"]
        constraints = [models.UniqueConstraint(fields=["organization", "code"], name="promise_code_once")]

    def __str__(self) -> str:
        return str(self.name) or self.code


class Occurrence(models.Model):
    """One place where the promise is made in words."""

    promise = models.ForeignKey("keep.Promise", models.CASCADE, related_name="occurrences")
    place = models.CharField(max_length=32, choices=[(place, place) for place in PLACES])
    channel = models.ForeignKey("keep.Channel", models.SET_NULL, null=True, blank=True)
    touchpoint = models.ForeignKey(
        "keep.Touchpoint", models.SET_NULL, null=True, blank=True, related_name="occurrences"
    )
    where = models.CharField(
        max_length=300, blank=True, help_text="Page, asset or script in which the words stand."
    )
    words = TextsField()
    # The value these words name, in steps of the promise's measure; null: the words name none.
    quantity = models.IntegerField(null=True, blank=True)
    seen_at = models.DateTimeField(default=clock.now)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["promise", "id"]
