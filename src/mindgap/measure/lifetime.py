"""What a customer is worth over time, with the interval that the evidence allows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite
from mindgap.measure.bgnbd import log_ahead
from mindgap.measure.errors import BadArgument, BadCounts
from mindgap.measure.estimate import Estimate
from mindgap.measure.gamma_gamma import log_spend
from mindgap.measure.normal import checked_level, z_critical
from mindgap.measure.propagation import propagate
from mindgap.measure.purchase import Buyers, PurchaseModel
from mindgap.measure.slope import slopes_of
from mindgap.measure.spend import SpendModel

MOST_PERIODS = 1200


@dataclass(frozen=True, slots=True, eq=False)
class BuyerValues:
    """Value of each row of `Buyers` (n,) within the time looked ahead, and of all together.

    Intervals are those of the models' fits: of the mean of customers alike, not of one customer.
    """

    value: Floats
    low: Floats
    high: Floats
    total: Estimate
    method: str
    warnings: tuple[str, ...] = ()


def lifetime_value(margin: float | Estimate, retention: float | Estimate, *, discount: float) -> Estimate:
    """Value of a customer who pays at the end of each period as long as it stays: m r / (1 + d - r).

    Parameters
    ----------
    margin : float or Estimate
        Margin m of a period, > 0, in the caller's currency.
    retention : float or Estimate
        Share r of customers kept from one period to the next, above 0 to 1.
    discount : float
        Discount rate d of a period, >= 0.

    Returns
    -------
    Estimate
        In the unit of the margin; interval by variance recovery on the log scale. ``high`` is
        infinity (warning ``open_high``) if nobody might ever leave and nothing is discounted.

    Raises
    ------
    BadArgument
        If margin, retention or discount is out of range, or r = 1 with d = 0.

    Notes
    -----
    Takes the same retention at every age. Mostly the early leavers leave early and the rest stay
    longer, so a young base is worth more than this says, and comparing classes needs
    `retention` by age. At r = .8 one point of retention moves the value by four to five per
    cent: look at the interval before the figure.

    References
    ----------
    .. [1] Gupta, S., Lehmann, D. R. (2003), J. Interactive Marketing 17, 9-24.

    Examples
    --------
    >>> round(lifetime_value(100.0, 0.8, discount=0.1).value, 1)
    266.7
    """
    if not 0 <= discount < math.inf:
        raise BadArgument("discount", discount)
    m = margin.value if isinstance(margin, Estimate) else margin
    r = retention.value if isinstance(retention, Estimate) else retention
    if not 0 < m < math.inf:
        raise BadArgument("margin", m)
    if not 0 < r <= 1 or r >= 1 + discount:
        raise BadArgument("retention", r)

    def value(one_margin: float, one_retention: float) -> float:
        rest = 1 + discount - one_retention
        return one_margin * one_retention / rest if rest > 0 else math.inf

    return propagate(value, margin, retention, scale="log")


def buyer_values(
    purchases: PurchaseModel,
    spend: SpendModel,
    buyers: Buyers,
    mean_spend: ArrayLike,
    *,
    periods: int,
    length: float = 1.0,
    discount: float = 0.0,
    margin: float = 1.0,
    level: float = 0.95,
) -> BuyerValues:
    """Discounted value of the purchases to come, customer by customer (BG/NBD and Gamma-Gamma).

    Parameters
    ----------
    purchases, spend : PurchaseModel, SpendModel
        Fitted to the same customers.
    buyers : Buyers
        n rows.
    mean_spend : array_like, shape (n,)
        Mean amount of each one's repeat purchases; 0 without any.
    periods : int
        Periods to look ahead, 1 to 1200.
    length : float, optional
        Length of a period in the unit of ``buyers`` (30.4 for months when those are days).
    discount : float, optional
        Discount rate of a period, >= 0; what is bought in a period counts at its end.
    margin : float, optional
        Margin per unit of spend, above 0 to 1.

    Returns
    -------
    BuyerValues
        In the currency of the spend; ``total`` weights rows by their counts.

    Raises
    ------
    BadArgument
        If a number is out of range.
    BadCounts
        If ``mean_spend`` does not fit ``buyers``.

    Notes
    -----
    The two fits count as independent, as the models take numbers and amounts to be (see the
    warning ``dependent``). Customers without a repeat count as active, see `alive`: their value
    is an upper end. Use it to compare groups, not to decide on a person.

    References
    ----------
    .. [1] Fader, P. S., Hardie, B. G. S., Lee, K. L. (2005), J. Marketing Research 42, 415-430.
    """
    z = z_critical(checked_level(level))
    if not 1 <= periods <= MOST_PERIODS or periods != int(periods):
        raise BadArgument("periods", periods)
    for name, number, most in (("length", length, math.inf), ("margin", margin, 1.0)):
        if not 0 < number <= most or math.isinf(number):
            raise BadArgument(name, number)
    if not 0 <= discount < math.inf:
        raise BadArgument("discount", discount)
    amount = finite(mean_spend, negative=False)
    if amount.shape != buyers.repeats.shape or ((amount > 0) != (buyers.repeats > 0)).any():
        raise BadCounts("mean spend does not fit the purchases")
    factors = (1 + discount) ** -np.arange(1.0, periods + 1)
    ends = length * np.arange(1.0, periods + 1)

    def numbers(logs: Floats) -> Floats:
        return _discounted(logs, buyers, ends, factors)

    def amounts(logs: Floats) -> Floats:
        return log_spend(logs, buyers.repeats, amount)

    log_number, log_amount = numbers(purchases.logs), amounts(spend.logs)
    value = margin * np.exp(log_number + log_amount)
    slopes = (slopes_of(numbers, purchases.logs), slopes_of(amounts, spend.logs))
    tables = (purchases.covariance, spend.covariance)
    variance = sum(np.einsum("kn,kl,ln->n", s, t, s) for s, t in zip(slopes, tables, strict=True))
    reach = z * np.sqrt(np.maximum(variance, 0.0))
    warnings = tuple(dict.fromkeys(purchases.warnings + spend.warnings))
    method = "delta method on logs"
    # The log of a sum moves by the mean of the logs' moves, weighted by value.
    total = float(buyers.counts @ value)
    if total <= 0:
        raise BadCounts("no customers")
    part = buyers.counts * value / total
    whole = z * math.sqrt(sum(float(s @ part @ t @ (s @ part)) for s, t in zip(slopes, tables, strict=True)))
    together = Estimate(total, total * math.exp(-whole), total * math.exp(whole), buyers.n, method, warnings)
    return BuyerValues(value, value * np.exp(-reach), value * np.exp(reach), together, method, warnings)


def _discounted(logs: Floats, buyers: Buyers, ends: Floats, factors: Floats) -> Floats:
    """Log of the discounted number of purchases in the periods that end at ``ends``, (n,)."""
    # Summing by parts: what is bought up to each end, times the fall of the factor after it.
    falls = factors - np.append(factors[1:], 0.0)
    x, last, observed = buyers.repeats, buyers.last, buyers.observed
    number = np.zeros_like(x)
    for end, fall in zip(ends, falls, strict=True):
        if fall > 0:
            number += fall * np.exp(log_ahead(logs, x, last, observed, np.full_like(x, end)))
    return np.asarray(np.log(np.maximum(number, 1e-300)), dtype=np.float64)
