"""Recovery: are customers whose problem was solved as content as those who never had one?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mindgap.measure.counts import Counts
from mindgap.measure.equivalence import Equivalence, mean_equivalence
from mindgap.measure.errors import BadArgument
from mindgap.measure.estimate import Difference
from mindgap.measure.mean import mean_difference

RecoveryVerdict = Literal["paradox", "restored", "short", "undecided"]


@dataclass(frozen=True, slots=True)
class Recovery:
    """Recovered customers against those without a problem.

    ``gap`` is recovered - no problem (+ : recovered answer higher), ``equivalence`` the same
    against the margin, ``repaired`` recovered - unrecovered where these were given: what solving
    seems to gain, which is no sign of a paradox. ``verdict``: ``paradox`` recovered are better
    off by more than chance, ``restored`` they are as well off within the margin, ``short`` worse
    off, ``undecided`` too few answers.
    """

    gap: Difference
    equivalence: Equivalence
    repaired: Difference | None
    verdict: RecoveryVerdict


def recovery(
    recovered: Counts,
    unproblematic: Counts,
    *,
    margin: float,
    unrecovered: Counts | None = None,
    better: Literal["higher", "lower"] = "higher",
    level: float = 0.95,
) -> Recovery:
    """Compare recovered customers with those who had no problem.

    Parameters
    ----------
    recovered, unproblematic : Counts
        Answers of customers whose problem was solved, and of customers who had none.
    margin : float
        Difference > 0 that would not matter, in the unit of the answers.
    unrecovered : Counts, optional
        Answers of customers whose problem was not solved; for description only.
    better : {"higher", "lower"}, optional
        Which answers are good.

    Raises
    ------
    TooFewAnswers
        If a group has fewer than 2 answers.

    Notes
    -----
    Against unrecovered customers recovery always looks splendid; only those without a problem
    show whether a failure can end in more loyalty than none (the paradox). Where it was found,
    it was in satisfaction, not in repurchase or recommendation: ask for these too before
    believing it. Groups are not drawn by lot: customers who complain and get help differ.
    A difference within the margin is ``restored`` even when it is surely not 0.

    References
    ----------
    .. [1] de Matos, C. A., Henrique, J. L., Rossi, C. A. V. (2007), J. Service Research 10, 60-77.

    Examples
    --------
    >>> solved, never = Counts.likert([5, 10, 20, 60, 55], 1), Counts.likert([10, 25, 60, 180, 175], 1)
    >>> recovery(solved, never, margin=0.3).verdict
    'restored'
    """
    if better not in ("higher", "lower"):
        raise BadArgument("better", better)
    gap = mean_difference(unproblematic, recovered, level=level)
    equivalence = mean_equivalence(unproblematic, recovered, margin=margin, level=level)
    repaired = None if unrecovered is None else mean_difference(unrecovered, recovered, level=level)
    verdict: RecoveryVerdict = "undecided"
    if equivalence.verdict == "equivalent":
        verdict = "restored"
    elif gap.p < 1 - level:
        verdict = "paradox" if (gap.value > 0) == (better == "higher") else "short"
    return Recovery(gap, equivalence, repaired, verdict)
