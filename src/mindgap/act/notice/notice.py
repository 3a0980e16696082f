"""Notice: one person, or one group, told of one thing once. Reach: where a member is told."""

from django.db import models

from mindgap.ground import clock


class Reach(models.Model):
    """Where a member is told: an address on one of the organization's channels. Without any, the mail address."""

    member = models.ForeignKey("keep.Member", models.CASCADE, related_name="reaches")
    # The code of a channel (`smtp`, `wecom_app`, `twilio_sms`), and the address there.
    channel = models.CharField(max_length=32)
    address = models.CharField(max_length=200)
    # Tried in this order; the first that has an active account is used.
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["member", "channel"], name="reach_once")]


class Notice(models.Model):
    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(
        "keep.Organization", models.CASCADE, related_name="notices", db_index=False
    )
    # What it is about and to whom: `alert:12:member:7`. The same is told once, for ever.
    key = models.CharField(max_length=200)
    # `alert`, `case_assigned`, `case_due`, `case_overdue`, `improvement_due`, `approval` …
    kind = models.CharField(max_length=32)
    alert = models.ForeignKey("act.Alert", models.CASCADE, null=True, related_name="notices")
    case = models.ForeignKey("act.Case", models.CASCADE, null=True, related_name="notices")
    improvement = models.ForeignKey("act.Improvement", models.CASCADE, null=True, related_name="notices")
    member = models.ForeignKey("keep.Member", models.CASCADE, null=True, related_name="notices")
    # A group: an account that sends to a place of its own.
    account = models.ForeignKey("collect.SendingAccount", models.CASCADE, null=True, related_name="notices")
    delivery = models.ForeignKey("collect.Delivery", models.SET_NULL, null=True, related_name="notices")
    # Why it could not be handed over (`no_account`, `no_address`); empty: it was.
    problem = models.CharField(max_length=32, blank=True)
    # What was said (`words.NoticeWords`), so that it can be said again; personal data in it is masked.
    words = models.JSONField(default=dict)
    resent = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="notice_once")]
        indexes = [models.Index(fields=["member", "-at"], name="notice_of_member")]
