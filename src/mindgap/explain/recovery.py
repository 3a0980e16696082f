"""Recovery: are customers whose case was put right as content, and do they come back as often, as those who never had
a problem? (R152)

Against customers whose case was not put right, recovery always looks splendid; that step stands beside it and decides
nothing. Who had a case comes from outside, as `Trouble`: this floor knows no cases.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.metric import scale_of
from mindgap.explain.subject import Subject
from mindgap.ground import clock
from mindgap.keep.facts.sequence import Afterwards, Ints, Starts, afterwards
from mindgap.keep.models import Measure
from mindgap.measure import Counts, MeasureError, mean, proportion, proportion_difference
from mindgap.measure.equivalence import proportion_equivalence
from mindgap.measure.recovery import Recovery, recovery

RECOVERED, NOT_RECOVERED = "recovered", "not_recovered"
NO_PROBLEM = "no_problem"
# The groups as the facts count them.
GROUPS = {0: NO_PROBLEM, 1: RECOVERED, 2: NOT_RECOVERED}
DAYS = 180
# What would not matter to anybody, chosen before looking: a twentieth of the scale, five of a hundred customers.
MARGIN_OF_SCALE, MARGIN_OF_SHARE = 0.05, 0.05
POPULATION = "recovery"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One customer had a problem from day `since` on; `outcome` is what they confirmed on day `ended`, if they did."""

    customer: int
    since: int
    outcome: str = ""
    ended: int | None = None


def effects(
    inquiry: Inquiry, measure: str, troubles: Iterable[Trouble], *, days: int = DAYS
) -> tuple[Finding, ...]:
    """What customers say of `measure`, and whether they come back, within so many days after.

    `recovery.level` and `recovery.returned` for each group; `recovery.gap` and `recovery.repeat`, recovered minus no
    problem, each with Welch's or Newcombe's interval, the test of equivalence and the verdict among the details;
    `recovery.repaired`, recovered minus not recovered, for description.
    """
    asked = _ended(inquiry)
    scored = next(each for each in asked.catalog.measures.values() if each.code == measure)
    question = asked.question(())
    found = afterwards(question, scored.id, starts(troubles, asked), within=days)
    return (*_scores(asked, scored, found, days), *_returns(asked, found, days))


def measures(inquiry: Inquiry) -> tuple[Measure, ...]:
    """What may be compared: answers on a closed scale, those by which customers are followed first."""
    order = ("likelihood", "satisfaction", "emotion", "effort")
    every = [
        each
        for each in inquiry.catalog.measures.values()
        if each.id in inquiry.catalog.scored and scale_of(each) is not None
    ]
    return tuple(
        sorted(every, key=lambda each: (order.index(each.kind) if each.kind in order else 9, each.id))
    )


def starts(troubles: Iterable[Trouble], inquiry: Inquiry) -> Starts:
    """Whom to follow: each customer from the first case whose end they confirmed within the period."""
    every = sorted(troubles, key=lambda each: (each.since, each.customer))
    since = clock.day_of(inquiry.period.since) if inquiry.period.since else None
    followed: dict[int, tuple[int, int]] = {}
    numbers = {name: number for number, name in GROUPS.items()}
    for each in every:
        is_inside = each.ended is not None and (since is None or each.ended >= since)
        if each.outcome in (RECOVERED, NOT_RECOVERED) and is_inside:
            assert each.ended is not None
            followed.setdefault(each.customer, (numbers[each.outcome], each.ended))
    return Starts(
        customers=tuple(followed),
        groups=tuple(group for group, _ in followed.values()),
        days=tuple(day for _, day in followed.values()),
        troubled=tuple(each.customer for each in every),
        trouble_days=tuple(each.since for each in every),
    )


def _ended(inquiry: Inquiry) -> Inquiry:
    """The same inquiry, ending today unless it ends before."""
    until = inquiry.period.until
    today = clock.date_of(clock.local_day(clock.now(), clock.zone(inquiry.organization.zone)))
    period = type(inquiry.period)(inquiry.period.since, min(until, today) if until else today)
    return inquiry.split(None).within(period)


def _scores(inquiry: Inquiry, measure: Measure, found: Afterwards, days: int) -> Iterator[Finding]:
    step = float(measure.step)
    counts = {
        name: Counts(
            found.n[found.groups == group].astype(float), values=found.values[found.groups == group] * step
        )
        if (found.groups == group).any()
        else Counts([0])
        for group, name in GROUPS.items()
    }
    scale = scale_of(measure)
    assert scale is not None
    better = 1 if measure.higher_is_better else -1
    subject = Subject.of(
        inquiry, measure=measure.code, unit=measure.unit, metric="recovery", population=POPULATION
    )
    for name, said in counts.items():
        about = subject.about(group={"recovery": name})
        yield about.states(
            "recovery.level",
            said.n,
            lambda said=said: mean(said, scale=scale, level=inquiry.level),  # type: ignore[misc]
            better=better,
            days=days,
        )
    margin = MARGIN_OF_SCALE * (scale.high - scale.low)
    solved, never, lost = counts[RECOVERED], counts[NO_PROBLEM], counts[NOT_RECOVERED]
    made = _made(solved, never, lost, margin=margin, measure=measure, level=inquiry.level)
    details = {} if made is None else _verdict(made, margin)
    yield subject.differs(
        "recovery.gap", (never.n, solved.n), lambda: _known(made).gap, better=better, days=days, **details
    )
    if made is not None and made.repaired is not None:
        repaired = made.repaired
        yield subject.differs(
            "recovery.repaired", (lost.n, solved.n), lambda: repaired, better=better, days=days
        )


def _made(
    solved: Counts, never: Counts, lost: Counts, *, margin: float, measure: Measure, level: float
) -> Recovery | None:
    try:
        return recovery(
            solved,
            never,
            margin=margin,
            unrecovered=lost if lost.n >= 2 else None,
            better="higher" if measure.higher_is_better else "lower",
            level=level,
        )
    except MeasureError:
        return None


def _known(made: Recovery | None) -> Recovery:
    from mindgap.measure import TooFewAnswers

    if made is None:
        raise TooFewAnswers(n=0, needed=2)
    return made


def _verdict(made: Recovery, margin: float) -> dict[str, object]:
    same = made.equivalence
    return {
        "verdict": made.verdict,
        "margin": margin,
        "same_p": same.p,
        "same_low": same.low,
        "same_high": same.high,
    }


def _returns(inquiry: Inquiry, found: Afterwards, days: int) -> Iterator[Finding]:
    subject = Subject.of(inquiry, unit="share", metric="recovery.returned", population=POPULATION)
    back = {name: _back(found, group) for group, name in GROUPS.items()}
    for name, (came, n) in back.items():
        about = subject.about(group={"recovery": name})
        yield about.states(
            "recovery.returned",
            n,
            lambda came=came, n=n: proportion(came, n, level=inquiry.level),  # type: ignore[misc]
            better=1,
            days=days,
        )
    (came_never, never), (came_solved, solved) = back[NO_PROBLEM], back[RECOVERED]
    details: dict[str, object] = {}
    if min(never, solved) > 0:
        same = proportion_equivalence(
            came_never, never, came_solved, solved, margin=MARGIN_OF_SHARE, level=inquiry.level
        )
        sure = same.difference.excludes(0)
        verdict = (
            "restored"
            if same.verdict == "equivalent"
            else "undecided"
            if not sure
            else "paradox"
            if same.difference.value > 0
            else "short"
        )
        details = {
            "verdict": verdict,
            "margin": MARGIN_OF_SHARE,
            "same_p": same.p,
            "same_low": same.low,
            "same_high": same.high,
        }
    yield subject.differs(
        "recovery.repeat",
        (never, solved),
        lambda: proportion_difference(came_never, never, came_solved, solved, level=inquiry.level),
        better=1,
        days=days,
        **details,
    )


def _back(found: Afterwards, group: int) -> tuple[float, float]:
    """How many of a group came back, of how many that were followed long enough."""
    here = found.back_groups == group
    came: Sequence[int] | Ints = found.back_n[here & (found.came_back == 1)]
    return float(np.sum(came)), float(found.back_n[here].sum())
