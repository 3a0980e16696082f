"""Variable: a measure as drivers and models name it, and what the facts know of several of them side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mindgap.explain.errors import BadInquiry, UnknownValue
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.metric import scale_of
from mindgap.explain.tally import HAPPENED
from mindgap.ground.condition import Clause, Condition
from mindgap.keep import facts
from mindgap.keep.facts import Products, Term
from mindgap.keep.facts.question import Per
from mindgap.keep.models import Measure
from mindgap.measure.gram import Gram, GramStack

# The attitudinal loyalty index (R109, R115): to stay, to speak for us, and to choose us first, each counting alike.
LOYALTY = "loyalty_index"
LOYALTY_PARTS = ("loyalty_again", "recommend", "loyalty_prefer")


@dataclass(frozen=True, slots=True)
class Variable:
    """A measure, perhaps at one touchpoint only, as people name it: `days` or `days@delivery`."""

    name: str
    measure: Measure
    touchpoint: str | None
    term: Term

    @property
    def step(self) -> float:
        """What one step of the facts is, turned so that more is better."""
        return float(self.measure.step) * (1 if self.measure.higher_is_better else -1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be explained: one variable, or an index of 0 to 100 composed of several, each counting alike."""

    name: str
    parts: tuple[Variable, ...]

    @property
    def is_composed(self) -> bool:
        return len(self.parts) > 1

    @property
    def measure(self) -> str:
        return self.name if self.is_composed else self.parts[0].measure.code

    def mix(self, others: int) -> tuple[np.ndarray, float]:
        """The matrix that makes (outcome, others) of (parts, others), and what is added to the outcome."""
        k = len(self.parts)
        matrix = np.zeros((1 + others, k + others))
        matrix[1:, k:] = np.eye(others)
        if not self.is_composed:
            matrix[0, 0] = 1.0
            return matrix, 0.0
        added = 0.0
        for place, part in enumerate(self.parts):
            scale = scale_of(part.measure)
            assert scale is not None
            matrix[0, place] = 100 / (scale.high - scale.low) / k
            added -= matrix[0, place] * (scale.low if part.measure.higher_is_better else -scale.high)
        return matrix, added


def variable(inquiry: Inquiry, name: str) -> Variable:
    """The measure that `name` means: its code or that of a metric, perhaps `@touchpoint`."""
    code, _, place = name.partition("@")
    measures = {measure.code: measure for measure in inquiry.catalog.measures.values()}
    declared = {metric.code: metric.measure for metric in inquiry.catalog.metrics}
    measure = measures.get(code) or measures.get(declared.get(code, ""))
    if measure is None:
        raise UnknownValue("measure", code, tuple(measures))
    touchpoint = int(inquiry.catalog.id_of("touchpoint", place) or 0) if place else None
    whole = f"{measure.code}@{place}" if place else measure.code
    return Variable(whole, measure, place or None, Term(measure.id, touchpoint=touchpoint))


def outcome(inquiry: Inquiry, name: str) -> Outcome:
    """The outcome that `name` means: a measure or metric, several joined by `+`, or `loyalty_index`.

    The loyalty index is composed of its three measures where all of them are declared; a measure of that name wins.
    """
    codes = {measure.code for measure in inquiry.catalog.measures.values()}
    is_loyalty = name == LOYALTY and LOYALTY not in codes
    names = LOYALTY_PARTS if is_loyalty else tuple(part.strip() for part in name.split("+"))
    parts = tuple(variable(inquiry, each) for each in names)
    if len({part.name for part in parts}) < len(parts):
        raise BadInquiry("outcome", f"{name} names a measure twice")
    if len(parts) == 1:
        return Outcome(parts[0].name, parts)
    for part in parts:
        if scale_of(part.measure) is None:
            raise BadInquiry(
                "outcome", f"{part.name} has a scale without ends and cannot be part of an index"
            )
    return Outcome(
        LOYALTY if set(names) == set(LOYALTY_PARTS) else "+".join(part.name for part in parts), parts
    )


def ask(
    inquiry: Inquiry, asked: Sequence[Variable], *, per: Per = "interaction", blocks: int = 1
) -> Products:
    """Sums of products of what happened, over rows of which the first variable is known."""
    happened = Condition((Clause("state", "in", HAPPENED),))
    question = inquiry.question((), where=happened)
    return facts.products(question, [each.term for each in asked], blocks=blocks, per=per)


def stack(products: Products, asked: Sequence[Variable], made: Outcome | None = None) -> GramStack | None:
    """The blocks that hold anything, in the units of the measures and turned so that more is better.

    With `made` its parts stand first among `asked` and are put together.
    """
    scale = np.diag([each.step for each in asked])
    names, added = [each.name for each in asked], 0.0
    if made is not None:
        others = len(asked) - len(made.parts)
        mixed, added = made.mix(others)
        scale, names = mixed @ scale, [made.name, *names[len(made.parts) :]]
    about = scale @ products.about
    about[0] += added
    grams = [
        Gram.of_sums(
            n=float(n), sums=scale @ sums, products=scale @ cross @ scale.T, names=names, about=about
        )
        for n, sums, cross in zip(products.n[0], products.sums[0], products.cross[0], strict=True)
        if n
    ]
    return GramStack.of(grams) if grams else None
