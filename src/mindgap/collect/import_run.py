"""ImportRun: an import that somebody started on a page and that the worker does."""

from django.conf import settings
from django.db import models

from mindgap.ground import clock

STATES = ("waiting", "running", "done", "failed")


class ImportRun(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="import_runs")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    mapping = models.ForeignKey("collect.RememberedMapping", models.RESTRICT, related_name="runs")
    # The name people know the file by, and the one it has in the uploads folder.
    name = models.CharField(max_length=200)
    file = models.CharField(max_length=200)
    state = models.CharField(max_length=16, default="waiting", choices=[(state, state) for state in STATES])
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    result = models.JSONField(default=dict)
    problem_code = models.CharField(max_length=64, blank=True)
    problem = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    # The last sign of life of the worker that has it; silent for long, another takes over.
    alive_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["state", "created_at"], name="import_run_next")]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"

    @property
    def share(self) -> float:
        """How far it is, 0 to 1."""
        return self.done / self.total if self.total else 0.0
