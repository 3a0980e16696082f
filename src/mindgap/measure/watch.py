"""The standing watch over one touchpoint: alert when its level has moved, and seldom otherwise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Bools, Floats
from mindgap.measure.chart import SHORT_BASELINE, usual_level
from mindgap.measure.cusum import Cusum, RunLength, Sides, cusum, run_length, threshold
from mindgap.measure.errors import TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.track import Track, mask

BASELINE = 26
BETWEEN = 364.0
"""Periods between false alerts of one touchpoint, seven years of weeks: 40 give fewer than 6 a year."""
FORGIVEN = 0.75
DISPERSED = 0.01
GRAIN = 26 ** (1 / 64)


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """A touchpoint under watch.

    ``level`` and ``sd`` (of a period of usual n, without and with what the baseline wavers beyond
    chance) in the unit of the measure; ``z`` (m,) the standardised values, 0 where the baseline
    lies; ``cusum`` its sums and signals over all m periods (none within the baseline);
    ``alerts`` the places that signal. ``false`` states how long it takes to a false signal,
    ``finds`` is the smallest lasting change that is signalled within four periods on average,
    in the unit of the measure. ``waver`` is the standard deviation of periods as a multiple of
    chance (1 unless the baseline clearly wavers more).
    """

    level: float
    sd: float
    z: Floats
    cusum: Cusum
    alerts: tuple[int, ...]
    false: RunLength
    finds: float
    waver: float
    baseline: Bools
    warnings: tuple[str, ...] = ()


def watch(
    track: Track,
    *,
    baseline: ArrayLike = BASELINE,
    between: float = BETWEEN,
    sides: Sides = "fall",
    k: float = FORGIVEN,
) -> Watch:
    """CUSUM over the periods after a baseline, with limits that allow for the baseline's own error.

    Parameters
    ----------
    track : Track
        One sample per period, in order: `Track.nps`, `Track.share`, `Track.mean`.
    baseline : int or array_like, optional
        The periods that say what is usual (the first 26), a mask, or places; never watched.
        Watching begins after the last of them.
    between : float, optional
        Periods between two false alerts that are acceptable. For T touchpoints watched W times
        a year with A false alerts a year in all: T * W / A.
    sides : {"fall", "rise", "both"}, optional
        Which change alerts. Both sides share what ``between`` allows.
    k : float, optional
        What is forgiven each period, in standard deviations.

    Raises
    ------
    TooFewAnswers
        If fewer than 2 baseline periods, or no later one, have answers.
    NotIdentified
        If all answers of the baseline are equal.
    NotConverged
        If the baseline is too short for what ``between`` asks.

    Notes
    -----
    The level is estimated from the baseline and its error counts as that of normal values; n
    may vary, and the lean of scores near the end of the scale is taken out. When the baseline
    wavers from period to period clearly more than chance (p < 0.01), periods are judged by that
    wavering and a warning says so: then only larger changes are found.
    With the defaults and 50 answers a week, 40 quiet touchpoints give 5 to 6 false alerts a
    year; at an NPS of 35 a lasting fall by 20 points is found within 4 weeks in about
    two runs of three, and within 6 in about nine of ten.

    Not for fewer than about 20 answers a period (take longer periods), nor for measures with a
    season in the period watched.

    References
    ----------
    .. [1] Jones, L. A., Champ, C. W., Rigdon, S. E. (2004), J. Quality Technology 36, 95-108.
    .. [2] Johnson, N. J. (1978), J. American Statistical Association 73, 536-544.

    Examples
    --------
    >>> before = Track.nps([10] * 26 + [20] * 6, [15] * 32, [25] * 26 + [15] * 6)
    >>> watch(before).alerts[0]
    27
    """
    used = mask(baseline, size=track.size, name="baseline")
    asked = np.flatnonzero(used)
    first = int(asked[-1]) + 1 if asked.size else 0
    used &= track.ns > 0
    level, sigmas = usual_level(track, used)
    later = (np.arange(track.size) >= first) & (track.ns > 0)
    if not later.any():
        raise TooFewAnswers(n=0, needed=1)
    waver, warnings = _waver((track.values[used] - level) / sigmas[used])
    if used.sum() < SHORT_BASELINE:
        warnings = (*warnings, Caution.SHORT_BASELINE)
    z = (track.values - level) / (sigmas * waver)
    skew = float(track.part(used).pooled().skews[0])
    z = np.where(np.arange(track.size) >= first, straightened(z, skew, ns=track.ns), 0.0)
    usual_n = float(track.ns[later].mean())
    worth = _worth(track.ns[used], usual_n=usual_n, waver=waver)
    h = threshold(between, k=k, baseline=worth, sides=sides)
    sums = cusum(z[first:], k=k, h=h, sides=sides)
    sd = float(sigmas[later][0]) * math.sqrt(float(track.ns[later][0]) / usual_n) * waver
    return Watch(
        level=level,
        sd=sd,
        z=z,
        cusum=_placed(sums, first),
        alerts=tuple(int(i) + first for i in np.flatnonzero(sums.signals)),
        false=run_length(h, k=k, baseline=worth, sides=sides),
        finds=sd * _found_within(4.0, h=h, k=k),
        waver=waver,
        baseline=used,
        warnings=warnings,
    )


def straightened(z: Floats, skew: float, *, ns: Floats) -> Floats:
    """Standardised values of samples of ``ns`` answers with this ``skew``, as normal ones.

    Where most answers are of the best class, low samples are likelier than normal values say, and
    would alert too often (Johnson's correction by the third moment).
    """
    with np.errstate(divide="ignore"):
        lean = np.where(ns > 0, skew / np.sqrt(ns), 0.0)
    # Beyond this the correction would turn around.
    reach = 2 / np.maximum(np.abs(lean), 1e-12)
    held = np.clip(z, -reach, reach)
    return np.asarray(z - lean / 6 * (held**2 - 1))


def _waver(z: Floats) -> tuple[float, tuple[str, ...]]:
    from scipy.special import chdtrc

    df = z.size - 1
    total = float(((z - z.mean()) ** 2).sum())
    if float(chdtrc(df, total)) >= DISPERSED:
        return 1.0, ()
    return math.sqrt(total / df), (Caution.OVERDISPERSED,)


def _worth(ns: Floats, *, usual_n: float, waver: float) -> float:
    """Of how many later periods the baseline holds the information on the level."""
    # Wavering beyond chance does not average out with answers, only with periods.
    beyond = 1 - 1 / waver**2
    share = ns / ns.sum()
    error = beyond * float(share @ share) + (1 - beyond) * usual_n / float(ns.sum())
    # Rounded down to steps of a twentieth: the same threshold then serves many touchpoints.
    return GRAIN ** math.floor(math.log(1 / error) / math.log(GRAIN) + 1e-9)


@lru_cache(maxsize=512)
def _found_within(periods: float, *, h: float, k: float) -> float:
    """Shift in standard deviations that signals after so many periods on average."""
    low, high = 0.0, 2 * (h + k) + 10
    while high - low > 1e-4:
        middle = (low + high) / 2
        slow = run_length(h, k=k, shift=middle, sides="rise").mean > periods
        low, high = (middle, high) if slow else (low, middle)
    return high


def _placed(sums: Cusum, first: int) -> Cusum:
    """The sums over all periods, nothing in those before the watch."""
    ahead, none = np.zeros(first), np.zeros(first, dtype=np.int64)
    return Cusum(
        falls=np.concatenate([ahead, sums.falls]),
        rises=np.concatenate([ahead, sums.rises]),
        signals=np.concatenate([none, sums.signals]),
        began=np.concatenate([none - 1, np.where(sums.began >= 0, sums.began + first, -1)]),
        k=sums.k,
        h=sums.h,
    )
