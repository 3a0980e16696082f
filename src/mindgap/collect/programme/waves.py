"""Waves: the rounds of a programme that asks on a schedule, numbered, with a beginning and an end.

A wave is made when its time has come, filled with candidates in pieces, and only then counts as running: a worker
that dies on the way begins again, and nobody becomes a candidate twice.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from mindgap.collect.programme import candidates
from mindgap.collect.programme.plan import Plan, row
from mindgap.ground import clock
from mindgap.keep import people, recorder
from mindgap.keep.incoming import Person
from mindgap.keep.models import Customer, Identity, Programme, Wave

_PIECE = 1_000


def open_due(now: datetime) -> int:
    """Open every wave whose time has come, end those that are over; how many candidates were made."""
    Wave.objects.filter(state="running", ends_at__lte=now).update(state="ended")
    made = 0
    for mine in candidates.running_plans("schedule").values():
        for programme, plan in mine:
            if plan.echo_of:
                continue
            _make_due(programme, plan, now)
            for wave in programme.waves.filter(state="planned", starts_at__lte=now):
                made += fill(wave, programme, plan)
    return made


def fill(wave: Wave, programme: Programme, plan: Plan) -> int:
    """Make candidates of all customers whom the programme concerns, then let the wave run."""
    made, after = 0, -1
    while True:
        with transaction.atomic():
            recorder.hold_still()
            piece = list(
                Customer.objects.filter(organization_id=programme.organization_id, id__gt=after).order_by(
                    "id"
                )[:_PIECE]
            )
            if not piece:
                break
            after = piece[-1].pk
            asked = [each for each in piece if plan.condition.holds(row(each))]
            made += _candidates(programme, wave, asked)
    Wave.objects.filter(pk=wave.pk, state="planned").update(state="running")
    return made


def ask_these(programme: Programme, texts: Iterable[str], now: datetime) -> tuple[Wave, int, list[str]]:
    """A wave for the customers of a list, named by any of their identities: the wave, how many, and who is unknown."""
    wanted = {each.strip() for each in texts if each.strip()}
    spelt = {each: _spellings(each) for each in wanted}
    values = {value for each in spelt.values() for value in each}
    plan = Plan.of(programme)
    with transaction.atomic():
        recorder.hold_still()
        known = dict(
            Identity.objects.filter(organization_id=programme.organization_id, value__in=values).values_list(
                "value", "customer_id"
            )
        )
        unknown = sorted(each for each in wanted if not spelt[each] & known.keys())
        wave = _next(programme, now, now + timedelta(days=plan.fresh_days), state="running")
        asked = list(Customer.objects.filter(id__in=set(known.values())).order_by("id"))
        made = _candidates(programme, wave, asked)
    return wave, made, unknown


def start_of(programme: Programme, plan: Plan, number: int) -> datetime:
    """When the wave of that number (from 0) begins: at the local time of the plan, counted from the first one."""
    zone = clock.zone(programme.organization.zone)
    first = (programme.since or programme.created_at).astimezone(zone)
    day = first.date() if first.time() <= plan.at else first.date() + timedelta(days=1)
    steps = number * plan.every
    if plan.unit == "month":
        when = _months_later(day, steps)
    else:
        when = day + timedelta(days=steps * (7 if plan.unit == "week" else 1))
    return clock.instant_of(datetime.combine(when, plan.at), zone)


def _make_due(programme: Programme, plan: Plan, now: datetime) -> None:
    """Make the wave that ought to run now; those that were missed while nothing ran are not made up for."""
    start, end = start_of(programme, plan, 0), None
    if plan.every:
        number = 0
        while start_of(programme, plan, number + 1) <= now:
            number += 1
        start, end = start_of(programme, plan, number), start_of(programme, plan, number + 1)
    if start > now or programme.waves.filter(starts_at=start).exists():
        return
    with transaction.atomic():
        _next(programme, start, end)


def _next(programme: Programme, start: datetime, end: datetime | None, *, state: str = "planned") -> Wave:
    """One more wave of a programme, which is held meanwhile: two workers make one."""
    Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    there = programme.waves.filter(starts_at=start).first()
    if there is not None:
        return there
    number = (programme.waves.aggregate(last=Max("number"))["last"] or 0) + 1
    return Wave.objects.create(programme=programme, number=number, starts_at=start, ends_at=end, state=state)


def _candidates(programme: Programme, wave: Wave, asked: Iterable[Customer]) -> int:
    ends = [each for each in (wave.ends_at, programme.until) if each is not None]
    deadline = min(ends, default=None)
    return candidates.write(
        [
            candidates.of_customer(programme, each, wave, due=wave.starts_at, deadline=deadline)
            for each in asked
        ]
    )


def _spellings(text: str) -> set[str]:
    """The forms in which an identity may be stored."""
    return {text, *(value for _, value in people.identities_of(Person({"email": text})))}


def _months_later(day: date, months: int) -> date:
    """The same day some months later; the last of the month where it has no such day."""
    month = clock.month_of(clock.day_of(day)) + months
    last = clock.month_start(month + 1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))
