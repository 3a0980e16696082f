"""Residuals and variances of clustered answers: one way, two ways, one group, two groups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mindgap.measure.arrays import Floats, Ints
from mindgap.measure.cluster_sums import ClusterSums
from mindgap.measure.errors import BadArgument, TooFewAnswers
from mindgap.measure.estimate import Caution

FEW = 10
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class ClusterFit:
    """A mean, its residual sums per row, its variance, and how it compares with plain answers."""

    value: float
    n: float
    squares: float | None
    residuals: Floats
    clusters: tuple[int, ...]
    variance: float
    df: float
    plain: float | None
    warnings: tuple[str, ...]


def cluster_fit(sums: ClusterSums) -> ClusterFit:
    """The mean and its variance; TooFewAnswers if a way has fewer than 2 clusters."""
    codes = [_codes(label) for label in sums.labels]
    clusters = tuple(int(code.max(initial=-1)) + 1 for code in codes)
    if min(clusters) < 2:
        raise TooFewAnswers(n=min(clusters), needed=2)
    n = float(sums.n.sum())
    value = float(sums.total.sum()) / n
    residuals = (sums.total - value * sums.n) / n
    # What only rounding keeps from zero is zero, or equal answers would seem to differ.
    residuals[np.abs(residuals) <= ROUNDING * np.abs(sums.total) / n] = 0.0
    plain = squares = None
    if sums.squares is not None and n > 1:
        squares = float(sums.squares.sum())
        spread = max(squares - n * value**2, 0.0) / (n - 1)
        plain = (spread if spread > ROUNDING * squares / n else 0.0) / n
    variance = _several_ways([_squared([residuals], [code]) for code in (*codes, *_pairs(codes))])
    warnings = (Caution.FEW_CLUSTERS,) if min(clusters) < FEW else ()
    return ClusterFit(
        value=value,
        n=n,
        squares=squares,
        residuals=residuals,
        clusters=clusters,
        variance=variance,
        df=min(clusters) - 1,
        plain=plain,
        warnings=warnings,
    )


def _codes(labels: np.ndarray) -> Ints:
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _pairs(codes: Sequence[Ints]) -> list[Ints]:
    """Clusters of the second degree: rows alike in both ways."""
    if len(codes) == 1:
        return []
    return [_codes(codes[0] * (int(codes[1].max()) + 1) + codes[1])]


def _squared(residuals: Sequence[Floats], codes: Sequence[Ints]) -> float:
    """Sum of squared cluster sums, each side times the root of clusters / (clusters - 1)."""
    top = max(int(code.max()) for code in codes) + 1
    sums = np.zeros(top)
    for part, code in zip(residuals, codes, strict=True):
        g = np.unique(code).size
        # Pairs may be as few as one cluster only if every way is; two were asked for.
        sums += math.sqrt(g / (g - 1)) * np.bincount(code, weights=part, minlength=top)
    return float(sums @ sums)


def _several_ways(each: Sequence[float]) -> float:
    if len(each) == 1:
        return each[0]
    first, second, both = each
    joint = first + second - both
    return joint if joint > 0 else max(first, second)


@dataclass(frozen=True, slots=True)
class ClusterStep:
    """Variance and degrees of freedom of a difference, and how its two sides go together."""

    variance: float
    correlation: float
    df: float


def cluster_step(fit_a: ClusterFit, fit_b: ClusterFit, *, a: ClusterSums, b: ClusterSums) -> ClusterStep:
    """The difference of two fits; BadArgument unless both sides have the same ways of clustering."""
    if len(a.labels) != len(b.labels):
        raise BadArgument("clusters", (len(a.labels), len(b.labels)))
    size = a.n.size
    joined = [_codes(np.concatenate(pair)) for pair in zip(a.labels, b.labels, strict=True)]
    together, degrees = [], []
    for code in (*joined, *_pairs(joined)):
        of_a, of_b = code[:size], code[size:]
        together.append(_squared([-fit_a.residuals, fit_b.residuals], [of_a, of_b]))
    for way, code in enumerate(joined):
        part_a = _squared([fit_a.residuals], [code[:size]])
        part_b = _squared([fit_b.residuals], [code[size:]])
        degrees.append(
            _satterthwaite(part_a, part_b, fit_a.clusters[way], fit_b.clusters[way], int(code.max()))
        )
    variance = _several_ways(together)
    if variance <= ROUNDING**2 * (fit_a.variance + fit_b.variance):
        variance = 0.0
    apart = fit_a.variance * fit_b.variance
    shared = (fit_a.variance + fit_b.variance - variance) / 2
    correlation = min(1.0, max(-1.0, shared / math.sqrt(apart))) if apart > 0 else 0.0
    # So few clusters cannot show that all customers took the same step; some width must stay.
    correlation *= 1 - 1 / min(fit_a.clusters + fit_b.clusters)
    return ClusterStep(variance, correlation, min(degrees))


def _satterthwaite(part_a: float, part_b: float, in_a: int, in_b: int, most: int) -> float:
    whole = part_a + part_b
    if whole == 0:
        return most
    return min(most, whole**2 / (part_a**2 / (in_a - 1) + part_b**2 / (in_b - 1)))
