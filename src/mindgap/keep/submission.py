"""Submission: one person's way through one survey, page by page; what they said is its answers by question code.

The scores in it also come as an `Answer` of the same key, which is what is counted.
"""

from django.db import models

PARTIAL, FINISHED, OVER_QUOTA, SCREENED = "partial", "finished", "over_quota", "screened"
STATES = (PARTIAL, FINISHED, OVER_QUOTA, SCREENED)
# Said by an arrival, never by a row: there is none any more.
WITHDRAWN = "withdrawn"


class Submission(models.Model):
    # The sequence number of the arrival that first brought it.
    id = models.BigIntegerField(primary_key=True)
    organization = models.ForeignKey(
        "keep.Organization", models.CASCADE, related_name="submissions", db_index=False
    )
    key = models.UUIDField()
    survey = models.ForeignKey("keep.Survey", models.CASCADE, related_name="submissions", db_index=False)
    version = models.ForeignKey("keep.SurveyVersion", models.CASCADE, related_name="submissions")
    invitation = models.ForeignKey("keep.Invitation", models.SET_NULL, null=True, related_name="submissions")
    link = models.ForeignKey("keep.Link", models.SET_NULL, null=True, related_name="submissions")
    customer = models.ForeignKey(
        "keep.Customer", models.SET_NULL, null=True, related_name="submissions", db_constraint=False
    )
    state = models.CharField(max_length=16, choices=[(state, state) for state in STATES], default=PARTIAL)
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=16, blank=True)
    channel = models.ForeignKey("keep.Channel", models.SET_NULL, null=True, db_index=False)
    unit = models.ForeignKey("keep.Unit", models.SET_NULL, null=True, db_index=False)
    touchpoint = models.ForeignKey("keep.Touchpoint", models.SET_NULL, null=True, db_index=False)
    # The page on which they are; empty at the end.
    page = models.CharField(max_length=64, blank=True)
    # Question code -> value; page code -> seconds spent on it; hidden field -> value; "suspect" -> reasons.
    answers = models.JSONField(default=dict)
    seconds = models.JSONField(default=dict)
    hidden = models.JSONField(default=dict)
    flags = models.JSONField(default=dict)
    # A trial of whoever wrote the survey: kept to be looked at, counted nowhere.
    is_test = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="submission_key_once")]
        indexes = [
            models.Index(fields=["organization", "survey", "-changed_at"], name="submission_latest"),
        ]
