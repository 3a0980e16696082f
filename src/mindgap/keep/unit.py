"""Unit: a store, branch, team or region; a tree whose path makes "everything below" one comparison."""

from django.db import models

from mindgap.keep.texts import TextsField


class Unit(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="units")
    parent = models.ForeignKey("self", models.RESTRICT, null=True, blank=True, related_name="children")
    code = models.CharField(max_length=128)
    name = TextsField()
    kind = models.CharField(max_length=32, default="branch")
    zone = models.CharField(max_length=64, blank=True, help_text="Empty: the organization's zone.")
    # Ids from the root, each followed by a slash: "1/7/23/".
    path = models.CharField(max_length=512, blank=True, db_index=True)

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["organization", "code"], name="unit_code_once")]

    def __str__(self) -> str:
        return str(self.name) or self.code

    def save(self, *args: object, **kwargs: object) -> None:
        """Save, and keep the path true for this unit and all below it."""
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        path = f"{self.parent.path if self.parent else ''}{self.pk}/"
        if path != self.path:
            if self.parent and f"/{self.pk}/" in f"/{self.parent.path}":
                raise ValueError("a unit cannot stand below itself")
            self.path = path
            Unit.objects.filter(pk=self.pk).update(path=path)
            for child in self.children.all():
                child.save()

    def subtree(self) -> "models.QuerySet[Unit]":
        """This unit and every unit below it."""
        return Unit.objects.filter(organization_id=self.organization_id, path__startswith=self.path)
