"""Patience as a Weibull curve: smoother than what the answers alone say, if its shape fits."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mindgap.measure.arrays import Floats
from mindgap.measure.errors import BadArgument, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Estimate
from mindgap.measure.normal import checked_level, z_critical
from mindgap.measure.waits import Waits

# A shape beyond these (as logarithm) is a flat or a vertical curve, not an estimate.
EXTREME = 6.0


@dataclass(frozen=True, slots=True)
class PatienceWeibull:
    """S(t) = exp(-(t / scale)^shape); ``scale`` in the unit of the waits.

    ``shape`` above 1: patience runs out faster the longer it lasts. ``still`` and
    ``quantiles`` as in `Patience`.
    """

    shape: Estimate
    scale: Estimate
    still: tuple[tuple[float, Estimate], ...]
    quantiles: tuple[tuple[float, Estimate], ...]
    log_likelihood: float
    n: float


def patience_weibull(
    waits: Waits,
    *,
    quantiles: Sequence[float] = (0.25, 0.5, 0.75),
    at: Sequence[float] = (),
    level: float = 0.95,
) -> PatienceWeibull:
    """Weibull curve through interval answers, by maximum likelihood.

    Parameters
    ----------
    waits : Waits
        At least three answers; exact answers must be positive.
    quantiles, at : sequence of float, optional
        As in `patience`; waits > 0.

    Returns
    -------
    PatienceWeibull
        Intervals by the delta method on scales that keep them in range.

    Raises
    ------
    TooFewAnswers
        If n < 3.
    NotIdentified
        If all answers agree on some wait, or fit a flat or a vertical curve best.
    BadArgument
        If a quantile or wait is out of range, or an exact answer is 0.

    Notes
    -----
    For few answers, or to smooth the steps of `patience`. Draw both: where the Weibull curve
    leaves the other one's limits its shape is wrong, and its narrow limits are then false.

    Examples
    --------
    >>> asked = Waits([0, 1, 2, 5], [1, 2, 5, float("inf")], counts=[5, 10, 15, 5])
    >>> 2 < patience_weibull(asked).quantiles[1][1].value < 4
    True
    """
    if waits.n < 3:
        raise TooFewAnswers(n=waits.n, needed=3)
    z = z_critical(checked_level(level))
    if ((waits.upper == 0) & (waits.lower == 0)).any():
        raise BadArgument("waits", 0.0)
    if _agree(waits):
        raise NotIdentified(what="weibull curve", reason="all answers agree on one wait")
    at_best, covariance, likelihood = _fitted(waits)
    shape, scale = (float(one) for one in np.exp(at_best))
    reach = z * np.sqrt(np.diag(covariance))

    def positive(value: float, half: float) -> Estimate:
        grown = math.exp(half)
        return Estimate(value, value / grown, value * grown, waits.n, "weibull, delta")

    def quantile(q: float) -> Estimate:
        if not 0 < q < 1:
            raise BadArgument("quantiles", q)
        log_hazard = math.log(-math.log1p(-q))
        slope = np.array([-log_hazard / shape, 1.0])
        half = z * math.sqrt(float(slope @ covariance @ slope))
        return positive(scale * math.exp(log_hazard / shape), half)

    def still(wait: float) -> Estimate:
        if not 0 < wait < math.inf:
            raise BadArgument("at", wait)
        log_hazard = shape * math.log(wait / scale)
        slope = np.array([log_hazard, -shape])
        half = z * math.sqrt(float(slope @ covariance @ slope))
        value, low, high = (math.exp(-math.exp(min(log_hazard + d, 700.0))) for d in (0.0, half, -half))
        return Estimate(value, low, high, waits.n, "weibull, delta")

    return PatienceWeibull(
        shape=positive(shape, float(reach[0])),
        scale=positive(scale, float(reach[1])),
        still=tuple((wait, still(wait)) for wait in at),
        quantiles=tuple((q, quantile(q)) for q in quantiles),
        log_likelihood=likelihood,
        n=waits.n,
    )


def _agree(waits: Waits) -> bool:
    """Whether one wait fits every answer: then a vertical curve there is infinitely likely."""
    start, end = float(waits.lower.max()), float(waits.upper.min())
    if start < end:
        return True
    return start == end and bool((waits.upper[waits.lower == start] == start).all())


def _fitted(waits: Waits) -> tuple[Floats, Floats, float]:
    from scipy.optimize import minimize

    finite_upper = waits.upper[np.isfinite(waits.upper)]
    middle = np.concatenate([waits.lower[waits.lower > 0], finite_upper])
    unit = float(np.median(middle))

    def loss(at: Floats) -> float:
        return -_log_likelihood(waits, float(at[0]), float(at[1]) + math.log(unit))

    found = minimize(loss, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
    best = np.asarray(found.x, dtype=np.float64)
    information = _curvature(loss, best)
    values = np.linalg.eigvalsh(information)
    if abs(best[0]) > EXTREME or not np.isfinite(values).all() or values[0] <= 1e-8 * values[-1]:
        raise NotIdentified(what="weibull curve", reason="the answers fit a flat or vertical curve")
    at: Floats = best + np.array([0.0, math.log(unit)])
    covariance: Floats = np.linalg.inv(information).astype(np.float64)
    return at, covariance, -float(found.fun)


def _log_likelihood(waits: Waits, log_shape: float, log_scale: float) -> float:
    shape = math.exp(min(log_shape, 50.0))
    exact = waits.lower == waits.upper
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        start = np.exp(shape * (np.log(waits.lower) - log_scale))
        end = np.exp(shape * (np.log(waits.upper) - log_scale))
        between = -start + np.log(-np.expm1(start - end))
        density = log_shape + shape * (np.log(waits.upper) - log_scale) - np.log(waits.upper) - start
    terms = np.where(exact, density, between)
    if not np.isfinite(terms).all():
        return -1e300
    return float(waits.counts @ terms)


def _curvature(loss: Callable[[Floats], float], at: Floats) -> Floats:
    step = 1e-4
    units = step * np.eye(2)
    return np.array(
        [
            [
                (loss(at + a + b) - loss(at + a - b) - loss(at - a + b) + loss(at - a - b)) / (4 * step**2)
                for b in units
            ]
            for a in units
        ]
    )
