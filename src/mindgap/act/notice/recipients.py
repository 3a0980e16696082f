"""Recipients: who is told of something at a unit. A role is looked for at the unit first, then up the tree."""

from collections.abc import Mapping, Sequence
from typing import Any

from mindgap.collect.models import SendingAccount
from mindgap.keep.models import Member, Organization, Unit

TO = ("role", "owner", "member", "account")


class Directory:
    """The active members and accounts of an organization, read once for many questions."""

    def __init__(self, organization: Organization) -> None:
        found = Member.objects.filter(organization=organization, is_active=True, user__is_active=True)
        self.members = {each.pk: each for each in found.select_related("unit", "user").order_by("id")}
        accounts = SendingAccount.objects.filter(organization=organization, is_active=True)
        self.accounts = {each.pk: each for each in accounts}

    def resolve(
        self, unit: Unit | None, spec: Sequence[Mapping[str, Any]], *, owner: int | None = None
    ) -> list[Member | SendingAccount]:
        """Everybody whom a list such as `AlertRule.recipients` names, each once; `owner` is the id of a member."""
        path = unit.path if unit else ""
        found: dict[tuple[str, int], Member | SendingAccount] = {}
        for each in spec:
            for one in self._named(each, path, owner):
                found.setdefault((type(one).__name__, one.pk), one)
        return list(found.values())

    def nearest(self, path: str, *roles: str) -> list[Member]:
        """The members with one of the roles at the unit of that path, else at the next one above that has any."""
        fitting = [each for each in self.members.values() if each.has_role(*roles) and sees(each, path)]
        closest = max((len(_path(each)) for each in fitting), default=0)
        return [each for each in fitting if len(_path(each)) == closest]

    def _named(
        self, each: Mapping[str, Any], path: str, owner: int | None
    ) -> Sequence[Member | SendingAccount]:
        if each.get("to") == "role":
            return self.nearest(path, str(each.get("role")))
        if each.get("to") == "account":
            account = self.accounts.get(each.get("account", 0))
            return [account] if account else []
        # Whoever is named but may not see the unit is not told: deny wins.
        member = self.members.get((owner if each.get("to") == "owner" else each.get("member")) or 0)
        return [member] if member and sees(member, path) else []


def resolve(
    organization: Organization,
    unit: Unit | None,
    spec: Sequence[Mapping[str, Any]],
    *,
    owner: Member | None = None,
) -> list[Member | SendingAccount]:
    """`Directory.resolve` for a single question."""
    return Directory(organization).resolve(unit, spec, owner=owner.pk if owner else None)


def sees(member: Member, path: str) -> bool:
    """Whether the unit of that path (empty: none in particular) is in the member's scope."""
    return path.startswith(_path(member))


def _path(member: Member) -> str:
    return member.unit.path if member.unit else ""
