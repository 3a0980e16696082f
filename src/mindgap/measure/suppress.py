"""Small groups: what must not be shown, so that nobody's answer can be worked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Bools, Floats, Ints, finite
from mindgap.measure.disclosure import exposed, recoverable
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

    Whoever sees the rest must not be able to work it out. So no sum of groups with fewer people
    than the limit may follow from what is shown, by any adding and subtracting of lines, and the
    number of people of a small group must not follow either. What it does not do: bound how well
    a hidden figure may be guessed, or stop people who pool what they know from elsewhere.
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

    def refuses(
        self, question: ArrayLike, *, asked: Sequence[ArrayLike], ns: ArrayLike, shown: Shown = "score"
    ) -> bool:
        """Whether a question must be refused because of all those answered before.

        Parameters
        ----------
        question : array_like of bool, shape (m,)
            Which atoms the question covers. Atoms are the finest groups: people are in the same
            atom if the same of these questions cover them.
        asked : sequence of array_like of bool, shape (m,) each
            The atoms that each question answered before covers (in the same period, to the
            same person or to anybody who may talk to them).
        ns : array_like, shape (m,)
            People in each atom.

        Returns
        -------
        bool
            True if the question covers too few people, or if with it some sum of atoms with too
            few people follows from the answers: not only by subtracting one from another, but
            by any combination. Atoms that no answer covers need no protection yet.

        Raises
        ------
        BadCounts
            If the shapes do not fit.

        Examples
        --------
        Women, then all: the three who said neither man nor woman would follow from men.

        >>> men, women, others = [1, 0, 0], [0, 1, 0], [0, 0, 1]
        >>> Suppression().refuses(men, asked=[women, [1, 1, 1]], ns=[30, 40, 3])
        True
        """
        numbers = finite(ns, negative=False)
        if numbers.ndim != 1 or any(np.shape(one) != numbers.shape for one in (question, *asked)):
            raise BadCounts("one number per atom needed")
        covers = np.array([*asked, question], dtype=bool)
        equations = covers.astype(np.float64)
        if self.hides(float(equations[-1] @ numbers), shown):
            return True
        least, there = self.least(shown), numbers > 0
        leaks = exposed(numbers, equations, there, protect=numbers < least, least=least, positive=False)
        return bool(leaks.any())

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

        Examples
        --------
        >>> Suppression().row([3, 10, 20]).cells.tolist()
        [True, True, False]
        """
        numbers = finite(ns)
        if numbers.ndim != 1:
            raise BadCounts("one row of groups needed")
        m = numbers.size
        hidden = self.lines(np.append(numbers, numbers.sum()), [(m, range(m))], shown)
        return HiddenRow(cells=hidden[:-1], total=bool(hidden[-1]))

    def table(self, ns: ArrayLike, shown: Shown = "score") -> HiddenTable:
        """What to hide of a table whose row totals, column totals and total are shown too.

        Parameters
        ----------
        ns : array_like, shape (r, c)
            People in each cell.

        Notes
        -----
        Rows and columns each being safe is not enough: a hidden cell can still be worked out by
        adding some lines and subtracting others. Such cells get company until none is left.

        Examples
        --------
        >>> Suppression().table([[3, 20, 30], [10, 20, 30]]).cells.tolist()
        [[True, True, False], [True, True, False]]
        """
        numbers = finite(ns)
        if numbers.ndim != 2:
            raise BadCounts("a table of groups needed")
        whole = np.vstack([numbers, numbers.sum(axis=0)])
        whole = np.hstack([whole, whole.sum(axis=1, keepdims=True)])
        places = np.arange(whole.size).reshape(whole.shape)
        lines = [(int(line[-1]), line[:-1].tolist()) for line in (*places, *places.T)]
        hidden = self.lines(whole.ravel(), lines, shown).reshape(whole.shape)
        return HiddenTable(
            cells=hidden[:-1, :-1],
            rows=hidden[:-1, -1],
            columns=hidden[-1, :-1],
            total=bool(hidden[-1, -1]),
        )

    def tree(self, ns: ArrayLike, parents: ArrayLike, shown: Shown = "score") -> Bools:
        """What to hide of a tree of units whose figures include those of the units below.

        Parameters
        ----------
        ns : array_like, shape (m,)
            People per unit, with all units below it.
        parents : array_like of int, shape (m,)
            Place of the unit above each; -1 for a root.

        Returns
        -------
        ndarray of bool, shape (m,)

        Raises
        ------
        BadCounts
            If a unit has fewer people than those below it, or is below itself.

        Notes
        -----
        People who belong to a unit but to none below it are a group which nobody sees, yet which
        follows by subtraction; it is protected like the others.

        Examples
        --------
        A region of 60 with stores of 3, 17 and 40.

        >>> Suppression().tree([60, 3, 17, 40], [-1, 0, 0, 0]).tolist()
        [False, True, True, False]
        """
        numbers, above = finite(ns, negative=False), _parents(parents)
        if numbers.shape != above.shape or numbers.ndim != 1:
            raise BadCounts("one unit above per unit needed")
        units = [(int(unit), np.flatnonzero(above == unit)) for unit in np.unique(above[above >= 0])]
        rests = np.array([numbers[unit] - numbers[below].sum() for unit, below in units])
        if (rests < 0).any():
            raise BadCounts("the part is larger than the whole")
        m = numbers.size
        lines = [(unit, [*below.tolist(), m + k]) for k, (unit, below) in enumerate(units)]
        unseen = np.arange(m + rests.size) >= m
        whole = np.concatenate([numbers, rests])
        return _hidden(whole, _equations(whole, lines), self.least(shown), unseen=unseen)[:m]

    def lines(
        self, ns: ArrayLike, lines: Sequence[tuple[int, Sequence[int]]], shown: Shown = "score"
    ) -> Bools:
        """What to hide of any groups some of which are sums of others.

        Parameters
        ----------
        ns : array_like, shape (m,)
            People in each group, totals included.
        lines : sequence of (place of a total, places of its parts)
            The parts of a line have nobody in common. A table by unit and segment has one line
            per row, per column, and per unit above others in every column.

        Returns
        -------
        ndarray of bool, shape (m,)

        Raises
        ------
        BadCounts
            If a total is not the sum of its parts, or a place does not exist.

        Examples
        --------
        >>> Suppression().lines([24, 4, 8, 12], [(0, (1, 2, 3))]).tolist()
        [False, True, True, False]
        """
        numbers = finite(ns, negative=False)
        if numbers.ndim != 1:
            raise BadCounts("one row of groups needed")
        unseen = np.zeros(numbers.size, dtype=np.bool_)
        return _hidden(numbers, _equations(numbers, lines), self.least(shown), unseen=unseen)


def _parents(parents: ArrayLike) -> Ints:
    """The places above; BadCounts unless each is a place or -1 and leads to a root."""
    above = np.asarray(parents)
    if above.dtype.kind not in "iu" or ((above < -1) | (above >= above.size)).any():
        raise BadCounts("a unit above does not exist")
    top = above.astype(np.int64)
    for _ in range(top.size):
        top = np.where(top < 0, -1, above[top])
    if (top >= 0).any():
        raise BadCounts("a unit is below itself")
    return above.astype(np.int64)


def _equations(ns: Floats, lines: Sequence[tuple[int, Sequence[int]]]) -> Floats:
    """One row per line: 1 at the parts, -1 at the total; BadCounts if they do not add up."""
    equations = np.zeros((len(lines), ns.size))
    for row, (total, parts) in zip(equations, lines, strict=True):
        places = [total, *parts]
        if min(places) < 0 or max(places) >= ns.size or len(set(places)) < len(places):
            raise BadCounts("a line names a group that does not exist, or one twice")
        row[list(parts)] = 1.0
        row[total] = -1.0
    if (np.abs(equations @ ns) > 1e-6).any():
        raise BadCounts("a total is not the sum of its parts")
    return equations


def _hidden(ns: Floats, equations: Floats, least: int, *, unseen: Bools) -> Bools:
    """Small groups, and company for them until nothing small follows from what is shown.

    ``unseen`` groups are never shown themselves, but follow unless something beside them is hidden.
    """
    hidden = (ns > 0) & (ns < least)
    while (more := _next_to_hide(ns, equations, hidden, least=least, unseen=unseen)) is not None:
        hidden[more] = True
    return hidden


def _next_to_hide(ns: Floats, equations: Floats, hidden: Bools, *, least: int, unseen: Bools) -> int | None:
    """Place to hide next; None if all is safe. The quick questions come first."""
    unknown = (hidden | unseen) & (ns > 0)
    shown = ~unknown & (ns > 0)
    for line in equations:
        if _says_too_much(ns, line, unknown, hidden=hidden, least=least):
            return _smallest(ns, shown & (line != 0))
    leaks = recoverable(equations, unknown) & hidden
    # One line alone holds no more than what was asked of it above.
    if not leaks.any() and equations[:, unknown].any(axis=1).sum() > 1:
        leaks = exposed(ns, equations, unknown, protect=ns < least, least=least, positive=True)
    for place in np.flatnonzero(leaks):
        # What makes it follow from others is shown somewhere; best to hide it in its own lines.
        near = (equations[equations[:, place] != 0] != 0).any(axis=0) & shown
        return _smallest(ns, near if near.any() else shown)
    return None


def _says_too_much(ns: Floats, line: Floats, unknown: Bools, *, hidden: Bools, least: int) -> bool:
    """Whether a line alone gives away a hidden group, or the sum of too few."""
    inside = unknown & (line != 0)
    count = int(inside.sum())
    if not (hidden & inside).any():
        return False
    people = float(ns[inside].sum())
    # With parts and total both hidden the line says nothing; groups of one each have a known size.
    one_side = line[inside].min() == line[inside].max()
    return count == 1 or (one_side and (people < least or people <= count))


def _smallest(ns: Floats, candidates: Bools) -> int:
    """Place of the smallest candidate; a total comes after its parts, so a tie spares it."""
    return int(np.argmin(np.where(candidates, ns, np.inf)))
