"""Index: customer satisfaction as one level of 0 to 100, and the attitudinal loyalty index (R109, R115).

The satisfaction index is that of the European model (ECSI) over the blocks that were asked: `csi_quality_overall` is a
question of the latent `quality`; latents are image, expectation, quality, value, satisfaction, complaints, loyalty.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from mindgap.explain.disclosure import policy
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.metric import scale_of
from mindgap.explain.servqual import blocks
from mindgap.explain.subject import Subject
from mindgap.explain.variable import LOYALTY, LOYALTY_PARTS, Outcome, ask, outcome, stack, variable
from mindgap.keep.models import Measure
from mindgap.measure import Caution, Estimate, MeasureError, NotIdentified, Scale
from mindgap.measure.ecsi import ECSI_PATHS, Ecsi, ecsi, satisfaction_model
from mindgap.measure.normal import t_critical
from mindgap.measure.reliability import Items, alpha

FAMILY = "csi"
BLOCKS = 500
REPLICATES = 500
_SEED = 23


def satisfaction_index(inquiry: Inquiry, *, replicates: int = REPLICATES) -> tuple[Finding, ...]:
    """`index.latent` per latent of the satisfaction model, then `index.path` per arrow of it.

    Of answers to all its questions; intervals by resampling customers. A latent one of whose questions has a negative
    weight has no index (`not_known`). Nothing where fewer than two latents are declared.
    """
    asked = inquiry.split(None)
    latents = {end for path in ECSI_PATHS for end in path}
    declared = {name: items for name, items in blocks(asked, FAMILY).items() if name in latents}
    paths = [path for path in ECSI_PATHS if set(path) <= declared.keys()]
    joined = {end for path in paths for end in path}
    declared = {name: items for name, items in declared.items() if name in joined}
    if not declared:
        return ()
    return tuple(_satisfaction(asked, declared, replicates))


def _satisfaction(inquiry: Inquiry, declared: dict[str, list[Measure]], replicates: int) -> Iterator[Finding]:
    items = [variable(inquiry, measure.code) for measures in declared.values() for measure in measures]
    products = ask(inquiry, items, blocks=BLOCKS)
    n = int(products.n.sum())
    if not n:
        return
    fitted: Ecsi | MeasureError | None = None
    grams = stack(products, items)
    if not policy().hides(n) and grams is not None:
        model = satisfaction_model(
            {name: [measure.code for measure in measures] for name, measures in declared.items()}
        )
        try:
            fitted = ecsi(
                grams, model, scale={item.name: _turned(item.measure) for item in items},
                rng=np.random.default_rng(_SEED), replicates=replicates, level=inquiry.level,
            )  # fmt: skip
        except MeasureError as problem:
            fitted = problem
    for name, measures in declared.items():
        yield _latent(inquiry, name, measures, n, fitted)
    if isinstance(fitted, Ecsi):
        yield from _paths(inquiry, n, fitted)


def _latent(
    inquiry: Inquiry, name: str, measures: Sequence[Measure], n: int, fitted: Ecsi | MeasureError | None
) -> Finding:
    details: dict[str, Any] = {"latent": name, "items": [measure.code for measure in measures], "better": 1}
    if isinstance(fitted, Ecsi) and name not in fitted.refused:
        found = fitted.index(name)
        details |= {"simple": found.simple, "alpha": found.alpha, "shares": dict(found.shares)}
    subject = Subject.of(inquiry, measure=f"{FAMILY}_{name}", metric="index", unit="index")
    return subject.states("index.latent", n, partial(_level, fitted, name), **details)


def _level(fitted: Ecsi | MeasureError | None, name: str) -> Estimate:
    assert fitted is not None
    if isinstance(fitted, MeasureError):
        raise fitted
    return fitted.index(name).estimate


def _paths(inquiry: Inquiry, n: int, fitted: Ecsi) -> Iterator[Finding]:
    model = fitted.model.fit.model
    for cause, effect in model.paths:
        subject = Subject.of(inquiry, measure=f"{FAMILY}_{effect}", metric="index", unit="")
        arrow = partial(fitted.model.effect, cause, effect)
        yield subject.states("index.path", n, arrow, cause=cause, effect=effect, better=1)


def _turned(measure: Measure) -> Scale:
    """The scale of a question turned so that more is better."""
    scale = scale_of(measure)
    assert scale is not None
    if measure.higher_is_better:
        return Scale(scale.low, scale.high, scale.step, "higher")
    return Scale(-scale.high, -scale.low, scale.step, "higher")


def loyalty_index(inquiry: Inquiry) -> tuple[Finding, ...]:
    """`index.loyalty`: would stay, would recommend, first choice; each from 0 to 100, their mean; with its alpha.

    Nothing where not all three measures are declared.
    """
    asked = inquiry.split(None)
    codes = {measure.code for measure in asked.catalog.measures.values()}
    if not codes.issuperset(LOYALTY_PARTS):
        return ()
    made = outcome(asked, "+".join(LOYALTY_PARTS))
    products = ask(asked, made.parts)
    n = int(products.n.sum())
    if not n:
        return ()
    details: dict[str, Any] = {"composed": [part.name for part in made.parts], "better": 1}
    grams = stack(products, made.parts, made)
    weak = False
    if not policy().hides(n):
        details["alpha"] = _alpha(made, products)
        weak = details["alpha"] is not None and details["alpha"] < 0.6
    subject = Subject.of(asked, measure=LOYALTY, metric=LOYALTY, unit="index")
    assert grams is not None
    whole = grams.total()

    def level() -> Estimate:
        if whole.n < 2:
            raise NotIdentified(what=LOYALTY, reason="one answer")
        value, se = float(whole.mean[0]), float(np.sqrt(max(whole.covariance()[0, 0], 0.0) / whole.n))
        half = t_critical(asked.level, whole.n - 1) * se
        flags = (Caution.WEAK_BLOCK,) if weak else ()
        return Estimate(value, max(value - half, 0.0), min(value + half, 100.0), whole.n, "t", flags)

    return (subject.states("index.loyalty", n, level, **details),)


def _alpha(made: Outcome, products: Any) -> float | None:
    """How well the three hang together, each on its own scale from 0 to 100."""
    grams = stack(products, made.parts)
    assert grams is not None
    mixed, _ = made.mix(0)
    weights = mixed[0] * len(made.parts)
    covariance = grams.total().covariance() * np.outer(weights, weights)
    try:
        return alpha(Items(covariance, n=float(products.n.sum()))).raw.value
    except MeasureError:
        return None
