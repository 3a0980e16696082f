"""Record: what became of cases, as figures with their intervals: recovered share, steps in time, how long steps took."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from mindgap.act.case import clocks, states, verdict, visible
from mindgap.act.case.case import Case
from mindgap.act.hours.service_level import STEPS
from mindgap.ground import clock
from mindgap.keep.models import Member, Touchpoint, Unit
from mindgap.measure import Outcomes, advice, proportion

_HOUR = timedelta(hours=1)
_DONE_AT = {
    clocks.ACKNOWLEDGE: "acknowledged_at",
    clocks.CONTACT: "contacted_at",
    clocks.RESOLVE: "resolved_at",
}
# Fewer than this say nothing.
LEAST = 5
TOO_FEW, NOT_REACHED = "too_few", "not_reached"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of cases. `value` is none where nothing can be said, and `why` says why; limits may be open.

    Codes: `case.recovered`, `case.in_time.<step>` are shares from 0 to 1; `case.hours.<step>` is the median in hours of
    the customer's time. `n` cases stand behind it; of `asked` cases so many could have said something.
    """

    code: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    asked: int
    why: str = ""


def figures(
    member: Member,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    touchpoint: Touchpoint | None = None,
    unit: Unit | None = None,
) -> tuple[Figure, ...]:
    """All figures of the cases that a member sees, opened in a period."""
    found = visible.cases(member).exclude(state__in=(states.MERGED, states.NOT_ACTIONABLE))
    if since is not None:
        found = found.filter(opened_at__gte=since)
    if until is not None:
        found = found.filter(opened_at__lt=until)
    if touchpoint is not None:
        found = found.filter(touchpoint=touchpoint)
    if unit is not None:
        found = found.filter(unit__in=unit.subtree().values("id"))
    found = found.order_by()
    return (
        recovered(found),
        *(in_time(found, step) for step in STEPS),
        *(hours(found, step) for step in STEPS),
    )


def recovered(found: QuerySet[Case]) -> Figure:
    """Of the cases of which the customer said whether it was put right, the share in which it was.

    Silence is neither; it stands in `asked`, so that a share of few answers among many cases can be seen as that.
    """
    said = found.aggregate(
        yes=Count("id", filter=Q(outcome=verdict.RECOVERED)),
        no=Count("id", filter=Q(outcome=verdict.NOT_RECOVERED)),
        silent=Count("id", filter=Q(outcome=verdict.NO_ANSWER)),
    )
    return _share("case.recovered", said["yes"], said["yes"] + said["no"], sum(said.values()))


def in_time(found: QuerySet[Case], step: str) -> Figure:
    """Of the cases whose step is done or overdue, the share in which it was done in time."""
    done, due, now = _DONE_AT[step], f"{step}_due", clock.now()
    said = found.aggregate(
        kept=Count("id", filter=Q(**{f"{done}__lte": F(due)})),
        late=Count("id", filter=Q(**{f"{done}__gt": F(due)})),
        missed=Count(
            "id", filter=Q(**{done: None, f"{due}__lt": now, "state__in": states.OPEN, "paused_since": None})
        ),
    )
    return _share(f"case.in_time.{step}", said["kept"], sum(said.values()), found.count())


def hours(found: QuerySet[Case], step: str) -> Figure:
    """How many hours until half of the cases had a step done; those that still wait are counted as waiting."""
    code, now, done_at = f"case.hours.{step}", clock.now(), _DONE_AT[step]
    taken: list[float] = []
    waiting: list[float] = []
    for opened, done, state, closed in found.values_list("opened_at", done_at, "state", "closed_at"):
        over = done or (None if state in states.OPEN else closed)
        (taken if done else waiting).append(max(0.0, ((over or now) - opened) / _HOUR))
    n = len(taken) + len(waiting)
    if n < LEAST:
        return Figure(code, None, None, None, n, n, TOO_FEW)
    outcomes = Outcomes(
        [*taken, *waiting],
        completed=[1] * len(taken) + [0] * len(waiting),
        still_open=[0] * len(taken) + [1] * len(waiting),
    )
    (median,) = advice(outcomes, levels=(0.5,))
    if math.isinf(median.value):
        return Figure(code, None, _finite(median.low), None, n, n, NOT_REACHED)
    return Figure(code, median.value, _finite(median.low), _finite(median.high), n, n)


def _share(code: str, hits: int, n: int, asked: int) -> Figure:
    if n < LEAST:
        return Figure(code, None, None, None, n, asked, TOO_FEW)
    share = proportion(hits, n)
    return Figure(code, share.value, share.low, share.high, n, asked)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
