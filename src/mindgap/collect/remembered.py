"""A mapping that was used, kept as it was: found again for the next file with the same columns, and for replays."""

import hashlib
from collections.abc import Iterable

import msgspec
from django.db import models

from mindgap.collect.mapping import Mapping, read_object, write
from mindgap.ground import clock


class RememberedMapping(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="mappings")
    name = models.CharField(max_length=200, blank=True)
    # Which columns it was used with; whatever their order.
    signature = models.CharField(max_length=32)
    body = models.JSONField(default=dict)
    digest = models.CharField(max_length=32)
    used_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-used_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "signature", "digest"], name="mapping_once"),
        ]

    def __str__(self) -> str:
        return self.name or self.digest[:8]

    @property
    def mapping(self) -> Mapping:
        return read_object(self.body)


def signature(columns: Iterable[str]) -> str:
    """What the columns of one or several tables are known by."""
    return _digest("\x1f".join(sorted(name.strip().lower() for name in columns)).encode())


def remember(organization_id: int, mapping: Mapping, columns: Iterable[str]) -> RememberedMapping:
    """Keep a mapping with the columns it was used for; the same one is only marked as used again."""
    body = msgspec.json.encode(mapping, order="deterministic")
    kept, is_new = RememberedMapping.objects.get_or_create(
        organization_id=organization_id,
        signature=signature(columns),
        digest=_digest(body),
        defaults={"name": mapping.name[:200], "body": write(mapping)},
    )
    if not is_new:
        RememberedMapping.objects.filter(pk=kept.pk).update(used_at=clock.now())
    return kept


def recall(organization_id: int, columns: Iterable[str]) -> RememberedMapping | None:
    """The mapping last used for exactly these columns."""
    return RememberedMapping.objects.filter(
        organization_id=organization_id, signature=signature(columns)
    ).first()


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()
