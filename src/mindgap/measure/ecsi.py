"""The customer satisfaction index: the European and the American model, and an index per latent."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mindgap.measure.arrays import Floats
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.gram import Gram, GramStack
from mindgap.measure.normal import checked_level, t_critical
from mindgap.measure.path_model import PathModel
from mindgap.measure.pls import WEAK_ALPHA, Pls, PlsBootstrap, pls_bootstrap
from mindgap.measure.scale import Scale
from mindgap.measure.settle import Scheme, percentile

ECSI_PATHS = (
    ("image", "expectation"),
    ("image", "satisfaction"),
    ("image", "loyalty"),
    ("expectation", "quality"),
    ("expectation", "value"),
    ("expectation", "satisfaction"),
    ("quality", "value"),
    ("quality", "satisfaction"),
    ("value", "satisfaction"),
    ("satisfaction", "complaints"),
    ("satisfaction", "loyalty"),
    ("complaints", "loyalty"),
)
"""The European model: brand image, expectation, quality and value make satisfaction and loyalty."""

ACSI_PATHS = tuple(path for path in ECSI_PATHS if path[0] != "image")
"""The American model: the same without image."""


@dataclass(frozen=True, slots=True)
class LatentIndex:
    """One latent on 0 (worst answers) to 100 (best answers).

    ``estimate`` weighs the questions as the model does, ``simple`` weighs them alike. ``shares``
    are pairs of question and its share of the index; they add up to 1. ``alpha`` says how well
    the questions hang together (1 for a single one).
    """

    latent: str
    estimate: Estimate
    simple: float
    shares: tuple[tuple[str, float], ...]
    alpha: float


@dataclass(frozen=True, slots=True, eq=False)
class Ecsi:
    """The model with its intervals, and the index of each latent that has one.

    ``refused`` names the latents without index because a question has a negative weight: the
    better its answers, the lower the index would be.
    """

    model: PlsBootstrap
    indices: tuple[LatentIndex, ...]
    refused: tuple[str, ...]
    warnings: tuple[str, ...] = ()

    def index(self, latent: str) -> LatentIndex:
        """The index of a latent; NotIdentified if refused, BadArgument if there is no such latent."""
        for found in self.indices:
            if found.latent == latent:
                return found
        if latent in self.refused:
            raise NotIdentified(what="index", reason="negative weight")
        raise BadArgument("latent", latent)


def satisfaction_model(
    items: Mapping[str, Sequence[str]], *, paths: Sequence[tuple[str, str]] = ECSI_PATHS
) -> PathModel:
    """The satisfaction model over the latents that were asked about.

    Parameters
    ----------
    items : mapping of latent to questions
        Latents: those of ``paths``. One that was not asked is left out with its paths, so the
        model says less, not something else.
    paths : sequence of (cause, effect), optional
        `ECSI_PATHS` (default) or `ACSI_PATHS`.

    Raises
    ------
    BadArgument
        If a latent is not in the model, has no questions, or is left without paths.

    Examples
    --------
    >>> satisfaction_model({"quality": ["q1", "q2"], "satisfaction": ["s1"]}).paths
    (('quality', 'satisfaction'),)
    """
    there = [path for path in paths if path[0] in items and path[1] in items]
    return PathModel.of(items, there)


def latent_index(
    fit: Pls, gram: Gram, *, latent: str, scale: Scale | Mapping[str, Scale], level: float = 0.95
) -> LatentIndex:
    """One latent on 0 to 100, with a t interval that takes the weights as known.

    Parameters
    ----------
    fit : Pls
        Where the weights come from: these answers, or an earlier wave whose weights are kept so
        that the index moves only when the answers do.
    gram : Gram
        The answers.
    scale : Scale or mapping of question to Scale
        Higher must be better; turn other questions round before.

    Raises
    ------
    NotIdentified
        If a question of the latent has a negative weight.
    BadCounts
        If a mean lies off its scale.
    BadArgument
        If the latent or a scale is unknown, or lower is better on it.
    TooFewAnswers
        If n < 2.

    Notes
    -----
    Index = 100 (sum w mean - sum w low) / (sum w (high - low)), w = outer weights of raw items.
    What it means: where customers stand between the worst and the best answers they could give.
    When not to use it: to compare firms that were asked other questions.

    References
    ----------
    .. [1] Fornell, C., et al. (1996), J. of Marketing 60(4), 7-18, equation in the appendix.

    Examples
    --------
    >>> from mindgap.measure.pls import pls
    >>> model = satisfaction_model({"quality": ["q"], "satisfaction": ["s"]})
    >>> gram = Gram.of([[7, 8], [5, 4], [9, 9], [6, 8]], names=("q", "s"))
    >>> latent_index(pls(gram, model), gram, latent="satisfaction", scale=Scale(1, 10)).estimate.value
    69.44444444444444
    """
    items, weights, alpha = _block(fit, latent)
    lows, highs = _scales(items, scale)
    near = gram.pick(items)
    covariance = near.covariance()
    if ((near.mean < lows) | (near.mean > highs)).any():
        raise BadCounts("off the scale")
    value = float(_index(weights, near.mean, lows=lows, highs=highs))
    se = 100 * math.sqrt(max(float(weights @ covariance @ weights), 0.0) / near.n)
    reach = weights * (highs - lows)
    half = t_critical(checked_level(level), near.n - 1) * se / float(reach.sum())
    low, high = max(value - half, 0.0), min(value + half, 100.0)
    warnings = ((Caution.WEAK_BLOCK,) if alpha < WEAK_ALPHA else ()) + (
        (Caution.ALL_EQUAL,) if se == 0 else ()
    )
    return LatentIndex(
        latent=latent,
        estimate=Estimate(value, low, high, near.n, "t, weights taken as known", warnings),
        simple=float(_index(np.ones_like(weights), near.mean, lows=lows, highs=highs)),
        shares=tuple(zip(items, (reach / reach.sum()).tolist(), strict=True)),
        alpha=alpha,
    )


def ecsi(
    blocks: GramStack,
    model: PathModel,
    *,
    scale: Scale | Mapping[str, Scale],
    rng: np.random.Generator,
    replicates: int = 1000,
    level: float = 0.95,
    scheme: Scheme = "centroid",
) -> Ecsi:
    """The satisfaction model and the index of every latent, with bootstrap intervals.

    Parameters
    ----------
    blocks : GramStack
        One entry per customer, or per block of customers, as for `pls_bootstrap`.
    model : PathModel
        For example `satisfaction_model`.
    scale : Scale or mapping of question to Scale
        Higher must be better.

    Returns
    -------
    Ecsi
        Warnings: ``weak_block`` if a block has alpha below 0.6 (its paths are drawn to zero),
        and those of `pls_bootstrap`; a path whose interval holds 0 carries ``covers_zero``.

    Raises
    ------
    Those of `pls_bootstrap` and, but for negative weights, of `latent_index`.

    Notes
    -----
    Raw items, as the published indices. What it means: the index is a level, with its interval;
    the paths say what goes with what, given the arrows. When not to use it: a path from or to a
    weak block is a lower bound, not a finding that there is little; and the American index is
    published for national samples, so do not set a figure of one's own beside it without the
    same questions.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rows = np.clip(np.round(7 + 2 * rng.normal(size=(60, 1)) + rng.normal(size=(60, 2))), 1, 10)
    >>> model = satisfaction_model({"quality": ["q"], "satisfaction": ["s"]})
    >>> blocks = GramStack.of_units(rows, names=("q", "s"), rng=rng)
    >>> found = ecsi(blocks, model, scale=Scale(1, 10), rng=rng, replicates=100)
    >>> [one.latent for one in found.indices], found.refused
    (['quality', 'satisfaction'], ())
    """
    boot = pls_bootstrap(blocks, model, rng=rng, replicates=replicates, level=level, scheme=scheme)
    gram = blocks.total()
    indices, refused = [], []
    for latent in model.latents:
        try:
            known = latent_index(boot.fit, gram, latent=latent, scale=scale, level=level)
        except NotIdentified:
            refused.append(latent)
            continue
        indices.append(_resampled(boot, known, scale=scale, level=level))
    return Ecsi(model=boot, indices=tuple(indices), refused=tuple(refused), warnings=boot.warnings)


def _resampled(
    boot: PlsBootstrap, known: LatentIndex, *, scale: Scale | Mapping[str, Scale], level: float
) -> LatentIndex:
    items = tuple(item for item, _ in known.shares)
    lows, highs = _scales(items, scale)
    where = [boot.fit.model.items.index(item) for item in items]
    weights = boot.weights[:, where]
    # A replicate may turn a small weight negative; only if all of them cancel is it of no use.
    useful = weights @ (highs - lows) > 0
    drawn = _index(weights[useful], boot.means[useful][:, where], lows=lows, highs=highs)
    at = percentile(known.estimate.value, drawn, n=known.estimate.n, level=level)
    estimate = Estimate(at.value, at.low, at.high, at.n, at.method, known.estimate.warnings)
    return LatentIndex(known.latent, estimate, known.simple, known.shares, known.alpha)


def _block(fit: Pls, latent: str) -> tuple[tuple[str, ...], Floats, float]:
    if latent not in fit.model.latents:
        raise BadArgument("latent", latent)
    place = fit.model.latents.index(latent)
    own = fit.model.inside[:, place]
    weights = fit.weights[own]
    if (weights < 0).any():
        raise NotIdentified(what="index", reason="negative weight")
    return fit.model.blocks[place][1], weights, float(fit.alpha[place])


def _scales(items: Sequence[str], scale: Scale | Mapping[str, Scale]) -> tuple[Floats, Floats]:
    each = [scale if isinstance(scale, Scale) else scale.get(item) for item in items]
    for item, one in zip(items, each, strict=True):
        if one is None or one.better != "higher":
            raise BadArgument("scale", item)
    known = [one for one in each if one is not None]
    return np.array([one.low for one in known]), np.array([one.high for one in known])


def _index(weights: Floats, means: Floats, *, lows: Floats, highs: Floats) -> Floats:
    reached = (weights * (means - lows)).sum(axis=-1)
    # Rounding, and a replicate's negative weight, must not lead off the scale.
    return np.asarray(np.clip(100 * reached / (weights @ (highs - lows)), 0.0, 100.0), dtype=np.float64)
