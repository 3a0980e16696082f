"""Outer weights of a path model, settled in turn with its inner ones; many covariance matrices at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mindgap.measure.arrays import Bools, Floats, Ints
from mindgap.measure.errors import BadArgument
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.gram import GramStack
from mindgap.measure.path_model import PathModel

Scheme = Literal["centroid", "factorial", "path"]
"""How a latent sees its neighbours: by sign, by correlation, or its causes by regression."""

ROUNDING = 1e-10
"""A share of variance this small is rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """Solutions of a stack of b covariance matrices; ``reason`` is "" where there is one."""

    weights: Floats
    loadings: Floats
    latents: Floats
    coefficients: Floats
    r2: Floats
    distance: Floats
    ok: Bools
    reason: tuple[str, ...]
    rounds: int


def settled(
    stack: GramStack,
    model: PathModel,
    *,
    scheme: Scheme,
    standardized: bool,
    towards: Floats | None = None,
    tolerance: float = 1e-9,
    max_rounds: int = 300,
) -> Settled:
    """Mode A weights, loadings and regressions of every matrix of the stack (columns as the model's items).

    ``towards``, loadings of shape (p, J), says which way each latent points; up if left out.
    BadArgument for an unknown scheme; whatever else goes wrong is said in the result.
    """
    if scheme not in ("centroid", "factorial", "path"):
        raise BadArgument("scheme", scheme)
    inside, arrows = model.inside, model.arrows
    freedom = np.maximum(stack.n - 1, 1)[:, None, None]
    raw = stack.scatter / freedom
    spread = np.sqrt(np.diagonal(raw, axis1=1, axis2=2))
    constant = np.asarray((spread <= 0).any(axis=1), dtype=np.bool_)
    unit = np.where(spread > 0, spread, 1.0)
    cov = stack.correlations() if standardized else raw
    size = np.ones_like(unit) if standardized else unit
    # Equal weights to begin with, as the published programs do.
    weights, cancelled = _scaled(_equal(size, inside), cov, size, inside)
    lonely = np.zeros_like(constant)
    distance = np.where(constant | cancelled, 0.0, np.inf)
    rounds = 0
    while rounds < max_rounds and (distance > tolerance).any():
        rounds += 1
        live = np.flatnonzero(distance > tolerance)
        before, part = weights[live], cov[live]
        r = np.swapaxes(before, 1, 2) @ part @ before
        following = np.where(inside, part @ (before @ _inner(r, arrows, scheme)), 0.0)
        following, empty = _scaled(following, part, size[live], inside)
        moved = np.abs(np.abs(following) - np.abs(before)) * size[live][:, :, None]
        weights[live], lonely[live] = following, empty
        distance[live] = np.where(empty, 0.0, moved.max(axis=(1, 2)))
    loadings = cov @ weights / size[:, :, None]
    reference = inside if towards is None else inside * towards
    turn = np.where((loadings * reference).sum(axis=1) < 0, -1.0, 1.0)
    weights, loadings = weights * turn[:, None, :], loadings * turn[:, None, :]
    latents = np.swapaxes(weights, 1, 2) @ cov @ weights
    coefficients, r2, collinear = _regressions(latents, arrows)
    return Settled(
        weights=weights / unit[:, :, None] if standardized else weights,
        loadings=np.clip(loadings, -1.0, 1.0),
        latents=latents,
        coefficients=coefficients,
        r2=r2,
        distance=distance,
        ok=(distance <= tolerance) & ~(constant | cancelled | lonely | collinear),
        reason=_reasons(
            ("constant item", constant),
            ("items of a block cancel out", cancelled),
            ("latent without neighbours", lonely),
            # Only weights that have settled say whether the causes are collinear.
            ("collinear causes", collinear & (distance <= tolerance)),
        ),
        rounds=rounds,
    )


def percentile(value: float, drawn: Floats, *, n: float, level: float, flag: bool = False) -> Estimate:
    """Percentile interval of bootstrap draws, shape (b,), widened to hold the value itself."""
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    low, high = min(float(low), value), max(float(high), value)
    warnings = (Caution.COVERS_ZERO,) if flag and low <= 0 <= high else ()
    return Estimate(value, low, high, n, "bootstrap percentile", warnings)


def _equal(size: Floats, inside: Bools) -> Floats:
    """Equal weights within each block, as large as settling ones are, shape (b, p, J)."""
    level = (size**2 @ inside) / (size @ inside)
    return np.asarray(level[:, None, :] * inside, dtype=np.float64)


def _reasons(*found: tuple[str, Bools]) -> tuple[str, ...]:
    return tuple(next((reason for reason, where in found if where[i]), "") for i in range(found[0][1].size))


def _scaled(weights: Floats, cov: Floats, size: Floats, inside: Bools) -> tuple[Floats, Bools]:
    """The weights such that each latent has variance 1, and where that cannot be."""
    variance = np.einsum("bpj,bpj->bj", weights, cov @ weights)
    # The most that these weights could give, if the items of the block went together fully.
    most = (np.abs(weights) * size[:, :, None]).sum(axis=1) ** 2
    scale = (size**2) @ inside
    dead = (variance <= ROUNDING * most) | (most <= ROUNDING**2 * scale**2)
    return weights / np.sqrt(np.where(dead, 1.0, variance))[:, None, :], dead.any(axis=1)


def _inner(r: Floats, arrows: Bools, scheme: Scheme) -> Floats:
    """Weights of the neighbours in the inner proxy of each latent, entry [neighbour, latent]."""
    near = arrows | arrows.T
    if scheme == "centroid":
        return np.sign(r) * near
    if scheme == "factorial":
        return r * near
    inner = r * arrows
    for j in np.flatnonzero(arrows.any(axis=1)).tolist():
        causes = np.flatnonzero(arrows[j])
        inner[:, causes, j] = _slopes(r, causes, j)
    return np.asarray(inner, dtype=np.float64)


def _slopes(r: Floats, causes: Ints, j: int) -> Floats:
    # Not solve: one replicate with collinear causes must not stop the others.
    inverse = np.linalg.pinv(r[:, causes[:, None], causes], rcond=ROUNDING, hermitian=True)
    return np.asarray((inverse @ r[:, causes, j, None])[:, :, 0], dtype=np.float64)


def _regressions(r: Floats, arrows: Bools) -> tuple[Floats, Floats, Bools]:
    coefficients = np.zeros_like(r)
    r2 = np.zeros(r.shape[:2])
    collinear = np.zeros(r.shape[0], dtype=bool)
    for j in np.flatnonzero(arrows.any(axis=1)).tolist():
        causes = np.flatnonzero(arrows[j])
        slopes = _slopes(r, causes, j)
        coefficients[:, j, causes] = slopes
        r2[:, j] = np.clip((slopes * r[:, causes, j]).sum(axis=1), 0.0, 1.0)
        collinear |= np.linalg.eigvalsh(r[:, causes[:, None], causes])[:, 0] < 1e-8
    return coefficients, r2, collinear
