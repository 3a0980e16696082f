"""Units and channels that rows name and nobody declared, made at once: a file may name thousands of stores."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from mindgap.keep import bulk
from mindgap.keep.models import Channel, Unit


def make_units(organization_id: int, codes: Iterable[str]) -> int:
    """Make the units that are missing, at the top of the tree; how many."""
    missing = _missing("keep_unit", organization_id, set(codes))
    with transaction.atomic():
        Unit.objects.bulk_create(
            (Unit(organization_id=organization_id, code=code) for code in missing), ignore_conflicts=True
        )
        # What `Unit.save` does for each: the path of a unit at the top is its own id.
        path = Concat(Cast("id", CharField()), Value("/"))
        Unit.objects.filter(organization_id=organization_id, parent=None, path="").update(path=path)
    return len(missing)


def make_channels(organization_id: int, codes: Iterable[str]) -> int:
    """Make the channels that are missing; how many."""
    missing = _missing("keep_channel", organization_id, set(codes))
    channels = (Channel(organization_id=organization_id, code=code) for code in missing)
    Channel.objects.bulk_create(channels, ignore_conflicts=True)
    return len(missing)


def _missing(table: str, organization_id: int, codes: set[str]) -> list[str]:
    sql = f"select code from {table} where organization_id = %s and {bulk.among('code', text=True)}"  # noqa: S608
    known = {code for (code,) in bulk.fetch(sql, [organization_id, bulk.listed(codes)])}
    return sorted(codes - known)
