"""Candidates: whom programmes want to ask, written into the ledger before anything is decided.

A candidate is a row of the ledger with the outcome `delayed_until`; `until` is when it is due. Its key makes it one,
however often its trigger is read.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction

from mindgap.collect.programme.plan import BadPlan, Plan, concerns, moment, row, window
from mindgap.ground import clock
from mindgap.keep import contact, recorder
from mindgap.keep.models import Contact, Customer, Interaction, Invitation, Programme, Wave
from mindgap.keep.reader import Arrived, Reader

READER = "programmes"
BATCH = 500
WAITING = "delayed_until"

_reader = Reader(READER, kinds=("interaction",), behind=recorder.READER)


class _Named(msgspec.Struct):
    """Of an arrival, only which interaction it is."""

    key: str


_key_of = msgspec.json.Decoder(_Named).decode


def take_events(*, limit: int = BATCH) -> int:
    """Make candidates of the next interactions that arrived; how many arrivals that were."""
    stretch = _reader.batch(limit)
    if not stretch:
        return 0
    keys: dict[int, set[str]] = defaultdict(set)
    running = running_plans("event")
    for arrival in stretch.arrivals:
        if arrival.organization in running and (key := _key(arrival)):
            keys[arrival.organization].add(key)
    with transaction.atomic():
        if not _reader.advance(stretch):
            return 0
        # Customers must not be merged away under our hands.
        recorder.hold_still()
        for organization, names in keys.items():
            write(_of_events(organization, names, running[organization]))
    return max(len(stretch.arrivals), 1)


def take_echoes(now: datetime) -> int:
    """Make candidates of those who said what they expect, some weeks later: how was it (R149, R197)."""
    made = 0
    for mine in running_plans("schedule").values():
        for programme, plan in mine:
            if plan.echo_of:
                made += _echo(programme, plan, now)
    return made


def running_plans(trigger: str) -> dict[int, list[tuple[Programme, Plan]]]:
    """The running programmes of a trigger with what they mean, by organization; broken ones ask nobody."""
    now = clock.now()
    found: dict[int, list[tuple[Programme, Plan]]] = defaultdict(list)
    for programme in Programme.objects.filter(state="running", trigger=trigger).select_related(
        "organization", "survey"
    ):
        if programme.until is not None and programme.until <= now:
            continue
        try:
            found[programme.organization_id].append((programme, Plan.of(programme)))
        except BadPlan:
            continue
    return dict(found)


def of_customer(
    programme: Programme, customer: Customer, wave: Wave, *, due: datetime, deadline: datetime | None
) -> Contact:
    """The candidate that a customer is in a wave; unsaved."""
    key = contact.candidate(programme.code, "wave", str(wave.number), str(customer.pk))
    saw = {"wave": wave.number, "deadline": said(deadline)}
    return _candidate(programme, key, customer.pk, due, saw, wave=wave)


def write(made: Iterable[Contact]) -> int:
    """Store candidates; those that are known already stay as they are, unless nobody knew whose they were."""
    waiting = list(made)
    if not waiting:
        return 0
    keys = {each.candidate: each for each in waiting}
    organization = waiting[0].organization_id
    known = Contact.objects.filter(organization_id=organization, candidate__in=keys)
    nameless = known.filter(customer=None, outcome="no_address", invitation=None)
    for candidate, id_ in nameless.values_list("candidate", "id"):
        found = keys[candidate]
        if found.customer_id is not None:
            Contact.objects.filter(pk=id_).update(
                customer_id=found.customer_id, outcome=found.outcome, until=found.until, reasons=found.reasons
            )
    there = set(known.values_list("candidate", flat=True))
    new = [each for each in waiting if each.candidate not in there]
    Contact.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    return len(new)


def said(when: datetime | None) -> str:
    """An instant as it stands among the reasons."""
    return when.isoformat(timespec="seconds") if when else ""


def _key(arrival: Arrived) -> str:
    try:
        return _key_of(arrival.body).key
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # The recorder has set it aside.
        return ""


def _of_events(organization: int, keys: set[str], plans: Sequence[tuple[Programme, Plan]]) -> list[Contact]:
    found = Interaction.objects.filter(organization_id=organization, key__in=keys).select_related(
        "touchpoint__measure", "channel", "unit", "customer"
    )
    return [
        made
        for interaction in found
        for programme, plan in plans
        if concerns(plan, interaction) and (made := _of_event(programme, plan, interaction)) is not None
    ]


def _of_event(programme: Programme, plan: Plan, interaction: Interaction) -> Contact | None:
    now, happened = clock.now(), moment(interaction)
    since = programme.since or programme.created_at
    due = happened + timedelta(minutes=programme.delay_minutes)
    deadline = window(programme, plan, due)
    if happened < since or deadline <= now:
        return None
    key = contact.candidate(programme.code, "interaction", interaction.key)
    saw = {"interaction": interaction.key, "deadline": said(deadline)}
    return _candidate(programme, key, interaction.customer_id, due, saw)


def _echo(programme: Programme, plan: Plan, now: datetime) -> int:
    first, last = now - timedelta(days=plan.until_days), now - timedelta(days=plan.after_days)
    asked = Invitation.objects.filter(
        programme__organization_id=programme.organization_id,
        programme__code=plan.echo_of,
        state="answered",
        customer__isnull=False,
        answered_at__gt=first,
        answered_at__lte=last,
    ).select_related("customer")
    with transaction.atomic():
        recorder.hold_still()
        made = []
        for each in asked:
            assert each.customer is not None
            assert each.answered_at is not None
            if not plan.condition.holds(row(each.customer)):
                continue
            due = each.answered_at + timedelta(days=plan.after_days)
            deadline = each.answered_at + timedelta(days=plan.until_days)
            key = contact.candidate(programme.code, "echo", str(each.pk))
            saw = {"echo_of": plan.echo_of, "deadline": said(deadline)}
            made.append(_candidate(programme, key, each.customer_id, due, saw))
        return write(made)


def _candidate(
    programme: Programme,
    key: str,
    customer: int | None,
    due: datetime,
    saw: dict[str, Any],
    *,
    wave: Wave | None = None,
) -> Contact:
    trigger = {"step": "trigger", "passed": True, "saw": {"due": said(due), **saw}}
    nobody = {"step": "customer", "passed": False, "saw": {}}
    return Contact(
        organization_id=programme.organization_id,
        customer_id=customer,
        programme=programme,
        survey_id=programme.survey_id,
        wave=wave,
        outcome="no_address" if customer is None else WAITING,
        until=None if customer is None else due,
        reasons=[trigger, nobody] if customer is None else [trigger],
        candidate=key,
    )
