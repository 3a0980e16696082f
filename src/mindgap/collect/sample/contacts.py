"""All that happens at the sample company besides deliveries: tills, the service line, refunds, and plain visits."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mindgap.collect.sample import calendar
from mindgap.collect.sample.calendar import Calendar
from mindgap.collect.sample.people import People
from mindgap.collect.sample.places import Place
from mindgap.collect.sample.tone import Tone
from mindgap.keep import incoming

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
# New tills were opened this many days ago: the one real change of the story.
NEW_TILLS = 150


@dataclass(frozen=True, slots=True)
class Visit:
    """A touchpoint where only answers are collected: level got and expected, share of the visits, channels."""

    touchpoint: str
    level: float
    expected: float
    weight: float
    channels: tuple[str, ...]
    ease: bool = False


VISITS = (
    Visit("advertising", 3.75, 3.6, 0.7, ("app", "web")),
    Visit("articles", 3.95, 3.7, 0.6, ("web",)),
    Visit("reviews", 3.8, 3.9, 0.7, ("web", "app")),
    Visit("website", 4.0, 4.15, 1.6, ("web", "app"), ease=True),
    Visit("store_visit", 4.1, 4.0, 1.6, ("store",)),
    Visit("advice", 4.1, 3.9, 1.1, ("store",)),
    Visit("order_news", 3.9, 3.95, 1.0, ("sms", "wecom")),
    Visit("product", 4.25, 4.2, 1.7, ("app", "sms")),
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What every part of the story needs."""

    people: People
    places: tuple[Place, ...]
    diary: Calendar
    tone: Tone

    @property
    def chance(self) -> np.random.Generator:
        return self.tone.chance

    def someone(self) -> tuple[int, incoming.Person, Place, float]:
        number = int(self.chance.integers(len(self.people)))
        place = self.places[self.people.store[number]]
        person = self.people.person(number, self.places)
        return number, person, place, float(self.people.mood[number])


def visits(scene: Scene, count: int) -> Iterator[incoming.Incoming]:
    """`count` answers about visits that leave no operational trace."""
    weights = np.array([visit.weight for visit in VISITS])
    chosen = scene.chance.choice(len(VISITS), size=count, p=weights / weights.sum())
    times, _ = scene.diary.draw(count, scene.chance)
    for number in range(count):
        visit = VISITS[chosen[number]]
        _, person, place, mood = scene.someone()
        yield scene.tone.answer(
            key=f"V{number:06d}",
            touchpoint=visit.touchpoint,
            person=person,
            channel=visit.channels[int(scene.chance.integers(len(visit.channels)))],
            unit=place.code,
            asked=float(times[number]),
            level=visit.level + mood - place.worse / 2,
            expected_level=visit.expected + 0.3 * mood,
            recommend=visit.touchpoint == "product",
            ease=visit.ease,
        )


def tills(scene: Scene, count: int) -> Iterator[incoming.Incoming]:
    """Queues at the tills: promised five minutes; shorter since the new ones opened."""
    times, peak = scene.diary.draw(count, scene.chance)
    opened = scene.diary.ago(NEW_TILLS)
    for number in range(count):
        _, person, place, mood = scene.someone()
        start = float(times[number])
        mean = (2.6 if start >= opened else 4.2) + (1.2 if peak[number] else 0.0)
        minutes = int(scene.chance.gamma(2.2, mean / 2.2)) + 1
        key = f"T{number:06d}"
        end = start + minutes * _MINUTE
        yield _interaction(key, "checkout", "checkout_wait", start, end, person, "store", place.code)
        if scene.chance.random() < 0.4:
            level = 4.35 + mood - 0.16 * max(minutes - 3, 0) - place.worse / 2
            yield _answer(
                scene,
                key,
                "checkout",
                person,
                "store",
                place.code,
                end + 10 * _MINUTE,
                level,
                4.0 + 0.3 * mood,
            )


def service(scene: Scene, count: int) -> Iterator[incoming.Incoming]:
    """Requests to the service line: a first reply is promised within 24 hours; some never get one."""
    times, peak = scene.diary.draw(count, scene.chance)
    until = scene.diary.until.timestamp()
    for number in range(count):
        _, person, _, mood = scene.someone()
        start = float(times[number])
        hours = float(np.exp(scene.chance.normal(2.1 + (0.35 if peak[number] else 0.0), 1.05)))
        end: float | None = start + hours * _HOUR
        if scene.chance.random() < 0.012 or (end is not None and end > until):
            end = None
        key = f"S{number:06d}"
        channel = "phone" if scene.chance.random() < 0.55 else "wecom"
        yield _interaction(key, "service_line", "first_reply", start, end, person, channel, "service-centre")
        if end is not None and scene.chance.random() < 0.45:
            level = 3.75 + mood - 0.8 * min(hours / 24, 2.0)
            yield _answer(
                scene,
                key,
                "service_line",
                person,
                channel,
                "service-centre",
                end + 2 * _HOUR,
                level,
                4.15 + 0.3 * mood,
            )


def refunds(scene: Scene, count: int) -> Iterator[incoming.Incoming]:
    """Money back: promised within seven days."""
    times, _ = scene.diary.draw(count, scene.chance)
    until = scene.diary.until.timestamp()
    for number in range(count):
        _, person, _, mood = scene.someone()
        start = float(times[number])
        days = float(scene.chance.gamma(4.0, 1.2))
        end: float | None = start + days * _DAY
        if end is not None and end > until:
            end = None
        key = f"R{number:06d}"
        yield _interaction(key, "refund", "refund_time", start, end, person, "app", "service-centre")
        if end is not None and scene.chance.random() < 0.4:
            level = 3.95 + mood - 0.3 * max(days - 5, 0)
            yield _answer(
                scene, key, "refund", person, "app", "service-centre", end + _DAY, level, 3.9 + 0.3 * mood
            )


def _interaction(
    key: str,
    touchpoint: str,
    promise: str,
    start: float,
    end: float | None,
    person: incoming.Person,
    channel: str,
    unit: str,
) -> incoming.Interaction:
    return incoming.Interaction(
        key=key,
        touchpoint=touchpoint,
        promise=promise,
        started_at=calendar.when(start),
        experienced_at=None if end is None else calendar.when(end),
        customer=person,
        channel=channel,
        unit=unit,
    )


def _answer(
    scene: Scene,
    key: str,
    touchpoint: str,
    person: incoming.Person,
    channel: str,
    unit: str,
    asked: float,
    level: float,
    expected_level: float,
) -> incoming.Answer:
    return scene.tone.answer(
        key=f"{key}-after",
        touchpoint=touchpoint,
        interaction=key,
        person=person,
        channel=channel,
        unit=unit,
        asked=asked,
        level=level,
        expected_level=expected_level,
        ease=True,
        recommend=touchpoint != "checkout",
    )
