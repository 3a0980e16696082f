"""Importance against performance: what to fix first, and where the data cannot say."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mindgap.measure.errors import BadArgument, BadCounts, TooFewAnswers
from mindgap.measure.estimate import Estimate

Quadrant = Literal["fix first", "protect", "watch", "leave", "undecided"]


@dataclass(frozen=True, slots=True)
class Placed:
    """One attribute on the map; its point lies in ``leaning`` even where it is undecided."""

    name: str
    importance: Estimate
    performance: Estimate
    quadrant: Quadrant
    leaning: Quadrant


@dataclass(frozen=True, slots=True)
class ImportanceMap:
    """Attributes in the order given, and the two lines that part the quadrants."""

    points: tuple[Placed, ...]
    importance_line: float
    performance_line: float


def importance_performance(
    attributes: Mapping[str, tuple[Estimate, Estimate]],
    *,
    importance_line: float | None = None,
    performance_line: float | None = None,
) -> ImportanceMap:
    """Sort attributes into fix first, protect, watch and leave.

    Parameters
    ----------
    attributes : mapping of str to (importance, performance)
        Two `Estimate` each, better = higher. Importance should be a share of explained
        variance with its bootstrap interval, not a correlation and not a stated importance.
    importance_line, performance_line : float, optional
        Where the quadrants meet: a goal if there is one, else the mean of the attributes.

    Returns
    -------
    ImportanceMap
        Important and weak: "fix first"; important and strong: "protect"; unimportant and
        weak: "watch"; unimportant and strong: "leave". "undecided" when either interval
        reaches its line; the point is never forced to one side.

    Raises
    ------
    TooFewAnswers
        If there is no attribute.
    BadCounts
        If a value is not finite, or an interval does not hold its value.
    BadArgument
        If a line is not finite.

    Notes
    -----
    Lines at the means always leave something "below average", however good all are: goals are
    better. Importance is association in these data; a weak and important attribute is a
    candidate for a trial, not a promise of what fixing it will bring.

    References
    ----------
    .. [1] Martilla, J. A., James, J. C. (1977), J. Marketing 41, 77-79.

    Examples
    --------
    >>> at = (Estimate(0.4, 0.3, 0.5, 99, "lmg"), Estimate(40, 35, 45, 99, "t"))
    >>> found = importance_performance({"easy": at}, importance_line=0.2, performance_line=60)
    >>> found.points[0].quadrant
    'fix first'
    """
    if not attributes:
        raise TooFewAnswers(n=0, needed=1)
    for one in (part for pair in attributes.values() for part in pair):
        if not (math.isfinite(one.value) and one.low <= one.value <= one.high):
            raise BadCounts("an interval must hold its finite value")
    pairs = list(attributes.values())
    across = _line("importance_line", importance_line, [first.value for first, _ in pairs])
    upright = _line("performance_line", performance_line, [second.value for _, second in pairs])
    points = []
    for name, (weight, level) in attributes.items():
        leaning = _quadrant(important=weight.value >= across, strong=level.value >= upright)
        clear = weight.excludes(across) and level.excludes(upright)
        points.append(Placed(name, weight, level, leaning if clear else "undecided", leaning))
    return ImportanceMap(tuple(points), across, upright)


def _line(name: str, given: float | None, values: list[float]) -> float:
    line = math.fsum(values) / len(values) if given is None else given
    if not math.isfinite(line):
        raise BadArgument(name, given)
    return line


def _quadrant(*, important: bool, strong: bool) -> Quadrant:
    if important:
        return "protect" if strong else "fix first"
    return "leave" if strong else "watch"
