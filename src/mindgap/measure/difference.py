"""The interval of a difference from the intervals of its two sides."""

from __future__ import annotations

import math

from mindgap.measure.estimate import Estimate


def mover(a: Estimate, b: Estimate) -> tuple[float, float]:
    """Limits of b - a from the limits of two independent estimates (method of variance recovery).

    References
    ----------
    .. [1] Zou, G. Y., Donner, A. (2008), Statistics in Medicine 27, 1693-1702, eq. 3.
    """
    value = b.value - a.value
    down = math.hypot(b.value - b.low, a.high - a.value)
    up = math.hypot(b.high - b.value, a.value - a.low)
    return value - down, value + up
