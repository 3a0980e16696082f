"""An outcome split among groups of drivers: product, interaction, brand, price ..."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats
from mindgap.measure.bootstrap import estimate, few, units_of
from mindgap.measure.errors import BadArgument
from mindgap.measure.estimate import Estimate
from mindgap.measure.gram import GramStack
from mindgap.measure.lmg import EXACT_TO, lmg_shares
from mindgap.measure.subset import asked, checked_correlations, shapley, subset_r2

_MOST_GROUPS = 12


@dataclass(frozen=True, slots=True)
class GroupShare:
    """What one group of drivers goes with.

    ``share`` is of the *variance of the outcome*, ``portion`` of the *explained part* (None if
    nothing is explained): "36 %" of a split is a portion, and at R-squared 0.6 it is 21.6 % of
    the variance. ``members`` is the sum of the LMG shares of the members, None if there are
    more than 20 drivers.
    """

    name: str
    drivers: tuple[str, ...]
    share: Estimate
    portion: Estimate | None
    members: Estimate | None


@dataclass(frozen=True, slots=True)
class GroupSplit:
    """R-squared of an outcome divided among groups of drivers; never show it without ``r2``."""

    outcome: str
    n: float
    r2: Estimate
    groups: tuple[GroupShare, ...]
    method: str
    warnings: tuple[str, ...] = ()

    def named(self, name: str) -> GroupShare:
        """The group called so; BadArgument if there is none."""
        for group in self.groups:
            if group.name == name:
                return group
        raise BadArgument("name", name)


def group_split(
    answers: ArrayLike | GramStack,
    *,
    outcome: str,
    groups: Mapping[str, Sequence[str]],
    rng: np.random.Generator,
    names: Sequence[str] | None = None,
    clusters: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    replicates: int = 1000,
    level: float = 0.95,
) -> GroupSplit:
    """Loyalty split: how much of R-squared belongs to each group of drivers.

    Parameters
    ----------
    answers, outcome, rng, names, clusters, weights, replicates, level
        As in `mindgap.measure.drivers`.
    groups : mapping of str to sequence of str
        Group to its drivers; every driver in one group. At most 12 groups, any number of drivers.

    Returns
    -------
    GroupSplit

    Raises
    ------
    TooFewAnswers, NotIdentified, BadCounts
        As in `mindgap.measure.drivers`.
    BadArgument
        If there is no group, an empty one, a driver in two, or more than 12 groups.

    Notes
    -----
    The default, ``share``, treats a group as one driver that is taken whole: the average of what
    the group adds over all orders of the groups (the sum of the Owen values of its members). It
    does not grow because a group is asked about with more questions. ``members`` adds up the
    LMG shares of the single drivers and does; with one driver per group both are the same.
    When not to use it: to say what share of loyalty a group "makes". It is a share of what
    these drivers explain, among these people, and goes with it only.

    References
    ----------
    .. [1] Gromping, U. (2006), J. Statistical Software 17(1), section 3 (groups).
    .. [2] Owen, G. (1977), Values of games with a priori unions, in: Mathematical Economics and
       Game Theory, 76-88.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rows = rng.normal(size=(300, 4))
    >>> rows[:, 3] += rows[:, 0] + rows[:, 1]
    >>> found = group_split(
    ...     rows, outcome="x4", groups={"product": ["x1", "x2"], "price": ["x3"]}, rng=rng
    ... )
    >>> [(group.name, round(group.portion.value, 1)) for group in found.groups]
    [('product', 1.0), ('price', 0.0)]
    """
    labels = [name for members in groups.values() for name in members]
    sizes = [len(members) for members in groups.values()]
    if not 0 < len(sizes) <= _MOST_GROUPS or min(sizes) == 0:
        raise BadArgument("groups", sizes)
    units = units_of(answers, rng=rng, names=names, clusters=clusters, weights=weights)
    whole = units.total()
    warnings = asked(whole, outcome=outcome, drivers=labels)[2]
    units = units.pick([*labels, outcome])
    point = _figures(GramStack.of([units.total()]), sizes)[0]
    again = _figures(units.resampled(rng, replicates), sizes)
    found = [
        estimate(float(point[k]), again[:, k], level=level, n=whole.n, units=len(units))
        for k in range(point.size)
    ]
    g = len(sizes)
    shares = tuple(
        GroupShare(
            name=name,
            drivers=tuple(members),
            share=found[k],
            portion=found[g + k] if point[2 * g] > 0 else None,
            members=found[2 * g + 1 + k] if len(labels) <= EXACT_TO else None,
        )
        for k, (name, members) in enumerate(groups.items())
    )
    return GroupSplit(
        outcome, whole.n, found[2 * g], shares, "group lmg, bootstrap percentile",
        (*warnings, *few(len(units))),
    )  # fmt: skip


def _figures(stack: GramStack, widths: Sequence[int]) -> Floats:
    """Per entry: g shares, g portions, R-squared, and g sums of members if not too many."""
    r = checked_correlations(stack.correlations())[0]
    shares = shapley(subset_r2(r, widths)).T
    r2 = shares.sum(axis=1, keepdims=True)
    portions = np.divide(shares, r2, out=np.full_like(shares, 1 / len(widths)), where=r2 > 0)
    parts = [shares, portions, r2]
    if r.shape[1] - 1 <= EXACT_TO:
        starts = np.concatenate([[0], np.cumsum(widths)[:-1]])
        single = shares if max(widths) == 1 else lmg_shares(r)
        parts.append(np.add.reduceat(single, starts, axis=1))
    return np.concatenate(parts, axis=1)
