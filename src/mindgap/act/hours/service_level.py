"""Service level: how long each step of a case may take, in the customer's time or in business time."""

from dataclasses import dataclass

from django.db import models

from mindgap.keep.models import Organization

STEPS = ("acknowledge", "contact", "resolve")
CUSTOMER, BUSINESS = "customer", "business"
COUNTS = (CUSTOMER, BUSINESS)
URGENCIES = ("normal", "critical")

_HOUR = 3600
# Seconds and what they are counted in, where an organization has said nothing else (`behaviour.md` 3.2).
DEFAULTS = {
    ("critical", "acknowledge"): (2 * _HOUR, CUSTOMER),
    ("critical", "contact"): (24 * _HOUR, CUSTOMER),
    ("critical", "resolve"): (72 * _HOUR, CUSTOMER),
    ("normal", "acknowledge"): (8 * _HOUR, BUSINESS),
    ("normal", "contact"): (48 * _HOUR, CUSTOMER),
    ("normal", "resolve"): (7 * 24 * _HOUR, CUSTOMER),
}


class ServiceLevel(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="service_levels")
    urgency = models.CharField(max_length=8, choices=[(each, each) for each in URGENCIES])
    step = models.CharField(max_length=16, choices=[(each, each) for each in STEPS])
    seconds = models.PositiveIntegerField()
    counts = models.CharField(max_length=8, choices=[(each, each) for each in COUNTS])

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "urgency", "step"], name="service_level_once"),
        ]


@dataclass(frozen=True, slots=True)
class Level:
    """How long a step may take, and in whose time that is counted."""

    seconds: int
    counts: str

    @property
    def is_business(self) -> bool:
        return self.counts == BUSINESS


def levels(organization: Organization) -> dict[tuple[str, str], Level]:
    """By urgency and step: what the organization set, else the defaults."""
    found = {key: Level(*given) for key, given in DEFAULTS.items()}
    for row in ServiceLevel.objects.filter(organization=organization):
        found[row.urgency, row.step] = Level(row.seconds, row.counts)
    return found
