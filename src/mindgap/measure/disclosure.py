"""What follows from shown figures about those that are hidden: the attack that suppression must stand."""

from __future__ import annotations

import numpy as np

from mindgap.measure.arrays import Bools, Floats

SLACK = 1e-6
"""People are whole numbers, so this much is rounding."""


def recoverable(equations: Floats, unknown: Bools) -> Bools:
    """Unknown groups whose figure follows exactly from the known ones, by linear algebra alone.

    ``equations`` has shape (q, m): each row times the figures of the m groups is known (0 for a
    total and its parts). A group follows exactly if no change that the equations allow touches it.
    """
    follows = np.zeros_like(unknown)
    columns = equations[:, unknown]
    if columns.size:
        _, strengths, directions = np.linalg.svd(columns)
        free = directions[int((strengths > SLACK).sum()) :]
        follows[unknown] = np.abs(free).max(axis=0, initial=0.0) < SLACK
    return follows


def exposed(
    ns: Floats, equations: Floats, unknown: Bools, *, protect: Bools, least: int, positive: bool
) -> Bools:
    """Groups of ``protect`` about which the known figures say too much, shape (m,).

    That is the case if fewer than ``least`` people stand behind some sum of unknown groups which
    contains it and follows from the equations, or (if it is public which groups are not empty,
    ``positive``) if only one number of people fits.

    Notes
    -----
    By duality of linear programs the smallest number of people in such a sum is the largest
    number the group itself could have, all equations holding and nobody being a negative number
    of people. So one program per group finds what would otherwise need all combinations of lines.
    """
    follows = np.zeros_like(unknown)
    places = np.flatnonzero(unknown)
    net = _Net(ns[places], equations[:, places])
    for at in np.flatnonzero(protect[places]).tolist():
        follows[places[at]] = _says_too_much(net, at, least=least, positive=positive)
    return follows


class _Net:
    """The unknown groups, the equations between them, and the largest numbers seen to fit so far."""

    def __init__(self, ns: Floats, equations: Floats) -> None:
        used = equations.any(axis=1)
        self.ns = ns
        self.equations = equations[used]
        self.known = self.equations @ ns
        # Each solution found shows for all groups at once how large they can be.
        self.seen: Floats = ns.copy()

    def extreme(self, place: int, *, lowest: float, downward: bool = False) -> float:
        """Largest (or smallest) number of people that group ``place`` could have."""
        from scipy.optimize import linprog

        goal = np.zeros(self.ns.size)
        goal[place] = 1.0 if downward else -1.0
        found = linprog(goal, A_eq=self.equations, b_eq=self.known, bounds=(lowest, None), method="highs")
        if found.status == 3:
            return np.inf
        if found.x is None:  # pragma: no cover - a solver that gives up proves nothing; rather hide more
            return float(self.ns[place])
        self.seen = np.maximum(self.seen, found.x)
        return float(found.x[place])


def _says_too_much(net: _Net, place: int, *, least: int, positive: bool) -> bool:
    lowest = 1.0 if positive else 0.0
    # What fits with everybody in their place also fits without, so the strict question comes first.
    if net.seen[place] >= least - SLACK or (most := net.extreme(place, lowest=lowest)) >= least - SLACK:
        return False
    if not positive:
        return True
    only = most < net.ns[place] + SLACK
    if only and net.extreme(place, lowest=lowest, downward=True) > net.ns[place] - SLACK:
        return True
    return net.extreme(place, lowest=0.0) < least - SLACK
