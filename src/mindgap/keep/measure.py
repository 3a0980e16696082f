"""Measure: a code with a scale and a direction. Metric: a measure and how it is summarised."""

from decimal import Decimal

from django.db import models

from mindgap.keep.texts import TextsField

KINDS = ("likelihood", "satisfaction", "effort", "emotion", "duration", "share", "money", "count")
SUMMARIES = ("nps", "top", "mean", "effort", "gap", "kept")


class Measure(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="measures")
    code = models.SlugField(max_length=64, allow_unicode=True)
    name = TextsField()
    kind = models.CharField(max_length=32)
    minimum = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    maximum = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    # Facts hold whole steps: a 0–10 answer is 0–10, half a star is 1 with step 0.5.
    step = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(1))
    unit = models.CharField(max_length=16, blank=True, help_text="days, hours, minutes, seconds, points …")
    higher_is_better = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["organization", "code"], name="measure_code_once")]

    def __str__(self) -> str:
        return str(self.name) or self.code

    @property
    def is_duration(self) -> bool:
        return self.kind == "duration"

    def steps(self, value: Decimal | float | str) -> int:
        """`value` in steps of the scale; `ValueError` when it lies off the scale or between two steps."""
        number = Decimal(str(value))
        if not number.is_finite():
            raise ValueError(f"{value} is no number")
        steps = number / self.step
        if steps != int(steps):
            raise ValueError(f"{value} lies between two steps of {self.code} (step {self.step.normalize()})")
        if self.minimum is not None and number < self.minimum:
            raise ValueError(
                f"{value} is below the scale of {self.code} (least {self.minimum.normalize():f})"
            )
        if self.maximum is not None and number > self.maximum:
            raise ValueError(f"{value} is above the scale of {self.code} (most {self.maximum.normalize():f})")
        return int(steps)


class Metric(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="metrics")
    measure = models.ForeignKey("keep.Measure", models.CASCADE, related_name="metrics")
    code = models.SlugField(max_length=64, allow_unicode=True)
    name = TextsField()
    summary = models.CharField(max_length=16, choices=[(name, name) for name in SUMMARIES])
    # For `top`: the least value that counts, in steps.
    top_from = models.IntegerField(null=True, blank=True)
    goal = models.FloatField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["organization", "code"], name="metric_code_once")]

    def __str__(self) -> str:
        return str(self.name) or self.code
