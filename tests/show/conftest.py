"""A small organization for the pages, and the people who look at it.

Ann is administrator of the whole organization and may see personal data. Bo leads the unit `north` and sees names
masked. Chen belongs to another organization and may see nothing of this one. Dora may see no personal data.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from tests import written

from mindgap.ground import clock
from mindgap.keep import appender, incoming, recorder
from mindgap.keep.models import (
    Channel,
    ExpectationSource,
    Journey,
    Measure,
    Member,
    Metric,
    Occurrence,
    Organization,
    Promise,
    Segment,
    Stage,
    Touchpoint,
    Unit,
)

NOW = datetime(2026, 3, 31, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 31)
# Days a delivery took, over and over; 5 are promised. The north is slower by a day.
DAYS = (3, 4, 4, 5, 5, 6, 3, 4, 8, 5)
NAMES = ("王小明", "Maria Lopez", "陳大文", "John Smith")


@pytest.fixture(autouse=True)
def _static_folder(settings: Any, tmp_path: Path) -> None:
    """Files of the pages come from the source tree; the folder they are collected in is empty."""
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()


@pytest.fixture
def at_noon() -> Iterator[None]:
    """Let the clock stand at noon of 31 March 2026 in Shanghai."""
    with clock.frozen(NOW):
        yield


@pytest.fixture
def bare(db: None, at_noon: None) -> Organization:
    """An organization in which everything is declared and nothing has happened."""
    return _bare()


def _bare() -> Organization:
    organization = Organization.objects.create(
        code="harbour",
        name={"en": "Harbour Shop", "zh-hans": "港湾商店", "zh-hant": "港灣商店"},
        zone="Asia/Shanghai",
        currency="CNY",
    )
    _declare(organization)
    return organization


@pytest.fixture
def organization(db: None, at_noon: None) -> Organization:
    """The same with 200 days of deliveries and answers."""

    def make() -> None:
        send(_bare(), [item for day in range(200) for item in _day(day)])

    written.once("harbour", make)
    return Organization.objects.get(code="harbour")


@pytest.fixture
def ann(organization: Organization) -> Client:
    return sign_in(organization, "ann", roles=["admin"], personal_data="full")


@pytest.fixture
def bo(organization: Organization) -> Client:
    north = Unit.objects.get(organization=organization, code="north")
    return sign_in(organization, "bo", roles=["branch_manager"], unit=north)


@pytest.fixture
def chen(organization: Organization) -> Client:
    other = Organization.objects.create(code="other", name="Other Company")
    return sign_in(other, "chen", roles=["admin"], personal_data="full")


@pytest.fixture
def dora(organization: Organization) -> Client:
    return sign_in(organization, "dora", roles=["analyst"], personal_data="none")


def sign_in(organization: Organization, name: str, **about: object) -> Client:
    """A client in which the member `name` is signed in."""
    user = get_user_model().objects.create_user(name, email=f"{name}@example.org")
    Member.objects.create(organization=organization, user=user, name=name.title(), **about)
    client = Client()
    client.force_login(user)
    return client


def send(organization: Organization, items: list[incoming.Incoming]) -> None:
    """Append items as any channel does, and let the recorder read them."""
    kinds = {incoming.Interaction: "interaction", incoming.Answer: "answer", incoming.Customer: "customer"}
    appender.append(
        organization.id,
        [
            (
                uuid5(NAMESPACE_URL, f"{organization.code}:{kinds[type(item)]}:{item.key}"),
                kinds[type(item)],
                "test",
                incoming.write(item),
            )
            for item in items
        ],
    )
    recorder.catch_up()


def answer(
    key: str, *, score: float = 10, comment: str = "", touchpoint: str = "delivery"
) -> incoming.Answer:
    """One answer of today that belongs to no interaction."""
    return incoming.Answer(
        key=key,
        answered_at=clock.now(),
        touchpoint=touchpoint,
        scores={"likelihood": score},
        comment=comment,
        unit="north-1",
    )


def _day(day: int) -> list[incoming.Incoming]:
    """What happened on one day: two deliveries with an answer each, and two answers about the checkout."""
    start = datetime.combine(TODAY - timedelta(days=210 - day), datetime.min.time(), tzinfo=UTC)
    found: list[incoming.Incoming] = []
    for place, unit in enumerate(("north-1", "south-1")):
        number = day * 2 + place
        took = DAYS[(day + place * 3) % len(DAYS)] + (1 - place)
        person = incoming.Person(
            identities={"email": f"customer{number % 90}@example.org"},
            name=NAMES[number % len(NAMES)],
            segments={"tier": "gold" if number % 3 == 0 else "basic"},
        )
        late = took > 5
        about = {"unit": unit, "channel": "web" if number % 2 else "app", "customer": person}
        is_open = day >= 198
        experienced = None if is_open else start + timedelta(days=took)
        found.append(
            incoming.Interaction(
                key=f"d{number}",
                touchpoint="delivery",
                started_at=start,
                experienced_at=experienced,
                promise="deliver-5",
                **about,
            )
        )
        if is_open:
            continue
        asked = start + timedelta(days=took + 1)
        if number % 40 == 7:
            asked = start + timedelta(days=1)
        found.append(
            incoming.Answer(
                key=f"a{number}",
                answered_at=asked + timedelta(hours=5),
                asked_at=asked,
                touchpoint="delivery",
                interaction=f"d{number}",
                scores={
                    "likelihood": 4.0 + number % 4 if late else 7.0 + number % 4,
                    "satisfaction": 2.0 if late else 4.0 + number % 2,
                },
                expected=(incoming.Statement(measure="satisfaction", value=4.0, source="friends"),),
                comment=f"太慢了 {number}" if late else (f"Came in time {number}" if number % 5 == 0 else ""),
                language="zh-hans" if late else "en",
                **about,
            )
        )
        found.append(
            incoming.Answer(
                key=f"c{number}",
                answered_at=start + timedelta(hours=2),
                touchpoint="checkout",
                scores={"satisfaction": 3.0 + number % 3},
                **about,
            )
        )
    return found


def _declare(organization: Organization) -> None:
    mine = {"organization": organization}
    north = Unit.objects.create(**mine, code="north", name={"en": "North", "zh-hans": "北区"}, kind="region")
    south = Unit.objects.create(**mine, code="south", name={"en": "South", "zh-hans": "南区"}, kind="region")
    Unit.objects.create(**mine, code="north-1", name="North Gate", parent=north)
    Unit.objects.create(**mine, code="south-1", name="South Quay", parent=south)
    for code, name in (("web", "Web shop"), ("app", "App")):
        Channel.objects.create(**mine, code=code, name=name)
    Segment.objects.create(**mine, code="tier", name={"en": "Tier", "zh-hans": "等级"})
    ExpectationSource.objects.create(**mine, code="friends", name="Friends")
    days = Measure.objects.create(
        **mine,
        code="delivery-days",
        name="Delivery time",
        kind="duration",
        unit="days",
        minimum=0,
        higher_is_better=False,
    )
    likelihood = Measure.objects.create(
        **mine, code="likelihood", name="Likelihood to recommend", kind="likelihood", minimum=0, maximum=10
    )
    satisfaction = Measure.objects.create(
        **mine, code="satisfaction", name="Satisfaction", kind="satisfaction", minimum=1, maximum=5
    )
    Metric.objects.create(
        **mine, measure=likelihood, code="nps", name="NPS", summary="nps", goal=40, position=0
    )
    Metric.objects.create(**mine, measure=satisfaction, code="csat", name="CSAT", summary="top", position=1)
    journey = Journey.objects.create(**mine, code="shop", name="Shop with us")
    buy = Stage.objects.create(journey=journey, code="buy", name={"en": "Buy", "zh-hans": "购买"}, position=0)
    receive = Stage.objects.create(
        journey=journey, code="receive", name={"en": "Receive", "zh-hans": "收货"}, position=1
    )
    Touchpoint.objects.create(
        **mine, stage=buy, code="checkout", name={"en": "Checkout", "zh-hans": "结账"}, position=0
    )
    delivery = Touchpoint.objects.create(
        **mine,
        stage=receive,
        code="delivery",
        name={"en": "Delivery", "zh-hans": "配送"},
        is_moment_of_truth=True,
        measure=days,
        position=1,
    )
    promise = Promise.objects.create(
        **mine,
        touchpoint=delivery,
        measure=days,
        code="deliver-5",
        name="Delivered within 5 days",
        quantity=5,
    )
    Occurrence.objects.create(promise=promise, place="website", words="With you in 5 days", quantity=5)
    Occurrence.objects.create(promise=promise, place="advertisement", words="With you in 3 days", quantity=3)
