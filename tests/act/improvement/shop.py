"""Six stores that are rated week by week, for tests of planning and judging."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
from django.contrib.auth import get_user_model
from tests.explain.company import record

from mindgap.act.improvement.improvement import Improvement
from mindgap.act.improvement.opening import open_improvement
from mindgap.act.improvement.plan import Wish
from mindgap.keep import incoming
from mindgap.keep.models import Measure, Member, Metric, Organization, Touchpoint, Unit

MONDAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORKS_FROM = date(2026, 3, 9)


def build(units: int = 6) -> Organization:
    """The organization, its stores u0, u1 …, a touchpoint and the share of the best two of five."""
    organization = Organization.objects.create(code="acme", name="Acme", zone="UTC", currency="CNY")
    own = {"organization": organization}
    rated = Measure.objects.create(**own, code="satisfaction", kind="satisfaction", minimum=1, maximum=5)
    Metric.objects.create(**own, measure=rated, code="csat", summary="top")
    Touchpoint.objects.create(**own, code="store", name={"en": "Store", "zh-hans": "门店"})
    for i in range(units):
        Unit.objects.create(**own, code=f"u{i}")
    return organization


def answers(
    organization: Organization,
    *,
    first: date,
    weeks: int,
    shares: list[float],
    a_week: int = 20,
    seed: int = 1,
) -> None:
    """So many answers a week and store, of which these shares are a 5 and the rest a 2."""
    draw = np.random.default_rng(seed)
    start = datetime(first.year, first.month, first.day, 10, tzinfo=UTC)
    items: list[incoming.Incoming] = []
    for week in range(weeks):
        for unit, share in enumerate(shares):
            good = draw.binomial(a_week, share)
            items += [
                incoming.Answer(
                    key=f"{first}-{week}-{unit}-{i}",
                    touchpoint="store",
                    unit=f"u{unit}",
                    answered_at=start + timedelta(days=7 * week + i % 7),
                    scores={"satisfaction": 5.0 if i < good else 2.0},
                )
                for i in range(a_week)
            ]
    record(organization, items)


def member(organization: Organization, name: str, *roles: str, unit: str = "", **about: object) -> Member:
    """A member with an address by which they can be told."""
    user = get_user_model().objects.create_user(name, email=f"{name}@example.org")
    place = Unit.objects.get(organization=organization, code=unit) if unit else None
    return Member.objects.create(
        organization=organization, user=user, name=name, roles=list(roles), unit=place, **about
    )


def improvement(organization: Organization, by: Member | None = None, **about: object) -> Improvement:
    """An idea for the store u0."""
    told = {
        "origin": "member",
        "source": {},
        "title": "Shorter queue",
        "touchpoint": Touchpoint.objects.get(organization=organization, code="store"),
        "unit": Unit.objects.get(organization=organization, code="u0"),
        "side": "delivery",
        "kind": "repair",
    }
    return open_improvement(organization, member=by, **{**told, **about})  # type: ignore[arg-type]


def wish(target: float = 0.75, *, weeks: int = 13, **about: object) -> Wish:
    """A level of the share of the best answers, after so many weeks."""
    deadline = WORKS_FROM + timedelta(days=7 * weeks - 1)
    return Wish(
        **{"metric": "csat", "target": target, "works_from": WORKS_FROM, "deadline": deadline, **about}
    )  # type: ignore[arg-type]
