"""Scores first, outcomes after: the cohort that a fair look at retention starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Bools, Floats, finite, same_shape, zero_one
from mindgap.measure.errors import BadArgument, BadCounts
from mindgap.measure.survival import Outcomes

Since = Literal["calendar", "entry"]


@dataclass(frozen=True, slots=True, eq=False)
class Landmark:
    """The customers who may be followed from the landmark on, and why the others may not.

    ``included`` has shape (n,) and marks them among those given. For the m included:
    ``durations`` (> 0, from the landmark), ``left`` (by the end of the horizon), ``tenure`` at
    the landmark, and ``score_age``, the time between score and landmark; shape (m,). Everybody
    else is counted once, in this order: ``not_entered`` yet at the landmark, ``gone`` before,
    ``lost`` from sight before, ``scored_late`` (after it) and ``not_scored`` at all.
    """

    included: Bools
    durations: Floats
    left: Bools
    tenure: Floats
    score_age: Floats
    not_entered: int
    gone: int
    lost: int
    scored_late: int
    not_scored: int
    n: int
    method: str
    warnings: tuple[str, ...] = ()

    def outcomes(self, chosen: ArrayLike | None = None) -> Outcomes:
        """Durations of the included customers, or of those marked in ``chosen``, shape (m,)."""
        which = np.ones_like(self.left) if chosen is None else zero_one(chosen)
        same_shape(which.astype(np.float64), self.durations)
        left = self.left[which]
        return Outcomes(self.durations[which], completed=left, still_open=~left)


def landmark(
    entered: ArrayLike,
    scored: ArrayLike,
    ended: ArrayLike,
    left: ArrayLike,
    *,
    at: float,
    since: Since = "calendar",
    horizon: float | None = None,
) -> Landmark:
    """Keep whoever was a customer, and had given a score, at the landmark; follow from there.

    Parameters
    ----------
    entered, ended : array_like, shape (n,)
        When each became a customer, and when it left or was last seen; one axis of time (days
        since any date). entered <= ended.
    scored : array_like, shape (n,)
        When the score was measured, on the same axis; NaN if never.
    left : array_like, shape (n,)
        1 = left at ``ended``, 0 = still a customer then.
    at : float
        The landmark: a point on the axis, or with ``since="entry"`` an age as a customer.
    horizon : float, optional
        Follow for so long at most; who leaves later counts as still a customer.

    Returns
    -------
    Landmark
        May be empty (m = 0); all counts of the excluded are stated.

    Raises
    ------
    BadCounts
        If a time is not finite (but NaN in ``scored``), the arrays do not fit, somebody ended
        before entering, or was scored before entering or after leaving.
    BadArgument
        If ``since`` is unknown, or ``at`` or ``horizon`` out of range.

    Notes
    -----
    Who leaves early is not asked any more. So comparing all who ever gave a score with all who
    never did, or counting the time *before* the score as kept, makes answering look like a cause
    of staying (immortal time). From a landmark on both kinds run the same risk. Choose it before
    looking at outcomes. ``tenure`` belongs into the comparison: promoters are older customers.

    References
    ----------
    .. [1] Anderson, J. R., Cain, K. C., Gelber, R. D. (1983), J. Clinical Oncology 1, 710-719.

    Examples
    --------
    >>> cohort = landmark([0, 0, 0], [10, 80, 20], [300, 400, 30], [1, 0, 1], at=50)
    >>> cohort.durations, cohort.scored_late, cohort.gone
    (array([250.]), 1, 1)
    """
    start, end, gone = finite(entered), finite(ended), zero_one(left)
    asked, known = _scored(scored)
    same_shape(start, end, asked, gone.astype(np.float64))
    if since not in ("calendar", "entry"):
        raise BadArgument("since", since)
    if not np.isfinite(at) or (since == "entry" and at < 0):
        raise BadArgument("at", at)
    if horizon is not None and not 0 < horizon < np.inf:
        raise BadArgument("horizon", horizon)
    if (end < start).any():
        raise BadCounts("ended before entering")
    if (known & ((asked < start) | (gone & (asked > end)))).any():
        raise BadCounts("scored while not a customer")
    moment = start + at if since == "entry" else np.full_like(start, at)
    rest = np.ones_like(gone)
    reasons = {
        "not_entered": start > moment,
        "gone": gone & (end <= moment),
        "lost": ~gone & (end <= moment),
        "scored_late": known & (asked > moment),
        "not_scored": ~known,
    }
    counts: dict[str, int] = {}
    for name, why in reasons.items():
        counts[name] = int((rest & why).sum())
        rest &= ~why
    durations = (end - moment)[rest]
    leaves = gone[rest]
    if horizon is not None:
        leaves = leaves & (durations <= horizon)
        durations = np.minimum(durations, horizon)
    return Landmark(
        included=rest,
        durations=durations,
        left=leaves,
        tenure=(moment - start)[rest],
        score_age=(moment - asked)[rest],
        not_entered=counts["not_entered"],
        gone=counts["gone"],
        lost=counts["lost"],
        scored_late=counts["scored_late"],
        not_scored=counts["not_scored"],
        n=gone.size,
        method=f"landmark, {since}",
    )


def _scored(given: ArrayLike) -> tuple[Floats, Bools]:
    """When scored (0 where never), and whether."""
    try:
        times = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise BadCounts("not numbers") from None
    known = ~np.isnan(times)
    return finite(np.where(known, times, 0.0)), np.asarray(known, dtype=np.bool_)
