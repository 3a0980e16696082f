"""Kaplan-Meier from counts: how long until it is done, when some are not done yet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite
from mindgap.measure.errors import BadCounts, TooFewAnswers
from mindgap.measure.normal import checked_level, z_critical


@dataclass(frozen=True, slots=True, eq=False, init=False)
class Outcomes:
    """How many orders were completed, and how many are still open, at each value.

    Customers who stayed or left are counted alike: "completed" is then "left".

    The axis is lateness (actual - promised, negative = early) or duration. An order open at
    value v is known to end *after* v, so give the last value it is known to have passed: with
    whole days, an order whose promised day is still running is open at -1, not at 0.

    Attributes
    ----------
    values, completed, still_open : ndarray of float64, shape (k,)
        Sorted distinct values and counts; read-only.

    Raises
    ------
    BadCounts
        If a count is negative, or anything is not a finite number, or the shapes differ.
    """

    values: Floats
    completed: Floats
    still_open: Floats

    def __init__(
        self, values: ArrayLike, *, completed: ArrayLike, still_open: ArrayLike | None = None
    ) -> None:
        given, done = finite(values), finite(completed, negative=False)
        left = np.zeros_like(done) if still_open is None else finite(still_open, negative=False)
        if given.ndim != 1 or not given.shape == done.shape == left.shape:
            raise BadCounts("one completed and one open count per value needed")
        distinct, where = np.unique(given, return_inverse=True)
        sums = (np.bincount(where, weights=part, minlength=distinct.size) for part in (done, left))
        columns = [distinct + 0.0, *(part.astype(np.float64) for part in sums)]
        for name, column in zip(("values", "completed", "still_open"), columns, strict=True):
            column.flags.writeable = False
            object.__setattr__(self, name, column)

    def __add__(self, other: Outcomes) -> Outcomes:
        if not isinstance(other, Outcomes):
            return NotImplemented
        return Outcomes(
            np.concatenate([self.values, other.values]),
            completed=np.concatenate([self.completed, other.completed]),
            still_open=np.concatenate([self.still_open, other.still_open]),
        )

    @property
    def n(self) -> float:
        """Orders, completed and open."""
        return float(self.completed.sum() + self.still_open.sum())


@dataclass(frozen=True, slots=True, eq=False)
class Survival:
    """Share not yet completed after each of ``values``, with a log-log band.

    ``greenwood`` is the running sum of d / (n (n - d)); the band is NaN where the share is 0 or
    1, because the data there give no variance.
    """

    values: Floats
    share: Floats
    low: Floats
    high: Floats
    greenwood: Floats
    at_risk: Floats


def survival(outcomes: Outcomes, *, level: float = 0.95) -> Survival:
    """Kaplan-Meier estimate with Greenwood's variance on the log(-log) scale.

    Parameters
    ----------
    outcomes : Outcomes
        At equal values completions come before the open ones.

    Returns
    -------
    Survival
        Arrays of shape (k,), one entry per value of ``outcomes``.

    Raises
    ------
    TooFewAnswers
        If there are no orders.

    References
    ----------
    .. [1] Kaplan, E. L., Meier, P. (1958), J. American Statistical Association 53, 457-481.
    .. [2] Kalbfleisch, J. D., Prentice, R. L. (2002), Failure Time Data, 2nd ed., eq. 1.13.
    """
    z = z_critical(checked_level(level))
    if outcomes.n == 0:
        raise TooFewAnswers(n=0, needed=1)
    done, still_open = outcomes.completed, outcomes.still_open
    at_risk: Floats = np.cumsum((done + still_open)[::-1])[::-1]
    # Not at_risk - done: sums of weights would leave a remainder where nobody remains.
    stay = np.append(at_risk[1:], 0.0) + still_open
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.asarray(np.cumprod(np.where(done > 0, stay / (stay + done), 1.0)), dtype=np.float64)
        # Once nobody is left the sum is infinite, and so it is meant.
        greenwood: Floats = np.cumsum(np.where(done > 0, done / ((stay + done) * stay), 0.0))
        low, high = log_log(share, greenwood, z)
    return Survival(outcomes.values, share, low, high, greenwood, at_risk)


def log_log(share: Floats, greenwood: Floats, z: float) -> tuple[Floats, Floats]:
    """Limits of a survival share on the log(-log) scale; NaN at 0 and 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.exp(z * np.sqrt(greenwood) / np.abs(np.log(share)))
        low, high = share**factor, share ** (1 / factor)
    inside = (share > 0) & (share < 1)
    return np.where(inside, low, np.nan), np.where(inside, high, np.nan)
