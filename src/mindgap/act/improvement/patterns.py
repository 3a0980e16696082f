"""Patterns: the same cause at the same touchpoint again and again is no bad luck any more (R32, R163)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Q

from mindgap.act.improvement.improvement import Improvement
from mindgap.act.improvement.opening import open_improvement
from mindgap.act.improvement.states import OPEN
from mindgap.ground import clock
from mindgap.keep.models import Member, Touchpoint

LEAST = 3
DAYS = 90
_SHOWN_NUMBERS = 50
# What was said is at fault, not what was done.
_OF_WORDS = ("contradictory_information", "exaggeration", "price_surprise")


@dataclass(frozen=True, slots=True)
class Pattern:
    """So many cases (`n`, those with `numbers` among them) of one cause at one touchpoint within 90 days."""

    touchpoint: Touchpoint
    cause: str
    n: int
    numbers: tuple[int, ...]


def patterns(member: Member) -> list[Pattern]:
    """Those in the member's scope for which nothing has been begun, most frequent first."""
    organization = member.organization
    rows = organization.cases.filter(opened_at__gte=clock.now() - timedelta(days=DAYS)).exclude(
        Q(cause="") | Q(touchpoint=None) | Q(state__in=("merged", "not_actionable"))
    )
    if member.unit is not None:
        rows = rows.filter(unit__path__startswith=member.unit.path)
    counted = rows.order_by().values("touchpoint", "cause").annotate(n=Count("id")).filter(n__gte=LEAST)
    found = {(each["touchpoint"], each["cause"]): each["n"] for each in counted}
    if not found:
        return []
    known = organization.improvements.filter(state__in=OPEN, origin="cases").values_list(
        "touchpoint", "source"
    )
    begun = {(place, source.get("cause")) for place, source in known}
    wanted = {key for key in found if key not in begun}
    numbers: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place, cause, number in rows.order_by("-number").values_list("touchpoint", "cause", "number"):
        if len(numbers[place, cause]) < _SHOWN_NUMBERS:
            numbers[place, cause].append(number)
    places = Touchpoint.objects.in_bulk([place for place, _ in wanted])
    return sorted(
        (
            Pattern(places[place], cause, found[place, cause], tuple(numbers[place, cause]))
            for place, cause in wanted
        ),
        key=lambda each: (-each.n, each.touchpoint.code, each.cause),
    )


@transaction.atomic
def begin(member: Member, touchpoint: Touchpoint, cause: str, *, title: str) -> Improvement | None:
    """Open an improvement for a pattern and tie its cases to it; None where there is none (any more)."""
    same = (each for each in patterns(member) if (each.touchpoint, each.cause) == (touchpoint, cause))
    found = next(same, None)
    if found is None:
        return None
    made = open_improvement(
        member.organization,
        origin="cases",
        source={"cause": cause, "numbers": list(found.numbers), "n": found.n},
        title=title,
        touchpoint=touchpoint,
        side="promise" if cause in _OF_WORDS else "delivery",
        kind="repair",
        member=member,
    )
    member.organization.cases.filter(number__in=found.numbers, improvement=None).update(improvement=made)
    return made
