"""Reading: the atom of the facts. Here: the tail, the newest readings, which no closed file holds yet."""

from django.db import models

from mindgap.ground import clock

# Outcome of a promise or expectation, as stored in the facts.
MISSED, MET, EXCEEDED = -1, 0, 1


class Reading(models.Model):
    """One measured thing, in whole steps and day numbers, without personal data.

    `sign` is +1 for a reading that counts and -1 for one that takes an earlier, equal reading back: corrections
    are appended like everything else, and every count is a sum of signs.
    """

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey("keep.Organization", models.CASCADE, db_index=False)
    day = models.IntegerField()
    asked_day = models.IntegerField(null=True)
    touchpoint = models.IntegerField(default=0)
    channel = models.IntegerField(default=0)
    unit = models.IntegerField(default=0)
    measure = models.IntegerField()
    promise = models.IntegerField(default=0)
    source = models.IntegerField(default=0)
    customer = models.BigIntegerField(default=0)
    interaction = models.BigIntegerField(default=0)
    answer = models.BigIntegerField(default=0)
    value = models.IntegerField(null=True)
    expected = models.IntegerField(null=True)
    promised = models.IntegerField(null=True)
    # What it should be, and what would just do, where the customer said so apart from what they predicted.
    should = models.IntegerField(null=True)
    minimum = models.IntegerField(null=True)
    # Promise kept, by calendar day and by timestamp: MISSED, MET, EXCEEDED; null without promise or outcome.
    outcome = models.SmallIntegerField(null=True)
    outcome_time = models.SmallIntegerField(null=True)
    # 0 no interaction, else Interaction.state.
    state = models.SmallIntegerField(default=0)
    # Asked before the experience had happened.
    early = models.BooleanField(default=False)
    weight = models.FloatField(null=True)
    sign = models.SmallIntegerField(default=1)
    # JSON: segment code -> id of the SegmentValue; becomes the columns seg_<code> of a file. (Text, since a column
    # that is checked to be JSON costs as much as all the others, and only the recorder writes here.)
    segments = models.TextField(default="{}")


class FactFile(models.Model):
    """The manifest: one closed, immutable file of readings. What is not listed here does not exist."""

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="fact_files")
    month = models.IntegerField(help_text="Months since January 1970.")
    name = models.CharField(max_length=200, unique=True)
    rollup = models.CharField(max_length=200, blank=True)
    rows = models.BigIntegerField()
    # Whether some row has sign -1; without, counting rows is enough.
    has_corrections = models.BooleanField(default=False)
    first_day = models.IntegerField()
    last_day = models.IntegerField()
    bytes = models.BigIntegerField(default=0)
    # Which columns it has: 1 lacks `should` and `minimum`.
    layout = models.PositiveSmallIntegerField(default=1)
    segments = models.JSONField(default=list, help_text="Segment columns present.")
    # Ids of the files, as they were once closed, that this one was merged from: together they hold exactly what it
    # holds, so what was counted from them stays true. Empty: it was closed as it is.
    leaves = models.JSONField(default=list)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["organization", "month", "id"]


class FactVersion(models.Model):
    """Counts every change of an organization's closed files: the key under which counted answers are cached."""

    organization = models.OneToOneField("keep.Organization", models.CASCADE, primary_key=True)
    version = models.BigIntegerField(default=0)
    # Readings up to this id are in closed files.
    closed_to = models.BigIntegerField(default=0)
    # Since when the oldest reading of the tail waits to be closed.
    tail_since = models.DateTimeField(null=True)
