"""Peak and end: does the whole journey follow its mean, its worst moment or its last?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Floats, finite, same_shape
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.estimate import Caution, Estimate
from mindgap.measure.least_squares import Fit, grouped, least_squares
from mindgap.measure.normal import checked_level, t_critical

FEW = 10


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Each of j journeys in four figures, arrays of shape (j,), in order of ``journeys``.

    ``worst`` is the peak that counts here: the lowest score, or the highest where lower is better.
    """

    journeys: np.ndarray
    mean: Floats
    worst: Floats
    last: Floats
    touchpoints: Floats


@dataclass(frozen=True, slots=True)
class Ending:
    """What goes along with the overall judgement.

    ``mean``, ``worst``, ``last`` and ``touchpoints`` are coefficients: steps of the overall score
    per step of each at equal others; ``touchpoints`` is None where all journeys have the same
    number. ``r2`` of all, ``r2_mean`` of mean and number alone; ``p``
    tests that worst and last add nothing.
    """

    mean: Estimate
    worst: Estimate
    last: Estimate
    touchpoints: Estimate | None
    r2: float
    r2_mean: float
    p: float
    n: int
    clusters: int | None
    warnings: tuple[str, ...] = ()


def moments(scores: ArrayLike, journeys: ArrayLike, *, better: str = "higher") -> Moments:
    """Mean, worst, last and number of the scores of each journey.

    Parameters
    ----------
    scores : array_like, shape (n,)
        Scores in the order in which the touchpoints were met.
    journeys : array_like, shape (n,)
        To which journey each belongs; any labels.

    Examples
    --------
    >>> moments([8, 3, 9, 7], ["a", "a", "a", "b"]).worst.tolist()
    [3.0, 7.0]
    """
    given = finite(scores)
    if better not in ("higher", "lower"):
        raise BadArgument("better", better)
    if given.ndim != 1:
        raise BadCounts("one row of scores needed")
    place = grouped(journeys, n=given.size)
    names = np.unique(np.asarray(journeys))
    number = np.bincount(place, minlength=names.size).astype(np.float64)
    worst = np.full(names.size, np.inf if better == "higher" else -np.inf)
    (np.minimum if better == "higher" else np.maximum).at(worst, place, given)
    last = np.empty(names.size)
    # Later assignments win, so the last score of each journey stays.
    last[place] = given
    return Moments(names, np.bincount(place, given, names.size) / number, worst, last, number)


def ending(
    overall: ArrayLike,
    *,
    mean: ArrayLike,
    worst: ArrayLike,
    last: ArrayLike,
    touchpoints: ArrayLike,
    cluster: ArrayLike | None = None,
    level: float = 0.95,
) -> Ending:
    """Regress the overall score on mean, worst, last and number of touchpoints.

    Parameters
    ----------
    overall : array_like, shape (j,)
        Judgement of the whole journey, asked after it.
    mean, worst, last, touchpoints : array_like, shape (j,)
        As `moments` gives them.
    cluster : array_like, shape (j,), optional
        The customer of each journey; standard errors are then CR1 over customers, otherwise
        robust to unequal variance (HC1).

    Raises
    ------
    TooFewAnswers
        Unless there are more than five journeys, of three customers.
    NotIdentified
        If the figures cannot be told apart (all journeys of one or two touchpoints, say), or
        the overall scores show no spread around them.

    Notes
    -----
    Associations, with a known slant: the worst is the lowest of several noisy scores, lower the
    more touchpoints were scored, so part of its coefficient is noise and length. The number of
    touchpoints is held equal for that reason, which lessens the slant and does not remove it.
    Who was asked at the last touchpoint in one go with the overall score agrees with himself:
    ``last`` is then too large. Leave out journeys with one touchpoint: all three are one.

    References
    ----------
    .. [1] Kahneman, D. et al. (1993), Psychological Science 4, 401-405.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> journey = np.repeat(np.arange(300), np.arange(300) % 4 + 2)
    >>> m = moments(rng.integers(0, 11, journey.size), journey)
    >>> overall = 0.5 * m.mean + 0.5 * m.last + rng.normal(0, 1, 300)
    >>> found = ending(overall, mean=m.mean, worst=m.worst, last=m.last, touchpoints=m.touchpoints)
    >>> found.last.excludes(0), found.worst.excludes(0)
    (True, False)
    """
    checked_level(level)
    y = finite(overall)
    parts = [finite(part) for part in (mean, worst, last, touchpoints)]
    same_shape(y, *parts)
    if y.ndim != 1:
        raise BadCounts("one row of journeys needed")
    if y.size <= 5:
        raise TooFewAnswers(n=y.size, needed=6)
    labels = grouped(np.arange(y.size) if cluster is None else cluster, n=y.size)
    number = int(labels.max()) + 1
    if number < 3:
        raise TooFewAnswers(n=number, needed=3)
    varies = np.ptp(parts[3]) > 0
    plain = [np.ones_like(y), parts[0]] + ([parts[3]] if varies else [])
    fit = least_squares(y, np.column_stack([np.ones_like(y), *parts[: 4 if varies else 3]]))
    if fit.is_exact:
        raise NotIdentified(what="standard error", reason="no_spread")
    covariance = fit.clustered(labels)
    df = fit.df if cluster is None else number - 1
    half = t_critical(level, df) * np.sqrt(np.diag(covariance))
    warnings = (Caution.FEW_CLUSTERS,) if number < FEW else ()
    method = "ols, hc1" if cluster is None else "ols, cr1"
    found = [
        Estimate(float(b), float(b - h), float(b + h), float(y.size), method)
        for b, h in zip(fit.coefficients[1:], half[1:], strict=True)
    ]
    return Ending(
        mean=found[0],
        worst=found[1],
        last=found[2],
        touchpoints=found[3] if varies else None,
        r2=_explained(fit, y),
        r2_mean=_explained(least_squares(y, np.column_stack(plain)), y),
        p=_nothing_added(fit, covariance, df),
        n=y.size,
        clusters=None if cluster is None else number,
        warnings=warnings,
    )


def _explained(fit: Fit, y: Floats) -> float:
    return 1 - float(fit.residuals @ fit.residuals) / float(((y - y.mean()) ** 2).sum())


def _nothing_added(fit: Fit, covariance: Floats, df: int) -> float:
    """F test that the coefficients of worst and last are both 0."""
    from scipy.special import fdtrc

    both = fit.coefficients[2:4]
    return float(fdtrc(2, df, float(both @ np.linalg.solve(covariance[2:4, 2:4], both)) / 2))
