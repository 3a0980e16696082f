"""Deadline: what happens by itself. The planned test runs once, on the day after the deadline, and nobody chooses it.

1. What is done becomes measured on the day from which it was to work.
2. After three quarters of the time the owner is reminded.
3. After the deadline the test is computed from the facts, and written by a conditional update together with the trail
   and the notices: two workers compute the same, one of them writes.
"""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from mindgap.act.improvement.actions import facts_of
from mindgap.act.improvement.change import write
from mindgap.act.improvement.errors import ChangedMeanwhile
from mindgap.act.improvement.improvement import (
    DONE,
    MEASURING,
    NOT_VERIFIABLE,
    Improvement,
)
from mindgap.act.improvement.plan import Plan
from mindgap.act.improvement.planning import today
from mindgap.act.improvement.states import PLANNED
from mindgap.act.notice.notice import Notice
from mindgap.act.notice.tell import tell
from mindgap.act.notice.words import NoticeWords
from mindgap.explain.comparison import Comparison, comparisons
from mindgap.explain.comparison import Plan as Compared
from mindgap.explain.errors import ExplainError
from mindgap.explain.inquiry import Inquiry
from mindgap.ground import clock
from mindgap.keep.models import Member

# Of the time from agreeing to the deadline.
_REMIND = 0.75
# No zone is further from UTC than fourteen hours.
_DAY = timedelta(days=1)
VERDICTS: dict[str, dict[str, str]] = {
    "verified": {"en": "verified", "zh-hans": "已证实有效", "zh-hant": "已證實有效"},
    "no_effect_seen": {"en": "no effect seen", "zh-hans": "未看到效果", "zh-hant": "未看到效果"},
    "worse": {"en": "worse", "zh-hans": "变差了", "zh-hant": "變差了"},
    "not_verifiable": {"en": "not verifiable", "zh-hans": "无法验证", "zh-hant": "無法驗證"},
}


def care() -> int:
    """Everything that is due; how many were tested. Safe to run twice."""
    _begin_to_measure()
    _remind()
    return sum(_test(each) for each in _over())


def run_test(improvement: Improvement) -> dict[str, Any]:
    """The result of the planned test, as JSON: the finding, and what must be borne in mind. Nothing is written."""
    plan = Plan.read(improvement.plan)
    finished = _finished(improvement)
    try:
        found = _comparison(improvement, plan)
    except ExplainError as problem:
        return {"verdict": NOT_VERIFIABLE, "reason": "not_found", "words": str(problem), "finding": None}
    if found is None or found.trial is None:
        return {
            "verdict": NOT_VERIFIABLE,
            "reason": "too_few",
            "finding": found.finding.write() if found else None,
            "finished_on": finished.isoformat() if finished else None,
        }
    verdict, reason = found.trial.verdict, found.trial.reason or ""
    if plan.method == "before_after":
        # The plan has said so from the start, whatever the history looks like now.
        verdict, reason = "not_verifiable", reason or plan.reason
    elif finished is None:
        verdict, reason = "not_verifiable", "not_done"
    assert plan.after.since is not None
    late = (finished - plan.after.since).days if finished and finished > plan.after.since else 0
    return {
        "verdict": verdict,
        "reason": reason,
        "finding": found.finding.write(),
        "finished_on": finished.isoformat() if finished else None,
        "days_late": late,
        "reached": _reached(plan, found),
    }


def _comparison(improvement: Improvement, plan: Plan) -> Comparison | None:
    asked = Compared(
        plan.treated,
        plan.before,
        plan.after,
        by=plan.by,
        others=plan.others if plan.method == "comparison" else (),
        was_picked=plan.was_picked,
    )
    inquiry = Inquiry(organization=improvement.organization, touchpoint=plan.touchpoint, level=plan.level)
    found = comparisons(inquiry, plan.metric, asked)
    same = [each for each in found if each.finding.measure in (plan.measure, "")]
    return same[0] if same else None


def _reached(plan: Plan, found: Comparison) -> dict[str, Any]:
    """The level afterwards against the target: what people see, which is not yet an effect."""
    assert found.after is not None
    value = float(found.after.values[0])
    return {
        "value": value,
        "n": float(found.after.ns[0]),
        "is_target": (value - plan.target) * plan.better >= 0,
    }


def _finished(improvement: Improvement) -> date | None:
    """The day on which people said that it was done, the last time; None where it is not."""
    if improvement.state not in (DONE, MEASURING):
        return None
    event = improvement.events.filter(kind=DONE).order_by("-id").first()
    if event is None:
        return None
    zone = clock.zone(improvement.organization.zone)
    return clock.date_of(clock.local_day(event.at, zone))


def _over() -> list[Improvement]:
    rows = Improvement.objects.filter(
        state__in=PLANNED, tested_at=None, deadline__lt=clock.now().date() + _DAY
    )
    return [
        each
        for each in rows.select_related("organization", "touchpoint", "owner__user", "sponsor__user")
        if each.plan and each.deadline is not None and each.deadline < today(each)
    ]


def _test(improvement: Improvement) -> bool:
    result = run_test(improvement)
    try:
        with transaction.atomic():
            write(
                improvement, "tested", by=None, words=result["verdict"], state=result["verdict"], result=result,
                tested_at=clock.now(),
            )  # fmt: skip
            _tell(
                improvement, "improvement_result", _people(improvement), verdict=VERDICTS[result["verdict"]]
            )
    except ChangedMeanwhile:
        # Another worker was faster, or somebody changed it just now: the next look sees what is left to do.
        return False
    return True


def _begin_to_measure() -> None:
    rows = Improvement.objects.filter(state=DONE).exclude(plan={}).select_related("organization")
    for each in rows:
        since = Plan.read(each.plan).after.since
        assert since is not None
        if since <= today(each):
            try:
                with transaction.atomic():
                    write(each, MEASURING, by=None, state=MEASURING)
            except ChangedMeanwhile:
                continue


def _remind() -> None:
    told = Q(notices__kind="improvement_due", notices__at__gte=F("planned_at"))
    rows = Improvement.objects.filter(state__in=PLANNED, deadline__isnull=False, planned_at__isnull=False)
    due = rows.exclude(pk__in=Improvement.objects.filter(told).values("pk"))
    for each in due.select_related("organization", "touchpoint", "owner__user", "sponsor__user"):
        assert each.deadline is not None
        assert each.planned_at is not None
        zone = clock.zone(each.organization.zone)
        end = clock.day_begins(each.deadline + _DAY, zone)
        if clock.now() >= each.planned_at + (end - each.planned_at) * _REMIND:
            open_ones = [task.words for task in each.tasks.filter(done_at=None)]
            with transaction.atomic():
                _tell(each, "improvement_due", _people(each)[:1], tasks="; ".join(open_ones) or None)


def _people(improvement: Improvement) -> list[Member]:
    """Whose it is, and who stands behind it; those who have left are told nothing."""
    people = [improvement.owner, improvement.sponsor, improvement.created_by]
    active = [each for each in people if each is not None and each.is_active]
    return list(dict.fromkeys(active))[:2]


def _tell(improvement: Improvement, kind: str, people: list[Member], **more: Any) -> list[Notice]:
    stamp = improvement.planned_at.isoformat() if improvement.planned_at else ""
    return [
        tell(
            organization=improvement.organization,
            kind=kind,
            # Of one plan once; a new plan has a deadline of its own.
            key=f"{kind}:{improvement.pk}:{stamp}:{each.pk}",
            to=each,
            message=NoticeWords(
                kind, {**facts_of(improvement), **more}, f"/improvements/{improvement.number}/"
            ),
            improvement=improvement,
        )
        for each in people
    ]
