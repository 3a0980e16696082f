"""Control charts: is this period out of what the measure always did?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Bools, Floats, Ints
from mindgap.measure.errors import BadArgument, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution
from mindgap.measure.track import Track, mask

SHORT_BASELINE = 20
"""Below so many baseline periods the limits themselves are uncertain by more than a sixth."""
MOVING_RANGE = 2 / math.sqrt(math.pi)
"""Mean absolute difference of two standard normal values, 1.128."""


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """m periods against limits; arrays of shape (m,) in the unit of the measure.

    ``sigmas`` is the standard deviation of each period's value when nothing happens; ``widened``
    is Laney's factor in it (1: chance of the answers alone). ``out`` is -1 below, 1 above the
    limits, else 0. ``baseline`` marks the periods that made centre and limits. Periods without
    answers hold NaN, in ``out`` 0.
    """

    values: Floats
    centre: float
    lows: Floats
    highs: Floats
    sigmas: Floats
    out: Ints
    ns: Floats
    baseline: Bools
    widened: float
    method: str
    warnings: tuple[str, ...] = ()


def chart(
    track: Track,
    *,
    baseline: ArrayLike | None = None,
    without: ArrayLike | None = None,
    revise: bool = False,
    laney: bool = False,
    limits: float = 3.0,
) -> Chart:
    """Shewhart chart of a share (p), an NPS or a mean, with n that may vary.

    Parameters
    ----------
    track : Track
        One sample per period, in order.
    baseline : int or array_like, optional
        The periods that say what is usual: the first so many, a mask of shape (m,), or places;
        all if left out.
    without : array_like, optional
        Mask or places of baseline periods to leave out, because their cause is known.
    revise : bool, optional
        Leave out, once, the baseline periods that fall out of the limits. Right only when a
        cause was found for each of them; otherwise the limits become too narrow.
    laney : bool, optional
        Widen (or narrow) by the spread seen from period to period in the baseline (p'). For
        large n, when the level always moves a little, plain limits call every period out.
    limits : float, optional
        Distance of the limits in standard deviations, > 0.

    Raises
    ------
    TooFewAnswers
        Unless the baseline has 2 periods with answers.
    NotIdentified
        If all answers of the baseline are equal: there is no spread to set limits by.

    Notes
    -----
    The standard deviation is that of n answers with the variance of all baseline answers. At 3
    standard deviations one quiet period in 370 is out, on either side, if the baseline is long.
    Says that something happened in one period; for a small change that lasts take `watch`.
    Not a test of one touchpoint against another.

    References
    ----------
    .. [1] Shewhart, W. A. (1931), Economic Control of Quality of Manufactured Product.
    .. [2] Laney, D. B. (2002), Quality Engineering 14, 531-537.

    Examples
    --------
    >>> found = chart(Track.share([12, 9, 11, 10, 25], [50] * 5), baseline=4)
    >>> found.out.tolist(), round(found.centre, 3)
    ([0, 0, 0, 0, 1], 0.21)
    """
    if not (math.isfinite(limits) and limits > 0):
        raise BadArgument("limits", limits)
    used = mask(track.size if baseline is None else baseline, size=track.size, name="baseline")
    if without is not None:
        used &= ~mask(without, size=track.size, name="without")
    used &= track.ns > 0
    found = _limits(track, used, laney=laney, limits=limits)
    if revise and (found.out[used] != 0).any():
        found = _limits(track, used & (found.out == 0), laney=laney, limits=limits)
    return found


def _limits(track: Track, used: Bools, *, laney: bool, limits: float) -> Chart:
    usual, sigmas = usual_level(track, used)
    widened = _laney(track.values[used], usual, sigmas[used]) if laney else 1.0
    sigmas = sigmas * widened
    lows = np.maximum(usual - limits * sigmas, track.low)
    highs = np.minimum(usual + limits * sigmas, track.high)
    # Beyond by rounding is not beyond: all equal answers lie on a limit at the end of the scale.
    slack = 1e-9 * sigmas
    with np.errstate(invalid="ignore"):
        out = (track.values > highs + slack).astype(np.int64) - (track.values < lows - slack)
    warnings = (Caution.SHORT_BASELINE,) if used.sum() < SHORT_BASELINE else ()
    method = "laney" if laney else "shewhart"
    return Chart(
        values=track.values,
        centre=usual,
        lows=lows,
        highs=highs,
        sigmas=sigmas,
        out=out,
        ns=track.ns,
        baseline=used,
        widened=widened,
        method=method,
        warnings=warnings,
    )


def usual_level(track: Track, used: Bools) -> tuple[float, Floats]:
    """Level of the periods ``used`` and what chance does to each period; shape (m,), NaN at n = 0.

    Errors as in `chart`.
    """
    if used.sum() < 2:
        raise TooFewAnswers(n=float(used.sum()), needed=2)
    pooled = track.part(used).pooled()
    spread = float(pooled.spreads[0])
    if spread <= 1e-18 * (1 + float(pooled.values[0]) ** 2):
        raise NotIdentified(what="limits", reason="no_spread")
    with np.errstate(divide="ignore"):
        sigmas = np.sqrt(spread / track.ns)
    return float(pooled.values[0]), np.where(track.ns > 0, sigmas, np.nan)


def _laney(values: Floats, centre: float, sigmas: Floats) -> float:
    steps = np.abs(np.diff((values - centre) / sigmas))
    widened = float(steps.mean()) / MOVING_RANGE
    if widened == 0:
        raise NotIdentified(what="limits", reason="no_spread")
    return widened
