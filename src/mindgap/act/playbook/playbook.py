"""Playbook: a suggested solution in one to three steps, for a touchpoint, a cause, a topic, a severity (R190)."""

from django.db import models

from mindgap.keep.texts import TextsField


class Playbook(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="playbooks")
    code = models.SlugField(max_length=64, allow_unicode=True)
    name = TextsField()
    # Texts by language, in order; the first three go into a notice.
    steps = models.JSONField(default=list)
    # Where it fits: each empty list fits everything. `kinds` are touchpoint kinds, `touchpoints` codes.
    kinds = models.JSONField(default=list, blank=True)
    touchpoints = models.JSONField(default=list, blank=True)
    causes = models.JSONField(default=list, blank=True)
    topics = models.JSONField(default=list, blank=True)
    severities = models.JSONField(default=list, blank=True)
    # The code of the shipped one that it came from; empty: the organization's own.
    shipped = models.CharField(max_length=64, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["organization", "code"], name="playbook_code_once")]

    def __str__(self) -> str:
        return str(self.name) or self.code
