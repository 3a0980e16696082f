"""Expectation: what a customer expected, of which kind, and where it came from (R12, R22, R167, R172–R174)."""

from django.db import models

from mindgap.keep.texts import TextsField

KINDS = ("should", "will", "minimum")
# Kinds that are no prediction: the facts hold them beside it, as the two ends of the zone of tolerance.
SIDES = ("should", "minimum")

# Most statements that one answer may hold.
PLACES = 64


class ExpectationSource(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="expectation_sources")
    code = models.SlugField(max_length=64, allow_unicode=True)
    name = TextsField()
    is_controllable = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="expectation_source_once")
        ]

    def __str__(self) -> str:
        return str(self.name) or self.code


class Expectation(models.Model):
    # The answer's id times PLACES, plus the place of the statement in it.
    id = models.BigIntegerField(primary_key=True)
    organization = models.ForeignKey("keep.Organization", models.CASCADE)
    customer = models.ForeignKey("keep.Customer", models.CASCADE, null=True, related_name="expectations")
    interaction = models.ForeignKey(
        "keep.Interaction", models.CASCADE, null=True, related_name="expectations"
    )
    # Null: said of the organization as a whole.
    touchpoint = models.ForeignKey("keep.Touchpoint", models.CASCADE, null=True, related_name="expectations")
    measure = models.ForeignKey("keep.Measure", models.CASCADE)
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in KINDS])
    source = models.ForeignKey("keep.ExpectationSource", models.SET_NULL, null=True, blank=True)
    value = models.IntegerField()
    stated_at = models.DateTimeField()
