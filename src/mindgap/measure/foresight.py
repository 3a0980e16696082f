"""What a trial that is yet to be held will be able to see, from what is known before anything is done."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite
from mindgap.measure.comparison import comparison_weights
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Estimate
from mindgap.measure.normal import checked_level, t_critical, z_critical
from mindgap.measure.selection import posterior
from mindgap.measure.track import Track, mask

SURE = 0.7
"""How sure a planned spread is to be at least the true one: at the best guess every other plan would be too small."""
HALVINGS = 60
NODES = 24


def wander_bound(pairs: Sequence[tuple[Track, Track]], *, sure: float = SURE) -> float:
    """By how much units may wander apart without cause: upper limit of a standard deviation.

    Parameters
    ----------
    pairs : sequence of (Track, Track)
        Units to which nothing was done, at two times as far apart as the trial's; each pair of
        its own times and in an order of its own.
    sure : float
        Chance of the limit to lie above the true value, 0.5 <= sure < 1.

    Raises
    ------
    TooFewAnswers
        If no pair has two units with answers at both times.

    Notes
    -----
    The generalised Q statistic at its lower quantile. Pairs must not share a time, or their
    changes are not independent.

    References
    ----------
    .. [1] Viechtbauer, W. (2007), Statistics in Medicine 26, 37-52.

    Examples
    --------
    >>> still = Track.share([50, 60, 58, 62], [100] * 4)
    >>> moved = Track.share([30, 80, 50, 75], [100] * 4)
    >>> wander_bound([(still, still)]) < wander_bound([(still, moved)])
    True
    """
    if not 0.5 <= sure < 1:
        raise BadArgument("sure", sure)
    known = [each for pair in pairs if (each := _changes(*pair))[0].size > 1]
    df = sum(changes.size - 1 for changes, _ in known)
    if df == 0:
        raise TooFewAnswers(n=max((_changes(*pair)[0].size for pair in pairs), default=0), needed=2)
    least = _chi2_quantile(1 - sure, df)
    high = max(float(noise.mean() + changes.var()) for changes, noise in known)
    while _scatter(known, high) > least:
        high *= 2
    low = 0.0
    if _scatter(known, low) <= least:
        return 0.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _scatter(known, middle) > least else (low, middle)
    return math.sqrt(high)


def level_before(
    before: Track, *, treated: ArrayLike, was_picked: bool, wander: float = 0.0, level: float = 0.95
) -> Estimate:
    """Where the treated probably are: what to expect of them later if nothing is done.

    Parameters
    ----------
    before : Track
        One sample of each touchpoint; if the treated were picked by it, of all that could have been.
    treated : array_like
        Mask or places.
    wander : float
        Standard deviation by which changes wander without cause.

    Notes
    -----
    Of touchpoints that were picked because they are bad this is better than what was seen; see
    `picked`. Several treated count alike.
    """
    chosen, there = _treated(before, treated)
    values, uncertain = _levels(before, there, was_picked=was_picked, wander=wander)
    mine = chosen[there] / chosen.sum()
    half = z_critical(checked_level(level)) * math.sqrt(float(mine @ uncertain @ mine))
    value, n = float(mine @ values), float(before.ns[chosen].sum())
    return Estimate(value, value - half, value + half, n, "empirical bayes" if was_picked else "normal")


def foresee(
    before: Track,
    *,
    treated: ArrayLike,
    was_picked: bool,
    after_ns: ArrayLike,
    wander: float = 0.0,
    level: float = 0.95,
    power: float = 0.8,
) -> float:
    """Smallest true effect that `trial` will verify with ``power``, > 0 in the unit of the measure.

    Parameters
    ----------
    before : Track
        As it will be given to `trial`.
    after_ns : array_like, shape (m,)
        Answers expected of each touchpoint afterwards, > 0 for the treated.
    wander : float
        Standard deviation by which changes wander without cause: the upper limit of it
        (`wander_bound`), else the power holds for every other plan only.

    Raises
    ------
    TooFewAnswers
        If a treated touchpoint or all others have or will have no answers; when picked, if there
        are fewer than 3.
    NotIdentified
        If a sampling variance is 0.

    Examples
    --------
    >>> before = Track.share([50, 60, 58, 62, 61], [100] * 5)
    >>> few, many = (foresee(before, treated=[0], was_picked=True, after_ns=[n] * 5) for n in (50, 500))
    >>> few > many
    True
    """
    from scipy.special import stdtrit

    checked_level(level)
    ns = finite(after_ns, negative=False)
    if ns.shape != before.ns.shape:
        raise BadCounts("shapes differ")
    if not (wander >= 0 and 0.5 <= power < 1):
        raise BadArgument("wander" if not wander >= 0 else "power", wander)
    chosen, there = _treated(before, treated)
    there = there & (ns > 0)
    if not there[chosen].all() or not (there & ~chosen).any():
        raise TooFewAnswers(n=0, needed=1)
    mine, wander2 = chosen[there], wander**2
    noise_before = before.variances[there]
    noise_after = _spread(before, there) / ns[there]
    _, uncertain = _levels(before, there, was_picked=was_picked, wander=wander)
    share = comparison_weights(None, 1 / (noise_before + noise_after + wander2), ~mine)
    contrast = np.where(mine, mine / mine.sum(), -share)
    answers = float(contrast @ uncertain @ contrast + contrast**2 @ noise_after)
    typical = float((noise_before + noise_after)[~mine].mean())
    units = int((~mine).sum())

    spread = float(contrast @ contrast)
    se = math.sqrt(answers + spread * wander2)
    if units == 1:
        return (z_critical(level) + _quantile(power)) * se
    # The trial will learn the wandering anew, and find more or less of it than there is.
    seen = np.maximum(0.0, (wander2 + typical) * _spreads(units - 1) - typical)
    squares = answers + spread * seen
    # Degrees of freedom as `judged` counts them.
    df = (units - 1) * np.maximum(1.0, squares / (spread * (seen + typical))) ** 2
    limits = stdtrit(df, 0.5 + level / 2) * np.sqrt(squares)
    return _effect(limits, se, power)


def foresee_alone(
    history: Track,
    *,
    after_n: float,
    pool: Track | None = None,
    index: int | None = None,
    sure: float = SURE,
    level: float = 0.95,
    power: float = 0.8,
) -> float:
    """Smallest true effect that `trial_alone` will verify with ``power``.

    Parameters
    ----------
    history : Track
        One sample per period before the change.
    after_n : float
        Answers expected afterwards, > 0.
    pool, index
        As in `trial_alone`.
    sure : float
        Chance that the periods do not waver more than is planned with.

    Raises
    ------
    TooFewAnswers
        If fewer than 2 periods have answers.
    NotIdentified
        If all answers are equal.
    """
    old = history.part(history.ns > 0)
    if old.size < 2 or not after_n > 0:
        raise TooFewAnswers(n=min(old.size, after_n), needed=2)
    whole = old.pooled()
    spread = float(whole.spreads[0])
    if spread == 0:
        raise NotIdentified(what="standard error", reason="no_spread")
    df = old.size - 1
    squares = float(((old.values - whole.values[0]) ** 2 * old.ns).sum()) / spread
    waver2 = max(1.0, squares / _chi2_quantile(1 - sure, df))
    noise = waver2 * float(whole.variances[0])
    if pool is not None and index is not None:
        noise = float(posterior(pool.values, pool.variances * waver2).covariance[index, index])
    se = math.sqrt(noise + waver2 * spread / after_n)
    return (t_critical(level, df) + _quantile(power)) * se


def _changes(first: Track, then: Track) -> tuple[Floats, Floats]:
    """Changes of the units with answers at both times, and the sampling variances of those changes."""
    if first.size != then.size:
        raise BadCounts("shapes differ")
    noise = first.variances + then.variances
    there = (first.ns > 0) & (then.ns > 0) & (noise > 0)
    return (then.values - first.values)[there], noise[there]


def _scatter(known: Sequence[tuple[Floats, Floats]], wander2: float) -> float:
    """How far the changes of each pair lie from their mean, in units of what is expected if they wander so much."""
    total = 0.0
    for changes, noise in known:
        weights = 1 / (noise + wander2)
        centre = float(weights @ changes) / float(weights.sum())
        total += float(weights @ (changes - centre) ** 2)
    return total


def _treated(before: Track, treated: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    chosen = mask(treated, size=before.size, name="treated")
    there = before.ns > 0
    if not chosen.any():
        raise BadArgument("treated", treated)
    if not there[chosen].all():
        raise TooFewAnswers(n=0, needed=1)
    if not (before.variances[there] > 0).all():
        raise NotIdentified(what="standard error", reason="no_spread")
    return chosen, there


def _levels(before: Track, there: np.ndarray, *, was_picked: bool, wander: float) -> tuple[Floats, Floats]:
    """True levels and their covariance, as `trial` takes them."""
    noise = before.variances[there]
    if not was_picked:
        return before.values[there], np.diag(noise)
    known = posterior(before.values[there], noise + wander**2 / 2)
    return known.values, known.covariance


def _spread(before: Track, there: np.ndarray) -> Floats:
    """Variance of one answer of each touchpoint; its own, or that of all where that is larger."""
    own = (before.variances * before.ns)[there]
    common = float(own @ before.ns[there]) / float(before.ns[there].sum())
    return np.maximum(own, common)


def _spreads(df: int) -> Floats:
    """Equally likely values of an estimated variance over the true one."""
    from scipy.special import chdtri

    return np.asarray(chdtri(df, 1 - (np.arange(NODES) + 0.5) / NODES) / df)


def _effect(limits: Floats, se: float, power: float) -> float:
    """The effect whose estimate, of standard error `se`, lies beyond one of the equally likely limits often enough."""
    from scipy.special import ndtr

    low, high = 0.0, float(limits.max()) + 10 * se
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if float(ndtr((middle - limits) / se).mean()) < power else (low, middle)
    return high


def _chi2_quantile(share: float, df: float) -> float:
    from scipy.special import chdtri

    # scipy counts from above.
    return float(chdtri(df, 1 - share))


def _quantile(power: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(power))
