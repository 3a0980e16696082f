"""Key: what a program shows to send feedback for an organization. Stored as a digest, shown once (R184)."""

import hashlib
import secrets

from django.db import models

from mindgap.ground import clock

_PREFIX = "mg_"


class Key(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="keys")
    name = models.CharField(max_length=128)
    # The first characters, by which people and secret scanners recognise a key.
    hint = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"


def make(organization_id: int, name: str) -> tuple[Key, str]:
    """A new key and its secret; the secret is known to nobody afterwards."""
    secret = _PREFIX + secrets.token_urlsafe(32)
    return Key.objects.create(
        organization_id=organization_id, name=name, hint=secret[:8], digest=digest(secret)
    ), secret


def digest(secret: str) -> str:
    """What is stored of a key. Keys are 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()
