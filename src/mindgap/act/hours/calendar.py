"""Calendar: when an organization, or some of its units, works. The model; reckoning is `reckoning`'s."""

from django.db import models

from mindgap.keep.texts import TextsField


class Calendar(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="calendars")
    code = models.SlugField(max_length=64, allow_unicode=True)
    name = TextsField()
    # Empty: the zone of the unit, else of the organization.
    zone = models.CharField(max_length=64, blank=True)
    # Weekday ("0" is Monday) -> [["09:00", "12:00"], ["13:00", "18:00"]] in local time.
    week = models.JSONField(default=dict)
    # ISO date -> name: nobody works.
    holidays = models.JSONField(default=dict)
    # ISO date -> hours as in `week`: worked although it is a weekend or a holiday (China's 调休), or shorter.
    exceptions = models.JSONField(default=dict)
    # ISO code of the country whose public holidays are filled in (may be empty).
    country = models.CharField(max_length=8, blank=True)
    is_default = models.BooleanField(default=False)
    # A unit, and all below it without a calendar of their own, works by this.
    units = models.ManyToManyField("keep.Unit", blank=True, related_name="calendars")

    class Meta:
        ordering = ["-is_default", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="calendar_code_once"),
            models.UniqueConstraint(
                fields=["organization"], condition=models.Q(is_default=True), name="calendar_one_default"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name) or self.code
