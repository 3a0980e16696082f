"""A chain of shops with cases, and the people who work on them.

Ann is a CX manager of the whole chain. Bo leads the north and Nina the shop `n1` in it; Fay and Gus serve there, Sol
serves in the south, which Tom leads. Eve is an executive, Al an analyst without personal data. Chen belongs to another
organization. Zoe has left. A customer, Wang, has complained about a late delivery to `n1`.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from mindgap.act.case import opening
from mindgap.act.models import Case
from mindgap.ground import clock
from mindgap.keep.models import Customer, Identity, Measure, Member, Organization, Promise, Touchpoint, Unit

# Tuesday noon in Shanghai.
NOON = datetime(2026, 3, 31, 4, 0, tzinfo=UTC)


@pytest.fixture
def at_noon() -> Iterator[None]:
    """The clock stands at noon in Shanghai."""
    with clock.frozen(NOON):
        yield


@pytest.fixture
def chain(db: None, at_noon: None) -> Organization:
    """The organization, with its units, a touchpoint with a promise, and a customer."""
    made = Organization.objects.create(code="chain", name="Chain", zone="Asia/Shanghai", currency="CNY")
    north = Unit.objects.create(organization=made, code="north")
    Unit.objects.create(organization=made, code="n1", parent=north)
    Unit.objects.create(organization=made, code="south")
    days = Measure.objects.create(
        organization=made, code="days", kind="duration", unit="days", minimum=0, higher_is_better=False
    )
    delivery = Touchpoint.objects.create(organization=made, code="delivery", name="Delivery", measure=days)
    Promise.objects.create(organization=made, code="in_time", touchpoint=delivery, measure=days, quantity=3)
    wang = Customer.objects.create(id=1, organization=made, name="王小明", language="zh-hans")
    Identity.objects.create(organization=made, customer=wang, kind="email", value="wang@x.org")
    return made


@pytest.fixture
def people(chain: Organization) -> SimpleNamespace:
    """The members by name."""
    other = Organization.objects.create(code="other", name="Other")
    units = {unit.code: unit for unit in Unit.objects.filter(organization=chain)}

    def member(name: str, role: str, unit: str = "", **more: Any) -> Member:
        organization = more.pop("organization", chain)
        user = get_user_model().objects.create_user(username=name, email=f"{name}@chain.org")
        more = {"personal_data": "masked", **more}
        return Member.objects.create(
            organization=organization,
            user=user,
            name=name.capitalize(),
            roles=[role],
            unit=units.get(unit),
            **more,
        )

    return SimpleNamespace(
        ann=member("ann", "cx_manager", personal_data="full"),
        bo=member("bo", "branch_manager", "north"),
        nina=member("nina", "branch_manager", "n1"),
        fay=member("fay", "front_line", "n1"),
        gus=member("gus", "front_line", "n1"),
        sol=member("sol", "front_line", "south"),
        tom=member("tom", "branch_manager", "south"),
        eve=member("eve", "executive"),
        al=member("al", "analyst", personal_data="none"),
        chen=member("chen", "admin", organization=other),
        zoe=member("zoe", "branch_manager", "n1", is_active=False),
    )


@pytest.fixture
def opened(chain: Organization, people: SimpleNamespace) -> Callable[..., Case]:
    """Open a case of Wang's at `n1`, now: `opened("k2", urgency="critical")`."""

    def make(key: str = "answer:1", **more: Any) -> Case:
        usual = {
            "title": "Delivered two days late",
            "customer": Customer.objects.get(id=1),
            "touchpoint": Touchpoint.objects.get(organization=chain, code="delivery"),
            "unit": Unit.objects.get(organization=chain, code="n1"),
            "opened_at": clock.now(),
        }
        return opening.open_case(organization=chain, key=key, **{**usual, **more})[0]

    return make


@pytest.fixture
def case(opened: Callable[..., Case]) -> Case:
    """The case: at `n1`, owned by Nina, opened at noon."""
    return opened()
