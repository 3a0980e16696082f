"""Erasure: somebody wants what is kept of them gone. The row is the clock first and the proof afterwards."""

from datetime import timedelta
from uuid import uuid4

from django.db import models

from mindgap.ground import clock
from mindgap.keep.customer import Customer

# What becomes of scores: they stay without anybody behind them, or they go as well.
ANONYMOUS, REMOVED = "anonymous", "removed"
READINGS = (ANONYMOUS, REMOVED)
# Everything of a customer; what was given with a consent that was withdrawn; a visit that was broken off.
EVERYTHING, CONTACT, VISIT = "everything", "contact", "visit"
SCOPES = (EVERYTHING, CONTACT, VISIT)
WAITING, DONE = "waiting", "done"
STATES = (WAITING, DONE)
DUE = timedelta(hours=24)


class ErasurePolicy(models.Model):
    """What an organization does with the scores of those who are erased."""

    organization = models.OneToOneField(
        "keep.Organization", models.CASCADE, primary_key=True, related_name="erasure_policy"
    )
    readings = models.CharField(max_length=16, default=ANONYMOUS, choices=[(each, each) for each in READINGS])


class Erasure(models.Model):
    """One request. While it waits it names whose it is; once done it names nobody, and says what was removed."""

    id = models.BigAutoField(primary_key=True)
    # Names it outside of the record as well: a restored record is told what was erased since by this.
    ref = models.UUIDField(null=True, default=uuid4, editable=False)
    organization = models.ForeignKey(
        "keep.Organization", models.CASCADE, related_name="erasures", db_index=False
    )
    scope = models.CharField(max_length=16, default=EVERYTHING, choices=[(each, each) for each in SCOPES])
    customer = models.ForeignKey(
        "keep.Customer", models.SET_NULL, null=True, related_name="erasures", db_constraint=False
    )
    submission_key = models.UUIDField(null=True)
    # Where they said so: `preferences`, `answering`, `office`, `restore`; and the member who entered it.
    source = models.CharField(max_length=32)
    member = models.ForeignKey("keep.Member", models.SET_NULL, null=True, related_name="erasures")
    requested_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=16, default=WAITING, choices=[(each, each) for each in STATES])
    attempts = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)
    # What was done with the scores.
    readings = models.CharField(max_length=16, blank=True)
    # While it is under way: ids and addresses that are being removed, so that a restart goes on. Empty once done.
    subject = models.JSONField(default=dict)
    # Keyed digests of the addresses that were removed: whoever has one can prove that it was, nobody can read it.
    digests = models.JSONField(default=list)
    # What was removed -> how many.
    removed = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization", "-id"], name="erasure_latest"),
            models.Index(fields=["id"], name="erasure_waiting", condition=models.Q(state="waiting")),
        ]


def policy(organization_id: int) -> ErasurePolicy:
    """The organization's policy; the default, unsaved, when it has set none."""
    found = ErasurePolicy.objects.filter(organization_id=organization_id).first()
    return found or ErasurePolicy(organization_id=organization_id)


def ask(organization_id: int, *, source: str, scope: str = EVERYTHING, **whose: object) -> Erasure:
    """Ask for it; who asks again while it waits has asked once."""
    waiting = Erasure.objects.filter(organization_id=organization_id, scope=scope, state=WAITING, **whose)
    there = waiting.first()
    if there is not None:
        return there
    now = clock.now()
    return Erasure.objects.create(
        organization_id=organization_id,
        scope=scope,
        source=source,
        requested_at=now,
        due_at=now + DUE,
        **whose,
    )


def of_customer(customer: Customer) -> Erasure | None:
    """The request of a customer that waits."""
    return Erasure.objects.filter(customer_id=customer.pk, state=WAITING).first()
