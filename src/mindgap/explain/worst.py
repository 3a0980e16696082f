"""Worst: which touchpoint (or unit, channel, segment) gives the most bad experiences, and how sure that is (R26).

docs/decisions/0003-worst-touchpoint.md says why it is counted like this.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.conf import settings

from mindgap.explain.cell import Cell, answers, interactions
from mindgap.explain.disclosure import hidden_values, policy
from mindgap.explain.figure import Missed
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.subject import Subject
from mindgap.measure import Estimate, among_worst, benjamini_hochberg, proportion, shrink

KINDS = ("promise", "score", "expectation")
SIGNIFICANT = 0.05


@dataclass(slots=True)
class Verdicts:
    """How many experiences were judged, and how many were bad, per kind of verdict."""

    bad: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    n: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, kind: str, bad: float, n: float) -> None:
        if n > 0:
            self.bad[kind] += bad
            self.n[kind] += n

    @property
    def total(self) -> float:
        return sum(self.n.values())

    @property
    def share(self) -> float:
        """Mean of the bad shares of the kinds that judged here: every kind counts alike, however many it judged."""
        return sum(self.bad[kind] / n for kind, n in self.n.items()) / len(self.n)

    @property
    def variance(self) -> float:
        """Never 0 (two bad and two good ones are added); the kinds judge the same customers, so their errors add up."""
        return (
            sum(math.sqrt(adjusted_variance(self.bad[kind], n)) for kind, n in self.n.items()) / len(self.n)
        ) ** 2

    def parts(self) -> list[dict[str, Any]]:
        """The share of each kind that judged enough to be shown."""
        return [
            {"kind": kind, "share": self.bad[kind] / self.n[kind], "n": int(self.n[kind])}
            for kind in KINDS
            if self.n.get(kind, 0) >= settings.SMALLEST_GROUP
        ]


@dataclass(frozen=True, slots=True)
class Rank:
    """Where one candidate stands: posterior share with interval, chance to be among the worst, test against the rest."""

    place: int
    value: float
    low: float
    high: float
    chance: float
    p: float
    p_adjusted: float
    is_clear: bool

    def estimate(self, n: float) -> Estimate:
        """The posterior share as an estimate over `n` verdicts."""
        return Estimate(self.value, self.low, self.high, n, "empirical bayes")


def adjusted_variance(bad: float, n: float) -> float:
    """Variance of a share after Agresti and Coull: with two bad and two good ones added it is never 0."""
    share = (bad + 2) / (n + 4)
    return share * (1 - share) / (n + 4)


def worst(inquiry: Inquiry, *, kinds: tuple[str, ...] = KINDS, k: int | None = None) -> tuple[Finding, ...]:
    """The candidates of `by` (else the touchpoints), worst first; those with too few verdicts last, without value.

    `value` is the shrunken (posterior) share of bad experiences, 0–1; the order is that of its lower limit. Among
    the details stand `rank`, the chance to be `among_worst` `k` (a tenth of the candidates, at least one), the `raw` share, its `parts`, and whether it is
    worse than the rest for sure (`is_clear`, Benjamini–Hochberg over the whole list).
    """
    column = inquiry.by or "touchpoint"
    gathered = gather(inquiry.split(column), kinds)
    large = {
        name: verdicts for name, verdicts in gathered.items() if verdicts.total >= settings.SMALLEST_GROUP
    }
    ranks = rank(list(large.values()), level=inquiry.level, k=k)
    order = sorted(zip(large, ranks, strict=True), key=lambda pair: pair[1].place)
    found = [
        _ranked(inquiry, column, name, large[name], place, k or tenth(len(large))) for name, place in order
    ]
    found += [
        # Nothing is left of what was judged where it is too few.
        _subject(inquiry, column, name).hidden("worst.rank", gathered[name].total or 1)
        for name in gathered
        if name not in large
    ]
    return tuple(found)


def gather(inquiry: Inquiry, kinds: tuple[str, ...] = KINDS) -> dict[Any, Verdicts]:
    """The verdicts on each value of the inquiry's `by`; none are left where too few were judged."""
    assert inquiry.by is not None
    judged: dict[str, dict[Any, list[tuple[float, float]]]] = {kind: defaultdict(list) for kind in kinds}
    for cell in interactions(inquiry, "state", "outcome", "gap_expected"):
        for kind, bad, n in _of_interactions(cell):
            if kind in kinds and n > 0:
                judged[kind][cell.subject.group[inquiry.by]].append((bad, n))
    for cell in answers(inquiry, "state", "value", "gap_expected"):
        for kind, bad, n in _of_answers(cell, inquiry):
            if kind in kinds and n > 0:
                judged[kind][cell.subject.group[inquiry.by]].append((bad, n))
    found: dict[Any, Verdicts] = defaultdict(Verdicts)
    for kind, groups in judged.items():
        for name, verdicts in _shown(groups, inquiry).items():
            for bad, n in (*verdicts, (0, 0)):
                found[name].add(kind, bad, n)
    # What stands for "nothing is known" is no candidate: nobody could mend it.
    return {name: verdicts for name, verdicts in found.items() if name is not None}


def _shown(
    groups: dict[Any, list[tuple[float, float]]], inquiry: Inquiry
) -> dict[Any, list[tuple[float, float]]]:
    """The verdicts of one kind without what would follow from them for too few; a candidate may be left with none.

    Of each candidate its measures stand beside it elsewhere, and all candidates but one beside their total.
    """
    kept = {}
    for name, verdicts in groups.items():
        large = [each for each in verdicts if not policy().hides(each[1])]
        rest = sum(n for _, n in verdicts) - sum(n for _, n in large)
        kept[name] = large if large and policy().hides(rest) else verdicts
    ns = {name: sum(n for _, n in verdicts) for name, verdicts in kept.items()}
    hidden = (
        {name for name, n in ns.items() if policy().hides(n)}
        if inquiry.by == "touchpoint"
        else hidden_values(str(inquiry.by), ns, inquiry)
    )
    return {name: [] if name in hidden else verdicts for name, verdicts in kept.items()}


def rank(candidates: list[Verdicts], *, level: float = 0.95, k: int | None = None) -> list[Rank]:
    """Empirical Bayes over the candidates; in their order. Alone, a candidate keeps its own share and interval."""
    if not candidates:
        return []
    shares = np.array([verdicts.share for verdicts in candidates])
    variances = np.array([verdicts.variance for verdicts in candidates])
    if len(candidates) == 1:
        own: Estimate = proportion(shares[0] * candidates[0].total, candidates[0].total, level=level)
        return [Rank(1, own.value, own.low, own.high, 1.0, 1.0, 1.0, is_clear=False)]
    posterior = shrink(shares, variances, level=level)
    chances = among_worst(posterior.values, posterior.ses, k=k or tenth(len(candidates)), better="lower")
    p, is_above = _against_the_rest(shares, variances)
    adjusted = benjamini_hochberg(p)
    # By what a candidate has at least: the lower limit of its posterior interval.
    order = np.lexsort((-posterior.values, -posterior.lows))
    places = np.empty(len(candidates), dtype=int)
    places[order] = np.arange(1, len(candidates) + 1)
    return [
        Rank(
            place=int(places[i]),
            value=float(np.clip(posterior.values[i], 0, 1)),
            low=float(np.clip(posterior.lows[i], 0, 1)),
            high=float(np.clip(posterior.highs[i], 0, 1)),
            chance=float(chances[i]),
            p=float(p[i]),
            p_adjusted=float(adjusted[i]),
            is_clear=bool(is_above[i] and adjusted[i] < SIGNIFICANT),
        )
        for i in range(len(candidates))
    ]


def tenth(candidates: int) -> int:
    """How many are "the worst": a tenth, at least one."""
    return max(1, math.ceil(candidates / 10 - 1e-9))


def _against_the_rest(shares: np.ndarray, variances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two-sided p-values of each share against the weighted mean of all others, and whether it is larger."""
    weights = 1 / variances
    rest_weight = weights.sum() - weights
    rest = (weights @ shares - weights * shares) / rest_weight
    z = (shares - rest) / np.sqrt(variances + 1 / rest_weight)
    return np.array([math.erfc(abs(one) / math.sqrt(2)) for one in z]), z > 0


def _of_interactions(cell: Cell) -> Iterator[tuple[str, float, float]]:
    missed = Missed()
    done = missed.part(cell.tally)
    yield "promise", missed.missed(done), done.total
    expected = cell.happened.known("gap_expected")
    yield "expectation", expected.only(expected.columns["gap_expected"] < 0).total, expected.total


def _of_answers(cell: Cell, inquiry: Inquiry) -> Iterator[tuple[str, float, float]]:
    metric = next((m for m in inquiry.catalog.metrics if m.measure_id == cell.measure.id), None)
    known = cell.happened.known("value")
    if metric is not None and (metric.scale is not None or metric.kind == "likelihood"):
        yield "score", metric.bad(known.counts("value", step=cell.step)), known.total
    expected = cell.happened.known("gap_expected")
    yield "expectation", expected.only(expected.columns["gap_expected"] < 0).total, expected.total


def _ranked(inquiry: Inquiry, column: str, name: Any, verdicts: Verdicts, place: Rank, k: int) -> Finding:
    return _subject(inquiry, column, name).finding(
        "worst.rank",
        place.value,
        place.low,
        place.high,
        verdicts.total,
        method="empirical bayes",
        rank=place.place,
        among_worst=place.chance,
        k=k,
        raw=verdicts.share,
        parts=verdicts.parts(),
        p=place.p,
        p_adjusted=place.p_adjusted,
        is_clear=place.is_clear,
        better=-1,
    )


def _subject(inquiry: Inquiry, column: str, name: Any) -> Subject:
    touchpoint = name if column == "touchpoint" else inquiry.touchpoint
    return Subject.of(
        inquiry, touchpoint=touchpoint, metric="bad", unit="share", rule="calendar", group={column: name}
    )
