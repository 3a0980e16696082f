"""OptOut: a customer does not want to be asked, on one channel or on any."""

from django.db import models

from mindgap.ground import clock
from mindgap.keep.customer import Customer

EVERYWHERE = ""


class OptOut(models.Model):
    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="optouts")
    customer = models.ForeignKey("keep.Customer", models.CASCADE, related_name="optouts", db_index=False)
    # The code of a channel; empty: everywhere.
    channel = models.CharField(max_length=64, blank=True, default=EVERYWHERE)
    at = models.DateTimeField(default=clock.now)
    reason = models.CharField(max_length=200, blank=True)
    # Where they said so: a preferences page, a bounce, a call.
    source = models.CharField(max_length=64, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["customer", "channel"], name="optout_of_customer")]


def is_out(customer: Customer, channel: str) -> bool:
    """Whether this customer must not be asked over that channel."""
    return OptOut.objects.filter(
        customer_id=customer.pk, channel__in=(EVERYWHERE, channel), lifted_at=None
    ).exists()
