"""Removing an organization with all that belongs to it: plain deletes, where the ORM would load every row first."""

from django.db import transaction

from mindgap.keep import bulk, facts
from mindgap.keep.models import Organization

# Those that point to others come first.
_TABLES = (
    "keep_arrival", "keep_contact", "keep_submission", "keep_invitation", "keep_consent", "keep_optout", "keep_claim",
    "keep_expectation", "keep_answer", "keep_interaction", "keep_identity", "keep_customer", "keep_quarantine",
    "keep_tally", "keep_reading",
)  # fmt: skip


def remove(organization: Organization) -> None:
    """Remove an organization: its facts, its record and what was declared for it."""
    facts.drop(organization)
    with transaction.atomic():
        for table in _TABLES:
            bulk.execute(f"delete from {table} where organization_id = %s", [organization.id])  # noqa: S608
        organization.delete()
