"""A small company whose figures can be worked out by hand.

Deliveries are promised within 5 days. Web: 40 took 3 days, 15 took 5, 5 took 7. Store: 10 took 3, 15 took 5, 15
took 7. Ten are open (6 seen after 2 days, 4 after 8), 3 were cancelled. Each completed one got a satisfaction score:
those of 3 days half 5 and half 4, those of 5 days 5 and 4 in turn, those of 7 days a 2. Five open ones got a 1. The
first 7 of the web were asked before delivery. Thirty people were asked for their loyalty apart from any touchpoint.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from mindgap.explain.finding import Finding
from mindgap.ground import identity
from mindgap.keep import appender, incoming, recorder
from mindgap.keep.models import (
    Channel,
    Journey,
    Measure,
    Metric,
    Occurrence,
    Organization,
    Promise,
    Segment,
    Stage,
    Touchpoint,
    Unit,
)

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai, a Monday
WEB = {3: 40, 5: 15, 7: 5}
STORE = {3: 10, 5: 15, 7: 15}
LOYALTY = {10: 15, 8: 9, 3: 6}


def build() -> Organization:
    """The company with all that was recorded of it."""
    organization = declare()
    items = [*deliveries(), *loyalty(), *visits()]
    record(organization, items)
    return organization


def declare(code: str = "acme") -> Organization:
    """Its touchpoints, measures, metrics, promises, units and segments."""
    organization = Organization.objects.create(
        code=code, name={"en": "Acme", "zh-hans": "顶点"}, zone="Asia/Shanghai"
    )
    own = {"organization": organization}
    days = Measure.objects.create(
        **own,
        code="days",
        kind="duration",
        unit="days",
        higher_is_better=False,
        name={"en": "Days to delivery"},
    )
    for name, kind, least, most in (
        ("loyalty", "likelihood", 0, 10),
        ("satisfaction", "satisfaction", 1, 5),
        ("effort", "effort", 1, 7),
    ):
        Measure.objects.create(
            **own, code=name, kind=kind, minimum=least, maximum=most, name={"en": name.title()}
        )
    measures = {measure.code: measure for measure in Measure.objects.filter(**own)}
    Metric.objects.create(
        **own,
        measure=measures["satisfaction"],
        code="csat",
        summary="mean",
        goal=4.5,
        name={"en": "Satisfaction"},
    )
    journey = Journey.objects.create(**own, code="buying", name={"en": "Buying"})
    stages = [Stage.objects.create(journey=journey, code=f"s{i}", position=i) for i in (1, 2)]
    delivery = Touchpoint.objects.create(
        **own, code="delivery", stage=stages[1], measure=days, is_moment_of_truth=True,
        name={"en": "Delivery", "zh-hans": "配送", "zh-hant": "配送"},
    )  # fmt: skip
    Touchpoint.objects.create(**own, code="store", stage=stages[0], name={"en": "Store"})
    Touchpoint.objects.create(**own, code="hotline", name={"en": "Hotline"})
    promise = Promise.objects.create(**own, touchpoint=delivery, measure=days, code="five-days", quantity=5)
    Occurrence.objects.create(promise=promise, place="website", where="/shipping", quantity=5)
    Occurrence.objects.create(promise=promise, place="advertisement", where="poster", quantity=3)
    Occurrence.objects.create(promise=promise, place="script", quantity=2, is_active=False)
    for name in ("web", "shop"):
        Channel.objects.create(**own, code=name, name={"en": name.title()})
    north = Unit.objects.create(**own, code="north")
    Unit.objects.create(**own, code="harbin", parent=north)
    Unit.objects.create(**own, code="south")
    Segment.objects.create(**own, code="tier", name={"en": "Tier"})
    return organization


def record(organization: Organization, items: list[incoming.Incoming]) -> None:
    """Let the items arrive and be recorded."""
    arrivals = [
        (identity.uuid7(), type(item).__struct_config__.tag, "test", incoming.write(item)) for item in items
    ]
    appender.append(organization.id, arrivals)
    done = recorder.catch_up()
    assert done.quarantined == 0, done


def deliveries() -> list[incoming.Incoming]:
    """Completed, open and cancelled deliveries with their answers."""
    items: list[incoming.Incoming] = []
    for channel, table, unit in (("web", WEB, "harbin"), ("shop", STORE, "south")):
        number = 0
        for days, n in table.items():
            for i in range(n):
                number += 1
                score = 2 if days == 7 else 5 - i % 2
                items += completed(
                    f"{channel}{number}", channel, unit, days, score, early=channel == "web" and number <= 7
                )
    for i in range(10):
        elapsed = 2 if i < 6 else 8
        items.append(_delivery(f"open{i}", "web", "south", observed_until=START + timedelta(days=elapsed)))
        if i < 5:
            items.append(_answer(f"open{i}", {"satisfaction": 1}, START + timedelta(days=1)))
    items += [_delivery(f"gone{i}", "web", "south", cancelled=True) for i in range(3)]
    return items


def completed(
    key: str,
    channel: str,
    unit: str,
    days: int,
    score: float | None = None,
    *,
    early: bool = False,
    start: datetime = START,
) -> list[incoming.Incoming]:
    """One delivery that took so many days and an hour, and the answer of its customer."""
    done = start + timedelta(days=days, hours=1)
    items: list[incoming.Incoming] = [_delivery(key, channel, unit, experienced_at=done, started_at=start)]
    if score is not None:
        asked = done - timedelta(hours=2) if early else done + timedelta(hours=2)
        items.append(_answer(key, {"satisfaction": score}, asked))
    return items


def loyalty(
    start: datetime = START, table: dict[int, int] = LOYALTY, key: str = "loyal"
) -> list[incoming.Incoming]:
    """Relationship answers."""
    scores = [score for score, n in table.items() for _ in range(n)]
    return [
        incoming.Answer(
            key=f"{key}{i}", answered_at=start + timedelta(days=i % 28), scores={"loyalty": score}
        )
        for i, score in enumerate(scores)
    ]


def visits() -> list[incoming.Incoming]:
    """Twenty visits of the store: all expected a 4; twelve gave a 3, eight a 5. Three called the hotline."""
    items: list[incoming.Incoming] = [
        incoming.Answer(
            key=f"visit{i}",
            touchpoint="store",
            answered_at=START + timedelta(days=2),
            scores={"satisfaction": 3 if i < 12 else 5},
            expected=(incoming.Statement(measure="satisfaction", value=4),),
            segments={"tier": "gold" if i % 2 else "silver"},
        )
        for i in range(20)
    ]
    items += [
        incoming.Answer(key=f"call{i}", touchpoint="hotline", answered_at=START, scores={"effort": 7})
        for i in range(3)
    ]
    return items


def _delivery(key: str, channel: str, unit: str, **more: object) -> incoming.Interaction:
    return incoming.Interaction(
        **{
            "key": key,
            "touchpoint": "delivery",
            "started_at": START,
            "promise": "five-days",
            "channel": channel,
            "unit": unit,
            **more,
        }  # type: ignore[arg-type]
    )


def _answer(interaction: str, scores: dict[str, float], asked: datetime) -> incoming.Answer:
    return incoming.Answer(
        key=f"answer-{interaction}",
        interaction=interaction,
        touchpoint="delivery",
        scores=scores,
        asked_at=asked,
        answered_at=asked + timedelta(minutes=5),
    )


def one(
    findings: Iterable[Finding], code: str, *, details: dict[str, object] | None = None, **about: object
) -> Finding:
    """The only finding of that code with those attributes and details."""
    every = list(findings)
    found = [
        finding
        for finding in every
        if finding.code == code
        and all(getattr(finding, name) == value for name, value in about.items())
        and all(finding.details.get(name) == value for name, value in (details or {}).items())
    ]
    assert len(found) == 1, [
        (each.code, each.touchpoint, each.metric, each.group, each.details) for each in every
    ]
    return found[0]
