"""Link: an address of a survey for one place: a code for each store, table, parcel or advertisement (一店一码)."""

from dataclasses import dataclass

from django.db import models, transaction

from mindgap.ground import clock
from mindgap.keep.submission import FINISHED, Submission
from mindgap.keep.survey import Survey, new_short
from mindgap.keep.unit import Unit


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


@dataclass(frozen=True, slots=True)
class Standing:
    """What came in by one link: visits that sent at least one page, and those of them that were finished."""

    begun: int = 0
    finished: int = 0


def standings(survey: Survey) -> dict[int, Standing]:
    """What came in by each link of a survey, by the link's id; links without any are not in it."""
    done = models.Count("id", filter=models.Q(state=FINISHED))
    rows = (
        Submission.objects.filter(
            organization_id=survey.organization_id, survey=survey, link_id__isnull=False, is_test=False
        )
        .order_by()
        .values_list("link_id")
        .annotate(begun=models.Count("id"), finished=done)
    )
    return {link_id: Standing(begun, finished) for link_id, begun, finished in rows}


@transaction.atomic
def for_units(survey: Survey, units: "models.QuerySet[Unit]", *, channel: str = "") -> int:
    """Make a link for each of the units that has none of this channel, closed ones counted; how many were made.

    Safe to run again when units were added. The units must be the organization's own.
    """
    # Two who press the button at once must not make two codes for one store.
    Survey.objects.select_for_update().get(pk=survey.pk)
    there = Link.objects.filter(survey=survey, channel=channel, unit__isnull=False).values("unit_id")
    missing = units.filter(organization_id=survey.organization_id).exclude(pk__in=there).order_by("path")
    made = [Link(survey=survey, unit=unit, channel=channel) for unit in missing]
    return len(Link.objects.bulk_create(made, batch_size=500))
