"""The one door gives the same receipt for the same thing."""

from datetime import UTC, datetime

import pytest

from mindgap.collect.receive import parcel, receive
from mindgap.ground import identity
from mindgap.keep import incoming
from mindgap.keep.models import Arrival, Organization

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_thing_twice_is_one_arrival_with_one_receipt():
    shop = Organization.objects.create(code="shop", zone="UTC")
    thing = incoming.Answer(key="a", answered_at=datetime(2026, 1, 1, tzinfo=UTC), comment="hello")
    first = receive(shop, [parcel(shop, thing)], source="import")
    second = receive(shop, [parcel(shop, thing)], source="import")
    assert first.ids == second.ids
    assert (first.new, second.new, Arrival.objects.count()) == (1, 0, 1)
    other = Organization.objects.create(code="other", zone="UTC")
    assert parcel(other, thing).id != first.ids[0]


def test_the_client_may_make_the_id():
    shop = Organization.objects.create(code="shop", zone="UTC")
    mine = identity.uuid7()
    thing = incoming.Answer(key="a", answered_at=datetime(2026, 1, 1, tzinfo=UTC), comment="hello")
    assert receive(shop, [parcel(shop, thing, id=mine)], source="api").ids == (mine,)
