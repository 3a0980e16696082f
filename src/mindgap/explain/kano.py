"""Kano: which features must be there, which pay off step by step, which delight (R12, R16).

A feature is asked about by two measures from 1 "I like it" to 5 "I dislike it": `kano_gift_with`, if it is there, and
`kano_gift_without`, if it is not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from mindgap.explain.disclosure import concealed, policy
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.subject import Subject, least_for_distribution
from mindgap.explain.tally import HAPPENED
from mindgap.ground.condition import Clause, Condition
from mindgap.keep import facts
from mindgap.keep.facts import Term
from mindgap.keep.models import Measure
from mindgap.measure import Estimate, MeasureError, NotIdentified
from mindgap.measure.kano import CATEGORIES, Kano, kano, kano_continuous, kano_counts

FAMILY, THERE, ABSENT = "kano_", "_with", "_without"
_ENDS = (1, 5)
_SEED = 22


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature with its two measures."""

    name: str
    there: Measure
    absent: Measure


def features(inquiry: Inquiry) -> tuple[Feature, ...]:
    """The features that the declared measures ask about."""
    by_code = {measure.code: measure for measure in inquiry.catalog.measures.values() if _fits(measure)}
    names = [
        code.removeprefix(FAMILY).removesuffix(THERE)
        for code in by_code
        if code.startswith(FAMILY) and code.endswith(THERE)
    ]
    return tuple(
        Feature(name, by_code[f"{FAMILY}{name}{THERE}"], by_code[f"{FAMILY}{name}{ABSENT}"])
        for name in names
        if f"{FAMILY}{name}{ABSENT}" in by_code
    )


def kanos(inquiry: Inquiry) -> tuple[Finding, ...]:
    """`kano.better` and `kano.worse` per feature (and per value of the inquiry's `by`), with its category.

    `better` is the share whom having it would please, `worse` (negative) that whom lacking it would annoy. The category
    is `undecided` where the two commonest are too close.
    """
    return concealed(
        [finding for feature in features(inquiry) for finding in _feature(inquiry, feature)], inquiry
    )


def _fits(measure: Measure) -> bool:
    return measure.minimum == _ENDS[0] and measure.maximum == _ENDS[1] and measure.step == 1


def _feature(inquiry: Inquiry, feature: Feature) -> Iterator[Finding]:
    happened = Condition((Clause("state", "in", HAPPENED),))
    found = facts.joint(
        inquiry.question(inquiry.columns, where=happened), (Term(feature.there.id), Term(feature.absent.id))
    )
    # Who answered twice and differently has no single answer.
    whole = (found.values == np.round(found.values)).all(axis=1) & ~np.isnan(found.values).any(axis=1)
    keys = found.keys[whole]
    groups = np.unique(keys, axis=0) if whole.any() else keys
    for key in groups:
        own = (
            (keys == key).all(axis=1) | (np.isnan(keys) & np.isnan(key)).all(axis=1)
            if key.size
            else slice(None)
        )
        group = {
            column: inquiry.catalog.outside(column, float(number))
            for column, number in zip(found.by, key, strict=True)
        }
        subject = Subject.of(inquiry, measure=feature.there.code, metric="kano", unit="share", group=group)
        yield from _stated(subject, feature, found.values[whole][own], found.n[whole][own], inquiry.level)
        if not key.size:
            return


def _stated(
    subject: Subject, feature: Feature, pairs: "np.ndarray[Any, Any]", n: "np.ndarray[Any, Any]", level: float
) -> Iterator[Finding]:
    total = float(n.sum())
    details: dict[str, Any] = {"feature": feature.name}
    fitted: Kano | MeasureError = NotIdentified(what="kano", reason="nobody in the four categories")
    if not policy().hides(total):
        try:
            fitted = kano(kano_counts(pairs[:, 0], pairs[:, 1], counts=n), level=level)
            smooth = kano_continuous(
                pairs[:, 0], pairs[:, 1], counts=n, rng=np.random.default_rng(_SEED), level=level
            )
        except MeasureError as problem:
            fitted = problem
        else:
            details |= {
                "category": fitted.category, "leading": fitted.leading, "second": fitted.second,
                "strength": fitted.strength, "continuous": smooth.category,
            }  # fmt: skip
            if total >= least_for_distribution():
                shares = zip(CATEGORIES, fitted.shares, strict=True)
                details["shares"] = {name: share.value for name, share in shares}
    yield subject.states("kano.better", total, partial(_side, fitted, "better"), better=1, **details)
    yield subject.states("kano.worse", total, partial(_side, fitted, "worse"), better=1, **details)


def _side(fitted: Kano | MeasureError, name: str) -> Estimate:
    if isinstance(fitted, MeasureError):
        raise fitted
    found: Estimate | None = getattr(fitted, name)
    if found is None:
        raise NotIdentified(what="kano", reason="nobody in the four categories")
    return found
