"""Queue: what waits for whom, the most urgent first: two narrow queries and one for the rows of a page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from mindgap.act.case import search, states, visible
from mindgap.act.case.case import Case
from mindgap.ground import clock
from mindgap.keep.models import Member, Unit

# What can be shown, in the order in which it is offered.
MINE, UNOWNED, OVERDUE, TODAY, OPEN, WAITING, ASKED, DONE = SHOWN = (
    "mine", "unowned", "overdue", "today", "open", "waiting", "asked", "done",
)  # fmt: skip
PER_PAGE = 40
_LIVING = (*states.OPEN, states.RESOLVED)


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of cases, and how many there are of each kind; `number` counts from 1."""

    rows: tuple[Case, ...]
    counts: dict[str, int]
    shown: str
    number: int
    pages: int


def queue(
    member: Member,
    *,
    shown: str = OPEN,
    unit: Unit | None = None,
    owner: Member | None = None,
    critical: bool = False,
    words: str = "",
    number: int = 1,
    per_page: int = PER_PAGE,
) -> Queue:
    """The cases that a member sees of one kind; `unit` with all below it, `owner` only theirs, `words` as `search` says."""
    if shown not in SHOWN:
        raise ValueError(f"{shown!r} is none of {', '.join(SHOWN)}")
    found = visible.cases(member)
    if unit is not None:
        found = found.filter(unit__in=unit.subtree().values("id"))
    if owner is not None:
        found = found.filter(owner=owner)
    if critical:
        found = found.filter(urgency="critical")
    words = words.replace("\x00", "").strip()
    if words:
        found = found.filter(pk__in=search.ids(found, member, words))
    kinds = _kinds(member, clock.now())
    counted = _counted(found, kinds)
    pages = max(1, -(-counted[shown] // per_page))
    number = min(max(1, number), pages)
    start = (number - 1) * per_page
    # Of many cases only the ids are put in order; the rest is read of those that are shown.
    latest = ("-closed_at", "-id") if shown == DONE else (F("due_at").asc(nulls_last=True), "id")
    ids = list(
        found.filter(kinds[shown]).order_by(*latest).values_list("id", flat=True)[start : start + per_page]
    )
    related = ("touchpoint", "unit", "owner__user", "customer", "playbook", "promise")
    rows = {each.pk: each for each in Case.objects.filter(pk__in=ids).select_related(*related)}
    return Queue(tuple(rows[id_] for id_ in ids if id_ in rows), counted, shown, number, pages)


def counts(member: Member) -> dict[str, int]:
    """How many cases of each kind a member sees."""
    return _counted(visible.cases(member), _kinds(member, clock.now()))


def _counted(found: QuerySet[Case], kinds: dict[str, Q]) -> dict[str, int]:
    """Those that are over are many after some years: they are counted in the index, the others in one go."""
    living = found.filter(state__in=_LIVING)
    filters = {name: Count("id", filter=kind) for name, kind in kinds.items() if name != DONE}
    return {**living.order_by().aggregate(**filters), DONE: found.filter(kinds[DONE]).order_by().count()}


def _kinds(member: Member, now: datetime) -> dict[str, Q]:
    zone = clock.zone(member.organization.zone)
    tomorrow = clock.day_begins(now.astimezone(zone).date() + timedelta(days=1), zone)
    owing = Q(state__in=states.OPEN)
    return {
        MINE: owing & Q(owner=member),
        UNOWNED: owing & Q(owner=None),
        OVERDUE: owing & Q(due_at__lt=now),
        TODAY: owing & Q(due_at__gte=now, due_at__lt=tomorrow),
        OPEN: owing,
        WAITING: Q(state=states.AWAITING),
        ASKED: Q(state=states.RESOLVED),
        DONE: Q(state__in=states.OVER),
    }
