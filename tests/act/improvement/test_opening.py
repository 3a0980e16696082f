"""Opening: whence an improvement comes, whose it is, and who may open it (R24, R26, R32)."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from mindgap.act.improvement.errors import NotAllowed, NotGiven
from mindgap.act.improvement.improvement import Improvement
from mindgap.act.improvement.opening import open_improvement
from mindgap.keep.models import Member, Organization, Touchpoint, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    return Organization.objects.create(code="acme", name="Acme", currency="CNY")


def member(organization: Organization, name: str, *roles: str, unit: Unit | None = None) -> Member:
    user = get_user_model().objects.create_user(name, email=f"{name}@example.org")
    return Member.objects.create(
        organization=organization, user=user, name=name, roles=list(roles), unit=unit
    )


def opened(organization: Organization, by: Member | None, **about: Any) -> Improvement:
    told = {
        "origin": "member", "source": {}, "title": "Shorter queue", "touchpoint": None, "side": "delivery",
        "kind": "repair",
    }  # fmt: skip
    return open_improvement(organization, member=by, **{**told, **about})


def test_it_is_numbered_within_the_organization_and_begins_with_the_owner_of_the_touchpoint(
    organization: Organization,
) -> None:
    ann, bo = member(organization, "ann", "cx_manager"), member(organization, "bo", "front_line")
    place = Touchpoint.objects.create(organization=organization, code="till", owner=bo, partner="Tillco")
    first = opened(organization, ann, touchpoint=place, origin="worst", source={"code": "worst.rank"})
    second = opened(organization, ann)
    other = opened(Organization.objects.create(code="other"), None)
    assert (first.number, second.number, other.number) == (1, 2, 1)
    assert (first.owner, first.partner, first.currency, first.state) == (bo, "Tillco", "CNY", "idea")
    assert second.owner == ann
    event = first.events.get()
    assert (event.kind, event.by, event.changes) == ("opened", ann, {"origin": "worst"})


def test_who_has_left_owns_nothing_new(organization: Organization) -> None:
    bo = member(organization, "bo", "front_line")
    Member.objects.filter(pk=bo.pk).update(is_active=False)
    place = Touchpoint.objects.create(organization=organization, code="till", owner=bo)
    place.refresh_from_db()
    assert opened(organization, None, touchpoint=place).owner is None


def test_a_member_with_a_scope_opens_for_their_unit_and_not_for_others(organization: Organization) -> None:
    north, south = (Unit.objects.create(organization=organization, code=code) for code in ("north", "south"))
    below = Unit.objects.create(organization=organization, code="north-1", parent=north)
    bo = member(organization, "bo", "front_line", unit=north)
    assert opened(organization, bo).unit == north
    assert opened(organization, bo, unit=below).unit == below
    with pytest.raises(NotAllowed):
        opened(organization, bo, unit=south)
    assert Improvement.objects.count() == 2


def test_an_outsider_opens_nothing(organization: Organization) -> None:
    chen = member(Organization.objects.create(code="other"), "chen", "admin")
    with pytest.raises(NotAllowed):
        opened(organization, chen)
    ann = member(organization, "ann", "admin")
    Member.objects.filter(pk=ann.pk).update(is_active=False)
    ann.refresh_from_db()
    with pytest.raises(NotAllowed):
        opened(organization, ann)


@pytest.mark.parametrize(
    ("field", "value"), [("title", "  "), ("origin", "rumour"), ("side", "left"), ("kind", "wish")]
)
def test_what_cannot_be_is_named(organization: Organization, field: str, value: str) -> None:
    with pytest.raises(NotGiven) as problem:
        opened(organization, None, **{field: value})
    assert problem.value.field == field


def test_things_of_others_are_not_taken(organization: Organization) -> None:
    theirs = Touchpoint.objects.create(organization=Organization.objects.create(code="other"), code="till")
    with pytest.raises(NotGiven) as problem:
        opened(organization, None, touchpoint=theirs)
    assert problem.value.field == "touchpoint"
