"""Claim: a place of which there are only so many: the one use of a link, a place in a quota.

Taken in the same transaction as the arrival that wants it, so that neither ever is without the other.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import models

from mindgap.keep import bulk

Name = tuple[int, str]


class Claim(NamedTuple):
    """One more of what `name` counts, as long as there are fewer than `limit`."""

    name: str
    limit: int


class Claimed(models.Model):
    """How many places of a name are taken."""

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey("keep.Organization", models.CASCADE, db_index=False)
    name = models.CharField(max_length=200)
    used = models.BigIntegerField(default=0)

    class Meta:
        db_table = "keep_claim"
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="claim_once")]


def hold(names: Iterable[Name]) -> dict[Name, int]:
    """How many of each are taken, held for this transaction: nobody else can take one before it ends."""
    # Everybody takes them in one order, else two writers could wait for each other.
    wanted = sorted(set(names))
    # This also begins the writing of the transaction, without which SQLite would refuse it later.
    bulk.insert_missing("keep_claim", ("organization_id", "name", "used"), [(*name, 0) for name in wanted])
    organizations, texts = zip(*wanted, strict=True)
    if bulk.is_postgres():
        where = "(organization_id, name) in (select * from unnest(%s::bigint[], %s::text[]))"
        sql = f"select organization_id, name, used from keep_claim where {where} order by 1, 2 for update"  # noqa: S608
    else:
        where = f"{bulk.among('organization_id')} and {bulk.among('name', text=True)}"
        sql = f"select organization_id, name, used from keep_claim where {where}"  # noqa: S608
    found = bulk.fetch(sql, [bulk.listed(organizations), bulk.listed(texts)])
    return {(organization, name): used for organization, name, used in found}


def take(used: dict[Name, int]) -> None:
    """Write down how many are taken now, of names that are held."""
    bulk.many(
        "update keep_claim set used = %s where organization_id = %s and name = %s",
        ((count, *name) for name, count in used.items()),
    )


def taken(organization_id: int, name: str) -> int:
    """How many places of that name are taken: for a page that says so before anybody tries."""
    found = Claimed.objects.filter(organization_id=organization_id, name=name).values_list("used", flat=True)
    return found.first() or 0
