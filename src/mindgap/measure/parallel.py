"""Did the two groups move alike before anything was done?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mindgap.measure.arrays import Floats
from mindgap.measure.errors import BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.normal import checked_level, z_critical, z_tail
from mindgap.measure.track import Track


@dataclass(frozen=True, slots=True, eq=False)
class Parallel:
    """How the treated moved against the comparison in m periods before the change.

    ``leads`` (m - 1,) are the distances in each period less that in the last, with ``ses``, in
    the unit of the measure; ``chi2`` with ``df`` and ``p`` tests that all are 0. ``slope`` is
    the drift apart per period with interval, ``slope_p`` its test. ``statement`` is
    ``drifted_apart`` when either test rejects at 1 - level, halved because there are two, else
    ``no_sign``, which is no proof: ``slope`` says how much drift may have gone unseen.
    """

    leads: Floats
    ses: Floats
    chi2: float
    df: int
    p: float
    slope: Estimate
    slope_p: float
    statement: Literal["no_sign", "drifted_apart"]
    warnings: tuple[str, ...] = ()


def parallel(treated: Track, comparison: Track, *, level: float = 0.95) -> Parallel:
    """Test of a parallel course before the change (leads of an event study).

    Parameters
    ----------
    treated, comparison : Track
        One sample per period before the change, in order, in the same m >= 2 periods; periods
        in which a side has no answers are left out.

    Raises
    ------
    TooFewAnswers
        If fewer than 2 periods are left.
    NotIdentified
        If the answers of a measure without ends are all equal in a period.

    Notes
    -----
    With few answers a course that is far from parallel passes this test. Read the interval of
    the slope, times the periods of the trial, as the part of an effect that may be older drift;
    do not subtract it. Chance is that of the answers; periods that waver more reject too often.

    References
    ----------
    .. [1] Roth, J. (2022), American Economic Review: Insights 4, 305-322.

    Examples
    --------
    >>> a = Track.share([50, 52, 49, 51], [100] * 4)
    >>> b = Track.share([60, 61, 60, 62], [100] * 4)
    >>> parallel(a, b).statement
    'no_sign'
    """
    from scipy.special import chdtrc

    checked_level(level)
    if treated.size != comparison.size:
        raise BadCounts("shapes differ")
    distance = treated.values - comparison.values
    noise = treated.variances + comparison.variances
    there = ~np.isnan(distance + noise)
    periods, distance, noise = np.flatnonzero(there).astype(np.float64), distance[there], noise[there]
    m = distance.size
    if m < 2:
        raise TooFewAnswers(n=m, needed=2)
    if not (noise > 0).all():
        raise NotIdentified(what="leads", reason="no_spread")
    weight = 1 / noise
    # All leads 0 means one distance throughout: then the joint test is that of heterogeneity.
    chi2 = float(weight @ (distance - weight @ distance / weight.sum()) ** 2)
    p = float(chdtrc(m - 1, chi2))
    centred = periods - weight @ periods / weight.sum()
    information = float(weight @ centred**2)
    value, se = float(weight @ (centred * distance)) / information, information**-0.5
    half = z_critical(level) * se
    slope_p = z_tail(value / se)
    apart = min(p, slope_p) < (1 - level) / 2
    n = float(treated.ns[there].sum() + comparison.ns[there].sum())
    return Parallel(
        leads=distance[:-1] - distance[-1],
        ses=np.sqrt(noise[:-1] + noise[-1]),
        chi2=chi2,
        df=m - 1,
        p=p,
        slope=Estimate(value, value - half, value + half, n, "weighted line"),
        slope_p=slope_p,
        statement="drifted_apart" if apart else "no_sign",
        warnings=(Caution.NOT_PARALLEL,) if apart else (),
    )
