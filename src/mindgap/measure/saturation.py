"""Does more still help: a line that flattens, steepens or has two sides."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite, same_shape
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Estimate
from mindgap.measure.normal import checked_level, t_critical, t_tail

Shape = Literal["straight", "flattens", "saturates", "steepens"]

_TRIM = 0.15
"""A bend is looked for only where this share of the answers lies on either side."""
_MOST_KNOTS = 50
_ROUNDING = 1e-11
_ROOM = 2**22


@dataclass(frozen=True, slots=True)
class Bend:
    """A line with a bend at ``knot``.

    Attributes
    ----------
    knot : float
        In the unit of the driver; ``is_given`` if the caller chose it.
    below, above : Estimate
        Slopes on either side, outcome per unit of the driver.
    change : Estimate
        Slope above less slope below: negative flattens, positive steepens.
    p : float
        Two-sided p-value of no bend; for a knot that was searched it pays for the search.
    shape : {"straight", "flattens", "saturates", "steepens"}
        "straight" when no bend is shown (which is not: shown to be straight); "saturates" when
        it flattens and the slope above is not shown to be more than zero.
    """

    knot: float
    is_given: bool
    below: Estimate
    above: Estimate
    change: Estimate
    p: float
    shape: Shape
    n: float
    method: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Curvature:
    """A quadratic: ``curve`` is the coefficient of (x - mean)^2, ``slope`` the slope at the mean.

    ``peak`` is the value of the driver where the fitted curve turns, None if outside the answers.
    """

    curve: Estimate
    slope: Estimate
    p: float
    peak: float | None
    n: float
    method: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """What a point lost costs against what a point gained brings, around ``reference``.

    ``loss`` and ``gain`` are slopes below and above; ``difference`` = loss - gain, positive when
    losses weigh more.
    """

    reference: float
    loss: Estimate
    gain: Estimate
    difference: Estimate
    p: float
    n: float
    method: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """Least squares with the HC3 covariance of its coefficients."""

    coefficients: Floats
    covariance: Floats
    residuals: Floats
    df: float
    n: float

    def step(self, along: ArrayLike, *, level: float) -> tuple[Estimate, float]:
        """A sum of coefficients, with its t interval and two-sided p."""
        mix = np.asarray(along, dtype=np.float64)
        value = float(mix @ self.coefficients)
        if abs(value) <= _ROUNDING * float(np.abs(mix) @ np.abs(self.coefficients)):
            value = 0.0
        error = math.sqrt(max(float(mix @ self.covariance @ mix), 0.0))
        half = t_critical(checked_level(level), self.df) * error
        p = t_tail(value / error, self.df) if error > 0 else float(value == 0)
        return Estimate(value, value - half, value + half, self.n, "hc3 t"), p


def saturation(
    driver: ArrayLike,
    outcome: ArrayLike,
    *,
    counts: ArrayLike | None = None,
    knot: float | None = None,
    rng: np.random.Generator | None = None,
    replicates: int = 999,
    level: float = 0.95,
) -> Bend:
    """Whether an outcome flattens or steepens as a driver grows.

    Parameters
    ----------
    driver, outcome : array_like, shape (m,)
        Answers, or the distinct pairs of answers with their ``counts``.
    counts : array_like, shape (m,), optional
        How many people gave each pair; 1 each if left out.
    knot : float, optional
        Where the line may bend (the middle of the scale, the promise kept exactly). If left
        out, the best place between the 15th and the 85th percentile is searched.
    rng : Generator, optional
        Needed to search: for the p-value and the intervals.
    replicates : int, optional
        Of the bootstrap when a knot is searched.

    Returns
    -------
    Bend

    Raises
    ------
    TooFewAnswers
        If n < 6.
    NotIdentified
        If fewer than two distinct values lie at or on one side of the knot, or, when searching,
        there is no place for a knot.
    BadCounts, BadArgument
        If a number is not finite, a count negative, or the search has no ``rng``.

    Notes
    -----
    What it means: a good experience can be a ticket to the game: below the knot it costs
    loyalty, above it adds little. "Straight" says only that no bend was seen. When not to use
    it: with an outcome that itself hits the end of its scale (most answers 10), for then any
    line flattens; look at the share of answers at the top first. It is association.

    A searched knot makes the usual p-value far too small. Here the largest robust score
    statistic over all places is compared with its distribution without a bend, drawn with
    random multipliers (Hansen), and the intervals come from resampling people, knot and all;
    they describe the bend only if ``p`` says there is one.

    References
    ----------
    .. [1] Hansen, B. E. (1996), Econometrica 64, 413-430.
    .. [2] Mittal, V., Ross, W. T., Baldasare, P. M. (1998), J. Marketing 62(1), 33-47.

    Examples
    --------
    >>> satisfied = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    >>> loyal = [1, 2, 3, 4, 5, 5.1, 4.9, 5, 5.1, 5]
    >>> found = saturation(satisfied, loyal, knot=5)
    >>> found.shape, round(found.below.value, 1), round(found.above.value, 1)
    ('saturates', 1.0, 0.0)
    """
    x, y, f = _answers(driver, outcome, counts)
    if knot is not None:
        return _bent(x, y, f, knot=float(finite(knot)), level=level)
    if rng is None:
        raise BadArgument("rng", rng)
    knots = _places(x, f)
    scores = _scores(x, y, f, knots)
    p = scores.p(rng, replicates)
    best = _Search(x, y, knots)
    found = best.fit(f[None, :])[0]
    n = round(float(f.sum()))
    times = rng.multinomial(n, f / f.sum(), size=replicates).astype(np.float64)
    again = best.fit(times)
    tail = (1 - checked_level(level)) / 2
    lows, highs = np.quantile(again, [tail, 1 - tail], axis=0)
    below, above, change = (
        Estimate(float(v), float(min(a, v)), float(max(b, v)), float(f.sum()), "bootstrap percentile")
        for v, a, b in zip(found[1:], lows[1:], highs[1:], strict=True)
    )
    return Bend(
        knot=float(found[0]),
        is_given=False,
        below=below,
        above=above,
        change=change,
        p=p,
        shape=_shape(change.value, p, above, level=level),
        n=float(f.sum()),
        method="supremum score test, bootstrap percentile",
    )


def curvature(
    driver: ArrayLike, outcome: ArrayLike, *, counts: ArrayLike | None = None, level: float = 0.95
) -> Curvature:
    """Whether a parabola fits better than a line; arguments and errors as `saturation`.

    NotIdentified if the driver has fewer than three distinct values.

    Notes
    -----
    A bend and a curve are two pictures of one thing; the parabola needs no knot but always turns
    somewhere: do not read a fall above ``peak`` into it without answers there.

    Examples
    --------
    >>> found = curvature([1, 2, 3, 4, 5, 6, 7], [1, 4, 6, 7.2, 8, 8.4, 8.6])
    >>> found.curve.high < 0
    True
    """
    x, y, f = _answers(driver, outcome, counts)
    if np.unique(x).size < 3:
        raise NotIdentified(what="curve", reason="fewer than three values")
    centre = float(f @ x / f.sum())
    away = x - centre
    fit = _least_squares(np.stack([np.ones_like(x), away, away**2], axis=1), y, f)
    curve, p = fit.step([0, 0, 1], level=level)
    slope, _ = fit.step([0, 1, 0], level=level)
    peak = None
    if curve.value != 0:
        at = centre - slope.value / (2 * curve.value)
        peak = at if x.min() <= at <= x.max() else None
    return Curvature(curve, slope, p, peak, float(f.sum()), "hc3 t")


def asymmetry(
    driver: ArrayLike,
    outcome: ArrayLike,
    *,
    reference: float,
    counts: ArrayLike | None = None,
    level: float = 0.95,
) -> Asymmetry:
    """Whether falling short costs more than exceeding brings.

    Parameters
    ----------
    reference : float
        The point between loss and gain, chosen beforehand: the promise, the expectation (0 for
        a gap), the middle of the scale. Otherwise as `saturation`, also the errors.

    References
    ----------
    .. [1] Anderson, E. W., Sullivan, M. W. (1993), Marketing Science 12, 125-143.

    Examples
    --------
    >>> gap = [-3, -2, -1, 0, 1, 2, 3]
    >>> found = asymmetry(gap, [1.1, 3, 5, 7.1, 7.5, 8, 8.6], reference=0)
    >>> round(found.loss.value, 1), round(found.gain.value, 1), found.difference.excludes(0)
    (2.0, 0.5, True)
    """
    x, y, f = _answers(driver, outcome, counts)
    bend = _bent(x, y, f, knot=float(finite(reference)), level=level)
    turned = bend.change
    difference = Estimate(-turned.value, -turned.high, -turned.low, turned.n, turned.method)
    return Asymmetry(bend.knot, bend.below, bend.above, difference, bend.p, bend.n, bend.method)


def _answers(driver: ArrayLike, outcome: ArrayLike, counts: ArrayLike | None) -> tuple[Floats, ...]:
    x, y = finite(driver), finite(outcome)
    f = np.ones_like(x) if counts is None else finite(counts, negative=False)
    same_shape(x, y, f)
    if x.ndim != 1:
        raise BadCounts("one row of answers needed")
    there = f > 0
    if f.sum() < 6:
        raise TooFewAnswers(n=float(f.sum()), needed=6)
    x, y, f = x[there], y[there], f[there]
    # Slopes do not depend on the level, and an outcome that never changes becomes exactly zero.
    return x, y - np.median(y), f


def _hinge(x: Floats, knot: float) -> Floats:
    return np.stack([np.ones_like(x), x - knot, np.maximum(x - knot, 0.0)], axis=1)


def _bent(x: Floats, y: Floats, f: Floats, *, knot: float, level: float) -> Bend:
    if not (x < knot).any() or not (x > knot).any() or np.unique(x).size < 3:
        raise NotIdentified(what="bend", reason="answers on one side only")
    fit = _least_squares(_hinge(x, knot), y, f)
    below, _ = fit.step([0, 1, 0], level=level)
    above, _ = fit.step([0, 1, 1], level=level)
    change, p = fit.step([0, 0, 1], level=level)
    shape = _shape(change.value, p, above, level=level)
    return Bend(knot, True, below, above, change, p, shape, fit.n, "hc3 t")


def _shape(change: float, p: float, above: Estimate, *, level: float) -> Shape:
    if p >= 1 - level:
        return "straight"
    if change > 0:
        return "steepens"
    return "flattens" if above.low > 0 else "saturates"


def _least_squares(design: Floats, y: Floats, f: Floats) -> _Fit:
    """Ordinary least squares of people, given as pairs with counts."""
    n, k = float(f.sum()), design.shape[1]
    inverse = np.linalg.inv(design.T @ (design * f[:, None]))
    spread = design @ inverse
    coefficients = spread.T @ (f * y)
    # What only rounding keeps from zero would otherwise be a bend surely there.
    size = np.abs(y).max()
    coefficients[np.abs(coefficients) * np.abs(design).max(axis=0) <= _ROUNDING * size] = 0.0
    residuals = y - design @ coefficients
    residuals[np.abs(residuals) <= _ROUNDING * size] = 0.0
    # A person who fixes a coefficient alone has no residual; nothing is known of the spread there.
    left = np.maximum(1 - np.einsum("ij,ij->i", spread, design), 1e-6)
    score = spread * (residuals / left)[:, None]
    return _Fit(coefficients, score.T @ (score * f[:, None]), residuals, n - k, n)


def _places(x: Floats, f: Floats) -> Floats:
    """Where a knot may be: distinct values with enough answers on either side."""
    values, where = np.unique(x, return_inverse=True)
    upto = np.cumsum(np.bincount(where, weights=f)) / f.sum()
    inner = (upto >= _TRIM) & (upto <= 1 - _TRIM)
    inner[0] = inner[-1] = False
    knots = values[inner]
    if knots.size == 0:
        raise NotIdentified(what="bend", reason="no place for a knot")
    if knots.size > _MOST_KNOTS:
        knots = knots[np.linspace(0, knots.size - 1, _MOST_KNOTS).round().astype(np.int64)]
    return knots


@dataclass(frozen=True, slots=True, eq=False)
class _Scores:
    """What each pair of answers says for a bend at each knot, under a straight line."""

    each: Floats
    scale: Floats
    f: Floats

    def p(self, rng: np.random.Generator, replicates: int) -> float:
        """Share of drawings without a bend whose largest statistic is as large as ours."""
        if replicates < 1:
            raise BadArgument("replicates", replicates)
        ours = float((np.abs(self.f @ self.each) * self.scale).max())
        if ours == 0:
            return 1.0
        above = 0
        step = max(1, _ROOM // self.f.size)
        for start in range(0, replicates, step):
            # The sum of the multipliers of f people is normal with variance f.
            drawn = rng.normal(size=(min(step, replicates - start), self.f.size)) * np.sqrt(self.f)
            largest = (np.abs(drawn @ self.each) * self.scale).max(axis=1)
            above += int((largest >= ours * (1 - 1e-12)).sum())
        return (1 + above) / (1 + replicates)


def _scores(x: Floats, y: Floats, f: Floats, knots: Floats) -> _Scores:
    line = np.stack([np.ones_like(x), x - float(f @ x / f.sum())], axis=1)
    fit = _least_squares(line, y, f)
    hinges = np.maximum(x[:, None] - knots, 0.0)
    inverse = np.linalg.inv(line.T @ (line * f[:, None]))
    extra = hinges - line @ (inverse @ (line.T @ (hinges * f[:, None])))
    each = extra * fit.residuals[:, None]
    spread = np.sqrt(f @ each**2)
    return _Scores(each, np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 0), f)


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """The best knot for many sets of counts at once."""

    x: Floats
    y: Floats
    knots: Floats

    def fit(self, counts: Floats) -> Floats:
        """Knot, slope below, slope above and change per row of counts; (b, m) to (b, 4)."""
        best = np.full(len(counts), np.inf)
        found = np.zeros((len(counts), 4))
        for knot in self.knots:
            design = _hinge(self.x, float(knot))
            width = design.shape[1]
            pairs = (design[:, :, None] * design[:, None, :]).reshape(-1, width * width)
            gram = (counts @ pairs).reshape(-1, width, width)
            moment = counts @ (design * self.y[:, None])
            # A replicate may miss all answers of one side; the shortest solution has no bend there.
            slopes = np.einsum("bij,bj->bi", np.linalg.pinv(gram, rcond=1e-10, hermitian=True), moment)
            left = -np.einsum("bi,bi->b", slopes, moment)
            row = np.stack(
                [np.full(len(counts), knot), slopes[:, 1], slopes[:, 1] + slopes[:, 2], slopes[:, 2]], axis=1
            )
            better = left < best - 1e-12 * np.abs(left)
            found[better], best[better] = row[better], left[better]
        return found
