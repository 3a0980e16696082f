"""Feed: a member's deadlines as a calendar that other programs subscribe to. The token is the key; only its digest stays."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import date, timedelta

from mindgap.act.improvement import permission
from mindgap.act.improvement.improvement import Feed, Improvement, Task
from mindgap.act.improvement.states import OPEN
from mindgap.ground import clock
from mindgap.keep.models import Member

_TOKEN_BYTES = 24


def new(member: Member) -> str:
    """The token of a new address, shown once; the old address works no more."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    Feed.objects.update_or_create(
        member=member, defaults={"token_digest": _digest(token), "created_at": clock.now()}
    )
    return token


def end(member: Member) -> None:
    """No address works any more."""
    Feed.objects.filter(member=member).delete()


def member_of(token: str) -> Member | None:
    """Whose feed it is; None for a wrong token and for whoever may sign in no more."""
    rows = Feed.objects.filter(
        token_digest=_digest(token), member__is_active=True, member__user__is_active=True
    )
    feed = rows.select_related("member__organization", "member__unit", "member__user").first()
    return feed.member if feed else None


def write(member: Member, *, address: Callable[[Improvement], str]) -> bytes:
    """The calendar (RFC 5545): a whole-day event for each deadline and each open task that the member may see."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Mindgap//Improvements//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", str(member.organization))
    rows = permission.improvements(member).filter(state__in=OPEN).prefetch_related("tasks")
    for each in rows.select_related("organization"):
        if each.deadline is not None:
            calendar.add_component(_event(f"improvement-{each.pk}", each.title, each.deadline, address(each)))
        for task in each.tasks.all():
            if task.due is not None and task.done_at is None:
                calendar.add_component(_event(f"task-{task.pk}", _title(each, task), task.due, address(each)))
    return bytes(calendar.to_ical())


def _event(key: str, title: str, day: date, address: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    from icalendar import Event

    event = Event()
    event.add("uid", f"{key}@mindgap")
    event.add("dtstamp", clock.now())
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", title)
    event.add("url", address)
    return event


def _title(improvement: Improvement, task: Task) -> str:
    return f"{improvement.title}: {task.words}"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
