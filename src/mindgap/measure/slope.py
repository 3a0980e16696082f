"""Slopes by small steps: for figures whose exact slopes would take pages."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mindgap.measure.arrays import Floats

STEP = 1e-4
ROUNDS = 100
# Steps below this are below what central steps can tell.
SMALLEST = 1e-8

Cost = Callable[[Floats], tuple[float, Floats]]


def slopes_of(figure: Callable[[Floats], Floats], at: Floats) -> Floats:
    """Slopes of a figure of shape (n,) in each of k numbers, shape (k, n), by central steps."""
    steps = STEP * np.eye(at.size)
    rows = [(figure(at + step) - figure(at - step)) / (2 * STEP) for step in steps]
    return np.asarray(rows, dtype=np.float64)


def second_slopes(at: Floats, cost: Cost) -> Floats:
    """Second slopes (k, k) of a cost that returns its value and slopes."""
    bend = slopes_of(lambda place: cost(place)[1], at)
    return np.asarray((bend + bend.T) / 2, dtype=np.float64)


def lowest(cost: Cost, start: Floats, *, farthest: float) -> Floats | None:
    """The place near ``start`` where the cost has no slope and bends up; None if there is none.

    Newton's steps, no longer than 1 in any number, turned downhill where the cost bends down,
    and halved until it falls. Whoever comes as far as ``farthest`` has found no lowest point.
    """
    at = start
    value, slope = cost(at)
    for _ in range(ROUNDS):
        values, vectors = np.linalg.eigh(second_slopes(at, cost))
        steep = np.maximum(np.abs(values), 1e-9 * float(np.abs(values).max()))
        step = -vectors @ ((vectors.T @ slope) / steep)
        longest = float(np.abs(step).max())
        if longest < SMALLEST:
            return at if values[0] > 0 else None
        step = step / max(longest, 1.0)
        # Differences of costs below this are rounding.
        while (ahead := cost(at + step))[0] > value + 1e-13 * abs(value) and np.abs(
            step
        ).max() > SMALLEST / 10:
            step = step / 2
        at, (value, slope) = at + step, ahead
        if np.abs(at).max() > farthest:
            return None
    return None
