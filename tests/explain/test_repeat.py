"""Who came back, and how often a new customer may be expected to."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from tests.explain import company
from tests.explain.company import one

from mindgap.explain.finding import Period
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.repeat import repeats
from mindgap.keep import incoming
from mindgap.keep.models import Organization
from mindgap.measure.purchase import Buyers, purchase_model, purchases_expected

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2025, 1, 1, 3, tzinfo=UTC)
END = START + timedelta(days=300)


def shop(days_of: dict[str, list[int]]) -> Inquiry:
    organization = company.declare()
    items: list[incoming.Incoming] = [
        incoming.Interaction(
            key=f"{who}-{day}", touchpoint="delivery", started_at=START + timedelta(days=day),
            experienced_at=START + timedelta(days=day, hours=5), customer=incoming.Person({"email": f"{who}@example.org"}),
        )
        for who, days in days_of.items()
        for day in days
    ]  # fmt: skip
    company.record(organization, items)
    return Inquiry(organization=organization, period=Period(None, END.date()))


def drawn(n: int = 250) -> dict[str, list[int]]:
    """Customers as the model has them: each with a rate, and a chance to drop out after every purchase."""
    draw = np.random.default_rng(2)
    customers = {}
    for i in range(n):
        days, rate, leaves = [int(draw.integers(0, 60))], draw.gamma(1.2, 1 / 25), draw.beta(0.8, 2.5)
        when = float(days[0])
        while (when := when + draw.exponential(1 / rate)) < 295:
            days.append(int(when))
            if draw.random() < leaves:
                break
        customers[f"c{i}"] = sorted(set(days))
    return customers


def test_figures_are_those_of_the_histories_themselves() -> None:
    customers = drawn()
    found = repeats(shop(customers))
    once = one(found, "repeat.once")
    assert (once.n, once.value) == (
        250,
        pytest.approx(sum(len(days) == 1 for days in customers.values()) / 250),
    )
    buyers = Buyers(
        [len(days) - 1 for days in customers.values()],
        last=[days[-1] - days[0] for days in customers.values()],
        observed=[300 - days[0] for days in customers.values()],
    )
    expected = purchases_expected(purchase_model(buyers), 365)
    ahead = one(found, "repeat.ahead")
    assert (ahead.value, ahead.low, ahead.high) == pytest.approx(
        (expected.value, expected.low, expected.high), rel=1e-3
    )
    assert ahead.details["days"] == 365


def test_few_who_came_back_are_not_described() -> None:
    """P9: the model of three returning customers would be about them."""
    customers = {f"c{i}": [i] for i in range(50)} | {f"r{i}": [i, i + 20] for i in range(3)}
    found = repeats(shop(customers))
    assert one(found, "repeat.ahead").is_hidden
    assert one(repeats(shop_of_few()), "repeat.once").is_hidden


def shop_of_few() -> Inquiry:
    organization = Organization.objects.get(code="acme")
    return Inquiry(organization=organization, period=Period(None, START.date() + timedelta(days=1)))


def test_nothing_is_said_where_nothing_is_counted() -> None:
    assert repeats(Inquiry(organization=company.declare())) == ()
    assert repeats(Inquiry(organization=Organization.objects.create(code="none"))) == ()
