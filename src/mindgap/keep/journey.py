"""Journey and stage: the way a customer goes, in the order in which it is gone."""

from django.db import models

from mindgap.keep.texts import TextsField


class Journey(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="journeys")
    code = models.SlugField(max_length=64, allow_unicode=True)
    name = TextsField()
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["organization", "code"], name="journey_code_once")]

    def __str__(self) -> str:
        return str(self.name) or self.code


class Stage(models.Model):
    journey = models.ForeignKey("keep.Journey", models.CASCADE, related_name="stages")
    code = models.SlugField(max_length=64, allow_unicode=True)
    name = TextsField()
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["journey", "code"], name="stage_code_once")]

    def __str__(self) -> str:
        return str(self.name) or self.code
