"""Channel: over which way a customer and the organization met (web, store, WeCom, SMS …)."""

from django.db import models

from mindgap.keep.texts import TextsField


class Channel(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="channels")
    code = models.SlugField(max_length=64, allow_unicode=True)
    name = TextsField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["organization", "code"], name="channel_code_once")]

    def __str__(self) -> str:
        return str(self.name) or self.code
