"""InboundSource: a tool that may send by itself, its address, its secret and its mapping."""

import secrets
from typing import Any

from django.conf import settings as site
from django.db import models

from mindgap.collect.channels import vault
from mindgap.collect.inbound import mapping as mappings
from mindgap.collect.inbound.sources import catalog
from mindgap.ground import clock

PATH = "/c/v1/in/"
# Not a tool but the organization's names of events, for `/c/v1/track` and `/c/v1/events`.
EVENTS = "events"


class NotMade(ValueError):
    """A source that cannot be made; the words say what to do."""


def new_short() -> str:
    """The name in the address: nobody guesses it."""
    return secrets.token_urlsafe(18)


class InboundSource(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="inbound_sources")
    # The code of a module of `sources/`, or `events`.
    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=128)
    short = models.CharField(max_length=32, unique=True, default=new_short, editable=False)
    sealed = models.TextField(blank=True)
    mapping = models.JSONField(default=dict)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)
    # The last message that was not taken, and why: a wrong secret shows itself here.
    refused_at = models.DateTimeField(null=True, blank=True)
    refused = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["organization", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(kind=EVENTS, is_active=True),
                name="events_mapped_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """What to enter at the tool."""
        if self.kind == EVENTS:
            return f"{site.SITE_URL}/c/v1/events"
        return f"{site.SITE_URL}{PATH}{self.kind}/{self.short}"

    def secret(self) -> str:
        return vault.open_(self.sealed).decode() if self.sealed else ""


def make(
    organization_id: int, kind: str, name: str, *, secret: str, mapping: dict[str, Any]
) -> InboundSource:
    """A new source; `NotMade` says what is missing or wrong."""
    if kind != EVENTS and kind not in catalog():
        raise NotMade(f"there is no source {kind!r}; there are: {', '.join(sorted([*catalog(), EVENTS]))}")
    if kind != EVENTS and catalog()[kind].needs_secret and not secret:
        raise NotMade(f"{catalog()[kind].name} signs what it sends: give its secret")
    try:
        read = mappings.read(mapping)
        if read.zone:
            clock.zone(read.zone)
    except ValueError as problem:
        raise NotMade(f"the mapping does not fit: {problem}") from problem
    rows = InboundSource.objects
    if kind == EVENTS and rows.filter(organization_id=organization_id, kind=EVENTS, is_active=True).exists():
        raise NotMade("the events of this organization are mapped already; remove that source first")
    sealed = vault.close(secret.encode()) if secret else ""
    return rows.create(organization_id=organization_id, kind=kind, name=name, sealed=sealed, mapping=mapping)
