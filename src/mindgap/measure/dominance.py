"""Dominance: does one driver add more than another beside every set of the others?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mindgap.measure.arrays import Floats
from mindgap.measure.errors import BadArgument
from mindgap.measure.gram import Gram
from mindgap.measure.lmg import EXACT_TO
from mindgap.measure.subset import added, asked, sizes, subset_r2

_TIE = 1e-12
"""Two gains this near are one gain, told apart by rounding only."""


@dataclass(frozen=True, slots=True, eq=False)
class Dominance:
    """Complete, conditional and general dominance of p drivers.

    Attributes
    ----------
    names : tuple of str
    share : ndarray, shape (p, p)
        ``share[i, j]``: the share of the subsets of the other drivers beside which i adds more
        than j (a tie counts half); 0.5 on the diagonal, and share + share' = 1.
    conditional : ndarray, shape (p, p)
        ``conditional[i, k]``: what i adds to k other drivers on average.
    general : ndarray, shape (p,)
        The mean of those: the LMG share. It is the same number, not a second opinion.
    r2 : float
    n : float
    method : str
    warnings : tuple of str
        `Caution` codes.
    """

    names: tuple[str, ...]
    share: Floats
    conditional: Floats
    general: Floats
    r2: float
    n: float
    method: str
    warnings: tuple[str, ...] = ()

    @property
    def complete(self) -> Floats:
        """D of the literature, shape (p, p): 1 i dominates j, 0 j dominates i, 0.5 undecided."""
        return np.where(self.share == 1.0, 1.0, np.where(self.share == 0.0, 0.0, 0.5))

    @property
    def conditionally(self) -> Floats:
        """The same for the averages by number of other drivers, shape (p, p)."""
        more = self.conditional[:, None, :] - self.conditional[None, :, :]
        low, high = more.min(axis=2), more.max(axis=2)
        unequal = (high - low > _TIE) | (np.abs(high) > _TIE)
        return np.where((low >= -_TIE) & unequal, 1.0, np.where((high <= _TIE) & unequal, 0.0, 0.5))

    def dominates(self, one: str, other: str) -> bool:
        """Whether ``one`` adds more than ``other`` beside every subset of the rest."""
        for name in (one, other):
            if name not in self.names:
                raise BadArgument("name", name)
        return bool(self.share[self.names.index(one), self.names.index(other)] == 1.0)


def dominance(gram: Gram, *, outcome: str, drivers: Sequence[str] | None = None) -> Dominance:
    """Dominance analysis of R-squared.

    Arguments and errors as `mindgap.measure.lmg`; BadArgument with more than 20 drivers.

    Notes
    -----
    What it means: complete dominance is the strongest order two drivers can have: whatever else
    is known, the one tells more than the other. It holds in this sample; whether it holds beyond
    is a question for the intervals of `mindgap.measure.drivers`. When not to use it: as a second
    vote beside LMG, for the general form *is* LMG.

    References
    ----------
    .. [1] Azen, R., Budescu, D. V. (2003), Psychological Methods 8, 129-148.

    Examples
    --------
    >>> answers = Gram.of([[1, 2, 3], [2, 1, 3], [3, 3, 6], [4, 6, 9], [5, 4, 9]], names="abc")
    >>> dominance(answers, outcome="c").share.tolist()
    [[0.5, 1.0], [0.0, 0.5]]
    """
    names, matrix, warnings = asked(gram, outcome=outcome, drivers=drivers)
    if len(names) > EXACT_TO:
        raise BadArgument("drivers", len(names))
    return dominance_of(subset_r2(matrix[None])[:, 0], names=names, n=gram.n, warnings=warnings)


def dominance_of(
    worth: Floats,
    *,
    names: Sequence[str],
    n: float,
    method: str = "r2",
    warnings: tuple[str, ...] = (),
) -> Dominance:
    """The same from what every subset explains, shape (2**p,), numbered by bits.

    For other measures of fit than R-squared, such as McFadden's of an ordinal outcome.
    BadArgument unless there are two to the power of the number of names.
    """
    p = len(names)
    if worth.shape != (2**p,):
        raise BadArgument("worth", worth.shape)
    conditional, gains = np.empty((p, p)), [added(worth, j) for j in range(p)]
    beside = sizes(p - 1)
    for j in range(p):
        conditional[j] = np.bincount(beside, weights=gains[j]) / np.bincount(beside)
    share = np.full((p, p), 0.5)
    for i in range(p):
        for j in range(i + 1, p):
            # Of the subsets without i those without j, and the other way round: the same ones.
            one = gains[i].reshape(-1, 2, 2 ** (j - 1))[:, 0].ravel()
            other = gains[j].reshape(-1, 2, 2**i)[:, 0].ravel()
            more = one - other
            wins = float(np.where(np.abs(more) <= _TIE, 0.5, more > 0).mean())
            share[i, j], share[j, i] = wins, 1.0 - wins
    return Dominance(
        tuple(names), share, conditional, conditional.mean(axis=1), float(worth[-1]), n, method, warnings
    )
