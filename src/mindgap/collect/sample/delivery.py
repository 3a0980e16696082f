"""Deliveries of the sample company: promised, late or early, and what customers make of it.

Calibrated after what studies of delivery find again and again: being late hurts at once and more each day, being
early hardly helps (R8).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from mindgap.collect.sample import calendar
from mindgap.collect.sample.calendar import Calendar
from mindgap.collect.sample.people import People
from mindgap.collect.sample.places import YOUNG, Place
from mindgap.collect.sample.tone import Tone
from mindgap.keep import incoming

_DAY = 86_400
_PROMISED = {"east": 3, "south": 3, "north": 4, "west": 5}
# Days that customers expect against the promise, by what made them expect it.
_SOURCES = (
    "own_experience",
    "advertising",
    "competitors",
    "word_of_mouth",
    "social_media",
    "price_paid",
    "staff",
)
_SHIFT = (0, -1, -1, 0, -1, 0, 0)


@dataclass(frozen=True, slots=True)
class Orders:
    """Columns of one length."""

    customer: np.ndarray[Any, Any]
    started: np.ndarray[Any, Any]
    promised: np.ndarray[Any, Any]
    delivered: np.ndarray[Any, Any]
    cancelled: np.ndarray[Any, Any]


def draw(
    count: int, people: People, places: tuple[Place, ...], diary: Calendar, chance: np.random.Generator
) -> Orders:
    """`count` orders; a young store has only the last weeks."""
    # Most order once; the last fifth of the orders are from people who come back.
    first = chance.permutation(len(people))[: count - count // 5]
    customer = np.concatenate([first, chance.choice(first, size=count - len(first))])
    started, peak = diary.draw(count, chance)
    store = people.store[customer]
    young = store == [place.code for place in places].index(YOUNG)
    started = np.where(young, diary.ago(25) + chance.uniform(0, 18 * _DAY, size=count), started)
    promised = np.array([_PROMISED[place.region] for place in places])[store] + chance.integers(
        0, 2, size=count
    )
    extra = np.array([place.extra_days for place in places])[store]
    days = promised - 3.2 + chance.gamma(2.0, 0.7, size=count) + extra + np.where(peak, 0.8, 0.0)
    delivered = started + np.maximum(days, 0.3) * _DAY
    return Orders(customer, started, promised, delivered, chance.random(count) < 0.015)


def tell(
    orders: Orders, people: People, places: tuple[Place, ...], diary: Calendar, tone: Tone
) -> Iterator[incoming.Incoming]:
    """Each order as an interaction, and for some of them the answers before and after."""
    seen: set[int] = set()
    for number in np.argsort(orders.started, kind="stable"):
        customer = int(orders.customer[number])
        person = people.person(customer, places)
        order = _Order.of(int(number), orders, diary, "returning" if customer in seen else "new")
        seen.add(customer)
        unit = places[people.store[customer]]
        expected, source = _expectation(order.promised, tone.chance)
        yield _interaction(order, person, unit, expected, tone.chance)
        if expected is not None:
            yield _before(order, person, unit, expected, source)
        answer = _after(order, person, unit, float(people.mood[customer]), tone)
        if answer is not None and answer.answered_at <= diary.until:
            yield answer


@dataclass(frozen=True, slots=True)
class _Order:
    key: str
    started: float
    promised: int
    due: datetime
    delivered: float | None
    cancelled: bool
    relation: str

    @classmethod
    def of(cls, number: int, orders: Orders, diary: Calendar, relation: str) -> "_Order":
        started, promised = float(orders.started[number]), int(orders.promised[number])
        cancelled = bool(orders.cancelled[number])
        delivered = float(orders.delivered[number])
        arrived = not cancelled and delivered <= diary.until.timestamp()
        due = diary.evening(started, promised)
        return cls(
            f"D{number:06d}", started, promised, due, delivered if arrived else None, cancelled, relation
        )

    @property
    def days_late(self) -> int:
        """Calendar days after the promised one; negative when early."""
        assert self.delivered is not None
        arrived = calendar.when(self.delivered).astimezone(calendar.ZONE).date()
        return (arrived - self.due.date()).days


def _expectation(promised: int, chance: np.random.Generator) -> tuple[int | None, str]:
    if chance.random() > 0.12:
        return None, ""
    source = int(chance.integers(len(_SOURCES)))
    return max(1, promised + _SHIFT[source] + int(chance.integers(-1, 2))), _SOURCES[source]


def _interaction(
    order: _Order, person: incoming.Person, unit: Place, expected: int | None, chance: np.random.Generator
) -> incoming.Interaction:
    is_late = order.delivered is not None and order.days_late > 0
    return incoming.Interaction(
        key=order.key,
        touchpoint="delivery",
        promise="delivery_date",
        started_at=calendar.when(order.started),
        due_at=order.due,
        experienced_at=None if order.delivered is None else calendar.when(order.delivered),
        expected=expected,
        cancelled=order.cancelled,
        told_before_due=bool(chance.random() < 0.4) if is_late else None,
        customer=person,
        channel="app" if chance.random() < 0.6 else "web",
        unit=unit.code,
        revenue=f"{float(chance.gamma(2.0, 140.0)) + 20:.2f}",
        currency="CNY",
        segments={"relation": order.relation},
    )


def _before(
    order: _Order, person: incoming.Person, unit: Place, expected: int, source: str
) -> incoming.Answer:
    """Asked while ordering: when do you think it will come, and why?"""
    moment = calendar.when(order.started)
    return incoming.Answer(
        key=f"{order.key}-before",
        touchpoint="delivery",
        interaction=order.key,
        answered_at=moment,
        asked_at=moment,
        expected=(incoming.Statement("delivery_days", expected, "will", source),),
        customer=person,
        channel="app",
        unit=unit.code,
        segments={"relation": order.relation},
    )


def _after(
    order: _Order, person: incoming.Person, unit: Place, mood: float, tone: Tone
) -> incoming.Answer | None:
    chance = tone.chance
    if order.delivered is None or chance.random() > (0.42 if order.days_late > 0 else 0.3):
        return None
    late, early = max(order.days_late, 0), max(-order.days_late, 0)
    level = 4.3 + mood - unit.worse - (0.45 + 0.6 * min(late, 4) if late else 0.0) + 0.04 * min(early, 3)
    # Some are asked on the promised day whether or not the parcel has come: a fault worth warning of.
    asked = order.due.timestamp() if late and chance.random() < 0.3 else order.delivered + _DAY * 0.8
    return tone.answer(
        key=f"{order.key}-after",
        touchpoint="delivery",
        interaction=order.key,
        person=person,
        channel="wecom" if chance.random() < 0.3 else "sms",
        unit=unit.code,
        asked=asked,
        level=level,
        expected_level=4.2 + 0.3 * mood,
        recommend=True,
        relation=order.relation,
    )
