"""Loading and removing the sample company; it comes in by the same door as everybody's feedback."""

from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from django.db import transaction

from mindgap.collect import mapping, register
from mindgap.collect.sample import contacts, delivery, people, places
from mindgap.collect.sample.calendar import Calendar
from mindgap.collect.sample.tone import Tone
from mindgap.ground import clock, identity
from mindgap.keep import appender, facts, incoming, recorder, removal
from mindgap.keep.models import Organization

CODE = "sample"
_SEED = 20_260_101
_CUSTOMERS = 40_000
_ORDERS, _TILLS, _SERVICE, _REFUNDS, _VISITS = 36_000, 5_000, 5_000, 2_500, 13_000
_BATCH = 10_000
_DECLARED = Path(__file__).with_name("company.toml")


def exists() -> bool:
    """Whether the sample company is loaded."""
    return Organization.objects.filter(code=CODE, is_sample=True).exists()


def load(progress: Callable[[float], None] | None = None, *, scale: float = 1.0) -> Organization:
    """Load the sample company, the same each time on one day; `scale` makes it smaller, for tests.

    Steps: declare what it is made of, append what happened, let the recorder keep the record, close the facts. Safe
    to call again: what is there stays as it is.
    """
    organization = _declare()
    sent, total = 0, scale * (_ORDERS + _TILLS + _SERVICE + _REFUNDS + _VISITS) * 1.4
    story = _story(scale)
    while batch := list(islice(story, _BATCH)):
        appender.append(organization.pk, [_item(each) for each in batch])
        recorder.catch_up()
        sent += len(batch)
        if progress:
            progress(min(sent / total, 0.99))
    facts.close_tail(organization, force=True)
    if progress:
        progress(1.0)
    return organization


def remove() -> bool:
    """Remove the sample company and all that belongs to it; whether there was one."""
    organization = Organization.objects.filter(code=CODE, is_sample=True).first()
    if organization is None:
        return False
    removal.remove(organization)
    return True


def _declare() -> Organization:
    declared: Any = mapping.read(_DECLARED)
    declared = msgspec.structs.replace(declared, unit=places.units())
    with transaction.atomic():
        organization = register.organization_of(declared)
        if not organization.is_sample:
            organization.is_sample = True
            organization.save(update_fields=["is_sample"])
        register.declare(organization, declared)
    return organization


def _story(scale: float) -> Iterator[incoming.Incoming]:
    chance = np.random.default_rng(_SEED)
    stores = places.places()
    # The day, not the minute: two loads on one day tell the same story.
    now = clock.now()
    diary = Calendar(clock.day_begins(now.date(), clock.zone("Asia/Shanghai")))
    everyone = people.invent(max(50, int(_CUSTOMERS * scale)), stores, chance)
    tone = Tone(chance)
    scene = contacts.Scene(everyone, stores, diary, tone)

    def count(full: int) -> int:
        return max(20, int(full * scale))

    orders = delivery.draw(count(_ORDERS), everyone, stores, diary, chance)
    told = chain(
        delivery.tell(orders, everyone, stores, diary, tone),
        contacts.tills(scene, count(_TILLS)),
        contacts.service(scene, count(_SERVICE)),
        contacts.refunds(scene, count(_REFUNDS)),
        contacts.visits(scene, count(_VISITS)),
    )
    heard: set[str] = set()
    for each in told:
        if isinstance(each, incoming.Answer) and each.answered_at > diary.until:
            continue
        if each.customer is not None:
            heard.add(each.customer.identities["member"])
        yield each
    yield from people.members(everyone, stores, heard)


def _item(each: incoming.Incoming) -> tuple[Any, str, str, bytes]:
    kind = type(each).__name__.lower()
    return identity.content_id(CODE, kind, each.key), kind, CODE, incoming.write(each)
