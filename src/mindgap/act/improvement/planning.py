"""Planning: which test is possible, what it will see by the deadline, and how long it takes to see the target.

1. Places like the treated one are taken for comparison where there are at least two with answers; else its own history,
   if it is long and quiet; else before and after, which verifies nothing and says so.
2. How much places waver without cause is taken from what they did before, at its upper limit, so that the power holds.
3. The smallest effect that will be seen follows from the answers to expect at the rate of the last 90 days.
"""

import math
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np

from mindgap.act.improvement.errors import NotGiven, Shortfall
from mindgap.act.improvement.history import History, earlier, halves, histories
from mindgap.act.improvement.improvement import Improvement
from mindgap.act.improvement.plan import PICKED, Level, Plan, Wish
from mindgap.explain.disclosure import policy
from mindgap.explain.errors import ExplainError
from mindgap.explain.figure import Gap, Score, figures, find
from mindgap.explain.finding import Period
from mindgap.explain.inquiry import Inquiry
from mindgap.ground import clock
from mindgap.measure import MeasureError, Track, trial_alone
from mindgap.measure.foresight import foresee, foresee_alone, level_before, wander_bound

BEFORE_DAYS = 91
RATE_DAYS = 90
# A test of a few days would be one of weekdays.
LEAST_DAYS = 7
# Below two, how much places waver cannot be learnt from them.
_LEAST_OTHERS = 2
# Pairs of periods before, from which wavering is learnt.
_PAIRS = 4
_MOST_WEEKS = 520


def today(improvement: Improvement) -> date:
    """The day that it is for the organization."""
    return clock.date_of(clock.local_day(clock.now(), clock.zone(improvement.organization.zone)))


def make(improvement: Improvement, wish: Wish) -> Plan:
    """The plan that follows from a wish; nothing is written. `NotGiven` where it cannot be: which field, and why."""
    before = _before(improvement, wish)
    by, treated = _place(improvement)
    history = _history(improvement, wish, by, treated, before)
    baseline = _baseline(history, before)
    was_picked = wish.was_picked or _is_picked(improvement, before)
    now = today(improvement)
    lately = Period(now - timedelta(days=RATE_DAYS), now - timedelta(days=1))
    weekly = history.ns(lately) / (RATE_DAYS / 7)
    weeks = ((wish.deadline - wish.works_from).days + 1) / 7
    better = history.figure.better
    test = _Test.of(history, before, weekly, was_picked=was_picked)
    effect = wish.target - test.expected.value
    if (wish.target - baseline.value) * better <= 0:
        raise NotGiven("target", "not_better")
    if effect * better <= 0:
        raise NotGiven("target", "reached_anyway")
    sees, needed = test.sees(weeks), test.weeks(abs(effect))
    return Plan(
        metric=history.figure.name,
        measure=history.cell.measure.code,
        unit=history.figure.unit(history.cell),
        better=better,
        method=test.method,
        reason=test.reason,
        by=by,
        treated=(treated,),
        others=test.others,
        touchpoint=_inquiry(improvement).touchpoint,
        was_picked=was_picked,
        before=before,
        after=Period(wish.works_from, wish.deadline),
        baseline=baseline,
        expected=test.expected,
        target=wish.target,
        effect=effect,
        wander=test.wander,
        sees=sees,
        a_week=float(weekly[0]),
        weeks=weeks,
        weeks_needed=needed,
        answers_expected=round(weekly[0] * weeks),
        answers_needed=None if needed is None else math.ceil(weekly[0] * needed),
    )


def shortfall(plan: Plan) -> Shortfall | None:
    """Why the deadline is too early for the target; None when it is not."""
    if plan.is_enough:
        return None
    assert plan.sees is not None
    more = None if plan.weeks_needed is None else max(1.0, math.ceil(plan.weeks_needed - plan.weeks))
    return Shortfall(
        plan.sees, plan.effect, plan.a_week, plan.weeks, more, plan.answers_expected, plan.answers_needed
    )


def metrics(improvement: Improvement) -> tuple[str, ...]:
    """The metrics that may be chosen: the organization's own first."""
    return tuple(dict.fromkeys(each.name for each in figures(_inquiry(improvement).catalog)))


def is_share(improvement: Improvement, metric: str) -> bool:
    """Whether levels of this metric are shares from 0 to 1."""
    found = find(_inquiry(improvement).catalog, metric)[0]
    return not isinstance(found, Gap) and (
        not isinstance(found, Score) or found.metric.figure_unit == "share"
    )


class _Test:
    """The test that is possible: how small an effect it sees after so many weeks."""

    def __init__(self, method: str, expected: Level, at: Callable[[float], float] | None) -> None:
        self.method, self.expected, self._at = method, expected, at
        self.others: tuple[str, ...] = ()
        self.wander: float | None = None
        self.reason = ""

    @classmethod
    def of(cls, history: History, before: Period, weekly: np.ndarray, *, was_picked: bool) -> "_Test":
        large = history.large(before)
        keep = [history.names.index(name) for name in large.names]
        rates = weekly[keep]
        kept = [i for i in range(len(keep)) if i == 0 or rates[i] > 0]
        beside, rates = large.only(kept), rates[kept]
        if rates[0] <= 0:
            raise NotGiven("metric", "no_rate")
        if len(kept) > _LEAST_OTHERS:
            found = cls._beside(beside, before, rates, was_picked=was_picked)
            if found is not None:
                return found
        return cls._alone(large, before, float(rates[0]), was_picked=was_picked)

    @classmethod
    def _beside(
        cls, history: History, before: Period, rates: np.ndarray, *, was_picked: bool
    ) -> "_Test | None":
        then = history.within(before)
        try:
            wander = wander_bound(_still(history, before))
            expected = level_before(then, treated=[0], was_picked=was_picked, wander=wander)
            foresee(then, treated=[0], was_picked=was_picked, after_ns=rates, wander=wander)
        except MeasureError:
            return None

        def at(weeks: float) -> float:
            return foresee(then, treated=[0], was_picked=was_picked, after_ns=rates * weeks, wander=wander)

        made = cls("comparison", Level(expected.value, expected.low, expected.high, expected.n), at)
        made.others, made.wander = history.names[1:], wander
        return made

    @classmethod
    def _alone(cls, history: History, before: Period, rate: float, *, was_picked: bool) -> "_Test":
        weeks_before, pool = history.weeks(before), history.within(before)
        among = {"pool": pool, "index": 0} if was_picked and pool.size > 2 else {}
        level = level_before(pool, treated=[0], was_picked=bool(among))
        expected = Level(level.value, level.low, level.high, level.n)
        reason = _unfit(weeks_before)
        if reason:
            made = cls("before_after", expected, None)
            made.reason = reason
            return made

        def at(weeks: float) -> float:
            return foresee_alone(weeks_before, after_n=rate * weeks, **among)  # type: ignore[arg-type]

        return cls("history", expected, at)

    def sees(self, weeks: float) -> float | None:
        return None if self._at is None else self._at(weeks)

    def weeks(self, effect: float) -> int | None:
        """Whole weeks after which an effect of this size is seen; None where that never happens."""
        if self._at is None or self._at(_MOST_WEEKS) > effect:
            return None
        low, high = 0, _MOST_WEEKS
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._at(middle) <= effect else (middle, high)
        return high


def _still(history: History, before: Period) -> list[tuple[Track, Track]]:
    """Pairs of periods in which nothing was done, of the comparison places alone; the halves of one as a last resort."""
    others = history.only(range(1, len(history.names)))
    periods = [(earlier(before, 2 * i + 1), earlier(before, 2 * i)) for i in range(_PAIRS)]
    known = [pair for pair in periods if ((others.ns(pair[0]) > 0) & (others.ns(pair[1]) > 0)).sum() > 1]
    if known:
        return [(others.within(first), others.within(then)) for first, then in known]
    first, then = halves(before)
    return [(others.within(first), others.within(then))]


def _unfit(weeks: Track) -> str:
    """Why its own history cannot serve; empty where it can."""
    there = np.flatnonzero(weeks.ns > 0)
    if there.size < 2:
        return "short_history"
    try:
        # The last week once more, as if it were the first one after: what is asked is only about those before.
        found = trial_alone(weeks.part([*there, there[-1]]), start=there.size)
    except MeasureError:
        return "no_spread"
    return found.reason or ""


def _before(improvement: Improvement, wish: Wish) -> Period:
    now = today(improvement)
    before = wish.before or Period(now - timedelta(days=BEFORE_DAYS), now - timedelta(days=1))
    if wish.works_from < now:
        # Part of the answer would be known before the question is put.
        raise NotGiven("works_from", "past")
    if before.since is None or before.until is None or before.since > before.until:
        raise NotGiven("before", "no_period")
    if before.until >= wish.works_from or before.until >= now:
        raise NotGiven("before", "not_over")
    if (wish.deadline - wish.works_from).days + 1 < LEAST_DAYS:
        raise NotGiven("deadline", "too_short")
    if not math.isfinite(wish.target):
        raise NotGiven("target", "no_number")
    return before


def _place(improvement: Improvement) -> tuple[str, str]:
    if improvement.unit is not None:
        return "unit", improvement.unit.code
    if improvement.touchpoint is None:
        raise NotGiven("touchpoint", "needed")
    return "touchpoint", improvement.touchpoint.code


def _inquiry(improvement: Improvement) -> Inquiry:
    place = improvement.touchpoint if improvement.unit is not None else None
    return Inquiry(organization=improvement.organization, touchpoint=place.code if place else None)


def _history(improvement: Improvement, wish: Wish, by: str, treated: str, before: Period) -> History:
    try:
        found = histories(_inquiry(improvement), wish.metric, by=by, treated=treated)
    except ExplainError as problem:
        raise NotGiven("metric", "unknown") from problem
    known = [each for each in found if not policy().hides(each.ns(before)[0]) and each.ns(before)[0] > 0]
    if not known:
        raise NotGiven("metric", "too_few")
    # Where a figure means several measures here, the one with most answers.
    return max(known, key=lambda each: float(each.ns(before)[0]))


def _baseline(history: History, before: Period) -> Level:
    part = history.treated(before)
    try:
        found = history.figure.estimate(history.cell, part)
    except MeasureError as problem:
        raise NotGiven("metric", "too_few") from problem
    return Level(float(found.value), float(found.low), float(found.high), float(part.total))


def _is_picked(improvement: Improvement, before: Period) -> bool:
    """Whether the figures of the period before had a part in the choice; not those that came after it."""
    zone = clock.zone(improvement.organization.zone)
    chosen = clock.date_of(clock.local_day(improvement.created_at, zone))
    assert before.since is not None
    return improvement.origin in PICKED and before.since <= chosen
