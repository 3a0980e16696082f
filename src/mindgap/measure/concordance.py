"""How well a score puts customers in the order in which they leave."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Bools, Floats, finite, same_shape, zero_one
from mindgap.measure.errors import NotIdentified
from mindgap.measure.estimate import Estimate
from mindgap.measure.normal import checked_level, z_critical
from mindgap.measure.proportion import proportion


def concordance(durations: ArrayLike, left: ArrayLike, risk: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Harrell's concordance: of two customers, how often the riskier one leaves first.

    Parameters
    ----------
    durations, left : array_like, shape (n,)
        Time seen, and whether it ended by leaving (1) or is still open (0).
    risk : array_like, shape (n,)
        Higher = expected to leave earlier.

    Returns
    -------
    Estimate
        0.5 = no better than chance, 1 = perfect; equal risks count half. ``n`` customers. The
        interval is on the logit scale with the infinitesimal jackknife; Wilson's on the number
        who left where every pair agrees.

    Raises
    ------
    NotIdentified
        If no two customers can be put in order (nobody left, or all at the same time).

    Notes
    -----
    If the risk was fitted to the same customers it flatters itself; the interval does not know.
    At equal times a customer who left comes before one still there.

    References
    ----------
    .. [1] Harrell, F. E., Lee, K. L., Mark, D. B. (1996), Statistics in Medicine 15, 361-387.

    Examples
    --------
    >>> concordance([1, 2, 3, 4], [1, 1, 0, 1], [4, 2, 3, 1]).value
    0.8
    """
    from scipy.special import expit

    times, gone, risks = finite(durations), zero_one(left), finite(risk)
    same_shape(times, gone.astype(np.float64), risks)
    z = z_critical(checked_level(level))
    agreeing, pairs = _pairs(times, gone, risks)
    # Every pair is seen from both sides.
    total = float(pairs.sum()) / 2
    if total == 0:
        raise NotIdentified(what="concordance", reason="no two customers can be ordered")
    value = float(agreeing.sum()) / 2 / total
    se = float(np.sqrt((((agreeing - value * pairs) / total) ** 2).sum()))
    n = float(times.size)
    if not 0 < value < 1 or se == 0:
        who = float(gone.sum())
        wilson = proportion(value * who, who, level=level)
        return Estimate(value, wilson.low, wilson.high, n, "wilson")
    logit, half = math.log(value / (1 - value)), z * se / (value * (1 - value))
    low, high = (float(expit(logit + side * half)) for side in (-1, 1))
    return Estimate(value, low, high, n, "infinitesimal jackknife, logit")


def _pairs(times: Floats, gone: Bools, risks: Floats) -> tuple[Floats, Floats]:
    """Per customer, over all pairs it is part of: how many agree (ties half), and how many."""
    ranks = np.unique(times, return_inverse=True)[1]
    # Who left at a time comes before who was still there at that time.
    order = (2 * ranks + ~gone).astype(np.float64)
    everyone = np.ones_like(gone)
    lower = _later_and_less(order, risks, everyone)
    higher = _later_and_less(order, -risks, everyone)
    after = order.size - np.searchsorted(np.sort(order), order, side="right")
    first = np.where(gone, (lower + after - higher) / 2, 0.0)
    above = _later_and_less(-order, -risks, gone)
    below = _later_and_less(-order, risks, gone)
    before = np.searchsorted(np.sort(order[gone]), order, side="left").astype(np.float64)
    second = (above + before - below) / 2
    return first + second, np.where(gone, after, 0.0) + before


def _later_and_less(order: Floats, value: Floats, counted: Bools) -> Floats:
    """For each i, how many counted j have order_j > order_i and value_j < value_i.

    Merges halves of the sorted row as merge sort does, so n customers cost n log^2 n.
    """
    # Within one order the values ascend, so that no later one is less.
    place = np.lexsort((value, order))
    ranks = np.unique(value, return_inverse=True)[1][place]
    marked = counted[place]
    n = place.size
    stride = n + 1
    found = np.zeros(n)
    position = np.arange(n)
    size = 1
    while size < n:
        block, right = position // (2 * size), (position // size) % 2 == 1
        keys = np.sort((block * stride + ranks)[right & marked])
        start = block[~right] * stride
        found[~right] += np.searchsorted(keys, start + ranks[~right]) - np.searchsorted(keys, start)
        size *= 2
    counts = np.empty(n)
    counts[place] = found
    return counts
