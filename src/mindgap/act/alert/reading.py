"""Reading: the rules that judge what comes in, behind a cursor of their own.

1. The next arrivals are read, never past what the record holds already, and the rows behind them by a few queries.
2. Rules are asked in memory, without any lock.
3. Cursor, alerts, cases and notices are one transaction: a worker may die anywhere, nothing is lost, nothing twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from mindgap.act.alert import firing, judging, rows
from mindgap.act.alert.firing import Fired
from mindgap.act.alert.judging import Judge
from mindgap.act.alert.place import Place
from mindgap.act.alert.rows import Seen
from mindgap.act.alert.rule import AlertRule
from mindgap.act.alert.trigger import CALLBACK, Happening
from mindgap.act.alert.triggers import catalog
from mindgap.ground import clock
from mindgap.keep import recorder
from mindgap.keep.reader import Arrived, Reader

READER = "alerts"
BATCH = 2_000
# What is older when it comes in is history: an import of last year wakes nobody.
STALE = timedelta(days=7)

_reader = Reader(READER, kinds=("answer", "interaction", "submission"), behind=recorder.READER)


class _Answered(msgspec.Struct):
    key: str
    answered_at: datetime


class _Happened(msgspec.Struct):
    key: str
    experienced_at: datetime | None = None
    started_at: datetime | None = None


class _Said(msgspec.Struct):
    purpose: str
    given: bool


class _Submitted(msgspec.Struct):
    key: str
    state: str = "partial"
    consents: tuple[_Said, ...] = ()
    test: bool = False


_answered = msgspec.json.Decoder(_Answered).decode
_happened = msgspec.json.Decoder(_Happened).decode
_submitted = msgspec.json.Decoder(_Submitted).decode


@dataclass(slots=True)
class _Came:
    """What came in of one organization: keys by kind, each with the time of its receipt."""

    answers: dict[str, datetime] = field(default_factory=dict)
    interactions: dict[str, datetime] = field(default_factory=dict)
    callbacks: dict[str, datetime] = field(default_factory=dict)


def run_batch(*, limit: int = BATCH) -> int:
    """Judge the next arrivals; how many there were. 0 when none wait, or when another worker was faster."""
    stretch = _reader.batch(limit)
    if not stretch:
        return 0
    came: dict[int, _Came] = defaultdict(_Came)
    since = clock.now() - STALE
    watching = set(_rules().values_list("organization_id", flat=True).distinct())
    for arrival in stretch.arrivals:
        if arrival.organization in watching:
            _sort(arrival, came[arrival.organization], since)
    judged = [_judged(organization, each) for organization, each in came.items()]
    with transaction.atomic():
        if not _reader.advance(stretch):
            return 0
        for place, fired in judged:
            firing.fire(place, fired)
    return max(len(stretch.arrivals), 1)


def catch_up() -> None:
    """Judge everything that the record holds when this is called."""
    for _ in _reader.chase():
        run_batch()


def judges(place: Place, rules: Iterable[AlertRule]) -> list[Judge]:
    """The rules made ready; one that cannot be read gets a fault."""
    found = []
    for rule in rules:
        judge = judging.ready(rule, place)
        if judge is not None:
            found.append(judge)
        elif rule.fault != judging.UNREADABLE:
            firing.note_fault(rule, judging.UNREADABLE)
    return found


def fired(place: Place, judge_list: Iterable[Judge], seen: Iterable[Seen]) -> Iterator[Fired]:
    """What the rules fire on among rows, whenever that was."""
    bench, every = judging.Bench(judge_list), list(seen)
    _remember(place, [each for each in bench.judges if each.trigger.wants_history], every)
    for each in every:
        for judge in bench.asked(each.kind, each.row.get("touchpoint")):
            saw = judge.sees(each.row)
            if saw is not None:
                yield Fired(judge.rule, happening(each, saw))


def _remember(place: Place, asking: list[Judge], seen: list[Seen]) -> None:
    """Give the rows on which such a rule may fire what their customers said before; the others need not know."""
    if not asking:
        return
    highest = max(judge.settings["lowest"] for judge in asking)
    days = max(int(judge.settings[judge.trigger.wants_history]) for judge in asking)
    low = [each for each in seen if (lowest := each.row.get("lowest")) is not None and lowest <= highest]
    rows.with_history(place, [each for each in low if any(judge.holds(each.row) for judge in asking)], days)


def happening(seen: Seen, saw: dict[str, object]) -> Happening:
    """The event of a row. An answer and the wish to be called that came with it are one."""
    is_answer = seen.kind != "interaction"
    subject = f"customer:{seen.customer}" if seen.customer is not None else f"{seen.kind}:{seen.id}"
    scores = {name: value for name, value in seen.row.items() if name.startswith("score.")}
    complaints = saw.get("complaints")
    return Happening(
        event=f"answer:{seen.id}" if is_answer else f"interaction:{seen.id}:missed",
        subject=subject,
        happened_at=seen.at,
        since=seen.at,
        touchpoint=seen.touchpoint,
        unit=seen.unit,
        channel=seen.channel,
        customer=seen.customer,
        answer=seen.id if is_answer else None,
        interaction=seen.interaction,
        promise=seen.promise,
        row=seen.row,
        saw={**scores, **saw},
        facts={"complaints": int(str(complaints))} if complaints else {},
    )


def _rules() -> QuerySet[AlertRule]:
    """The active rules that judge arrivals."""
    codes = [code for code, trigger in catalog().items() if trigger.rows]
    return AlertRule.objects.filter(is_active=True, trigger__in=codes).order_by("id")


def _sort(arrival: Arrived, came: _Came, since: datetime) -> None:
    try:
        if arrival.kind == "submission":
            said = _submitted(arrival.body)
            wants = any(each.purpose == "contact" and each.given for each in said.consents)
            if wants and said.state == "finished" and not said.test:
                came.callbacks[said.key] = arrival.received_at
            return
        # Known to be history before anything is asked of the record: an import of years goes by quickly.
        if arrival.kind == "answer":
            answer = _answered(arrival.body)
            if answer.answered_at >= since:
                came.answers[answer.key] = arrival.received_at
            return
        happened = _happened(arrival.body)
        at = happened.experienced_at or happened.started_at
        if at is not None and at >= since:
            came.interactions[happened.key] = arrival.received_at
    except (msgspec.MsgspecError, TypeError):
        # The recorder put it into quarantine.
        return


def _judged(organization: int, came: _Came) -> tuple[Place, list[Fired]]:
    place = Place(organization)
    mine = judges(place, _rules().filter(organization_id=organization).select_related("playbook"))
    kinds = {kind for judge in mine for kind in judge.trigger.rows}
    wanted = came.callbacks.keys() if CALLBACK in kinds else ()
    asked = rows.answers(place, [*came.answers, *wanted]) if kinds - {"interaction"} else {}
    seen = [each for key, each in asked.items() if key in came.answers]
    seen += [rows.of_callback(asked[key]) for key in wanted if key in asked]
    if "interaction" in kinds and came.interactions:
        seen += rows.interactions(place, came.interactions).values()
    now = clock.now()
    fresh = [each for each in seen if each.at >= now - STALE]
    found = [
        each for each in fired(place, mine, fresh) if each.happening.happened_at >= each.rule.active_from
    ]
    return place, found
