"""Segment: a declared attribute by which customers are told apart; its values are coded for the facts."""

from django.db import models

from mindgap.keep.texts import TextsField


class Segment(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="segments")
    # Becomes the column seg_<code> of the facts, hence the narrow alphabet.
    code = models.SlugField(max_length=32)
    name = TextsField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["organization", "code"], name="segment_code_once")]

    def __str__(self) -> str:
        return str(self.name) or self.code


class SegmentValue(models.Model):
    segment = models.ForeignKey("keep.Segment", models.CASCADE, related_name="values")
    value = models.CharField(max_length=200)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["segment", "value"], name="segment_value_once")]

    def __str__(self) -> str:
        return self.value
