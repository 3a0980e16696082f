"""Actions: what people do with an improvement, each in one transaction and by the version that they saw."""

from datetime import date
from typing import Any

from django.db import transaction

from mindgap.act.improvement import planning
from mindgap.act.improvement.change import begin, find, write
from mindgap.act.improvement.errors import NotAllowed, NotGiven, NotNow, TooSoon
from mindgap.act.improvement.improvement import (
    AGREED,
    DOING,
    DONE,
    DROPPED,
    IDEA,
    KINDS,
    SIDES,
    STANDARDISED,
    Improvement,
    Task,
)
from mindgap.act.improvement.permission import may
from mindgap.act.improvement.plan import Plan, Wish
from mindgap.act.improvement.states import OPEN, PLANNED, VERDICTS, following
from mindgap.act.notice.tell import tell
from mindgap.act.notice.words import NoticeWords
from mindgap.ground import clock
from mindgap.keep.models import Member

# What people may write at any time; the rest belongs to the plan, or to where it came from.
_EDITABLE = (
    "title", "hypothesis", "kind", "side", "owner", "partner", "sponsor", "promise", "cost_minor", "value_minor",
)  # fmt: skip


@transaction.atomic
def edit(pk: int, member: Member, *, version: int, **fields: Any) -> Improvement:
    """Change its words, people and money."""
    improvement = begin(pk, member, "edit", version=version)
    unknown = set(fields) - set(_EDITABLE)
    if unknown:
        raise NotGiven(min(unknown), "fixed")
    _check(improvement, fields)
    before = improvement.owner_id
    event = write(improvement, "edited", by=member, **fields)
    if improvement.owner is not None and improvement.owner_id not in (before, member.pk):
        _tell_owner(improvement, event.pk)
    return improvement


@transaction.atomic
def agree(pk: int, member: Member, *, version: int, wish: Wish, although: str = "") -> Improvement:
    """Fix the plan and agree on it. A plan that stands already is replaced, and stays in the trail.

    `TooSoon` where the deadline is too early to see the target, unless `although` says why it holds nevertheless.
    """
    improvement = begin(pk, member, "plan", version=version)
    may_follow = improvement.state in PLANNED or AGREED in following(improvement.state)
    if not may_follow:
        raise NotNow("agreed", improvement.state)
    plan = planning.make(improvement, wish)
    short = planning.shortfall(plan)
    written = plan.write()
    if short is not None:
        if not although.strip():
            raise TooSoon(short)
        written["override"] = {"by": member.pk, "words": although.strip()}
    kind = "planned_anew" if improvement.plan else "agreed"
    # What a plan says stays readable even when a later one takes its place.
    old = {"plan": [improvement.plan or None, written]}
    state = improvement.state if improvement.state in PLANNED else AGREED
    write(
        improvement, kind, by=member, words=although.strip(), changes=old, plan=written, state=state,
        deadline=wish.deadline, planned_at=clock.now(), tested_at=None, result={},
    )  # fmt: skip
    return improvement


def start(pk: int, member: Member, *, version: int) -> Improvement:
    """Somebody has begun, or begins again."""
    return _advance(pk, member, DOING, version=version)


def finish(pk: int, member: Member, *, version: int) -> Improvement:
    """What was to be done is done; the effect is yet to be seen."""
    return _advance(pk, member, DONE, version=version)


@transaction.atomic
def standardise(pk: int, member: Member, *, version: int, words: str) -> Improvement:
    """What was tried becomes the rule; the words say which."""
    improvement = begin(pk, member, "standardise", version=version)
    if not words.strip():
        raise NotGiven("words", "empty")
    _follow(improvement, STANDARDISED)
    write(
        improvement,
        STANDARDISED,
        by=member,
        words=words.strip(),
        state=STANDARDISED,
        standardised_words=words.strip(),
    )
    return improvement


@transaction.atomic
def drop(pk: int, member: Member, *, version: int, reason: str) -> Improvement:
    """Give it up, with the reason."""
    improvement = begin(pk, member, "drop", version=version)
    if not reason.strip():
        raise NotGiven("reason", "empty")
    _follow(improvement, DROPPED)
    write(improvement, DROPPED, by=member, words=reason.strip(), state=DROPPED)
    return improvement


@transaction.atomic
def take_up(pk: int, member: Member, *, version: int) -> Improvement:
    """A dropped one becomes an idea again; an old plan holds no more."""
    improvement = begin(pk, member, "drop", version=version)
    _follow(improvement, IDEA)
    write(
        improvement, "taken_up", by=member, state=IDEA, plan={}, planned_at=None, deadline=None, result={},
        tested_at=None, changes={"plan": [improvement.plan or None, None]},
    )  # fmt: skip
    return improvement


@transaction.atomic
def note(pk: int, member: Member, *, words: str) -> Improvement:
    """Write something into the trail; it changes nothing, so no version is asked."""
    improvement = find(pk, member)
    if not may(member, "note", improvement):
        raise NotAllowed("note")
    if not words.strip():
        raise NotGiven("words", "empty")
    improvement.events.create(by=member, kind="note", words=words.strip())
    return improvement


@transaction.atomic
def add_task(
    pk: int, member: Member, *, version: int, words: str, owner: Member | None = None, due: date | None = None
) -> Task:
    """Add a step with whoever does it and by when."""
    improvement = begin(pk, member, "task", version=version)
    if improvement.state not in OPEN:
        raise NotNow("given a task", improvement.state)
    if not words.strip():
        raise NotGiven("words", "empty")
    if owner is not None and (owner.organization_id != improvement.organization_id or not owner.is_active):
        raise NotGiven("owner", "unknown")
    task = Task.objects.create(
        improvement=improvement,
        words=words.strip()[:300],
        owner=owner,
        due=due,
        position=improvement.tasks.count(),
    )
    write(improvement, "task_added", by=member, words=task.words)
    return task


@transaction.atomic
def tick(pk: int, member: Member, *, task: int, done: bool) -> Task:
    """A task is done, or is not after all: by whoever owns it, else by whoever may work on the improvement."""
    improvement = find(pk, member)
    found = improvement.tasks.select_for_update(of=("self",)).filter(pk=task).first()
    if found is None or not (found.owner_id == member.pk or may(member, "task", improvement)):
        raise NotAllowed("task")
    if (found.done_at is not None) != done:
        found.done_at = clock.now() if done else None
        found.save(update_fields=["done_at"])
        improvement.events.create(by=member, kind="task_done" if done else "task_open", words=found.words)
    return found


@transaction.atomic
def _advance(pk: int, member: Member, state: str, *, version: int) -> Improvement:
    improvement = begin(pk, member, "advance", version=version)
    _follow(improvement, state)
    write(improvement, state, by=member, state=state)
    return improvement


def _follow(improvement: Improvement, state: str) -> None:
    if state not in following(improvement.state):
        raise NotNow(state, improvement.state)


def _check(improvement: Improvement, fields: dict[str, Any]) -> None:
    if "title" in fields and not str(fields["title"]).strip():
        raise NotGiven("title", "empty")
    for name, known in (("kind", KINDS), ("side", SIDES)):
        if name in fields and fields[name] not in known:
            raise NotGiven(name, "unknown")
    for name in ("owner", "sponsor", "promise"):
        thing = fields.get(name)
        if thing is not None and thing.organization_id != improvement.organization_id:
            raise NotGiven(name, "unknown")
    for name in ("cost_minor", "value_minor"):
        if (fields.get(name) or 0) < 0:
            raise NotGiven(name, "negative")
    if fields.get("side", improvement.side) != improvement.side and improvement.state in VERDICTS:
        raise NotGiven("side", "fixed")


def _tell_owner(improvement: Improvement, event: int) -> None:
    assert improvement.owner is not None
    tell(
        organization=improvement.organization,
        kind="improvement_assigned",
        key=f"improvement:{improvement.pk}:assigned:{event}",
        to=improvement.owner,
        message=NoticeWords(
            "improvement_assigned", facts_of(improvement), f"/improvements/{improvement.number}/"
        ),
        improvement=improvement,
    )


def facts_of(improvement: Improvement) -> dict[str, Any]:
    """What every notice about an improvement may say."""
    place = improvement.touchpoint
    return {
        "number": improvement.number,
        "title": improvement.title,
        "touchpoint": dict(place.name) or place.code if place else None,
        "deadline": improvement.deadline,
    }


def plan_of(improvement: Improvement) -> Plan | None:
    """The plan that holds, if there is one."""
    return Plan.read(improvement.plan) if improvement.plan else None
