"""The zone of tolerance: between what a customer can just accept and what they wish for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from numpy.typing import ArrayLike

from mindgap.measure.arrays import finite, same_shape
from mindgap.measure.errors import BadArgument, BadCounts, TooFewAnswers
from mindgap.measure.estimate import Caution, Difference, Estimate
from mindgap.measure.paired import mean_paired
from mindgap.measure.proportion import proportion


@dataclass(frozen=True, slots=True)
class ToleranceZone:
    """Where experience lies against the zone of tolerance.

    ``adequacy`` (MSA) is the step from adequate to perceived, ``superiority`` (MSS) that from
    desired to perceived, ``width`` that from adequate to desired; all oriented so that + is
    good. ``below``, ``within`` and ``above`` are shares of customers (0 to 1) that add up to 1;
    ``inconsistent`` is the share, of all asked, who wish for less than they accept.
    """

    adequacy: Difference
    superiority: Difference
    width: Difference
    below: Estimate
    within: Estimate
    above: Estimate
    inconsistent: Estimate
    n: int
    warnings: tuple[str, ...] = ()


def tolerance_zone(
    desired: ArrayLike,
    adequate: ArrayLike,
    perceived: ArrayLike,
    *,
    better: Literal["higher", "lower"] = "higher",
    level: float = 0.95,
) -> ToleranceZone:
    """Zone of tolerance from three answers of each respondent to the same item.

    Parameters
    ----------
    desired, adequate, perceived : array_like, shape (n,)
        Same unit; a row per respondent.
    better : {"higher", "lower"}, optional
        "lower" for days and prices: the adequate level is then the larger number.

    Returns
    -------
    ToleranceZone
        Means with paired t intervals, because the three answers of a customer go together;
        shares with Wilson's. Both edges belong to the zone.

    Raises
    ------
    TooFewAnswers
        If fewer than two respondents are consistent.
    BadCounts
        If an answer is not finite or the shapes differ.

    Notes
    -----
    Who wishes for less than they accept has misread the question or the scale: left out of all
    but ``inconsistent``, with the warning ``contradictory``. Report the shares, not only the
    means: a mean inside the zone can hide that half of the customers are below it.

    References
    ----------
    .. [1] Parasuraman, A., Zeithaml, V. A., Berry, L. L. (1994), J. Retailing 70, 201-230.

    Examples
    --------
    >>> zone = tolerance_zone([8, 9, 9, 7], [5, 6, 7, 6], [4, 7, 9, 9])
    >>> zone.below.value, zone.within.value, zone.above.value
    (0.25, 0.5, 0.25)
    """
    if better not in ("higher", "lower"):
        raise BadArgument("better", better)
    sign = 1.0 if better == "higher" else -1.0
    d, a, p = (sign * finite(one) for one in (desired, adequate, perceived))
    same_shape(d, a, p)
    if d.ndim != 1:
        raise BadCounts("one answer per respondent needed")
    fine = d >= a
    n = int(fine.sum())
    if n < 2:
        raise TooFewAnswers(n=n, needed=2)
    asked, d, a, p = d.size, d[fine], a[fine], p[fine]
    under, over = int((p < a).sum()), int((p > d).sum())
    return ToleranceZone(
        adequacy=mean_paired(a, p, level=level),
        superiority=mean_paired(d, p, level=level),
        width=mean_paired(a, d, level=level),
        below=proportion(under, n, level=level),
        within=proportion(n - under - over, n, level=level),
        above=proportion(over, n, level=level),
        inconsistent=proportion(asked - n, asked, level=level),
        n=n,
        warnings=(Caution.CONTRADICTORY,) if asked > n else (),
    )
