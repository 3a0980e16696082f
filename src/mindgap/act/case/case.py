"""Case: what one customer is owed. The models; what may be done with one is `actions`' and `states`'."""

import secrets

from django.db import models

from mindgap.act.case import states
from mindgap.ground import clock

SEVERITIES = ("forgettable", "forgivable", "lasting")
FAULTS = ("customer", "company", "third_party", "unknown")
OUTCOMES = ("", "recovered", "not_recovered", "no_answer")
ORIGINS = ("alert", "answer", "member", "customer")
REMEDIES = ("refund", "discount", "replacement", "repair", "voucher", "upgrade", "apology", "other")

_TOKEN_BYTES = 18


def new_token() -> str:
    """The key in the address by which a customer follows a case: nobody guesses it."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


class Case(models.Model):
    organization = models.ForeignKey(
        "keep.Organization", models.CASCADE, related_name="cases", db_index=False
    )
    # Counted within the organization, for people to name it by.
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    state = models.CharField(
        max_length=20, choices=[(each, each) for each in states.STATES], default=states.NEW
    )
    # Raised by one with every change: whoever acts says which one they saw.
    version = models.PositiveIntegerField(default=0)
    origin = models.CharField(max_length=16, choices=[(each, each) for each in ORIGINS], default="alert")
    customer = models.ForeignKey(
        "keep.Customer", models.SET_NULL, null=True, related_name="cases", db_constraint=False
    )
    interaction = models.ForeignKey(
        "keep.Interaction", models.SET_NULL, null=True, related_name="cases", db_constraint=False
    )
    answer = models.ForeignKey(
        "keep.Answer", models.SET_NULL, null=True, related_name="cases", db_constraint=False
    )
    touchpoint = models.ForeignKey("keep.Touchpoint", models.SET_NULL, null=True, related_name="cases")
    channel = models.ForeignKey("keep.Channel", models.SET_NULL, null=True, related_name="+")
    unit = models.ForeignKey("keep.Unit", models.SET_NULL, null=True, related_name="cases")
    promise = models.ForeignKey("keep.Promise", models.SET_NULL, null=True, related_name="cases")
    owner = models.ForeignKey("keep.Member", models.SET_NULL, null=True, blank=True, related_name="cases")
    playbook = models.ForeignKey("act.Playbook", models.SET_NULL, null=True, blank=True, related_name="cases")
    improvement = models.ForeignKey(
        "act.Improvement", models.SET_NULL, null=True, blank=True, related_name="cases"
    )
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged")
    urgency = models.CharField(max_length=8, default="normal")
    is_safety = models.BooleanField(default=False)
    # Of so many complaints within 90 days this is one (R: repeated complaint); 1 is the first.
    repeat = models.PositiveSmallIntegerField(default=1)
    level = models.PositiveSmallIntegerField(
        default=0, help_text="0 not escalated, 1 lead, 2 CX manager, 3 executive."
    )
    severity = models.CharField(max_length=16, blank=True, choices=[(each, each) for each in SEVERITIES])
    fault = models.CharField(max_length=16, default="unknown", choices=[(each, each) for each in FAULTS])
    cause = models.CharField(max_length=64, blank=True)
    is_controllable = models.BooleanField(null=True)
    topic = models.CharField(max_length=64, blank=True)
    # When it began for the customer: their answer or the missed moment; every clock runs from here.
    opened_at = models.DateTimeField(default=clock.now)
    acknowledged_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    acknowledge_due = models.DateTimeField(null=True)
    contact_due = models.DateTimeField(null=True)
    resolve_due = models.DateTimeField(null=True)
    # The earliest of what is due next (for the queue), and the next moment at which a clock says something.
    due_at = models.DateTimeField(null=True)
    check_at = models.DateTimeField(null=True)
    paused_since = models.DateTimeField(null=True)
    paused_seconds = models.PositiveIntegerField(default=0)
    apologized_at = models.DateTimeField(null=True)
    # What was promised to put it right, and whether that was kept: a promise like any other (R151).
    recovery_promise = models.CharField(max_length=300, blank=True)
    recovery_due = models.DateTimeField(null=True)
    recovery_kept = models.BooleanField(null=True)
    outcome = models.CharField(
        max_length=16, blank=True, default="", choices=[(each, each) for each in OUTCOMES]
    )
    verification = models.ForeignKey(
        "keep.Invitation", models.SET_NULL, null=True, blank=True, related_name="verifies"
    )
    verify_at = models.DateTimeField(null=True)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    # The same event opens one case, whoever notices it and however often.
    key = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="case_number_once"),
            models.UniqueConstraint(
                fields=["organization", "key"], condition=~models.Q(key=""), name="case_of_event_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "due_at", "id"], name="case_queue"),
            models.Index(fields=["organization", "owner", "due_at"], name="case_of_owner"),
            models.Index(fields=["organization", "unit", "due_at"], name="case_of_unit"),
            models.Index(
                fields=["check_at"], name="case_to_check", condition=models.Q(check_at__isnull=False)
            ),
            models.Index(fields=["customer", "-opened_at"], name="case_of_customer"),
            models.Index(
                fields=["verify_at"], name="case_to_verify", condition=models.Q(verify_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes something."""
        return self.state in states.OPEN


class CaseEvent(models.Model):
    """One entry of the trail: who did what when. Appended, never changed."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("act.Case", models.CASCADE, related_name="events", db_index=False)
    at = models.DateTimeField(default=clock.now)
    # Null: the system, or the customer when `by_customer`.
    by = models.ForeignKey("keep.Member", models.SET_NULL, null=True, related_name="case_events")
    by_customer = models.BooleanField(default=False)
    # `opened`, `note`, a new state, `reassigned`, `escalated`, `remedy`, `warned`, `breached`, `asked`, `replied` …
    kind = models.CharField(max_length=32)
    words = models.TextField(blank=True)
    # What changed: field -> [before, after]; what else belongs to it.
    changes = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["case", "id"], name="case_trail")]


class Remedy(models.Model):
    """What was given to put it right, and on whose authority (R187)."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("act.Case", models.CASCADE, related_name="remedies")
    kind = models.CharField(max_length=16, choices=[(each, each) for each in REMEDIES])
    words = models.CharField(max_length=300, blank=True)
    cost_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    by = models.ForeignKey("keep.Member", models.SET_NULL, null=True, related_name="remedies")
    # Whoever allowed what was beyond the giver's own authority; null: within it.
    approved_by = models.ForeignKey(
        "keep.Member", models.SET_NULL, null=True, related_name="approved_remedies"
    )
    state = models.CharField(max_length=16, default="given")  # `given`, `asked`, `refused`
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]


class Authority(models.Model):
    """How much a member, or everybody of a role, may give away without asking: per case and per month (R187)."""

    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="authorities")
    role = models.CharField(max_length=16, blank=True)
    member = models.ForeignKey(
        "keep.Member", models.CASCADE, null=True, blank=True, related_name="authorities"
    )
    per_case_minor = models.BigIntegerField(default=0)
    per_month_minor = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "authorities"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "role"],
                condition=models.Q(member=None),
                name="authority_of_role_once",
            ),
            models.UniqueConstraint(
                fields=["member"], condition=models.Q(member__isnull=False), name="authority_of_member_once"
            ),
        ]
