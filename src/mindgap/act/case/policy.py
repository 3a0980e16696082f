"""Policy: what an organization decided about its cases: when customers are asked back, when a complaint is a repeat."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


class CasePolicy(models.Model):
    organization = models.OneToOneField(
        "keep.Organization", models.CASCADE, primary_key=True, related_name="case_policy"
    )
    # So many days after it was put right, the customer is asked whether it is.
    verify_days = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(3), MaxValueValidator(14)]
    )
    # Without a word for so long the case is closed; never as recovered.
    silence_days = models.PositiveSmallIntegerField(
        default=14, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    # Another complaint within so many days is a repeated one.
    repeat_days = models.PositiveSmallIntegerField(
        default=90, validators=[MinValueValidator(1), MaxValueValidator(730)]
    )


def policy(organization_id: int) -> CasePolicy:
    """What the organization decided; the defaults, unsaved, where it decided nothing."""
    found = CasePolicy.objects.filter(organization_id=organization_id).first()
    return found or CasePolicy(organization_id=organization_id)
