"""CUSUM: small lasting shifts add up until they cannot be chance, with a known false-alert rate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, Ints, finite
from mindgap.measure.errors import BadArgument, BadCounts, NotConverged

Sides = Literal["both", "fall", "rise"]

NODES = 32
BASELINE_NODES = 31
LARGEST_H = 40.0


@dataclass(frozen=True, slots=True, eq=False)
class Cusum:
    """The two sums and the signals of m periods; arrays of shape (m,).

    ``falls`` and ``rises`` >= 0 in standard deviations, as they stand after each period and before
    a restart; ``signals`` is -1 where a fall, 1 where a rise is signalled, else 0; ``began`` is the
    place where the sum that signals left zero, the best guess at when the change happened, and
    -1 elsewhere.
    """

    falls: Floats
    rises: Floats
    signals: Ints
    began: Ints
    k: float
    h: float


@dataclass(frozen=True, slots=True)
class RunLength:
    """How long a CUSUM runs until it signals, in periods.

    ``mean`` is the average run length. When the baseline is estimated it is averaged over what
    the baseline may have been, and long runs of lucky baselines lift it; ``between`` is the
    average time between signals, one over the average rate, never longer and the figure that
    says how many alerts to expect. ``poor`` is the average run length with a baseline of the bad
    luck that one in ten has. With a known baseline all three are equal.
    """

    mean: float
    between: float
    poor: float


def cusum(
    z: ArrayLike,
    *,
    k: float = 0.5,
    h: float = 5.0,
    sides: Sides = "both",
    head_start: float = 0.0,
    restart: bool = True,
) -> Cusum:
    """Tabular CUSUM of standardised values.

    Parameters
    ----------
    z : array_like, shape (m,)
        Values less their baseline, in standard deviations of one period; NaN for a period
        without answers, which leaves the sums as they are.
    k : float, optional
        What is forgiven each period, >= 0: half the shift to be found soonest.
    h : float, optional
        A sum above h > 0 signals.
    sides : {"both", "fall", "rise"}, optional
        Which changes signal.
    head_start : float, optional
        Where the sums start, 0 <= head_start < h: h / 2 finds a change that is there already.
    restart : bool, optional
        Start again after a signal; otherwise every period above h signals.

    Notes
    -----
    Finds a small change that lasts much sooner than limits around single periods, and a large
    one about as soon; a single odd period seldom signals. A signal says that the level has
    moved away from its baseline, not why. Not for values with trend or season: take those out
    first. How often it errs: `run_length`.

    References
    ----------
    .. [1] Page, E. S. (1954), Biometrika 41, 100-115.
    .. [2] Lucas, J. M., Crosier, R. B. (1982), Technometrics 24, 199-205.

    Examples
    --------
    >>> cusum([0, -3, -2, -3], k=0.5, h=5).signals.tolist()
    [0, 0, 0, -1]
    """
    given = np.asarray(z, dtype=np.float64)
    if given.ndim != 1 or np.isinf(given).any():
        raise BadCounts("not finite")
    _checked(k=k, h=h, sides=sides, head_start=head_start)
    m = given.size
    falls, rises = np.zeros(m), np.zeros(m)
    signals, began = np.zeros(m, dtype=np.int64), np.full(m, -1, dtype=np.int64)
    sums, starts = [head_start, head_start], [0, 0]
    for i, value in enumerate(given.tolist()):
        if math.isnan(value):
            falls[i], rises[i] = sums
            continue
        for side, step in enumerate((-value - k, value - k)):
            sums[side] += step
            if sums[side] <= 0:
                sums[side], starts[side] = 0.0, i + 1
        falls[i], rises[i] = sums
        over = [sums[side] if sides != other else -1.0 for side, other in enumerate(("rise", "fall"))]
        if max(over) > h:
            # Both can only be beyond with k near 0; the larger sum is the better founded.
            side = over.index(max(over))
            signals[i], began[i] = 2 * side - 1, starts[side]
            if restart:
                sums, starts = [head_start, head_start], [i + 1, i + 1]
    return Cusum(falls, rises, signals, began, k, h)


@lru_cache(maxsize=2048)
def run_length(
    h: float,
    *,
    k: float = 0.5,
    shift: float = 0.0,
    baseline: float | None = None,
    sides: Sides = "both",
    head_start: float = 0.0,
) -> RunLength:
    """Average run length of a CUSUM, without drawing.

    Parameters
    ----------
    h, k, sides, head_start
        As in `cusum`.
    shift : float, optional
        True change of the level, in standard deviations of one period, - for a fall.
    baseline : float, optional
        The level is estimated from so many periods; known if left out.

    Notes
    -----
    Solves the integral equation of the run length by Gauss-Legendre quadrature and joins the two
    sides; exact for normal values up to rounding, and
    close for scores of 20 or more answers. An estimated baseline is wrong by chance, for ever
    in the same direction, so alerts come sooner: with baseline = 26, k = 0.5 and h = 5 a fall is
    falsely signalled every 370 periods, not every 931.

    References
    ----------
    .. [1] Page, E. S. (1954), Biometrika 41, 100-115.
    .. [2] Jones, L. A., Champ, C. W., Rigdon, S. E. (2004), J. Quality Technology 36, 95-108.

    Examples
    --------
    >>> round(run_length(4).mean), round(run_length(5, shift=1).mean, 1)
    (168, 10.4)
    """
    _checked(k=k, h=h, sides=sides, head_start=head_start)
    if not math.isfinite(shift):
        raise BadArgument("shift", shift)
    if baseline is None:
        known = _mean_run(h, k, shift, sides, head_start)
        return RunLength(known, known, known)
    if not baseline > 0:
        raise BadArgument("baseline", baseline)
    errors, chances = _normal_nodes()
    runs = np.array([_mean_run(h, k, shift - e / math.sqrt(baseline), sides, head_start) for e in errors])
    tenth = 1.2815515655446004 / math.sqrt(baseline)
    poor = min(_mean_run(h, k, shift + sign * tenth, sides, head_start) for sign in (-1, 1))
    if sides == "both":
        # Either error hurts: one in ten is further off than this.
        wide = 1.6448536269514722 / math.sqrt(baseline)
        poor = min(_mean_run(h, k, shift + sign * wide, sides, head_start) for sign in (-1, 1))
    return RunLength(float(chances @ runs), 1 / float(chances @ (1 / runs)), poor)


@lru_cache(maxsize=512)
def threshold(
    between: float, *, k: float = 0.5, baseline: float | None = None, sides: Sides = "both"
) -> float:
    """The h at which false signals are ``between`` periods apart on average.

    Parameters
    ----------
    between : float
        Periods, > 2. For 40 touchpoints, weekly, with 5 false alerts a year: 40 * 52 / 5 = 416.
    k, baseline, sides
        As in `run_length`; with an estimated baseline, between its ``between``.

    Raises
    ------
    NotConverged
        If no h up to 40 is enough: the baseline is too short for what is asked.

    Examples
    --------
    >>> round(threshold(465.4), 2)
    5.0
    """
    _checked(k=k, h=1.0, sides=sides, head_start=0.0)
    if not (math.isfinite(between) and between > 2):
        raise BadArgument("between", between)
    from scipy.optimize import brentq

    def excess(h: float) -> float:
        return math.log(run_length(h, k=k, baseline=baseline, sides=sides).between / between)

    high = 1.0
    while excess(high) < 0:
        high *= 1.5
        if high > LARGEST_H:
            raise NotConverged(rounds=0, distance=between)
    return float(brentq(excess, 1e-9, high, xtol=1e-7))


def _checked(*, k: float, h: float, sides: str, head_start: float) -> None:
    if not (math.isfinite(k) and k >= 0):
        raise BadArgument("k", k)
    if not (math.isfinite(h) and h > 0):
        raise BadArgument("h", h)
    if sides not in ("both", "fall", "rise"):
        raise BadArgument("sides", sides)
    if not 0 <= head_start < h:
        raise BadArgument("head_start", head_start)


def _mean_run(h: float, k: float, shift: float, sides: str, head_start: float) -> float:
    if sides != "both":
        return _one_sided(h, k, shift if sides == "rise" else -shift, head_start)[1]
    rise, rise_ahead = _one_sided(h, k, shift, head_start)
    fall, fall_ahead = _one_sided(h, k, -shift, head_start)
    # Divided by both lengths, because each may be too large to be multiplied.
    return (rise_ahead / rise + fall_ahead / fall - 1) / (1 / rise + 1 / fall)


def _one_sided(h: float, k: float, shift: float, head_start: float) -> tuple[float, float]:
    """Average run lengths of the rising sum, from zero and from the head start."""
    from scipy.special import ndtr

    points, weights = _legendre(h)
    at = np.append(0.0, points)
    # From u the sum falls to zero with chance F(k - u - shift), or goes to x within (0, h).
    reach = points[None, :] + k - shift - at[:, None]
    matrix = np.eye(at.size)
    matrix[:, 0] -= ndtr(k - shift - at)
    matrix[:, 1:] -= weights * np.exp(-(reach**2) / 2) / math.sqrt(2 * math.pi)
    lengths = np.linalg.solve(matrix, np.ones(at.size))
    # Rounding takes over where hardly any run ever ends.
    if not 1 <= lengths[0] < 1e13:
        lengths = np.full(at.size, 1e13)
    from_zero = float(lengths[0])
    if head_start == 0:
        return from_zero, from_zero
    reach = points + k - shift - head_start
    onward = weights * np.exp(-(reach**2) / 2) / math.sqrt(2 * math.pi)
    ahead = 1 + from_zero * float(ndtr(k - shift - head_start)) + float(onward @ lengths[1:])
    return from_zero, ahead


def _legendre(h: float) -> tuple[Floats, Floats]:
    points, weights = _unit_legendre(NODES if h <= 12 else 4 * NODES)
    return points * h, weights * h


@lru_cache(maxsize=8)
def _unit_legendre(nodes: int) -> tuple[Floats, Floats]:
    points, weights = np.polynomial.legendre.leggauss(nodes)
    return (points + 1) / 2, weights / 2


@lru_cache(maxsize=1)
def _normal_nodes() -> tuple[Floats, Floats]:
    points, weights = np.polynomial.hermite_e.hermegauss(BASELINE_NODES)
    return finite(points), finite(weights / weights.sum())
