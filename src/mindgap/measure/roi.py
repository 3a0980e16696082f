"""Does it pay? Net value of an improvement as a chance, not as one number; and what is at risk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from mindgap.measure.arrays import Floats
from mindgap.measure.errors import BadArgument, NotIdentified
from mindgap.measure.estimate import Caution, Difference, Estimate
from mindgap.measure.normal import checked_level
from mindgap.measure.propagation import Uncertain, propagate

Origin = Literal["tested", "association", "assumed"]
Figure: TypeAlias = float | Estimate | Uncertain

LEAST_DRAWS = 1000


@dataclass(frozen=True, slots=True, eq=False)
class NetValue:
    """Net value of an improvement.

    ``npv`` is its mean with the middle ``level`` of what may come, in the caller's currency;
    ``chance`` that it is above 0; ``break_even`` the uplift at which it is 0. ``origin`` says
    where the uplift comes from.
    """

    npv: Estimate
    chance: float
    break_even: Estimate
    origin: Origin
    method: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AtRisk:
    """One class of customers: how many, what one brings in a period, the share that stays."""

    customers: float
    revenue: float | Estimate
    retention: Estimate


@dataclass(frozen=True, slots=True)
class RevenueAtRisk:
    """Revenue of each class that would be kept at the reference's retention, and in ``total``."""

    classes: tuple[Estimate, ...]
    total: Estimate


def roi(
    uplift: Figure | Difference,
    *,
    origin: Origin,
    customers: Figure,
    margin: Figure,
    cost: Figure,
    periods: int = 1,
    discount: float = 0.0,
    level: float = 0.95,
    rng: np.random.Generator | None = None,
    draws: int = 20_000,
) -> NetValue:
    """Net present value of an uplift: uplift x customers x margin, less the cost.

    Parameters
    ----------
    uplift : float, Estimate, Difference or Uncertain
        Share of customers kept (or won) more in each period because of the improvement.
    origin : {"tested", "association", "assumed"}
        Where the uplift comes from. "tested": from a trial or a comparison before and after with
        a control group. "association": a difference between customers who chose their own
        group, such as promoters and detractors; it is refused unless named so, and then carries
        the warning ``association``. "assumed": the user's own figure; warning ``assumed``.
    customers, margin, cost : float, Estimate or Uncertain
        Customers reached; margin of one per period (> 0); cost now (>= 0). Independent of one
        another and of the uplift. An Estimate counts as normal, with its interval of ``level``.
    periods : int, optional
        Periods the uplift lasts, the same in each.
    discount : float, optional
        Discount rate of a period, >= 0; margins come at the end of each period.
    rng : numpy.random.Generator, optional
        Needed only where no closed form exists: when two of uplift, customers and margin are
        uncertain (and not all lognormal with a fixed cost), or draws were given.

    Returns
    -------
    NetValue
        The mean is exact in any case.

    Raises
    ------
    BadArgument
        If ``origin`` is none of the three, a number is out of range, or ``rng`` is missing.
    NotIdentified
        If an interval is infinite, or "association": a figure carries that warning (as
        `retention_difference` of groups that chance did not make) under another origin.

    Notes
    -----
    A mean above 0 with a chance of .73 is lost money one time in four: show the chance. The
    result is as good as the uplift: that promoters stay longer does not mean that a customer
    made into a promoter will.

    References
    ----------
    .. [1] Boardman, A. E. et al. (2018), Cost-Benefit Analysis, 5th ed., chapter 11.

    Examples
    --------
    >>> up, cost = Uncertain.normal(0.03, sd=0.012), Uncertain.normal(45000, sd=5000)
    >>> found = roi(up, origin="tested", customers=10000, margin=200, cost=cost)
    >>> round(found.npv.value), round(found.chance, 3), round(found.break_even.value, 4)
    (15000, 0.73, 0.0225)
    """
    checked_level(level)
    if origin not in ("tested", "association", "assumed"):
        raise BadArgument("origin", origin)
    if periods != int(periods) or not 1 <= periods <= 1200:
        raise BadArgument("periods", periods)
    if not 0 <= discount < math.inf:
        raise BadArgument("discount", discount)
    parts = [Uncertain.of(figure, level=level) for figure in (uplift, customers, margin)]
    price = Uncertain.of(cost, level=level)
    for name, part, positive in (
        ("customers", parts[1], True),
        ("margin", parts[2], True),
        ("cost", price, False),
    ):
        if part.mean < 0 or (positive and part.mean == 0):
            raise BadArgument(name, part.mean)
    factor = float(((1 + discount) ** -np.arange(1.0, periods + 1)).sum())
    warnings = _cautions(origin, (uplift, customers, margin, cost))
    mean = factor * math.prod(part.mean for part in parts) - price.mean
    low, high, chance, method = _spread(parts, price, factor, level=level, rng=rng, draws=draws)
    n = parts[1].mean
    npv = Estimate(mean, min(low, mean), max(high, mean), n, method, warnings)
    return NetValue(npv, chance, _break_even(parts, price, factor, level, warnings), origin, method, warnings)


def scenario(customers: float, *, revenue: float, rate: float, low: float, high: float) -> Estimate:
    """Revenue that moves if a rate of the user's own moves: customers x revenue x rate.

    Parameters
    ----------
    customers, revenue : float
        >= 0; revenue of one customer.
    rate, low, high : float
        -1 <= low <= rate <= high <= 1: the user's figure, and the range shown beside it.

    Returns
    -------
    Estimate
        ``low`` and ``high`` are the user's range, not a confidence interval; ``n`` = customers,
        warning ``assumed``.

    Notes
    -----
    There are no built-in rates ("half of the detractors leave"): nobody knows them but the
    user's own history, for which see `revenue_at_risk`.
    """
    for name, number in (("customers", customers), ("revenue", revenue)):
        if not 0 <= number < math.inf:
            raise BadArgument(name, number)
    if not -1 <= low <= rate <= high <= 1:
        raise BadArgument("rate", (low, rate, high))
    whole = customers * revenue
    return Estimate(whole * rate, whole * low, whole * high, customers, "own rates", (Caution.ASSUMED,))


def revenue_at_risk(classes: Sequence[AtRisk], *, reference: Estimate) -> RevenueAtRisk:
    """Revenue that classes of customers lose because they stay less than the reference class.

    Parameters
    ----------
    classes : sequence of AtRisk
        Such as detractors and passives, with retention *observed* over the period of the revenue.
    reference : Estimate
        Retention of the class compared with, such as promoters; 0 to 1.

    Returns
    -------
    RevenueAtRisk
        Per class customers x revenue x (reference - retention), below 0 if the class stays more;
        intervals by variance recovery, the total's with the reference counted once. Warning
        ``association`` always.

    Raises
    ------
    BadArgument
        If there are no classes, or customers, revenue or retention are out of range.

    Notes
    -----
    What is at risk is not what an improvement wins: the classes differ in more than their score.
    The difference comes from the customers themselves, never from a fixed rate.

    Examples
    --------
    >>> stay = Estimate(0.9, 0.88, 0.92, 900, "wilson")
    >>> detractors = AtRisk(1000, 50.0, Estimate(0.8, 0.75, 0.84, 250, "wilson"))
    >>> round(revenue_at_risk([detractors], reference=stay).total.value)
    5000
    """
    if not classes:
        raise BadArgument("classes", 0)
    for share in (reference, *(one.retention for one in classes)):
        if not 0 <= share.low <= share.value <= share.high <= 1:
            raise BadArgument("retention", share.value)
    for one in classes:
        least = one.revenue.low if isinstance(one.revenue, Estimate) else one.revenue
        if not 0 <= one.customers < math.inf or not 0 <= least < math.inf:
            raise BadArgument("classes", one)
    each = tuple(_lost([one], reference) for one in classes)
    return RevenueAtRisk(each, _lost(classes, reference))


def _lost(classes: Sequence[AtRisk], reference: Estimate) -> Estimate:
    def lost(share: float, *rest: float) -> float:
        pairs = zip(rest[::2], rest[1::2], strict=True)
        return sum(
            one.customers * revenue * (share - kept)
            for one, (revenue, kept) in zip(classes, pairs, strict=True)
        )

    parts = [part for one in classes for part in (one.revenue, one.retention)]
    found = propagate(lost, reference, *parts)
    warnings = tuple(dict.fromkeys((*found.warnings, Caution.ASSOCIATION)))
    return Estimate(found.value, found.low, found.high, found.n, found.method, warnings)


def _cautions(origin: Origin, figures: Sequence[Figure | Difference]) -> tuple[str, ...]:
    carried = [
        w for figure in figures if not isinstance(figure, float | int | Uncertain) for w in figure.warnings
    ]
    if Caution.ASSOCIATION in carried and origin != "association":
        raise NotIdentified(what="uplift", reason="association")
    own = {"tested": [], "association": [Caution.ASSOCIATION], "assumed": [Caution.ASSUMED]}[origin]
    return tuple(dict.fromkeys([*own, *carried]))


def _spread(
    parts: Sequence[Uncertain],
    price: Uncertain,
    factor: float,
    *,
    level: float,
    rng: np.random.Generator | None,
    draws: int,
) -> tuple[float, float, float, str]:
    """Low, high and the chance of being above 0, and how they were found."""
    moving = [part for part in parts if not part.is_certain]
    shapes = {part.shape for part in moving}
    tail = (1 - level) / 2
    still = factor * math.prod(part.mean for part in parts if part.is_certain)
    scale = still * math.prod(part.mean for part in moving)
    if len(moving) <= 1 and shapes <= {"normal"} and (price.is_certain or price.shape == "normal"):
        spread = still * moving[0].sd if moving else 0.0
        net = Uncertain.normal(scale - price.mean, sd=math.hypot(spread, price.sd))
        return net.quantile(tail), net.quantile(1 - tail), _above(net), "normal, closed form"
    if shapes <= {"lognormal"} and price.is_certain and scale > 0:
        spread = math.hypot(*(part.logs()[1] for part in moving))
        gain = Uncertain.lognormal(scale, sd=scale * math.sqrt(math.expm1(spread**2)))
        low, high = gain.quantile(tail) - price.mean, gain.quantile(1 - tail) - price.mean
        return low, high, _above(gain, price.mean), "lognormal, closed form"
    return (*_drawn(parts, price, factor, tail, rng, draws), f"{draws} draws")


def _drawn(
    parts: Sequence[Uncertain],
    price: Uncertain,
    factor: float,
    tail: float,
    rng: np.random.Generator | None,
    draws: int,
) -> tuple[float, float, float]:
    if rng is None:
        raise BadArgument("rng", rng)
    if draws < LEAST_DRAWS:
        raise BadArgument("draws", draws)
    net: Floats = np.full(draws, factor)
    for part in parts:
        net = net * part.draw(rng, draws)
    net = net - price.draw(rng, draws)
    low, high = np.quantile(net, [tail, 1 - tail])
    return float(low), float(high), float((net > 0).mean())


def _above(figure: Uncertain, least: float = 0.0) -> float:
    from scipy.special import ndtr

    if figure.is_certain:
        return float(figure.mean > least)
    if figure.shape == "lognormal":
        centre, spread = figure.logs()
        return 1.0 if least <= 0 else float(ndtr((centre - math.log(least)) / spread))
    return float(ndtr((figure.mean - least) / figure.sd))


def _break_even(
    parts: Sequence[Uncertain], price: Uncertain, factor: float, level: float, warnings: tuple[str, ...]
) -> Estimate:
    """The uplift that just pays the cost, from what is known of cost, customers and margin."""

    def needed(cost: float, customers: float, margin: float) -> float:
        return cost / (factor * customers * margin) if customers > 0 and margin > 0 else math.inf

    known = [part.estimate(level=level) for part in (price, *parts[1:])]
    found = propagate(needed, *known)
    every = tuple(dict.fromkeys((*found.warnings, *warnings)))
    return Estimate(found.value, max(found.low, 0.0), found.high, parts[1].mean, found.method, every)
