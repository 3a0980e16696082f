"""Waiting: after how long customers get impatient, agitated, angry, and leave; place by place (R14–R16).

The ladder is declared by four measures in one unit of time, `patience_impatient` … `patience_leave`, and what was
really waited by `waiting_minutes`. Patience at one place says nothing of another: touchpoints are never put together.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mindgap.explain.disclosure import concealed, policy
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.subject import Subject, least_for_distribution
from mindgap.explain.tally import HAPPENED
from mindgap.ground.condition import Clause, Condition
from mindgap.keep import facts
from mindgap.keep.facts import Term
from mindgap.keep.models import Measure
from mindgap.measure import Caution, Counts, Estimate, proportion, quantile

FAMILY, WAITED = "patience_", "waiting_minutes"
# Mildest first.
STEPS = ("impatient", "agitated", "angry", "leave")
QUANTILES = (0.25, 0.75)
_POINTS = 24

Floats = NDArray[np.float64]


def ladders(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Per touchpoint (and value of the inquiry's `by`) and step of the ladder:

    `waiting.patience`, the wait at which half have reached the step, with the curve of all waits among the details;
    `waiting.reached`, the share whose own wait reached it. Who would leave before getting impatient contradicts
    themself, is left out and counted.
    """
    measures = {measure.code: measure for measure in inquiry.catalog.measures.values()}
    steps = [step for step in STEPS if f"{FAMILY}{step}" in measures]
    if not steps:
        return ()
    asked = [measures[f"{FAMILY}{step}"] for step in steps]
    if WAITED in measures and measures[WAITED].unit == asked[0].unit:
        asked.append(measures[WAITED])
    happened = Condition((Clause("state", "in", HAPPENED),))
    by = tuple(dict.fromkeys(("touchpoint", *inquiry.columns)))
    found = facts.joint(inquiry.question(by, where=happened), [Term(measure.id) for measure in asked])
    stated: list[Finding] = []
    for key in np.unique(found.keys, axis=0):
        own = ((found.keys == key) | (np.isnan(found.keys) & np.isnan(key))).all(axis=1)
        words = {
            column: inquiry.catalog.outside(column, float(number))
            for column, number in zip(by, key, strict=True)
        }
        place = words.pop("touchpoint")
        group = {"touchpoint": place} if inquiry.by == "touchpoint" else words
        subject = Subject.of(inquiry, metric="patience", touchpoint=place or inquiry.touchpoint, group=group)
        stated += _ladder(
            subject, steps, asked, found.values[own], found.n[own].astype(np.float64), inquiry.level
        )
    return concealed(stated, inquiry)


def _ladder(
    subject: Subject, steps: list[str], asked: list[Measure], values: Floats, n: Floats, level: float
) -> Iterator[Finding]:
    sized = values * np.array([float(measure.step) for measure in asked])
    rungs = sized[:, : len(steps)]
    # An earlier step that is not known says nothing against a later one.
    highest = np.fmax.accumulate(np.where(np.isnan(rungs), -np.inf, rungs), axis=1)
    fine = ~(rungs < highest).any(axis=1)
    kept, total = float(n[fine].sum()), float(n.sum())
    left_out = 0.0 if not total else 1 - kept / total
    for place, step in enumerate(steps):
        known = fine & ~np.isnan(rungs[:, place])
        own, some = rungs[known, place], n[known]
        about = subject.about(measure=asked[place].code, unit=asked[place].unit)
        details: dict[str, Any] = {"figure": step, "better": 1, "contradictory": left_out}
        if not policy().hides(float(some.sum())):
            details |= _more(own, some, level)
        warned = (Caution.CONTRADICTORY,) if left_out else ()
        yield about.states(
            "waiting.patience", float(some.sum()), partial(_median, own, some, warned, level), **details
        )
        if len(asked) > len(steps):
            yield from _reached(about, step, sized[known], n[known], place, level)


def _median(own: Floats, n: Floats, warnings: tuple[str, ...], level: float) -> Estimate:
    found = quantile(Counts(n, values=own), 0.5, level=level)
    return Estimate(found.value, found.low, found.high, found.n, found.method, (*found.warnings, *warnings))


def _more(own: Floats, n: Floats, level: float) -> dict[str, Any]:
    """Quartiles; and the share that has reached the step, wait by wait, where so many may be laid open."""
    counts = Counts(n, values=own)
    quartiles = {str(q): quantile(counts, q, level=level) for q in QUANTILES}
    details: dict[str, Any] = {
        "quantiles": {
            q: {"value": each.value, "low": _finite(each.low), "high": _finite(each.high)}
            for q, each in quartiles.items()
        }
    }
    if counts.n < least_for_distribution():
        return details
    waits = np.unique(own)
    if waits.size > _POINTS:
        waits = np.unique(np.quantile(waits, np.linspace(0, 1, _POINTS), method="nearest"))
    shares = [proportion(counts.between(high=float(wait)), counts.n, level=level) for wait in waits]
    details["curve"] = [
        {"wait": float(wait), "share": share.value, "low": share.low, "high": share.high}
        for wait, share in zip(waits, shares, strict=True)
    ]
    return details


def _reached(
    subject: Subject, step: str, sized: Floats, n: Floats, place: int, level: float
) -> Iterator[Finding]:
    """How many really waited until the step, of those who told both."""
    there = ~np.isnan(sized[:, -1])
    hit = float(n[there & (sized[:, -1] >= sized[:, place])].sum())
    total = float(n[there].sum())
    if total:
        yield subject.about(unit="share").states(
            "waiting.reached", total, lambda: proportion(hit, total, level=level), figure=step, better=-1
        )


def _finite(number: float) -> float | None:
    return number if np.isfinite(number) else None
