"""Link: an address of a survey for one place: a code for each store, table, parcel or advertisement (一店一码)."""

from django.db import models

from mindgap.ground import clock
from mindgap.keep.survey import new_short


class Link(models.Model):
    survey = models.ForeignKey("keep.Survey", models.CASCADE, related_name="links")
    short = models.CharField(max_length=22, unique=True, default=new_short, editable=False)
    label = models.CharField(max_length=200, blank=True)
    # The code of a channel: what comes in by this link came that way.
    channel = models.CharField(max_length=64, blank=True)
    unit = models.ForeignKey("keep.Unit", models.SET_NULL, null=True, blank=True, related_name="links")
    touchpoint = models.ForeignKey(
        "keep.Touchpoint", models.SET_NULL, null=True, blank=True, related_name="links"
    )
    # Values of the survey's hidden fields that every submission by this link has.
    hidden = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.label or self.short


def find(short: str) -> Link | None:
    """The link of that short name, whether active or not, with all that an answering page needs of it."""
    return Link.objects.select_related("survey", "unit", "touchpoint").filter(short=short).first()
