"""WidgetSite: a web site on which surveys are shown, its origins and rules; WidgetCount: what became of it by day."""

from datetime import date

from django.db import models
from django.db.models import F

from mindgap.collect.widget import rule as rules
from mindgap.collect.widget.rule import Rule
from mindgap.ground import clock
from mindgap.keep.survey import new_short

EVENTS = ("shown", "finished", "dismissed", "abandoned")


class WidgetSite(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="widget_sites")
    # Stands in the script's address, where everybody can read it: a name, no secret.
    short = models.CharField(max_length=22, unique=True, default=new_short, editable=False)
    name = models.CharField(max_length=128)
    # The pages of these origins, and no others, may show the surveys and tell what became of them.
    origins = models.JSONField(default=list)
    rules = models.JSONField(default=list)
    # Between any two surveys that one visitor is offered.
    rest_days = models.PositiveIntegerField(default=30)
    # What is promised of the time in which pages load (R159); its touchpoint is where page loads are counted.
    promise = models.ForeignKey(
        "keep.Promise", models.SET_NULL, null=True, blank=True, related_name="widget_sites"
    )
    # The share of page loads that is measured, 0 to 1.
    loads_share = models.FloatField(default=0.1)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def read_rules(self) -> tuple[Rule, ...]:
        """When it shows which survey."""
        return rules.read(self.rules)


class WidgetCount(models.Model):
    """How often something happened to a survey on a site on one day; nothing of whom."""

    site = models.ForeignKey("collect.WidgetSite", models.CASCADE, related_name="counts")
    survey = models.ForeignKey("keep.Survey", models.CASCADE, related_name="widget_counts")
    event = models.CharField(max_length=16, choices=[(event, event) for event in EVENTS])
    # In the organization's zone.
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["site", "survey", "event", "day"], name="widget_count_once")
        ]


def count(site_id: int, survey_id: int, event: str, day: date, *, times: int = 1) -> None:
    """Count that something happened."""
    row, _ = WidgetCount.objects.get_or_create(site_id=site_id, survey_id=survey_id, event=event, day=day)
    WidgetCount.objects.filter(pk=row.pk).update(count=F("count") + times)
