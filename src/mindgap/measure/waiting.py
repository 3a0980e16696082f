"""How long customers will wait: patience known only to lie between two waits."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Bools, Floats, finite
from mindgap.measure.errors import BadArgument, BadCounts, NotConverged, TooFewAnswers
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.normal import checked_level, z_critical
from mindgap.measure.proportion import proportion
from mindgap.measure.waits import Waits

STEPS = ("impatient", "agitated", "angry", "abandon")
ROUNDS = 500
# How far the likelihood's slope may exceed that of the maximum, as a share.
SETTLED = 1e-8
# Limits beyond the first are 0 or 1; the second is how near their likelihood ratio must come.
FARTHEST = 200
NEAR = 0.002
METHOD = "turnbull, likelihood ratio"


@dataclass(frozen=True, slots=True)
class Patience:
    """The distribution of patience, in the unit of the waits.

    ``intervals`` are (left, right, mass): all that the answers can tell apart; patience lies
    in (left, right] with this chance, and where inside they cannot say. ``curve`` and
    ``still`` are pairs of a wait and the share of customers (0 to 1) still patient beyond it,
    at the right ends and at the waits asked for; ``quantiles`` pairs of q and the wait at which
    a share q has lost patience.
    """

    intervals: tuple[tuple[float, float, float], ...]
    curve: tuple[tuple[float, Estimate], ...]
    still: tuple[tuple[float, Estimate], ...]
    quantiles: tuple[tuple[float, Estimate], ...]
    n: float
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WaitingLadder:
    """Patience step by step, in the order of the steps.

    ``ordered`` has one entry per pair of neighbours: whether at no wait more customers have
    reached the later step than the earlier one. ``inconsistent`` is the share of those asked
    whose own answers put a later step before an earlier one; they are left out.
    """

    steps: tuple[tuple[str, Patience], ...]
    ordered: tuple[bool, ...]
    inconsistent: Estimate
    n: int
    warnings: tuple[str, ...] = ()


def patience(
    waits: Waits,
    *,
    quantiles: Sequence[float] = (0.25, 0.5, 0.75),
    at: Sequence[float] = (),
    level: float = 0.95,
) -> Patience:
    """Patience curve from interval answers, without assuming its shape (Turnbull).

    Parameters
    ----------
    waits : Waits
        At least two answers.
    quantiles : sequence of float, optional
        Shares, each between 0 and 1; 0.5 for the median.
    at : sequence of float, optional
        Waits >= 0 at which to give the share still patient.

    Returns
    -------
    Patience
        Values inside an interval are interpolated, as if patience were even inside it; limits
        are not: they reach over the whole interval, because the answers cannot tell. A share
        at a wait that every answer decides is a plain share with Wilson's interval. A quantile
        beyond the longest wait asked is infinite (warning ``not_reached``); a share beyond it
        has low 0 (``open_low``).

    Raises
    ------
    TooFewAnswers
        If there are fewer than two answers.
    BadArgument
        If a quantile, a wait or the level is out of range.
    NotConverged
        If the likelihood cannot be maximised.

    Notes
    -----
    What people say they would tolerate is not what they do: compare with times at which they
    really left. Ask per context; patience at a till says nothing on patience with a parcel.
    Limits hold all curves that the answers do not refute by the likelihood ratio; a bootstrap
    of this curve is too short (.79 to .95 of samples at a nominal .95).

    References
    ----------
    .. [1] Turnbull, B. W. (1976), J. Royal Statistical Society B 38, 290-295.
    .. [2] Wang, Y. (2007), J. Royal Statistical Society B 69, 185-198 (the algorithm).
    .. [3] Banerjee, M., Wellner, J. A. (2001), Annals of Statistics 29, 1699-1731 (limits).

    Examples
    --------
    >>> asked = Waits([0, 2, 5], [2, 5, float("inf")], counts=[2, 6, 2])
    >>> found = patience(asked, at=[2])
    >>> found.still[0][1].value
    0.8
    """
    if waits.n < 2:
        raise TooFewAnswers(n=waits.n, needed=2)
    critical = _check(quantiles, at, level)
    support = _support(waits.lower, waits.upper)
    masses = _masses(support.inside, waits.counts)
    top = float(waits.counts @ np.log(support.inside @ masses))
    limits = _Limits(waits, top, critical, {})
    ends = [float(end) for end in support.right if math.isfinite(end)]
    return Patience(
        intervals=tuple(
            (float(left), float(right), float(mass))
            for left, right, mass in zip(support.left, support.right, masses, strict=True)
            if mass > 1e-9
        ),
        curve=tuple((end, _still(limits, support, masses, end, level)) for end in ends),
        still=tuple((wait, _still(limits, support, masses, wait, level)) for wait in at),
        quantiles=tuple((q, _quantile(limits, support, masses, q)) for q in quantiles),
        n=waits.n,
        warnings=(Caution.ALL_EQUAL,) if waits.counts.size == 1 else (),
    )


def waiting_ladder(
    lower: ArrayLike,
    upper: ArrayLike,
    *,
    steps: Sequence[str] = STEPS,
    counts: ArrayLike | None = None,
    quantiles: Sequence[float] = (0.25, 0.5, 0.75),
    at: Sequence[float] = (),
    level: float = 0.95,
) -> WaitingLadder:
    """Patience at each step from impatient over agitated and angry to leaving.

    Parameters
    ----------
    lower, upper : array_like, shape (n, s)
        A row per respondent, a column per step, as in `Waits`; 0 and infinity where a step was
        not asked.
    steps : sequence of str, length s
        Names of the steps, mildest first.
    counts : array_like, shape (n,), optional
        How many answered as a row says; one each if left out.

    Returns
    -------
    WaitingLadder
        Other arguments and each step's `Patience` as in `patience`. Warning ``contradictory``
        when some contradict themselves.

    Raises
    ------
    TooFewAnswers
        If fewer than two respondents are consistent.
    BadCounts, BadArgument, NotConverged
        As `Waits` and `patience`.

    Examples
    --------
    >>> fine, not_fine = [[0, 2], [1, 5], [0, 1], [2, 5]], [[1, 5], [2, 9], [1, 2], [5, 9]]
    >>> ladder = waiting_ladder(fine, not_fine, steps=("impatient", "abandon"))
    >>> ladder.ordered, ladder.inconsistent.value
    ((True,), 0.0)
    """
    try:
        low, high = np.array(lower, dtype=np.float64), np.array(upper, dtype=np.float64)
    except (TypeError, ValueError):
        raise BadCounts("not numbers") from None
    if low.ndim != 2 or low.shape != high.shape or low.shape[1] != len(steps) or not steps:
        raise BadCounts("respondents by steps needed")
    # Refuses impossible answers of those too who are left out below.
    Waits(low.ravel(), high.ravel())
    _check(quantiles, at, level)
    number = np.ones(low.shape[0]) if counts is None else finite(counts, negative=False)
    if number.shape != low.shape[:1]:
        raise BadCounts("one count per respondent needed")
    asked = float(number.sum())
    fine = ~_contradicts(low, high)
    n = int(number[fine].sum())
    if n < 2:
        raise TooFewAnswers(n=n, needed=2)
    found = [
        (
            step,
            patience(
                Waits(low[fine, j], high[fine, j], counts=number[fine]),
                quantiles=quantiles,
                at=at,
                level=level,
            ),
        )
        for j, step in enumerate(steps)
    ]
    return WaitingLadder(
        steps=tuple(found),
        ordered=tuple(_ordered(a[1], b[1]) for a, b in pairwise(found)),
        inconsistent=proportion(asked - n, asked, level=level),
        n=n,
        warnings=(Caution.CONTRADICTORY,) if asked > n else (),
    )


def _check(quantiles: Sequence[float], at: Sequence[float], level: float) -> float:
    """The critical likelihood ratio."""
    critical = z_critical(checked_level(level)) ** 2
    for q in quantiles:
        if not 0 < q < 1:
            raise BadArgument("quantiles", q)
    for wait in at:
        if not 0 <= wait < math.inf:
            raise BadArgument("at", wait)
    return critical


def _contradicts(low: Floats, high: Floats) -> Bools:
    """Rows in which a later step surely comes before an earlier one."""
    bad = np.zeros(low.shape[0], dtype=np.bool_)
    for i in range(low.shape[1]):
        for j in range(i + 1, low.shape[1]):
            # At lower = later upper the earlier step is still to come, unless it is exact.
            bad |= (high[:, j] < low[:, i]) | ((high[:, j] == low[:, i]) & (low[:, i] < high[:, i]))
    return bad


@dataclass(frozen=True, slots=True, eq=False)
class _Support:
    """Innermost intervals (m,) and which of them each answer holds (u, m)."""

    left: Floats
    right: Floats
    inside: Bools


def _support(lower: Floats, upper: Floats) -> _Support:
    exact = lower == upper
    # Order at one point of time: a point opens, intervals close, intervals open.
    starts = list(zip(lower.tolist(), np.where(exact, 0, 2).tolist(), strict=True))
    ends = [(wait, 1) for wait in upper.tolist()]
    keys = sorted(set(starts) | set(ends))
    pairs = [(a, b) for a, b in pairwise(keys) if a[1] != 1 and b[1] == 1]
    inside = [[a >= start and b <= end for a, b in pairs] for start, end in zip(starts, ends, strict=True)]
    return _Support(
        left=np.array([a[0] for a, _ in pairs]),
        right=np.array([b[0] for _, b in pairs]),
        inside=np.array(inside, dtype=np.bool_),
    )


def _masses(inside: Bools, counts: Floats) -> Floats:
    """Most likely mass of each innermost interval: constrained Newton steps."""
    from scipy.optimize import nnls

    there = counts > 0
    held, number = inside[there].astype(np.float64), counts[there]
    total, root = float(number.sum()), np.sqrt(number)[:, None]
    m = held.shape[1]
    mass = np.full(m, 1 / m)
    slack = math.inf
    for _ in range(ROUNDS):
        fitted = held @ mass
        ratio = held / fitted[:, None]
        slope = number @ ratio
        slack = float(slope.max()) / total - 1
        if slack <= SETTLED:
            return mass
        # The quadratic picture of the likelihood, at its best on masses that add up to 1.
        picture = np.vstack([root * (ratio - 2), np.ones((1, m))])
        aim = np.append(np.zeros(held.shape[0]), 1.0)
        best, _ = nnls(picture, aim, maxiter=50 * m)
        move = best / best.sum() - mass
        mass = _improved(held, number, mass, move, gain=float(slope @ move))
    raise NotConverged(rounds=ROUNDS, distance=slack)


def _improved(held: Floats, number: Floats, mass: Floats, move: Floats, *, gain: float) -> Floats:
    """The longest of the halved steps that keeps a third of the gain its slope promises."""
    start = float(number @ np.log(held @ mass))
    length = 1.0
    while length > 1e-8:
        trial = mass + length * move
        fitted = held @ trial
        if (fitted > 0).all() and float(number @ np.log(fitted)) >= start + length * gain / 3:
            return np.asarray(trial / trial.sum(), dtype=np.float64)
        length /= 2
    # Rounding hides what is left to gain: one step of the slow algorithm that never fails.
    return np.asarray(mass * (number @ (held / (held @ mass)[:, None])) / number.sum(), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class _Limits:
    """Limits of shares from the likelihood ratio; ``seen`` remembers those already found."""

    waits: Waits
    top: float
    critical: float
    seen: dict[float, tuple[float, float]]

    def at(self, wait: float) -> tuple[float, float]:
        """Smallest and largest share still patient beyond ``wait`` that is not refuted."""
        if wait not in self.seen:
            self.seen[wait] = (
                1 - self._largest(0.0, wait),
                self._largest(wait, math.inf),
            )
        return self.seen[wait]

    def _largest(self, start: float, end: float) -> float:
        """Largest share in (start, end].

        Imagined answers of this kind pull the curve along the best ones for each share there;
        the question is how many of them the real answers bear.
        """
        waits = self.waits
        support = _support(np.append(waits.lower, start), np.append(waits.upper, end))
        wished, root = support.inside[-1].astype(np.float64), math.sqrt(self.critical)

        def pulled(number: float) -> tuple[float, float]:
            masses = _masses(support.inside, np.append(waits.counts, number))
            lost = self.top - float(waits.counts @ np.log(support.inside[:-1] @ masses))
            return math.sqrt(2 * max(lost, 0.0)) - root, min(float(masses @ wished), 1.0)

        low, low_at, high = 0.0, -root, waits.n / 8
        high_at, share = pulled(high)
        while high_at < 0:
            if high > FARTHEST * waits.n:
                return 1.0
            low, low_at, high = high, high_at, 4 * high
            high_at, share = pulled(high)
        # Regula falsi; halving the end that stays keeps it from creeping.
        while abs(high_at) > NEAR and high - low > 1e-9 * high:
            middle = (low * high_at - high * low_at) / (high_at - low_at)
            at, share = pulled(middle)
            if abs(at) <= NEAR:
                break
            if at > 0:
                high, high_at, low_at = middle, at, low_at / 2
            else:
                low, low_at, high_at = middle, at, high_at / 2
        return share


def _still(limits: _Limits, support: _Support, masses: Floats, wait: float, level: float) -> Estimate:
    waits = limits.waits
    undecided = (waits.lower < wait) & (wait < waits.upper)
    if not undecided.any():
        # An exact answer equal to the wait has lost patience there.
        beyond = (waits.lower >= wait) & (waits.upper > wait)
        return proportion(min(float(waits.counts[beyond].sum()), waits.n), waits.n, level=level)
    surely = (support.left >= wait) & (support.right > wait)
    spans = (support.left < wait) & (wait < support.right)
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(spans, (support.right - wait) / (support.right - support.left), 0.0)
    # Of what lies beyond the last wait asked nobody knows when it ends: it counts as patient.
    part = np.where(np.isnan(part), 1.0, part)
    value = min(max(float(masses @ (surely + part)), 0.0), 1.0)
    low, high = limits.at(wait)
    open_low = bool((spans & np.isinf(support.right) & (masses > 1e-9)).any())
    low = 0.0 if open_low else max(min(low, value), 0.0)
    flags = (Caution.OPEN_LOW,) if open_low else ()
    return Estimate(value, low, max(high, value), waits.n, METHOD, flags)


def _quantile(limits: _Limits, support: _Support, masses: Floats, q: float) -> Estimate:
    waits, total = limits.waits, np.cumsum(masses)
    place = int(np.argmax(total >= min(q, float(total[-1])) - 1e-9))
    left, right = float(support.left[place]), float(support.right[place])
    before = float(masses[:place].sum())
    share = min(max((q - before) / max(float(masses[place]), 1e-300), 0.0), 1.0)
    value = math.inf if math.isinf(right) else left + share * (right - left)
    ends = np.unique(np.append(waits.lower[waits.lower > 0], waits.upper[np.isfinite(waits.upper)]))
    # Between two ends a curve may fall right after the first, or at the second only.
    soonest = _first(lambda end: limits.at(end)[0], ends, 1 - q)
    latest = _first(lambda end: limits.at(end)[1], ends, 1 - q)
    low = float(ends[soonest - 1]) if soonest > 0 else 0.0
    high = float(ends[latest]) if latest < ends.size else math.inf
    warnings: list[str] = []
    if math.isinf(value):
        warnings.append(Caution.NOT_REACHED)
    if math.isinf(high):
        warnings.append(Caution.OPEN_HIGH)
    return Estimate(value, min(low, left), max(high, right), waits.n, METHOD, tuple(warnings))


def _first(share: Callable[[float], float], ends: Floats, left: float) -> int:
    """Place of the first end at which the falling ``share`` is at most ``left``; all of them if none."""
    low, high = 0, ends.size
    while low < high:
        middle = (low + high) // 2
        if share(float(ends[middle])) <= left:
            high = middle
        else:
            low = middle + 1
    return low


def _ordered(earlier: Patience, later: Patience) -> bool:
    """Whether at every end the later step's share still patient is at least the earlier one's."""
    ends = sorted({end for end, _ in earlier.curve} | {end for end, _ in later.curve})
    return all(_surely_lost(later, end) <= _possibly_lost(earlier, end) + 1e-9 for end in ends)


def _surely_lost(found: Patience, wait: float) -> float:
    return sum(mass for _, right, mass in found.intervals if right <= wait)


def _possibly_lost(found: Patience, wait: float) -> float:
    return sum(mass for left, right, mass in found.intervals if left < wait or right <= wait)
