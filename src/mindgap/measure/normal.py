"""Quantiles and tails of the normal and the t distribution.

scipy is imported inside the functions, so that a program which only counts starts quickly.
"""

from __future__ import annotations

import math
from functools import lru_cache

from mindgap.measure.errors import BadArgument


def checked_level(level: float) -> float:
    """The confidence level; BadArgument unless 0 < level < 1."""
    if not 0 < level < 1:
        raise BadArgument("level", level)
    return float(level)


@lru_cache(maxsize=256)
def z_critical(level: float) -> float:
    """Two-sided normal quantile, 1.96 for level 0.95."""
    from scipy.special import ndtri

    return float(ndtri(0.5 + checked_level(level) / 2))


@lru_cache(maxsize=4096)
def t_critical(level: float, df: float) -> float:
    """Two-sided t quantile with ``df`` > 0 degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(df, 0.5 + checked_level(level) / 2))


def z_tail(z: float) -> float:
    """Two-sided p-value of a standard normal ``z``."""
    return math.erfc(abs(z) / math.sqrt(2))


def t_tail(t: float, df: float) -> float:
    """Two-sided p-value of a t statistic with ``df`` > 0 degrees of freedom."""
    from scipy.special import stdtr

    return float(2 * stdtr(df, -abs(t)))
