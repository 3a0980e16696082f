"""Change: one step of an improvement, by one person, written whole or not at all.

What the person saw must be what is there (the version); the fields and the entry in the trail are written together.
"""

from datetime import date, datetime
from typing import Any

from django.db.models import Model

from mindgap.act.improvement import permission
from mindgap.act.improvement.errors import ChangedMeanwhile, NotAllowed
from mindgap.act.improvement.improvement import Improvement, ImprovementEvent
from mindgap.keep.models import Member

_RELATED = (
    "organization", "touchpoint", "unit", "promise", "owner__user", "sponsor__user", "created_by__user",
)  # fmt: skip


def find(pk: int, member: Member) -> Improvement:
    """The improvement, as far as the member may see it."""
    found = permission.improvements(member).filter(pk=pk).select_related(*_RELATED).first()
    if found is None:
        raise NotAllowed("see")
    return found


def begin(pk: int, member: Member, verb: str, *, version: int) -> Improvement:
    """The improvement for a member's change; `ChangedMeanwhile` when it is not the one they saw."""
    found = find(pk, member)
    if not permission.may(member, verb, found):
        raise NotAllowed(verb)
    if found.version != version:
        raise ChangedMeanwhile(since(found, version))
    return found


def write(
    improvement: Improvement,
    kind: str,
    /,
    *,
    by: Member | None,
    words: str = "",
    changes: Any = None,
    **fields: Any,
) -> ImprovementEvent:
    """Set the fields, raise the version and append to the trail; `ChangedMeanwhile` when somebody was faster.

    Run it inside a transaction. The entry, of a `kind` of its own, holds what
    changed (field -> [before, after]) and the new version.
    """
    seen = improvement.version
    news = {
        name: [_plain(getattr(improvement, name)), _plain(value)]
        for name, value in fields.items()
        if getattr(improvement, name) != value
    }
    rows = Improvement.objects.filter(pk=improvement.pk, version=seen)
    if not rows.update(**fields, version=seen + 1):
        raise ChangedMeanwhile(since(improvement, seen))
    for name, value in fields.items():
        setattr(improvement, name, value)
    improvement.version = seen + 1
    return ImprovementEvent.objects.create(
        improvement=improvement,
        by=by,
        kind=kind,
        words=words,
        changes={**news, **(changes or {}), "version": seen + 1},
    )


def since(improvement: Improvement, version: int) -> tuple[ImprovementEvent, ...]:
    """What was done after a version, in order."""
    events = improvement.events.select_related("by__user")
    return tuple(each for each in events if each.changes.get("version", 0) > version)


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
