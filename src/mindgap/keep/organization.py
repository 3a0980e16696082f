"""Organization: the tenant. Its zone decides what a day is, its currency what money is."""

from django.core.exceptions import ValidationError
from django.db import models

from mindgap.ground import clock, language
from mindgap.keep.texts import TextsField


def check_zone(name: str) -> None:
    try:
        clock.zone(name)
    except ValueError as problem:
        raise ValidationError(str(problem)) from problem


class Organization(models.Model):
    code = models.SlugField(max_length=64, unique=True)
    name = TextsField()
    zone = models.CharField(max_length=64, default="UTC", validators=[check_zone])
    language = models.CharField(max_length=16, default=language.DEFAULT)
    currency = models.CharField(max_length=3, default="USD")
    # The synthetic company of the first start; never mixed with real customers, removed as a whole.
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["is_sample", "id"]

    def __str__(self) -> str:
        return str(self.name) or self.code
