"""Contact: the ledger of who was asked, and who was not and why; so that a response rate is honest."""

from datetime import datetime

from django.core.validators import RegexValidator
from django.db import models

from mindgap.ground import clock, identity
from mindgap.keep.customer import Customer

SENT = "sent"
OUTCOMES = (
    SENT, "delayed_until", "skipped_cap", "skipped_consent", "skipped_quiet", "skipped_open_case", "lost_auction",
    "not_sampled", "skipped_optout", "skipped_rest", "no_address", "failed",
)  # fmt: skip

_is_time = RegexValidator(r"^([01]\d|2[0-3]):[0-5]\d$", "Write a time of day as 21:00.", code="bad_time")


class Contact(models.Model):
    """One decision on one candidate. A delayed one is decided again: the row changes, the reasons grow."""

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="contacts")
    customer = models.ForeignKey(
        "keep.Customer",
        models.SET_NULL,
        null=True,
        related_name="contacts",
        db_index=False,
        db_constraint=False,
    )
    programme = models.ForeignKey("keep.Programme", models.SET_NULL, null=True, related_name="contacts")
    survey = models.ForeignKey("keep.Survey", models.CASCADE, related_name="contacts")
    wave = models.ForeignKey("keep.Wave", models.SET_NULL, null=True, related_name="contacts")
    invitation = models.ForeignKey("keep.Invitation", models.SET_NULL, null=True, related_name="contacts")
    channel = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=32, choices=[(outcome, outcome) for outcome in OUTCOMES])
    until = models.DateTimeField(null=True)
    # Each step of the decision with what it saw, in order: [{"step": …, "saw": …, "passed": …}]
    reasons = models.JSONField(default=list)
    decided_at = models.DateTimeField(default=clock.now)
    # Programme and trigger in one word: the same candidate is decided on once. See `candidate`.
    candidate = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "candidate"], name="contact_candidate_once")
        ]
        indexes = [
            models.Index(fields=["customer", "outcome", "-decided_at"], name="contact_history"),
            models.Index(
                fields=["outcome", "until"], name="contact_due", condition=models.Q(until__isnull=False)
            ),
        ]


class ContactPolicy(models.Model):
    """How often one person may be asked, by whatever programme."""

    organization = models.OneToOneField(
        "keep.Organization", models.CASCADE, primary_key=True, related_name="contact_policy"
    )
    # At most so many within so many days over all channels, and so many within a year.
    cap_days = models.PositiveIntegerField(default=30)
    cap_count = models.PositiveIntegerField(default=1)
    year_count = models.PositiveIntegerField(default=4)
    # How long one who answered a relationship survey is left in peace.
    rest_after_answer_days = models.PositiveIntegerField(default=90)
    # How long until the same survey asks the same person again.
    per_survey_rest_days = models.PositiveIntegerField(default=90)
    # In the organization's zone; over midnight when `quiet_from` is the later one; equal: never.
    quiet_from = models.CharField(max_length=5, default="21:00", validators=[_is_time])
    quiet_to = models.CharField(max_length=5, default="09:00", validators=[_is_time])
    suppress_on_open_case = models.BooleanField(default=True)


def policy(organization_id: int) -> ContactPolicy:
    """The organization's policy; the defaults, unsaved, when it has set none."""
    found = ContactPolicy.objects.filter(organization_id=organization_id).first()
    return found or ContactPolicy(organization_id=organization_id)


def candidate(programme: str, *trigger: str) -> str:
    """The key of a candidate: the code of a programme and what set it off (an interaction's key; wave, customer)."""
    return str(identity.content_id("contact", programme, *trigger))


def sent_since(customer: Customer, since: datetime) -> int:
    """How often this customer was asked since then."""
    return Contact.objects.filter(customer_id=customer.pk, outcome=SENT, decided_at__gte=since).count()
