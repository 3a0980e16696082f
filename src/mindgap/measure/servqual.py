"""Service quality as a gap: expectation and experience item by item, dimension by dimension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite, same_shape
from mindgap.measure.counts import Counts
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Difference, Estimate
from mindgap.measure.gram import Gram
from mindgap.measure.mean import mean
from mindgap.measure.paired import mean_paired, step_of_moments
from mindgap.measure.reliability import Items, gap_reliability


@dataclass(frozen=True, slots=True)
class DimensionGap:
    """One dimension: ``gap`` = experienced - expected, in steps of the scale.

    ``weight`` is its share of importance, 0 to 1, over the respondents. ``reliability`` is that
    of a single customer's gap; None with one item or where nobody differs.
    """

    name: str
    gap: Difference
    expected: Estimate
    perceived: Estimate
    weight: float
    reliability: Estimate | None


@dataclass(frozen=True, slots=True)
class Servqual:
    """Gaps per item (in the order given), per dimension and overall; + is better than expected.

    ``overall`` weighs the dimensions equally, ``weighted`` by the points given to them.
    """

    items: tuple[Difference, ...]
    dimensions: tuple[DimensionGap, ...]
    overall: Difference
    weighted: Difference
    reliability: Estimate | None
    n: int


def servqual(
    expected: ArrayLike,
    perceived: ArrayLike,
    *,
    dimensions: Sequence[str],
    weights: Mapping[str, ArrayLike] | None = None,
    level: float = 0.95,
) -> Servqual:
    """Expectation gaps from the answers of the same respondents to the same items.

    Parameters
    ----------
    expected, perceived : array_like, shape (n, k)
        Complete answers on one scale: a row per respondent, a column per item.
    dimensions : sequence of str, length k
        Which dimension each item belongs to.
    weights : mapping of str to array_like, optional
        Points of 100 for each dimension: one number, or one per respondent, shape (n,). They
        are scaled to add up to 1 per respondent. Left out: all dimensions count alike.

    Returns
    -------
    Servqual
        All gaps with paired t intervals. The interval of the weighted gap is that of each
        respondent's own weighted gap, so it knows that dimensions go together.

    Raises
    ------
    TooFewAnswers
        If n < 2.
    BadCounts
        If an answer is not finite, the shapes differ, or a respondent gave no points at all.
    BadArgument
        If ``dimensions`` has not k names, or ``weights`` other names than ``dimensions``.

    Notes
    -----
    Read the gap as a description. Do not rank single customers by it where ``reliability`` is
    below 0.7, and do not take it as a driver of satisfaction: as a difference it assumes that
    expectation and experience count equally with opposite signs, which data mostly refute
    (`response_surface`). Ask for the expectation before the experience; asked afterwards it is
    coloured by what happened (`remembered`). Fill in or drop missing answers beforehand.

    References
    ----------
    .. [1] Parasuraman, A., Zeithaml, V. A., Berry, L. L. (1988), J. Retailing 64, 12-40.
    .. [2] Zeithaml, V. A., Parasuraman, A., Berry, L. L. (1990), Delivering Quality Service.

    Examples
    --------
    >>> found = servqual([[5, 4], [5, 5], [4, 5]], [[4, 4], [4, 5], [4, 4]], dimensions=["easy", "clean"])
    >>> [round(one.gap.value, 2) for one in found.dimensions]
    [-0.67, -0.33]
    """
    e, p = finite(expected), finite(perceived)
    same_shape(e, p)
    if e.ndim != 2 or e.shape[1] == 0:
        raise BadCounts("respondents by items needed")
    n, k = e.shape
    if n < 2:
        raise TooFewAnswers(n=n, needed=2)
    if len(dimensions) != k:
        raise BadArgument("dimensions", tuple(dimensions))
    names = tuple(dict.fromkeys(dimensions))
    columns = [[j for j in range(k) if dimensions[j] == name] for name in names]
    shares = _shares(weights, names, n)
    parts_e = np.column_stack([e[:, own].mean(axis=1) for own in columns])
    parts_p = np.column_stack([p[:, own].mean(axis=1) for own in columns])
    found = tuple(
        DimensionGap(
            name=name,
            gap=mean_paired(parts_e[:, d], parts_p[:, d], level=level),
            expected=mean(Counts.observed(parts_e[:, d]), level=level),
            perceived=mean(Counts.observed(parts_p[:, d]), level=level),
            weight=float(shares[:, d].mean()),
            reliability=_reliability(e[:, columns[d]], p[:, columns[d]], level),
        )
        for d, name in enumerate(names)
    )
    return Servqual(
        items=tuple(mean_paired(e[:, j], p[:, j], level=level) for j in range(k)),
        dimensions=found,
        overall=mean_paired(parts_e.mean(axis=1), parts_p.mean(axis=1), level=level),
        weighted=mean_paired((shares * parts_e).sum(axis=1), (shares * parts_p).sum(axis=1), level=level),
        reliability=_reliability(e, p, level),
        n=n,
    )


def servqual_from_sums(
    gram: Gram,
    *,
    expected: Sequence[str],
    perceived: Sequence[str],
    dimensions: Sequence[str],
    weights: Mapping[str, float] | None = None,
    level: float = 0.95,
) -> Servqual:
    """`servqual` from sums of products instead of rows; the same figures to rounding.

    Parameters
    ----------
    gram : Gram
        Of respondents who answered everything.
    expected, perceived : sequence of str, length k
        Names of its columns, item by item.
    weights : mapping of str to float, optional
        Points for each dimension, the same for all respondents.

    Raises
    ------
    TooFewAnswers, BadArgument, BadCounts
        As `servqual`.

    Examples
    --------
    >>> rows = [[5, 4, 4, 4], [5, 5, 4, 5], [4, 5, 4, 4]]
    >>> gram = Gram.of(rows, names=("e1", "e2", "p1", "p2"))
    >>> found = servqual_from_sums(gram, expected=["e1", "e2"], perceived=["p1", "p2"], dimensions=["easy", "clean"])
    >>> [round(one.gap.value, 2) for one in found.dimensions]
    [-0.67, -0.33]
    """
    k, n = len(expected), gram.n
    if not 0 < k == len(perceived) == len(dimensions):
        raise BadArgument("dimensions", tuple(dimensions))
    if n < 2:
        raise TooFewAnswers(n=n, needed=2)
    near = gram.pick([*expected, *perceived])
    covariance = near.covariance()
    names = tuple(dict.fromkeys(dimensions))
    own = np.array([[each == name for each in dimensions] for name in names]) / 1.0
    own /= own.sum(axis=1, keepdims=True)
    shares = _shares(weights, names, 1)[0]

    def step(row: Floats) -> Difference:
        both = np.concatenate([-row, row])
        return step_of_moments(
            float(both @ near.mean),
            float(both @ covariance @ both),
            n=n,
            size=float(np.abs(near.mean).max()),
            level=level,
        )

    def level_of(row: Floats, *, side: int) -> Estimate:
        placed = np.concatenate([row, 0 * row] if side == 0 else [0 * row, row])
        moments = float(placed @ near.mean), float(placed @ covariance @ placed)
        found = step_of_moments(*moments, n=n, size=float(np.abs(near.mean).max()), level=level)
        return Estimate(found.value, found.low, found.high, n, "t", found.warnings)

    def reliability(columns: Sequence[int]) -> Estimate | None:
        if len(columns) < 2:
            return None
        both = [*columns, *(k + j for j in columns)]
        try:
            items = Items(covariance[np.ix_(both, both)], n=n)
            return gap_reliability(items, expected=len(columns), level=level)
        except NotIdentified:
            return None

    return Servqual(
        items=tuple(step(row) for row in np.eye(k)),
        dimensions=tuple(
            DimensionGap(
                name=name,
                gap=step(row),
                expected=level_of(row, side=0),
                perceived=level_of(row, side=1),
                weight=float(share),
                reliability=reliability([j for j in range(k) if dimensions[j] == name]),
            )
            for name, row, share in zip(names, own, shares, strict=True)
        ),
        overall=step(own.mean(axis=0)),
        weighted=step(shares @ own),
        reliability=reliability(range(k)),
        n=int(n),
    )


def _shares(weights: Mapping[str, ArrayLike] | None, names: tuple[str, ...], n: int) -> Floats:
    if weights is None:
        return np.full((n, len(names)), 1 / len(names))
    if set(weights) != set(names):
        raise BadArgument("weights", sorted(weights))
    columns = [finite(weights[name], negative=False) for name in names]
    if any(column.shape not in ((), (n,)) for column in columns):
        raise BadCounts("one weight, or one per respondent, needed")
    points = np.column_stack([np.broadcast_to(column, (n,)) for column in columns])
    total = points.sum(axis=1, keepdims=True)
    if (total == 0).any():
        raise BadCounts("no points given")
    return np.asarray(points / total, dtype=np.float64)


def _reliability(expected: Floats, perceived: Floats, level: float) -> Estimate | None:
    k = expected.shape[1]
    if k < 2:
        return None
    try:
        return gap_reliability(Items.of(np.hstack([expected, perceived])), expected=k, level=level)
    except NotIdentified:
        return None
