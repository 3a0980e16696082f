"""Partial least squares path modelling: what blocks of questions stand for, and how it hangs together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mindgap.measure.arrays import Bools, Floats
from mindgap.measure.errors import BadArgument, NotConverged, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.gram import Gram, GramStack
from mindgap.measure.normal import checked_level
from mindgap.measure.path_model import PathModel
from mindgap.measure.settle import Scheme, percentile, settled

WEAK_ALPHA = 0.6
FEW_BLOCKS = 20
LEAST_REPLICATES = 50


@dataclass(frozen=True, slots=True, eq=False)
class Pls:
    """A fitted path model; arrays over ``model.items`` (p,) and ``model.latents`` (J,).

    Attributes
    ----------
    weights : ndarray, shape (p,)
        Outer weights in the unit of the raw items: score = sum of weight x item over the block,
        with variance 1.
    loadings : ndarray, shape (p, J)
        Correlations of every item with every latent: within the own block the loading, elsewhere
        the cross-loading.
    correlations : ndarray, shape (J, J)
        Of the latents.
    coefficients : ndarray, shape (J, J)
        Entry [effect, cause], in standard deviations; 0 where there is no path.
    r2 : ndarray, shape (J,)
        Share of variance that the causes explain; 0 for a latent without causes.
    alpha : ndarray, shape (J,)
        Cronbach's alpha of the items as analysed; 1 for a single item, which cannot disagree
        with itself.
    gof : float
        Root of (mean communality of the items in blocks of more than one) x (mean R2).
    """

    model: PathModel
    n: float
    weights: Floats
    loadings: Floats
    correlations: Floats
    coefficients: Floats
    r2: Floats
    alpha: Floats
    gof: float
    rounds: int
    method: str
    warnings: tuple[str, ...] = ()

    @property
    def communality(self) -> Floats:
        """Share of each item's variance that its latent shares, shape (p,)."""
        return np.asarray((self.loadings**2)[self.model.inside], dtype=np.float64)

    @property
    def ave(self) -> Floats:
        """Average variance extracted: mean communality of each block, shape (J,)."""
        inside = self.model.inside
        return np.asarray((self.loadings**2 * inside).sum(axis=0) / inside.sum(axis=0), dtype=np.float64)

    @property
    def total_effects(self) -> Floats:
        """Direct and indirect effects together, entry [effect, cause], shape (J, J)."""
        one = np.eye(len(self.r2))
        return np.asarray(np.linalg.inv(one - self.coefficients) - one, dtype=np.float64)

    def path(self, cause: str, effect: str) -> float:
        """The coefficient of one path; BadArgument if the model has no such path."""
        if (cause, effect) not in self.model.paths:
            raise BadArgument("path", (cause, effect))
        at = self.model.latents.index
        return float(self.coefficients[at(effect), at(cause)])


@dataclass(frozen=True, slots=True)
class Effect:
    """One path with its interval, in standard deviations of the effect per one of the cause."""

    cause: str
    effect: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Loading:
    """Correlation of an item with its own latent, with its interval."""

    item: str
    latent: str
    estimate: Estimate


@dataclass(frozen=True, slots=True, eq=False)
class PlsBootstrap:
    """A fitted path model with intervals from resampled customers (or blocks of rows).

    ``r2`` holds pairs of latent and estimate, for latents with causes. ``replicates`` were used,
    ``lost`` more had no solution. ``weights`` (replicates, p) and ``means`` (replicates, p) are
    the outer weights and item means of each replicate, from which an index gets its interval.
    """

    fit: Pls
    effects: tuple[Effect, ...]
    loadings: tuple[Loading, ...]
    r2: tuple[tuple[str, Estimate], ...]
    replicates: int
    lost: int
    weights: Floats
    means: Floats
    warnings: tuple[str, ...] = ()

    def effect(self, cause: str, effect: str) -> Estimate:
        """The interval of one path; BadArgument if the model has no such path."""
        for found in self.effects:
            if (found.cause, found.effect) == (cause, effect):
                return found.estimate
        raise BadArgument("path", (cause, effect))


def pls(
    gram: Gram,
    model: PathModel,
    *,
    scheme: Scheme = "centroid",
    standardized: bool = False,
    tolerance: float = 1e-9,
    max_rounds: int = 300,
) -> Pls:
    """Fit a path model with reflective blocks (mode A) from covariances.

    Parameters
    ----------
    gram : Gram
        Of at least ``model.items``; from rows by ``Gram.of(rows, names=...)``.
    scheme : {"centroid", "factorial", "path"}, optional
        Inner weighting; the results differ in the third digit.
    standardized : bool, optional
        Whether items are brought to variance 1 first. Leave it out when all items have the same
        scale (as the satisfaction indices do): then an item that tells customers apart better
        weighs more. The two answers differ in the second digit, so say which one is shown.

    Returns
    -------
    Pls

    Raises
    ------
    TooFewAnswers
        If there are not more answers than causes of one latent + 1.
    NotIdentified
        If an item is constant, the items of a block cancel out, a latent has nothing to do with
        its neighbours, or causes of one latent cannot be told apart.
    NotConverged
        If the weights do not settle.

    Notes
    -----
    What it means: each latent is a weighted sum of its questions, weighted by how well they go
    with the neighbours in the model; a coefficient says how many standard deviations the effect
    moves with one of the cause, the other causes held equal. When not to use it: to prove that
    one thing causes another (the arrows are taken for granted, not tested); with blocks whose
    questions hang together too little (warning ``weak_block``: coefficients are drawn to zero);
    with fewer than some ten answers per cause. The sign of a latent is that of most of its
    loadings. Reference values: tests/measure/reference/ecsi.R.

    References
    ----------
    .. [1] Tenenhaus, M., Esposito Vinzi, V., Chatelin, Y.-M., Lauro, C. (2005), Computational
       Statistics & Data Analysis 48, 159-205.
    .. [2] Lohmoeller, J.-B. (1989), Latent Variable Path Modeling with Partial Least Squares.

    Examples
    --------
    >>> rows = [[1, 2, 1], [3, 2, 2], [4, 5, 5], [2, 3, 4], [5, 5, 4]]
    >>> model = PathModel.of({"quality": ["a", "b"], "loyalty": ["c"]}, [("quality", "loyalty")])
    >>> round(pls(Gram.of(rows, names=("a", "b", "c")), model).path("quality", "loyalty"), 3)
    0.81
    """
    picked = _picked(gram, model)
    stack = GramStack.of([picked])
    found = settled(
        stack, model, scheme=scheme, standardized=standardized, tolerance=tolerance, max_rounds=max_rounds
    )
    if found.reason[0]:
        raise NotIdentified(what="path model", reason=found.reason[0])
    if not found.ok[0]:
        raise NotConverged(rounds=max_rounds, distance=float(found.distance[0]))
    inside = model.inside
    communality, single = (found.loadings[0] ** 2)[inside], inside[:, inside.sum(axis=0) == 1].any(axis=1)
    counted = communality[~single] if not single.all() else communality
    explained = found.r2[0][model.arrows.any(axis=1)]
    alpha = _alpha(stack, inside, standardized=standardized)
    method = f"pls mode A, {scheme} scheme, {'standardized' if standardized else 'raw'} items"
    return Pls(
        model=model,
        n=picked.n,
        weights=found.weights[0][inside],
        loadings=found.loadings[0],
        correlations=found.latents[0],
        coefficients=found.coefficients[0],
        r2=found.r2[0],
        alpha=alpha,
        gof=float(np.sqrt(counted.mean() * explained.mean())),
        rounds=found.rounds,
        method=method,
        warnings=(Caution.WEAK_BLOCK,) if (alpha < WEAK_ALPHA).any() else (),
    )


def pls_bootstrap(
    blocks: GramStack,
    model: PathModel,
    *,
    rng: np.random.Generator,
    replicates: int = 1000,
    level: float = 0.95,
    scheme: Scheme = "centroid",
    standardized: bool = False,
) -> PlsBootstrap:
    """`pls` with percentile intervals from resampled blocks.

    Parameters
    ----------
    blocks : GramStack
        From rows by ``GramStack.of_units(rows, names=..., rng=rng)``, with ``clusters`` = the
        customer of each row where customers answer more than once; or one entry per block of
        customers. Days are no such blocks: a customer's answers must stay in one.
    rng : numpy.random.Generator
    replicates : int, optional
        At least 50.

    Returns
    -------
    PlsBootstrap
        Warnings: ``covers_zero`` on a path whose interval holds 0, ``few_blocks`` below 20
        blocks, ``replicates_lost`` if some replicates had no solution.

    Raises
    ------
    NotIdentified
        As `pls`, or if more than half of the replicates have no solution.

    Notes
    -----
    The latents of a replicate are turned to point the way of the fit, because their sign is a
    convention. With blocks of low alpha the coefficients are drawn to zero and the intervals do
    not know it.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> quality = rng.normal(size=50)
    >>> rows = np.column_stack([quality, quality, quality]) + rng.normal(size=(50, 3))
    >>> model = PathModel.of({"quality": ["a", "b"], "loyalty": ["c"]}, [("quality", "loyalty")])
    >>> blocks = GramStack.of_units(rows, names=("a", "b", "c"), rng=rng)
    >>> pls_bootstrap(blocks, model, rng=rng, replicates=100).effect("quality", "loyalty").excludes(0)
    True
    """
    checked_level(level)
    if replicates < LEAST_REPLICATES:
        raise BadArgument("replicates", replicates)
    there = len(blocks)
    if there < 2:
        raise TooFewAnswers(n=there, needed=2)
    fit = pls(blocks.total(), model, scheme=scheme, standardized=standardized)
    stack = blocks.pick(model.items).resampled(rng, replicates)
    found = settled(
        stack, model, scheme=scheme, standardized=standardized, towards=fit.loadings, tolerance=1e-7
    )
    good = found.ok
    if good.sum() * 2 < replicates:
        raise NotIdentified(what="bootstrap", reason="most replicates have no solution")
    warnings = list(fit.warnings)
    if there < FEW_BLOCKS:
        warnings.append(Caution.FEW_BLOCKS)
    if not good.all():
        warnings.append(Caution.REPLICATES_LOST)

    def interval(value: float, drawn: Floats, *, flag: bool = False) -> Estimate:
        return percentile(value, drawn[good], n=fit.n, level=level, flag=flag)

    at, inside = model.latents.index, model.inside
    effects = tuple(
        Effect(c, e, interval(fit.path(c, e), found.coefficients[:, at(e), at(c)], flag=True))
        for c, e in model.paths
    )
    places = list(zip(model.items, *np.nonzero(inside), strict=True))
    loadings = tuple(
        Loading(item, model.latents[j], interval(float(fit.loadings[i, j]), found.loadings[:, i, j]))
        for item, i, j in places
    )
    caused = np.flatnonzero(model.arrows.any(axis=1))
    r2 = tuple((model.latents[j], interval(float(fit.r2[j]), found.r2[:, j])) for j in caused)
    return PlsBootstrap(
        fit=fit,
        effects=effects,
        loadings=loadings,
        r2=r2,
        replicates=int(good.sum()),
        lost=int(replicates - good.sum()),
        weights=found.weights[good][:, inside],
        means=stack.mean[good],
        warnings=tuple(warnings),
    )


def _picked(gram: Gram, model: PathModel) -> Gram:
    picked = gram.pick(model.items)
    needed = int(model.arrows.sum(axis=1).max()) + 2
    if picked.n < needed:
        raise TooFewAnswers(n=picked.n, needed=needed)
    return picked


def _alpha(stack: GramStack, inside: Bools, *, standardized: bool) -> Floats:
    cov = stack.correlations()[0] if standardized else stack.scatter[0]
    own = np.diag(cov) @ inside
    whole = np.einsum("pj,pq,qj->j", inside.astype(np.float64), cov, inside)
    k = inside.sum(axis=0)
    return np.asarray(np.where(k == 1, 1.0, k / np.maximum(k - 1, 1) * (1 - own / whole)), dtype=np.float64)
