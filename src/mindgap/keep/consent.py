"""Consent: what a customer allowed or withdrew, and the words that they saw then. Only ever added to."""

from datetime import datetime
from typing import Any

from django.db import models

from mindgap.ground import clock
from mindgap.keep.customer import Customer


class Consent(models.Model):
    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="consents")
    # Null while nobody knows whose it is; the submission may tell later.
    customer = models.ForeignKey(
        "keep.Customer", models.CASCADE, null=True, related_name="consents", db_index=False
    )
    submission_key = models.UUIDField(null=True)
    purpose = models.CharField(max_length=64)
    given = models.BooleanField()
    text_version = models.CharField(max_length=64, blank=True)
    text_hash = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=clock.now)
    # Where it can be seen that it was so: the submission, the file, who took the call.
    proof = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["customer", "purpose", "-at"], name="consent_standing"),
            models.Index(
                fields=["submission_key"],
                name="consent_of_submission",
                condition=models.Q(submission_key__isnull=False),
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add it; what was once said stays as it was said."""
        if not self._state.adding:
            raise TypeError("a consent is never changed; add what is said now")
        super().save(*args, **kwargs)


def note(
    customer: Customer,
    *,
    purpose: str,
    given: bool,
    text_version: str = "",
    text_hash: str = "",
    channel: str = "",
    at: datetime | None = None,
    proof: dict[str, Any] | None = None,
) -> Consent:
    """Write down what a customer allowed, or withdrew."""
    return Consent.objects.create(
        organization_id=customer.organization_id,
        customer=customer,
        purpose=purpose,
        given=given,
        text_version=text_version,
        text_hash=text_hash,
        channel=channel,
        at=at or clock.now(),
        proof=proof or {},
    )


def standing(customer: Customer, purpose: str) -> Consent | None:
    """What was said last, whether given or withdrawn; none when it was never asked."""
    return Consent.objects.filter(customer_id=customer.pk, purpose=purpose).order_by("-at", "-id").first()
