"""Customer and the identities by which one person is known on several channels (R12, R64)."""

from django.db import models

from mindgap.ground import clock


class Customer(models.Model):
    # The sequence number of the arrival that first brought this customer: unique without asking the database.
    id = models.BigIntegerField(primary_key=True)
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="customers")
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=16, blank=True)
    attributes = models.JSONField(default=dict)
    segments = models.JSONField(default=dict)
    first_seen = models.DateTimeField(default=clock.now)


class Identity(models.Model):
    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey("keep.Organization", models.CASCADE, db_index=False)
    customer = models.ForeignKey("keep.Customer", models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=32)
    value = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind", "value"], name="identity_once"),
        ]
