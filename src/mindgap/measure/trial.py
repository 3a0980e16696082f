"""The test of an improvement as it was planned: verified, no effect seen, or worse."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats
from mindgap.measure.comparison import Compared, comparison_weights, judged, sides
from mindgap.measure.cusum import cusum, threshold
from mindgap.measure.errors import BadArgument, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.normal import checked_level, t_critical, t_tail, z_critical
from mindgap.measure.selection import posterior
from mindgap.measure.shrink import between_variance
from mindgap.measure.track import Track

Verdict = Literal["verified", "no_effect_seen", "worse", "not_verifiable"]
Better = Literal["higher", "lower"]

HISTORY = 12
"""Periods of history that a touchpoint needs to be its own comparison."""
UNSTABLE = 100.0
"""A history is called unstable when its sum signals; by chance in one history of so many."""
SLOPE = 0.01


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of an improvement, in the unit of the measure.

    ``effect`` is the controlled estimate, ``raw`` the plain before/after of the treated; raw =
    effect + ``by_picking`` + ``by_drift`` in value: the part of the step that picking a bad
    touchpoint explains, and the part that happened elsewhere too. ``smallest_visible`` is the
    true effect that a trial of this size would have verified with the wanted power.

    ``verdict``: ``verified`` or ``worse`` where the interval of the effect lies on the good or
    bad side of 0, ``no_effect_seen`` where it holds 0 (which is not "no effect"; compare
    ``smallest_visible``), ``not_verifiable`` for a ``reason``: ``short_history``,
    ``history_trend``, ``history_unstable``.
    """

    verdict: Verdict
    effect: Estimate
    p: float
    raw: Estimate
    by_picking: float
    by_drift: float
    smallest_visible: float
    method: str
    reason: str | None = None
    warnings: tuple[str, ...] = ()


def trial(
    before: Track,
    after: Track,
    *,
    treated: ArrayLike,
    was_picked: bool,
    weights: ArrayLike | None = None,
    better: Better = "higher",
    level: float = 0.95,
    power: float = 0.8,
) -> Trial:
    """Test with comparison units: difference in differences of whole touchpoints.

    Parameters
    ----------
    before, after : Track
        The same m touchpoints, one sample each, different customers before and after. If the
        treated were picked by ``before``, all that could have been picked belong in.
    treated : array_like
        Mask or places of the treated.
    was_picked : bool
        Whether the values in ``before`` had a part in choosing the treated. False only if
        ``before`` was collected after the choice, or the choice was by lot.
    weights : array_like, shape (m,), optional
        Of the comparison units; by precision if left out.

    Raises
    ------
    TooFewAnswers
        If a treated unit has no answers, no comparison unit is left, or, when picked, fewer
        than 3 units are there.
    NotIdentified
        If a sampling variance is 0 (a measure without ends whose answers are equal).

    Notes
    -----
    Comparison units take out what happens to all. They do not take out the picking: the worst
    of 20 rises by itself while the others do not, so a picked touchpoint's before value is
    first moved to where it probably was (`picked`). How far touchpoints wander apart without
    cause is learnt from the comparison units. A false "verified" comes in at most one trial of
    twenty, and in one of forty when nothing was picked.

    The test is the one that was planned: one measure, one date. Trying several and reporting
    the best undoes it; `holm` is for claims about several improvements.

    Examples
    --------
    >>> before = Track.share([50, 60, 58, 62, 61], [100] * 5)
    >>> after = Track.share([72, 62, 61, 63, 60], [100] * 5)
    >>> trial(before, after, treated=[0], was_picked=True).verdict
    'no_effect_seen'
    """
    _checked(better=better, level=level, power=power)
    chosen, other = sides(before, after, treated=treated)
    there = chosen | other
    noise_before, noise_after = before.variances[there], after.variances[there]
    if not (noise_before + noise_after > 0).all():
        raise NotIdentified(what="standard error", reason="no_spread")
    mine, others = chosen[there], other[there]
    first, then = before.values[there], after.values[there]
    noise = noise_before + noise_after
    wander2 = between_variance((then - first)[others], noise[others]) if others.sum() > 1 else 0.0
    given = None if weights is None else np.asarray(weights, dtype=np.float64)[there]
    share = comparison_weights(given, 1 / (noise + wander2), others)
    contrast = np.where(mine, mine / mine.sum(), -share)
    levels, uncertain = first, np.diag(noise_before)
    if was_picked:
        # Wandering may be a deviation of the day as well; then it too was part of the picking.
        known = posterior(first, noise_before + wander2 / 2)
        levels, uncertain = known.values, known.covariance
    moved = float(contrast[mine] @ (then - levels)[mine])
    drift = -float(contrast[others] @ (then - levels)[others])
    found = judged(
        moved=moved,
        drift=drift,
        answers=float(contrast @ uncertain @ contrast + contrast**2 @ noise_after),
        wander2=wander2,
        contrast=contrast,
        typical=float(noise[others].mean()),
        units=int(others.sum()),
        n=float((before.ns + after.ns)[there].sum()),
        level=level,
    )
    raw = _raw(before.part(chosen), after.part(chosen), level=level)
    pure_drift = float(share[others] @ (then - first)[others])
    return Trial(
        verdict=_verdict(found.effect, better),
        effect=found.effect,
        p=found.p,
        raw=raw,
        by_picking=raw.value - pure_drift - found.effect.value,
        by_drift=pure_drift,
        smallest_visible=_visible(found, level=level, power=power),
        method="comparison units",
        warnings=found.effect.warnings + ((Caution.PICKED,) if was_picked else ()),
    )


def trial_alone(
    history: Track,
    *,
    start: int,
    pool: Track | None = None,
    index: int | None = None,
    better: Better = "higher",
    level: float = 0.95,
    power: float = 0.8,
) -> Trial:
    """Test against the touchpoint's own history, where nothing can serve as comparison.

    Parameters
    ----------
    history : Track
        One sample per period of the treated touchpoint, in order.
    start : int
        Place of the first period after the change.
    pool : Track, optional
        If the touchpoint was picked by its history: all m >= 3 touchpoints that could have been
        picked, each as one sample over the same periods before ``start``...
    index : int, optional
        ... and its place among them.

    Raises
    ------
    TooFewAnswers
        If a side has no period with answers, or the pool has fewer than 3 touchpoints.
    NotIdentified
        If all answers of the history are equal.

    Notes
    -----
    Periods are judged by how they wavered before. A history of fewer than 12 periods, with a
    slope (p < 0.01) or an unstable level cannot serve: ``not_verifiable``, with the reason, and
    the figures are then description. What else happened at the date, a season for one, is not
    told apart from the action: comparison units are better whenever there are any.

    Examples
    --------
    >>> weeks = Track.share([30, 28, 33, 31, 29, 30, 32, 27, 31, 30, 29, 32, 40, 41, 39, 42], [50] * 16)
    >>> trial_alone(weeks, start=12).verdict
    'verified'
    """
    _checked(better=better, level=level, power=power)
    if (pool is None) != (index is None):
        raise BadArgument("index", index)
    places = np.arange(history.size)
    old, new = (history.part(side & (history.ns > 0)) for side in (places < start, places >= start))
    if old.size < 2 or new.size < 1:
        raise TooFewAnswers(n=min(old.size, new.size), needed=1)
    whole = old.pooled()
    spread = float(whole.spreads[0])
    if spread == 0:
        raise NotIdentified(what="standard error", reason="no_spread")
    z = (old.values - float(whole.values[0])) / np.sqrt(spread / old.ns)
    df = old.size - 1
    waver2 = max(1.0, float(z @ z) / df)
    when = np.flatnonzero((places < start) & (history.ns > 0)).astype(np.float64)
    reason = _unfit(z / math.sqrt(waver2), when, old.ns)
    noise_before = waver2 * float(whole.variances[0])
    latest = new.pooled()
    noise_after = waver2 * spread / float(latest.ns[0])
    level_before = float(whole.values[0])
    if pool is not None and index is not None:
        if not 0 <= index < pool.size:
            raise BadArgument("index", index)
        known = posterior(pool.values, pool.variances * waver2)
        level_before, noise_before = float(known.values[index]), float(known.covariance[index, index])
    value = float(latest.values[0]) - level_before
    se = math.sqrt(noise_before + noise_after)
    half = t_critical(level, df) * se
    raw = _raw(whole, latest, level=level)
    effect = Estimate(value, value - half, value + half, raw.n, "own history")
    return Trial(
        verdict="not_verifiable" if reason else _verdict(effect, better),
        effect=effect,
        p=t_tail(value / se, df),
        raw=raw,
        by_picking=raw.value - value,
        by_drift=0.0,
        smallest_visible=(t_critical(level, df) + _quantile(power)) * se,
        method="own history",
        reason=reason,
        warnings=(Caution.PICKED,) if pool is not None else (),
    )


def answers_for_trial(
    target: float,
    *,
    sd: float,
    units: int,
    wander: float = 0.0,
    level: float = 0.95,
    power: float = 0.8,
) -> int:
    """Answers that each touchpoint needs before, and again after, to see a true ``target``.

    Parameters
    ----------
    target, sd, wander : float
        The effect to see, the standard deviation of one answer, and that by which the change of
        a touchpoint wanders without cause, in one unit.
    units : int
        Comparison touchpoints, each with as many answers; one is treated.

    Raises
    ------
    NotIdentified
        If touchpoints wander so much that no number of answers shows the target: more treated
        touchpoints are needed, or a larger effect.

    Examples
    --------
    >>> answers_for_trial(20, sd=80, units=19)
    292
    """
    checked_level(level)
    for name, given in (("target", abs(target)), ("sd", sd), ("units", units)):
        if not (math.isfinite(given) and given > 0):
            raise BadArgument(name, given)
    if not wander >= 0:
        raise BadArgument("wander", wander)
    _power(power)
    critical = t_critical(level, units - 1) if units > 1 else z_critical(level)
    allowed = (target / (critical + _quantile(power))) ** 2 / (1 + 1 / units) - wander**2
    if allowed <= 0:
        raise NotIdentified(what="target", reason="wander")
    return math.ceil(2 * sd**2 / allowed - 1e-9)


def _checked(*, better: str, level: float, power: float) -> None:
    checked_level(level)
    if better not in ("higher", "lower"):
        raise BadArgument("better", better)
    _power(power)


def _power(power: float) -> None:
    if not 0.5 <= power < 1:
        raise BadArgument("power", power)


def _quantile(power: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(power))


def _verdict(effect: Estimate, better: str) -> Verdict:
    if not effect.excludes(0):
        return "no_effect_seen"
    return "verified" if (effect.value > 0) == (better == "higher") else "worse"


def _raw(before: Track, after: Track, *, level: float) -> Estimate:
    """Plain step of the treated, each touchpoint counting alike."""
    value = float((after.values - before.values).mean())
    se = math.sqrt(float((before.variances + after.variances).sum())) / before.size
    half = z_critical(level) * se
    n = float(before.ns.sum() + after.ns.sum())
    return Estimate(value, value - half, value + half, n, "before and after")


def _visible(found: Compared, *, level: float, power: float) -> float:
    critical = z_critical(level) if math.isinf(found.df) else t_critical(level, found.df)
    return (critical + _quantile(power)) * found.se


def _unfit(z: Floats, when: Floats, ns: Floats) -> str | None:
    """Why a history cannot serve as comparison, or None."""
    if z.size < HISTORY:
        return "short_history"
    share = ns / ns.sum()
    centred = (when - share @ when) * np.sqrt(ns)
    slope = float(centred @ z) / math.sqrt(float(centred @ centred))
    if t_tail(slope, z.size - 2) < SLOPE:
        return "history_trend"
    # Values less their own mean: both sums are a little calmer than the threshold supposes.
    h = threshold(UNSTABLE * z.size, k=0.5)
    return "history_unstable" if cusum(z, k=0.5, h=h).signals.any() else None
