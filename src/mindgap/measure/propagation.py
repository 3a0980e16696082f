"""Figures that are not certain, and what is known of a result made of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution, Difference, Estimate
from mindgap.measure.normal import checked_level, z_critical

Shape = Literal["fixed", "normal", "lognormal", "given"]


@dataclass(frozen=True, slots=True, eq=False)
class Uncertain:
    """A figure with a ``mean``, a standard deviation ``sd`` and a ``shape``.

    Make one by `fixed`, `normal`, `lognormal`, `given` or `of`. ``draws`` holds the values given.

    Examples
    --------
    >>> Uncertain.normal(0.03, sd=0.012).quantile(0.5)
    0.03
    """

    mean: float
    sd: float
    shape: Shape
    draws: tuple[float, ...] = ()

    @classmethod
    def fixed(cls, value: float) -> Uncertain:
        """Known exactly."""
        return cls(float(finite(value)), 0.0, "fixed")

    @classmethod
    def normal(cls, mean: float, *, sd: float) -> Uncertain:
        """Bell-shaped; ``sd`` >= 0."""
        return cls(float(finite(mean)), float(finite(sd, negative=False)), "normal")

    @classmethod
    def lognormal(cls, mean: float, *, sd: float) -> Uncertain:
        """Positive and leaning to the right; ``mean`` > 0 and ``sd`` >= 0 of the figure itself."""
        if not mean > 0:
            raise BadArgument("mean", mean)
        return cls(float(finite(mean)), float(finite(sd, negative=False)), "lognormal")

    @classmethod
    def given(cls, draws: ArrayLike) -> Uncertain:
        """Values drawn elsewhere (a bootstrap, a posterior), shape (m,), m >= 2, equally likely."""
        values = finite(draws)
        if values.ndim != 1:
            raise BadCounts("one row of draws needed")
        if values.size < 2:
            raise TooFewAnswers(n=values.size, needed=2)
        return cls(float(values.mean()), float(values.std()), "given", tuple(values.tolist()))

    @classmethod
    def of(cls, figure: float | Estimate | Difference | Uncertain, *, level: float = 0.95) -> Uncertain:
        """A number as fixed; an estimate as normal, as wide as its interval of ``level``.

        NotIdentified if the interval is infinite.
        """
        if isinstance(figure, Uncertain):
            return figure
        if not isinstance(figure, Estimate | Difference):
            return cls.fixed(figure)
        sd = (figure.high - figure.low) / 2 / z_critical(level)
        if not math.isfinite(sd):
            raise NotIdentified(what="uncertain figure", reason="interval without end")
        return cls.normal(figure.value, sd=sd)

    @property
    def is_certain(self) -> bool:
        """Whether it does not vary at all."""
        return self.sd == 0

    def logs(self) -> tuple[float, float]:
        """Mean and sd of the log of a lognormal (or fixed positive) figure."""
        variance = math.log1p((self.sd / self.mean) ** 2)
        return math.log(self.mean) - variance / 2, math.sqrt(variance)

    def quantile(self, q: float) -> float:
        """The value with a chance ``q`` (0 < q < 1) below it."""
        from scipy.special import ndtri

        if not 0 < q < 1:
            raise BadArgument("q", q)
        if self.shape == "given":
            return float(np.quantile(self.draws, q))
        if self.shape == "lognormal":
            centre, spread = self.logs()
            return math.exp(centre + float(ndtri(q)) * spread)
        return self.mean + float(ndtri(q)) * self.sd

    def draw(self, rng: np.random.Generator, size: int) -> Floats:
        """``size`` independent values, shape (size,)."""
        if self.shape == "given":
            return rng.choice(np.array(self.draws), size)
        if self.shape == "lognormal":
            centre, spread = self.logs()
            return rng.lognormal(centre, spread, size)
        return rng.normal(self.mean, self.sd, size)

    def estimate(self, *, level: float = 0.95) -> Estimate:
        """Mean with the quantiles of ``level``; ``n`` is the number of draws given, or 0."""
        tail = (1 - checked_level(level)) / 2
        low, high = min(self.quantile(tail), self.mean), max(self.quantile(1 - tail), self.mean)
        return Estimate(self.mean, low, high, float(len(self.draws)), self.shape)


def propagate(
    figure: Callable[..., float], *parts: float | Estimate, scale: Literal["linear", "log"] = "linear"
) -> Estimate:
    """A figure made of independent estimates, with an interval recovered from theirs.

    Parameters
    ----------
    figure : callable
        Takes as many numbers as there are parts; rises or falls in each over its interval.
    parts : float or Estimate
        Plain numbers count as known exactly.
    scale : {"linear", "log"}, optional
        "log" for products and ratios of positive parts: the interval then stays positive.

    Returns
    -------
    Estimate
        ``n`` is the smallest of the parts' (0 without estimates). Warnings are the parts', and
        ``open_high`` or ``open_low`` where a limit of a part sends the figure to infinity.

    Raises
    ------
    NotIdentified
        If the figure is not finite (or with "log" not positive) at the parts' values.

    Notes
    -----
    Each part in turn is moved to its limits; the steps of the figure are added as squares. So a
    lopsided part gives a lopsided result, and no shape of distribution is needed. The parts must
    be independent: not two shares of the same customers.

    References
    ----------
    .. [1] Zou, G. Y., Donner, A. (2008), Statistics in Medicine 27, 1693-1702.

    Examples
    --------
    >>> share = Estimate(0.5, 0.4, 0.6, 100, "wilson")
    >>> round(propagate(lambda a, b: a * b, share, 10.0).low, 6)
    4.0
    """
    if scale not in ("linear", "log"):
        raise BadArgument("scale", scale)
    at = [part.value if isinstance(part, Estimate) else float(part) for part in parts]
    value = float(figure(*at))
    if not math.isfinite(value) or (scale == "log" and value <= 0):
        raise NotIdentified(what="figure", reason="not finite at the estimates")
    centre = _on(scale, value)
    down = up = 0.0
    known = [part for part in parts if isinstance(part, Estimate)]
    for k, part in enumerate(parts):
        if not isinstance(part, Estimate):
            continue
        ends = [_on(scale, float(figure(*at[:k], end, *at[k + 1 :]))) for end in (part.low, part.high)]
        if math.isnan(ends[0]) or math.isnan(ends[1]):
            raise NotIdentified(what="figure", reason="not a number at a limit")
        down = math.hypot(down, max(centre - min(ends), 0.0))
        up = math.hypot(up, max(max(ends) - centre, 0.0))
    low, high = (math.exp(end) if scale == "log" else end for end in (centre - down, centre + up))
    warnings = [warning for part in known for warning in part.warnings]
    warnings += [Caution.OPEN_LOW] * math.isinf(low) + [Caution.OPEN_HIGH] * math.isinf(high)
    n = min((part.n for part in known), default=0.0)
    # Going to the logs and back must not make a width.
    low, high = (min(low, value) if down else value), (max(high, value) if up else value)
    return Estimate(value, low, high, n, f"variance recovery, {scale}", tuple(dict.fromkeys(warnings)))


def _on(scale: str, value: float) -> float:
    if scale == "linear":
        return value
    return -math.inf if value <= 0 else math.log(value)
