"""Member: a person of the organization, with roles and a scope: which units, how much personal data."""

from django.conf import settings
from django.db import models

ROLES = ("executive", "cx_manager", "branch_manager", "front_line", "analyst", "admin")
PERSONAL_DATA = ("none", "masked", "full")


class Member(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="members")
    name = models.CharField(max_length=128, blank=True)
    roles = models.JSONField(default=list)
    # Null: the whole organization.
    unit = models.ForeignKey("keep.Unit", models.RESTRICT, null=True, blank=True, related_name="members")
    personal_data = models.CharField(
        max_length=8, choices=[(level, level) for level in PERSONAL_DATA], default="masked"
    )
    language = models.CharField(max_length=16, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "user"], name="member_once")]

    def __str__(self) -> str:
        return self.name or str(self.user)

    def has_role(self, *roles: str) -> bool:
        return any(role in self.roles for role in roles)

    def unit_ids(self) -> frozenset[int] | None:
        """Ids of the units in scope; None is the whole organization."""
        return None if self.unit is None else frozenset(self.unit.subtree().values_list("id", flat=True))
