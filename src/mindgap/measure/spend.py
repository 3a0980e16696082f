"""How much customers spend at a time: the Gamma-Gamma model."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.gamma_gamma import likelihood, log_spend
from mindgap.measure.normal import checked_level, z_critical
from mindgap.measure.slope import lowest, second_slopes, slopes_of

PARAMETERS = 3
FARTHEST = 9.0
LEAST_INFORMATION = 0.01
# Correlation between spend and number of purchases from which independence is not to be had.
MOST_CORRELATED = 0.3


@dataclass(frozen=True, slots=True, eq=False, init=False)
class Spends:
    """What customers with repeat purchases spent at a time.

    Parameters
    ----------
    purchases : array_like, shape (n,)
        Number of purchases each mean is made of; > 0. In the model of repeat purchases these
        are the repeats, without the first one.
    mean : array_like, shape (n,)
        Mean amount per purchase; > 0, in the caller's currency.
    counts : array_like, shape (n,), optional
        How many customers each row stands for.

    Raises
    ------
    BadCounts
        If anything is not a finite number, or not positive. Leave out customers who have no
        repeat purchase, and refunds.
    """

    purchases: Floats
    mean: Floats
    counts: Floats

    def __init__(self, purchases: ArrayLike, *, mean: ArrayLike, counts: ArrayLike | None = None) -> None:
        x, amount = finite(purchases).copy(), finite(mean).copy()
        often = np.ones_like(x) if counts is None else finite(counts, negative=False).copy()
        if x.ndim != 1 or not x.shape == amount.shape == often.shape:
            raise BadCounts("one row of each needed")
        if (x <= 0).any() or (amount <= 0).any():
            raise BadCounts("not positive")
        for name, column in zip(("purchases", "mean", "counts"), (x, amount, often), strict=True):
            column.flags.writeable = False
            object.__setattr__(self, name, column)

    @property
    def n(self) -> float:
        """Customers."""
        return float(self.counts.sum())


@dataclass(frozen=True, slots=True, eq=False)
class SpendModel:
    """A fitted Gamma-Gamma model.

    Amounts of one customer are gamma with shape ``p``; customers' scales are gamma with shape
    ``q`` and rate ``v``. ``mean`` is the mean spend of a customer, p v / (q - 1). ``logs`` (3,)
    are the logs of p, q, v, and ``covariance`` (3, 3) theirs. ``correlation`` is that of number
    of purchases and mean spend, which the model takes to be 0 (None if the number does not
    vary); ``penalty`` as given.
    """

    p: Estimate
    q: Estimate
    v: Estimate
    mean: Estimate
    logs: Floats
    covariance: Floats
    loglik: float
    correlation: float | None
    n: float
    penalty: float
    method: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SpendCells:
    """Mean spend expected of each customer, (n,), with the interval of the model's own fit."""

    value: Floats
    low: Floats
    high: Floats
    method: str


def spend_model(spends: Spends, *, penalty: float = 0.0, level: float = 0.95) -> SpendModel:
    """Fit the Gamma-Gamma model by maximum likelihood.

    Parameters
    ----------
    spends : Spends
        Customers with repeat purchases.
    penalty : float, optional
        >= 0; taken from the log-likelihood times the sum of squares of the logs of p, q and v /
        mean spend, as in `purchase_model`. Means alone say little of the spread within a
        customer, so that below a few hundred customers there may be no top without it; try 0.1.

    Returns
    -------
    SpendModel
        Intervals are Wald's on the log scale. Warning ``dependent`` when the correlation of
        number of purchases and mean spend is beyond 0.3: values built on it are then wrong.

    Raises
    ------
    TooFewAnswers
        With fewer than four customers.
    NotIdentified
        "all equal"; "no top of the likelihood" (customers do not differ, or not steadily);
        "infinite mean" when q <= 1: a few customers spend beyond all bounds.

    Notes
    -----
    A customer seen once or twice is pulled to the mean of all, so that one lucky purchase does
    not make a best customer. Amounts are per purchase, and nothing is said about their number.

    References
    ----------
    .. [1] Fader, P. S., Hardie, B. G. S., Lee, K. L. (2005), J. Marketing Research 42, 415-430.

    Examples
    --------
    >>> amounts = [12.0, 30.0, 18.0, 55.0, 22.0, 9.0, 41.0, 27.0]
    >>> fit = spend_model(Spends([3, 5, 2, 4, 6, 1, 2, 3], mean=amounts), penalty=0.1)
    >>> fit.mean.low < fit.mean.value < fit.mean.high
    True
    """
    z = z_critical(checked_level(level))
    if not 0 <= penalty < math.inf:
        raise BadArgument("penalty", penalty)
    there = spends.counts > 0
    x, amount, counts = spends.purchases[there], spends.mean[there], spends.counts[there]
    n = spends.n
    if n < PARAMETERS + 1:
        raise TooFewAnswers(n=n, needed=PARAMETERS + 1)
    if np.ptp(amount) <= 1e-9 * float(amount.max()):
        raise NotIdentified(what="spend model", reason="all equal")
    unit = float(counts @ amount) / n

    def cost(logs: Floats) -> tuple[float, Floats]:
        value, slope = likelihood(logs, x, amount / unit, counts)
        return (penalty * float(logs @ logs) - value) / n, (2 * penalty * logs - slope) / n

    logs = lowest(cost, np.array([1.0, 1.0, 0.0]), farthest=FARTHEST)
    if (
        logs is None
        or np.linalg.eigvalsh(information := second_slopes(logs, cost) * n)[0] < LEAST_INFORMATION
    ):
        raise NotIdentified(what="spend model", reason="no top of the likelihood")
    if logs[1] <= 0:
        raise NotIdentified(what="spend model", reason="infinite mean")
    covariance: Floats = np.asarray(np.linalg.inv(information), dtype=np.float64)
    loglik = likelihood(logs, x, amount / unit, counts)[0] - float(counts.sum()) * math.log(unit)
    logs = logs + np.array([0.0, 0.0, math.log(unit)])
    related = _correlation(x, amount, counts)
    warnings = (Caution.DEPENDENT,) if related is not None and abs(related) > MOST_CORRELATED else ()
    method = "wald on logs" if penalty == 0 else "penalised, wald on logs"
    half = z * np.sqrt(np.diag(covariance))
    p, q, v = (
        Estimate(math.exp(at), math.exp(at - h), math.exp(at + h), n, method, warnings)
        for at, h in zip(logs, half, strict=True)
    )
    none = np.zeros(1)
    slope = slopes_of(lambda at: log_spend(at, none, none), logs)[:, 0]
    centre, reach = float(log_spend(logs, none, none)[0]), z * math.sqrt(slope @ covariance @ slope)
    mean = Estimate(
        math.exp(centre),
        math.exp(centre - reach),
        math.exp(centre + reach),
        n,
        "delta method on logs",
        warnings,
    )
    return SpendModel(p, q, v, mean, logs, covariance, loglik, related, n, penalty, method, warnings)


def spend_expected(
    model: SpendModel, purchases: ArrayLike, mean: ArrayLike, *, level: float = 0.95
) -> SpendCells:
    """Mean spend per purchase to expect of each customer, given what was seen.

    Parameters
    ----------
    purchases, mean : array_like, shape (n,)
        Both 0 for customers without a repeat purchase: they get the mean of all.

    Raises
    ------
    BadCounts
        If a number is negative, or only one of the two is 0.

    References
    ----------
    .. [1] Fader, Hardie, Lee (2005), J. Marketing Research 42, equation 5.
    """
    z = z_critical(checked_level(level))
    x, amount = finite(purchases, negative=False), finite(mean, negative=False)
    if x.ndim != 1 or x.shape != amount.shape or ((x > 0) != (amount > 0)).any():
        raise BadCounts("purchases without an amount, or an amount without purchases")
    slopes = slopes_of(lambda at: log_spend(at, x, amount), model.logs)
    se = np.sqrt(np.maximum(np.einsum("kn,kl,ln->n", slopes, model.covariance, slopes), 0.0))
    centre = log_spend(model.logs, x, amount)
    value, low, high = (np.exp(centre + side * z * se) for side in (0, -1, 1))
    return SpendCells(value, low, high, "delta method on logs")


def _correlation(x: Floats, amount: Floats, counts: Floats) -> float | None:
    if np.ptp(x) == 0:
        return None
    part = counts / counts.sum()
    dx, dm = x - part @ x, amount - part @ amount
    return float(part @ (dx * dm)) / math.sqrt(float(part @ dx**2) * float(part @ dm**2))
