"""SERVQUAL: service quality in dimensions, as the gap between what it should be and what it is (R11, R154–R161).

A dimension is declared by the codes of its measures: `rater_reliability_promise` is an item of `reliability`.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from mindgap.explain.disclosure import policy
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.metric import scale_of
from mindgap.explain.subject import Subject
from mindgap.explain.variable import Variable, ask, variable
from mindgap.keep.facts import Term
from mindgap.keep.models import Measure
from mindgap.measure import Caution, Difference, Estimate, MeasureError
from mindgap.measure.gram import Gram
from mindgap.measure.servqual import Servqual, servqual_from_sums

FAMILY = "rater"
RELIABLE = 0.7


def service_quality(inquiry: Inquiry, *, family: str = FAMILY) -> tuple[Finding, ...]:
    """`expectation.dimension` per dimension, then `expectation.overall` over all of them, each counting alike.

    Of customers who said of every item of the dimension (of all items) what they expected and what they got. + is
    better than expected. Nothing where no measures of the family are declared.
    """
    asked = inquiry.split(None)
    dimensions = blocks(asked, family)
    found = [
        finding
        for name, measures in dimensions.items()
        for finding in _dimension(asked, family, name, measures)
    ]
    if len(dimensions) > 1:
        every = [measure for measures in dimensions.values() for measure in measures]
        names = [name for name, measures in dimensions.items() for _ in measures]
        found += _overall(asked, names, every)
    return tuple(found)


def blocks(inquiry: Inquiry, family: str) -> dict[str, list[Measure]]:
    """The measures of a family by block: `family_block_item`, or `family_block` for a single one."""
    found: dict[str, list[Measure]] = {}
    for measure in inquiry.catalog.measures.values():
        first, _, rest = measure.code.partition("_")
        if first == family and rest and scale_of(measure) is not None:
            found.setdefault(rest.partition("_")[0], []).append(measure)
    return found


def _dimension(inquiry: Inquiry, family: str, name: str, measures: Sequence[Measure]) -> Iterator[Finding]:
    n, fitted = _fitted(inquiry, [name] * len(measures), measures)
    if not n:
        return
    details: dict[str, Any] = {
        "dimension": name,
        "items": [measure.code for measure in measures],
        "better": 1,
    }
    if isinstance(fitted, Servqual):
        only = fitted.dimensions[0]
        details |= {
            "expected": _written(only.expected), "perceived": _written(only.perceived),
            "reliability": _written(only.reliability), "p": only.gap.p,
        }  # fmt: skip
    subject = Subject.of(inquiry, metric="service", unit=measures[0].unit, measure=f"{family}_{name}")
    yield subject.states("expectation.dimension", n, partial(_gap, fitted, is_whole=False), **details)


def _overall(inquiry: Inquiry, names: Sequence[str], measures: Sequence[Measure]) -> Iterator[Finding]:
    n, fitted = _fitted(inquiry, names, measures)
    if not n:
        return
    details: dict[str, Any] = {"dimensions": list(dict.fromkeys(names)), "better": 1}
    if isinstance(fitted, Servqual):
        details |= {"reliability": _written(fitted.reliability), "p": fitted.overall.p}
    subject = Subject.of(inquiry, metric="service", unit=measures[0].unit)
    yield subject.states("expectation.overall", n, partial(_gap, fitted, is_whole=True), **details)


def _fitted(
    inquiry: Inquiry, names: Sequence[str], measures: Sequence[Measure]
) -> tuple[int, Servqual | MeasureError | None]:
    """How many answered all of it, and the gaps; None while they are too few to be looked at."""
    got = [variable(inquiry, measure.code) for measure in measures]
    wanted = [
        Variable(f"{each.name} expected", each.measure, None, Term(each.measure.id, "expected"))
        for each in got
    ]
    asked = (*wanted, *got)
    products = ask(inquiry, asked)
    n = int(products.n.sum())
    if n < policy().least():
        return n, None
    turned = np.array([each.step for each in asked])
    gram = Gram.of_sums(
        n=float(n),
        sums=products.sums[0, 0] * turned,
        products=products.cross[0, 0] * np.outer(turned, turned),
        names=[each.name for each in asked],
        about=products.about * turned,
    )
    try:
        return n, servqual_from_sums(
            gram,
            expected=[each.name for each in wanted],
            perceived=[each.name for each in got],
            dimensions=names,
            level=inquiry.level,
        )
    except MeasureError as problem:
        return n, problem


def _gap(fitted: Servqual | MeasureError | None, *, is_whole: bool) -> Estimate:
    assert fitted is not None
    if isinstance(fitted, MeasureError):
        raise fitted
    found: Difference = fitted.overall if is_whole else fitted.dimensions[0].gap
    single = fitted.reliability if is_whole else fitted.dimensions[0].reliability
    weak = (Caution.UNRELIABLE,) if single is not None and single.value < RELIABLE else ()
    return Estimate(found.value, found.low, found.high, found.n_a, found.method, (*found.warnings, *weak))


def _written(estimate: Estimate | None) -> dict[str, float] | None:
    if estimate is None:
        return None
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high}
