"""Pace: when an account may send again, counted from the outbox itself, so that a restart forgets nothing."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from mindgap.collect.channels import catalog
from mindgap.collect.channels.account import SendingAccount
from mindgap.collect.channels.contract import Limits
from mindgap.collect.channels.delivery import Delivery

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def limits(account: SendingAccount) -> Limits:
    """What holds for an account; for a scheduler that wants to plan."""
    return catalog()[account.channel].limits(account.opened())


def next_allowed(account: SendingAccount, now: datetime, *, address: str = "") -> datetime:
    """The first instant from `now` on at which the account may send, to the address of that digest if one is given."""
    given = limits(account)
    tried = Delivery.objects.filter(account=account, is_folded=False)
    times = [now, _after(tried, now, given.per_minute, MINUTE), _after(tried, now, given.per_day, DAY)]
    if address:
        times.append(_after(tried.filter(address=address), now, given.per_person_day, DAY))
    return max(times)


def room(account: SendingAccount, given: Limits, now: datetime) -> int:
    """How many messages may still leave within this minute; -1 without limit."""
    if not given.per_minute:
        return -1
    used = Delivery.objects.filter(account=account, is_folded=False, tried_at__gt=now - MINUTE).count()
    return max(given.per_minute - used, 0)


def _after(tried: QuerySet[Delivery], now: datetime, most: int, span: timedelta) -> datetime:
    """When fewer than `most` attempts lie within the span that ends then."""
    if not most:
        return now
    times = tried.filter(tried_at__gt=now - span).order_by("-tried_at").values_list("tried_at", flat=True)
    oldest = next(iter(times[most - 1 : most]), None)
    return now if oldest is None else oldest + span
