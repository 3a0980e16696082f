"""Touchpoint: where a customer meets the organization (R4, R38, R145)."""

from django.db import models

from mindgap.keep.texts import TextsField

# The ten kinds of R4: seeds that an organization may extend.
KINDS = (
    "advertising", "content", "digital", "physical", "communication",
    "representative", "product", "service", "friction", "reputation",
)  # fmt: skip


class Touchpoint(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="touchpoints")
    stage = models.ForeignKey(
        "keep.Stage", models.SET_NULL, null=True, blank=True, related_name="touchpoints"
    )
    code = models.SlugField(max_length=64, allow_unicode=True)
    name = TextsField()
    kind = models.CharField(max_length=32, default="service")
    owner = models.ForeignKey(
        "keep.Member", models.SET_NULL, null=True, blank=True, related_name="touchpoints"
    )
    partner = models.CharField(max_length=128, blank=True, help_text="Who runs it on our behalf (R132).")
    is_moment_of_truth = models.BooleanField(default=False)
    is_controllable = models.BooleanField(default=True)
    is_observed = models.BooleanField(default=False, help_text="Seen by the customer, not used (R4).")
    # How long from start to experience is counted here; null where only answers are collected.
    measure = models.ForeignKey(
        "keep.Measure", models.RESTRICT, null=True, blank=True, related_name="touchpoints"
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["stage__position", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["organization", "code"], name="touchpoint_code_once")]

    def __str__(self) -> str:
        return str(self.name) or self.code
