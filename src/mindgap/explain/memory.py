"""Memory: what is remembered against what was said at the time, and whether peak and end carry a journey (R149).

Both are over the same customers: a memory is compared with what that customer said, a journey with how that customer
judged it as a whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from mindgap.explain.cell import answers
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.metric import scale_of
from mindgap.explain.subject import Subject
from mindgap.explain.tally import HAPPENED
from mindgap.keep.facts.sequence import Ints, journeys, pairs
from mindgap.keep.models import Journey, Measure
from mindgap.measure import Counts, Difference, Estimate, MeasureError, NotIdentified, mean
from mindgap.measure.ending import Ending, ending
from mindgap.measure.paired import mean_paired

# The template of the echo survey asks what is remembered under this code, 60 to 90 days later; people take some days
# to answer.
REMEMBERED = "memory"
LEAST_DAYS, MOST_DAYS = 50, 110
# Touchpoints of so many days before the judgement belong to the journey that is judged.
JOURNEY_DAYS = 90
TERMS = ("mean", "worst", "last", "touchpoints")
INDEX = 100.0


def remembered(inquiry: Inquiry, immediate: str, memory: str = REMEMBERED) -> tuple[Finding, ...]:
    """`memory.level` of both moments and `memory.shift`, remembered minus said at the time, of the same customers.

    On the index of 0 to 100, higher is better, because the two may have been asked on different scales.
    """
    known = {each.code: each for each in inquiry.catalog.measures.values()}
    if immediate not in known or memory not in known:
        return ()
    before, after = known[immediate], known[memory]
    early, late, n = pairs(
        inquiry.split(None).question(()), before.id, after.id, least=LEAST_DAYS, most=MOST_DAYS
    )
    then, now = np.repeat(_index(early, before), n), np.repeat(_index(late, after), n)
    subject = Subject.of(
        inquiry.split(None), measure=after.code, unit="index", metric="memory", population="remembered"
    )
    return tuple(_shift(subject, then, now, before=before.code, level=inquiry.level))


def _shift(
    subject: Subject, then: np.ndarray, now: np.ndarray, *, before: str, level: float
) -> Iterator[Finding]:
    for name, values in (("then", then), ("now", now)):
        yield subject.about(group={"memory": name}).states(
            "memory.level",
            values.size,
            lambda values=values: mean(Counts.observed(values), level=level),  # type: ignore[misc]
            better=1,
        )

    def step() -> Difference:
        return mean_paired(then, now, level=level)

    yield subject.differs("memory.shift", (then.size, now.size), step, better=1, before=before)


def _index(steps: Ints, measure: Measure) -> np.ndarray:
    """Steps of a measure on 0 to 100, higher is better."""
    scale = scale_of(measure)
    if scale is None:
        raise NotIdentified(what=measure.code, reason="the measure has no ends")
    share = (steps * float(measure.step) - scale.low) / (scale.high - scale.low)
    return INDEX * (share if measure.higher_is_better else 1 - share)


@dataclass(frozen=True, slots=True)
class Way:
    """What can be asked of one journey: which measure its touchpoints share, and which judges the whole."""

    journey: Journey
    moment: Measure
    overall: Measure
    touchpoints: tuple[int, ...]
    # Whether the whole was judged apart from any touchpoint.
    is_apart: bool


def ways(inquiry: Inquiry) -> tuple[Way, ...]:
    """The journeys of which peak and end can be told.

    The moments must have been asked alike: the measure that most touchpoints of the journey share is taken, at two of
    them at least. The judgement of the whole is what was asked apart from any touchpoint, loyalty first; where nothing
    was, it is a likelihood that was asked at touchpoints.
    """
    asked = inquiry.split(None).at(None)
    places: dict[int, set[int]] = {}
    apart: dict[int, float] = {}
    for cell in answers(asked, "state", "value"):
        n = cell.tally.state(*HAPPENED).known("value").total
        if cell.touchpoint is not None and n:
            places.setdefault(cell.measure.id, set()).add(cell.touchpoint.id)
        elif n:
            apart[cell.measure.id] = apart.get(cell.measure.id, 0.0) + n
    measures = asked.catalog.measures
    is_apart = any(scale_of(measures[number]) is not None for number in apart)
    candidates = apart if is_apart else {number: len(there) for number, there in places.items()}
    whole = [
        measures[number]
        for number in candidates
        if scale_of(measures[number]) is not None and (is_apart or measures[number].kind == "likelihood")
    ]
    if not whole:
        return ()
    overall = min(whole, key=lambda each: (each.kind != "likelihood", -candidates[each.id], each.id))
    found = []
    for journey in Journey.objects.filter(organization=inquiry.organization):
        own = {
            each.id
            for each in asked.catalog.touchpoints.values()
            if each.stage and each.stage.journey_id == journey.pk
        }
        shared = {
            number: there & own
            for number, there in places.items()
            if number != overall.id and scale_of(measures[number]) is not None and len(there & own) > 1
        }
        if shared:
            number = min(shared, key=lambda each: (-len(shared[each]), each))
            found.append(Way(journey, measures[number], overall, tuple(sorted(shared[number])), is_apart))
    return tuple(found)


def endings(inquiry: Inquiry, *, days: int = JOURNEY_DAYS) -> tuple[Finding, ...]:
    """`journey.ending` per journey and term: steps of the overall judgement per step of mean, worst and last score of
    the touchpoints, and per touchpoint more, each at equal others. `p` tests that worst and last add nothing.
    """
    return tuple(finding for way in ways(inquiry) for finding in _ending(inquiry.split(None), way, days))


def _ending(inquiry: Inquiry, way: Way, days: int) -> Iterator[Finding]:
    better = "higher" if way.moment.higher_is_better else "lower"
    found = journeys(
        inquiry.question(()),
        way.moment.id,
        way.overall.id,
        way.touchpoints,
        within=days,
        better=better,
        apart=way.is_apart,
    )
    step = float(way.moment.step)
    n = found.overall.size
    fitted: Ending | MeasureError
    try:
        fitted = ending(
            found.overall * float(way.overall.step),
            mean=found.mean * step,
            worst=found.worst * step,
            last=found.last * step,
            touchpoints=found.touchpoints,
            level=inquiry.level,
        )
    except MeasureError as problem:
        fitted = problem
    subject = Subject.of(
        inquiry, measure=way.overall.code, unit=way.overall.unit, metric="ending", population="journeys"
    )
    for term in TERMS:
        if isinstance(fitted, Ending) and getattr(fitted, term) is None:
            continue
        details: dict[str, object] = {"moment": way.moment.code, "is_apart": way.is_apart}
        if isinstance(fitted, Ending):
            details |= {"p": fitted.p, "r2": fitted.r2, "r2_mean": fitted.r2_mean}
        about = subject.about(group={"journey": way.journey.code, "term": term})
        yield about.states("journey.ending", n, partial(_term, fitted, term), **details)


def _term(fitted: Ending | MeasureError, term: str) -> Estimate:
    if isinstance(fitted, MeasureError):
        raise fitted
    found: Estimate = getattr(fitted, term)
    return found
