"""Small groups: what must not be shown, so that nobody's answer can be worked out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Bools, Floats, finite
from mindgap.measure.errors import BadArgument, BadCounts

Shown = Literal["score", "comment", "distribution"]


@dataclass(frozen=True, slots=True, eq=False)
class HiddenRow:
    """What to hide of a row of groups and of its total; ``cells`` has shape (m,)."""

    cells: Bools
    total: bool


@dataclass(frozen=True, slots=True, eq=False)
class HiddenTable:
    """What to hide of a table (r, c), of its row totals (r,), column totals (c,) and total."""

    cells: Bools
    rows: Bools
    columns: Bools
    total: bool


@dataclass(frozen=True, slots=True)
class Suppression:
    """The policy: how many people must stand behind a figure before it is shown.

    Numbers are *people* (or answers where they are the same), never weights. What is hidden is
    hidden everywhere, value and n alike. A group without answers is not hidden: there is
    nobody to protect, and "no answers" is what the page says.
    """

    scores: int = 5
    comments: int = 8
    distributions: int = 8

    def __post_init__(self) -> None:
        for name in ("scores", "comments", "distributions"):
            if not getattr(self, name) >= 1:
                raise BadArgument(name, getattr(self, name))

    def least(self, shown: Shown = "score") -> int:
        """Smallest group of which a figure of this kind may be shown."""
        least = {"score": self.scores, "comment": self.comments, "distribution": self.distributions}
        if shown not in least:
            raise BadArgument("shown", shown)
        return least[shown]

    def hides(self, n: float, shown: Shown = "score") -> bool:
        """Whether a figure of ``n`` people is hidden (primary suppression)."""
        return 0 < float(finite(n, negative=False)) < self.least(shown)

    def refuses_difference(self, n_whole: float, n_part: float, shown: Shown = "score") -> bool:
        """Whether a question must be refused because of another one asked before.

        Who may see a group and a part of it can work out the rest, ``n_whole - n_part`` people.
        BadCounts if the part is larger than the whole.
        """
        if n_part > n_whole:
            raise BadCounts("the part is larger than the whole")
        return self.hides(n_whole - n_part, shown)

    def row(self, ns: ArrayLike, shown: Shown = "score") -> HiddenRow:
        """What to hide of groups that add up to a total which is shown too.

        Parameters
        ----------
        ns : array_like, shape (m,)
            People in each group.

        Notes
        -----
        One hidden group could be had by subtraction, and a few together could be too few, so
        the next smallest are hidden with them (complementary suppression).
        """
        numbers = finite(ns, negative=False)
        if numbers.ndim != 1:
            raise BadCounts("one row of groups needed")
        least = self.least(shown)
        line = np.append(numbers, numbers.sum())
        hidden = (line > 0) & (line < least)
        while (more := _weakest(line, hidden, least)) is not None:
            hidden[more] = True
        return HiddenRow(cells=hidden[:-1], total=bool(hidden[-1]))

    def table(self, ns: ArrayLike, shown: Shown = "score") -> HiddenTable:
        """What to hide of a table whose row totals, column totals and total are shown too.

        Parameters
        ----------
        ns : array_like, shape (r, c)
            People in each cell.

        Notes
        -----
        Rows and columns are first treated as in `row`. That alone is not enough: a hidden cell
        can still be worked out by adding some lines and subtracting others, namely when it lies
        on no closed loop of hidden cells. Such cells get company until none is left.
        """
        numbers = finite(ns, negative=False)
        if numbers.ndim != 2:
            raise BadCounts("a table of groups needed")
        least = self.least(shown)
        whole = np.vstack([numbers, numbers.sum(axis=0)])
        whole = np.hstack([whole, whole.sum(axis=1, keepdims=True)])
        hidden = (whole > 0) & (whole < least)
        while (place := _next_to_hide(whole, hidden, least)) is not None:
            hidden[place] = True
        return HiddenTable(
            cells=hidden[:-1, :-1],
            rows=hidden[:-1, -1],
            columns=hidden[-1, :-1],
            total=bool(hidden[-1, -1]),
        )


def _weakest(line: Floats, hidden: Bools, least: int) -> int | None:
    """Place in a line (last entry = total) to hide next; None if the line is safe."""
    count = int(hidden.sum())
    if count == 0:
        return None
    few = not hidden[-1] and float(line[hidden].sum()) < least
    if count > 1 and not few:
        return None
    # Something is left to hide: the total is shown, or the hidden one is not alone.
    return _smallest(line, ~hidden & (line > 0))


def _smallest(ns: Floats, candidates: Bools) -> int:
    """Place of the smallest candidate; a total comes after its parts, so a tie spares it."""
    return int(np.argmin(np.where(candidates, ns, np.inf)))


def _next_to_hide(whole: Floats, hidden: Bools, least: int) -> tuple[int, int] | None:
    rows, columns = whole.shape
    for i in range(rows):
        if (j := _weakest(whole[i], hidden[i], least)) is not None:
            return i, j
    for j in range(columns):
        if (above := _weakest(whole[:, j], hidden[:, j], least)) is not None:
            return above, j
    for i, j in zip(*np.nonzero(_recoverable(hidden)), strict=True):
        # What makes it follow from others is shown somewhere; best to hide it in its own lines.
        shown = ~hidden & (whole > 0)
        near = np.zeros_like(shown)
        near[i], near[:, j] = shown[i], shown[:, j]
        place = _smallest(whole.ravel(), (near if near.any() else shown).ravel())
        return place // columns, place % columns
    return None


def _recoverable(hidden: Bools) -> Bools:
    """Hidden entries that follow from the shown ones.

    Rows and columns are the knots of a net, hidden entries its threads. An entry follows from
    the shown ones exactly if its thread lies on no loop, that is if the resistance of the net
    between its two knots is that of the thread itself, 1.
    """
    rows, columns = hidden.shape
    threads = hidden.astype(np.float64)
    net = np.zeros((rows + columns, rows + columns))
    net[:rows, rows:] = -threads
    net[rows:, :rows] = -threads.T
    np.fill_diagonal(net, -net.sum(axis=1))
    inverse = np.linalg.pinv(net, hermitian=True)
    own = np.diag(inverse)
    resistance = own[:rows, None] + own[None, rows:] - 2 * inverse[:rows, rows:]
    return np.asarray(hidden & (resistance > 1 - 1e-6), dtype=np.bool_)
