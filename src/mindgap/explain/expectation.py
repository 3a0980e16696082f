"""Expectation: does it move, and does it act as a gap, or as something of its own beside the experience? (R11, R117)

The SERVQUAL gap itself is `gap.mean` against the expectation.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mindgap.explain.cell import Cell, answers
from mindgap.explain.change import family
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.metric import scale_of
from mindgap.explain.subject import Subject
from mindgap.explain.tally import HAPPENED
from mindgap.explain.variable import Variable, variable
from mindgap.ground.condition import Clause, Condition
from mindgap.keep import facts
from mindgap.keep.facts import Products, Term
from mindgap.measure import Estimate, MeasureError
from mindgap.measure.drift import Trend, trend
from mindgap.measure.surface import Surface, surface_from_products

TERMS = ("a1", "a2", "a3", "a4")
# Among the columns asked for: the outcome, expectation, experience, then their squares and product.
_CROSSED = ((1, 1), (1, 2), (2, 2))


def drifts(inquiry: Inquiry) -> tuple[Finding, ...]:
    """`expectation.drift` per touchpoint and measure: by how much the mean expectation moves in a month.

    All of them are one family (`is_real`). Who answers may change as well: the same customers need not have moved.
    """
    found = []
    for cell in answers(inquiry.split(None), "state", "expected", "month"):
        part = cell.happened.known("expected")
        if not part.total:
            continue
        subject = cell.subject.about(metric="expectation")
        fitted = _trend(cell)
        details = (
            {}
            if fitted is None
            else {"p": fitted.p, "change": fitted.change.value, "months": len(fitted.levels)}
        )
        better = 1 if cell.measure.higher_is_better else -1
        finding = subject.states(
            "expectation.drift",
            part.total,
            partial(_slope, fitted),
            better=better,
            **details,
        )
        found.append(finding)
    return family(found)


def _trend(cell: Cell) -> Trend | None:
    part = cell.happened.known("expected")
    try:
        return trend(
            part.columns["expected"] * cell.step, part.columns["month"], counts=np.maximum(part.n, 0)
        )
    except MeasureError:
        return None


def _slope(fitted: Trend | None) -> Estimate:
    from mindgap.measure import NotIdentified

    if fitted is None:
        raise NotIdentified(what="drift", reason="expectations of one month, or too few")
    return fitted.slope


def surfaces(inquiry: Inquiry, outcome: str) -> tuple[Finding, ...]:
    """`expectation.surface` a1 to a4 per measure whose expectation was stated, over the outcome (Edwards and Parry).

    `a1`, `a2`: slope and curvature where customers got what they expected; `a3`, `a4`: as experience falls short of
    expectation. In units of the outcome per step of the scale, about its middle. `gap_p` tests what a gap score takes
    for granted: that expectation counts as much as experience, with the other sign.
    """
    asked = inquiry.split(None)
    target = variable(asked, outcome)
    return tuple(
        finding
        for measure in asked.catalog.measures.values()
        if measure.id != target.measure.id and scale_of(measure) is not None
        for finding in _surface(asked, target, variable(asked, measure.code))
    )


def _surface(inquiry: Inquiry, outcome: Variable, item: Variable) -> Iterator[Finding]:
    terms = (outcome.term, Term(item.measure.id, "expected"), item.term)
    question = inquiry.question((), where=Condition((Clause("state", "in", HAPPENED),)))
    products = facts.products(question, terms, crossed=_CROSSED)
    n = int(products.n.sum())
    if not n:
        return
    subject = Subject.of(inquiry, measure=item.measure.code, metric="surface", unit=outcome.measure.unit)
    try:
        found: Surface | MeasureError = surface_from_products(
            _moments(products, outcome, item), level=inquiry.level
        )
    except MeasureError as problem:
        found = problem
    for term in TERMS:
        details: dict[str, Any] = {"outcome": outcome.name, "term": term}
        if isinstance(found, Surface):
            details |= {
                "gap_p": found.constraint.p, "curved_p": found.quadratic.p, "r2_gap": found.r2_gap.value,
                "r2_plane": found.r2_plane.value, "r2_surface": found.r2_surface.value,
            }  # fmt: skip
        yield subject.states("expectation.surface", n, partial(_term, found, term), **details)


def _term(found: Surface | MeasureError, term: str) -> Estimate:
    if isinstance(found, MeasureError):
        raise found
    estimate: Estimate = getattr(found, term)
    return estimate


def _moments(products: Products, outcome: Variable, item: Variable) -> NDArray[np.float64]:
    """Sums of products of 1, e, p, e², ep, p² and the outcome, in units about the middle of the scale."""
    n, sums, cross = products.n.sum(), products.sums.sum(axis=(0, 1)), products.cross.sum(axis=(0, 1))
    held = np.block([[np.array([[float(n)]]), sums[None, :]], [sums[:, None], cross]])
    raw = np.eye(7)
    raw[1:, 0] = products.about
    scale = scale_of(item.measure)
    assert scale is not None
    step, middle = float(item.measure.step), (scale.low + scale.high) / 2
    one, said, e, p, ee, ep, pp = np.eye(7)
    turn = np.stack(
        [
            one,
            step * e - middle * one,
            step * p - middle * one,
            step**2 * ee - 2 * middle * step * e + middle**2 * one,
            step**2 * ep - middle * step * (e + p) + middle**2 * one,
            step**2 * pp - 2 * middle * step * p + middle**2 * one,
            float(outcome.measure.step) * said,
        ]
    )
    whole = turn @ raw
    moments: NDArray[np.float64] = whole @ held @ whole.T
    return moments
