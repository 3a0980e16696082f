"""Repeat purchases of customers who never say goodbye: the BG/NBD model."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Bools, Floats, finite
from mindgap.measure.bgnbd import likelihood, log_ahead, log_odds_gone
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Estimate
from mindgap.measure.normal import checked_level, z_critical
from mindgap.measure.slope import lowest, second_slopes, slopes_of

PARAMETERS = 4
# Logs of parameters beyond this: the model has degenerated to a simpler one.
FARTHEST = 9.0
# Information per direction below this: its log is known to a factor of e^20 at best.
LEAST_INFORMATION = 0.01


@dataclass(frozen=True, slots=True, eq=False, init=False)
class Buyers:
    """What is known of each customer's purchases.

    Parameters
    ----------
    repeats : array_like, shape (n,)
        Purchases after the first one; whole numbers, 0 = never came back.
    last : array_like, shape (n,)
        Time from the first to the last purchase; 0 exactly for those who never came back.
    observed : array_like, shape (n,)
        Time from the first purchase to the end of observation; > 0, same unit.
    counts : array_like, shape (n,), optional
        How many customers each row stands for.

    Raises
    ------
    BadCounts
        If anything is not a finite number, negative, or contradicts the rest.

    Examples
    --------
    >>> Buyers([2, 0], last=[30.4, 0], observed=[38.9, 38.9], counts=[1, 5]).n
    6.0
    """

    repeats: Floats
    last: Floats
    observed: Floats
    counts: Floats

    def __init__(
        self,
        repeats: ArrayLike,
        *,
        last: ArrayLike,
        observed: ArrayLike,
        counts: ArrayLike | None = None,
    ) -> None:
        x, t, whole = (finite(part, negative=False).copy() for part in (repeats, last, observed))
        often = np.ones_like(x) if counts is None else finite(counts, negative=False).copy()
        if x.ndim != 1 or not x.shape == t.shape == whole.shape == often.shape:
            raise BadCounts("one row of each needed")
        if (x % 1 != 0).any():
            raise BadCounts("broken number of purchases")
        if (whole <= 0).any() or (t > whole).any():
            raise BadCounts("last purchase after the end")
        if ((x > 0) != (t > 0)).any():
            raise BadCounts("time of the last purchase without a repeat, or none with one")
        for name, column in zip(("repeats", "last", "observed", "counts"), (x, t, whole, often), strict=True):
            column.flags.writeable = False
            object.__setattr__(self, name, column)

    @property
    def n(self) -> float:
        """Customers."""
        return float(self.counts.sum())


@dataclass(frozen=True, slots=True, eq=False)
class PurchaseModel:
    """A fitted BG/NBD model.

    While active, customers buy at rates spread as a gamma distribution (``r``, ``alpha``, mean
    r / alpha per unit of time); after each purchase they may drop out, with chances spread as a
    beta distribution (``a``, ``b``). ``logs`` (4,) are the logs of r, alpha, a, b, and
    ``covariance`` (4, 4) theirs; ``penalty`` as given.
    """

    r: Estimate
    alpha: Estimate
    a: Estimate
    b: Estimate
    logs: Floats
    covariance: Floats
    loglik: float
    n: float
    penalty: float
    method: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class BuyerCells:
    """A figure for each row of `Buyers`, with the interval that the model's own fit allows.

    Arrays of shape (n,). ``assumed`` marks rows where the model sets the value, not the sample.
    """

    value: Floats
    low: Floats
    high: Floats
    assumed: Bools
    method: str


def purchase_model(buyers: Buyers, *, penalty: float = 0.0, level: float = 0.95) -> PurchaseModel:
    """Fit the BG/NBD model by maximum likelihood.

    Parameters
    ----------
    buyers : Buyers
        One cohort or several; all the same kind of customer.
    penalty : float, optional
        >= 0; taken from the log-likelihood times the sum of squares of the logs of r, alpha /
        mean time observed, a and b: as if each log were known beforehand to be normal around 0
        with variance 1 / (2 penalty). 0.1 keeps small samples from running off to 0 or infinity
        and is forgotten by large ones.

    Returns
    -------
    PurchaseModel
        Intervals of the parameters are Wald's on the log scale.

    Raises
    ------
    TooFewAnswers
        With fewer than five customers.
    NotIdentified
        "no repeat purchases", or "no top of the likelihood": the sample cannot tell dropping
        out from buying rarely; a penalty or a longer time may help.

    Notes
    -----
    For shops without contracts, where leaving is never seen. It assumes steady buying: not for
    seasons, subscriptions, or one product bought every few years; nor does it know of prices or
    touchpoints. Check it by predicting a period that was held back.

    References
    ----------
    .. [1] Fader, P. S., Hardie, B. G. S., Lee, K. L. (2005), Marketing Science 24, 275-284.

    Examples
    --------
    >>> rows = [(0, 0, 30, 60), (1, 9, 30, 20), (2, 21, 30, 12), (5, 27, 30, 8), (3, 6, 30, 5)]
    >>> x, last, observed, counts = zip(*rows)
    >>> fit = purchase_model(Buyers(x, last=last, observed=observed, counts=counts), penalty=0.1)
    >>> fit.r.low < fit.r.value < fit.r.high
    True
    """
    z = z_critical(checked_level(level))
    if not 0 <= penalty < math.inf:
        raise BadArgument("penalty", penalty)
    rows = _merged(buyers)
    if rows.n < PARAMETERS + 1:
        raise TooFewAnswers(n=rows.n, needed=PARAMETERS + 1)
    if not rows.repeats.any():
        raise NotIdentified(what="purchase model", reason="no repeat purchases")
    # In the unit of the mean time observed, so that neither search nor penalty depends on it.
    unit = float(rows.counts @ rows.observed) / rows.n
    table = rows.repeats, rows.last / unit, rows.observed / unit, rows.counts

    def cost(logs: Floats) -> tuple[float, Floats]:
        value, slope = likelihood(logs, *table)
        return (penalty * float(logs @ logs) - value) / rows.n, (2 * penalty * logs - slope) / rows.n

    logs = lowest(cost, np.zeros(PARAMETERS), farthest=FARTHEST)
    if logs is None or np.linalg.eigvalsh(bend := second_slopes(logs, cost) * rows.n)[0] < LEAST_INFORMATION:
        raise NotIdentified(what="purchase model", reason="no top of the likelihood")
    covariance: Floats = np.asarray(np.linalg.inv(bend), dtype=np.float64)
    # The density of times changes with their unit: once per purchase.
    loglik = likelihood(logs, *table)[0] - float(rows.counts @ rows.repeats) * math.log(unit)
    logs = logs + np.array([0.0, math.log(unit), 0.0, 0.0])
    method = "wald on logs" if penalty == 0 else "penalised, wald on logs"
    half = z * np.sqrt(np.diag(covariance))
    r, alpha, a, b = (
        Estimate(math.exp(v), math.exp(v - h), math.exp(v + h), rows.n, method)
        for v, h in zip(logs, half, strict=True)
    )
    return PurchaseModel(r, alpha, a, b, logs, covariance, loglik, rows.n, penalty, method)


def purchases_expected(model: PurchaseModel, horizon: float, *, level: float = 0.95) -> Estimate:
    """Mean number of repeat purchases of a *new* customer within ``horizon`` (> 0).

    Parameters
    ----------
    horizon : float
        Time from the first purchase, in the unit the model was fitted in.

    Returns
    -------
    Estimate
        The interval (delta method on the log scale) is that of the mean, not of one customer.

    References
    ----------
    .. [1] Fader, Hardie, Lee (2005), equation 9.
    """
    z, time = z_critical(checked_level(level)), np.array([_checked(horizon)])
    none = np.zeros(1)

    def mean(logs: Floats) -> Floats:
        return log_ahead(logs, none, none, none, time)

    value, se = _delta(mean, model)
    centre, half = float(value[0]), z * float(se[0])
    low, high = math.exp(centre - half), math.exp(centre + half)
    return Estimate(math.exp(centre), low, high, model.n, "delta method on logs", model.warnings)


def alive(model: PurchaseModel, buyers: Buyers, *, level: float = 0.95) -> BuyerCells:
    """Chance that each customer is still active, 0 to 1.

    Notes
    -----
    Customers without a repeat purchase always get 1, whatever time has passed, because in this
    model one can only drop out *after* a repeat purchase. That is a rule of the model, not news
    about the customer: ``assumed`` marks them, and they must not be shown as "certainly active".

    References
    ----------
    .. [1] Fader, P. S., Hardie, B. G. S. (2008), Computing P(alive) using the BG/NBD model.
    """
    from scipy.special import expit

    z = z_critical(checked_level(level))

    def logit(logs: Floats) -> Floats:
        return -log_odds_gone(logs, buyers.repeats, buyers.last, buyers.observed)

    there = np.asarray(buyers.repeats > 0, dtype=np.bool_)
    centre, se = _delta(logit, model)
    value, low, high = (np.where(there, expit(centre + side * z * se), 1.0) for side in (0, -1, 1))
    return BuyerCells(value, low, high, ~there, "delta method on logits")


def purchases_ahead(
    model: PurchaseModel, buyers: Buyers, horizon: float, *, level: float = 0.95
) -> BuyerCells:
    """Mean number of purchases of each customer in the next ``horizon``, given its history.

    Returns
    -------
    BuyerCells
        Intervals (delta method on the log scale) are those of the mean, not of what one customer
        will do. ``assumed`` marks customers without repeats, who count as active: see `alive`.

    References
    ----------
    .. [1] Fader, Hardie, Lee (2005), equation 10.
    """
    z, times = z_critical(checked_level(level)), np.full_like(buyers.last, _checked(horizon))

    def mean(logs: Floats) -> Floats:
        return log_ahead(logs, buyers.repeats, buyers.last, buyers.observed, times)

    centre, se = _delta(mean, model)
    value, low, high = (np.exp(centre + side * z * se) for side in (0, -1, 1))
    return BuyerCells(value, low, high, buyers.repeats == 0, "delta method on logs")


def _checked(horizon: float) -> float:
    if not 0 < horizon < math.inf:
        raise BadArgument("horizon", horizon)
    return float(horizon)


def _merged(buyers: Buyers) -> Buyers:
    """Equal rows as one; rows that stand for nobody left out."""
    there = buyers.counts > 0
    table = np.column_stack([buyers.repeats, buyers.last, buyers.observed])[there]
    distinct, where = np.unique(table, axis=0, return_inverse=True)
    counts = np.bincount(where.ravel(), weights=buyers.counts[there], minlength=len(distinct))
    return Buyers(distinct[:, 0], last=distinct[:, 1], observed=distinct[:, 2], counts=counts)


def _delta(figure: Callable[[Floats], Floats], model: PurchaseModel) -> tuple[Floats, Floats]:
    """A figure at the fitted parameters and its standard error, (n,), by central differences."""
    slopes = slopes_of(figure, model.logs)
    se = np.sqrt(np.maximum(np.einsum("kn,kl,ln->n", slopes, model.covariance, slopes), 0.0))
    return figure(model.logs), np.asarray(se, dtype=np.float64)
