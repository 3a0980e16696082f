"""Comparison: did it get better where something was done, against where nothing was? (R81)

What moved where it was done, less what moved elsewhere at the same time, less what a bad place gains by itself after
it was picked for being bad. Without anything to compare with: against its own history, if that was quiet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from mindgap.explain.cell import Cell
from mindgap.explain.disclosure import policy
from mindgap.explain.errors import BadInquiry
from mindgap.explain.figure import Early, Figure, Missed, cells_for, find
from mindgap.explain.finding import Finding, Period
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.subject import Subject, plain
from mindgap.explain.tally import Tally
from mindgap.explain.track import track
from mindgap.ground import clock
from mindgap.measure import Caution, Estimate, MeasureError
from mindgap.measure.comparison import permutation_p
from mindgap.measure.parallel import Parallel, parallel
from mindgap.measure.track import Track
from mindgap.measure.trial import Trial, trial, trial_alone

WEEK = 7
_SEED = 21


@dataclass(frozen=True, slots=True)
class Plan:
    """What was to be compared, as it was laid down before the figures were looked at.

    `treated` are values of the column `by` (touchpoints, units with all below them, channels, segments …) where
    something was done; `others` those where nothing was: None for all others there are, () for none, then the history
    before decides. `was_picked`: the treated were chosen because the figures of `before` were bad.
    """

    treated: tuple[str, ...]
    before: Period
    after: Period
    by: str = "touchpoint"
    others: tuple[str, ...] | None = None
    was_picked: bool = True

    def __post_init__(self) -> None:
        ends = (self.before.since, self.before.until, self.after.since, self.after.until)
        if None in ends:
            raise BadInquiry("period", "both periods of a comparison need a first and a last day")
        if not ends[0] <= ends[1] < ends[2] <= ends[3]:  # type: ignore[operator]
            raise BadInquiry("period", "the period before must end before the other begins")
        if not self.treated:
            raise BadInquiry("treated", "say where something was done")
        if set(self.treated) & set(self.others or ()):
            raise BadInquiry("others", "what was treated cannot be compared with itself")


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """`finding` is `comparison.effect`; the samples behind it stand in `before` and `after`, in the order of `names`,
    those where something was done first. `trial` and the tracks are None where too few answered.
    """

    finding: Finding
    names: tuple[str, ...] = ()
    before: Track | None = None
    after: Track | None = None
    trial: Trial | None = None


def comparisons(inquiry: Inquiry, metric: str, plan: Plan) -> tuple[Comparison, ...]:
    """One comparison for each measure that `metric` means (a declared metric means one); none where nothing was read.

    The period of the inquiry is not used, its filter, scope and touchpoint are.
    """
    column = inquiry.catalog.column(plan.by)
    if column == "touchpoint" and inquiry.touchpoint is not None:
        raise BadInquiry("by", "within one touchpoint there are no touchpoints to compare")
    for value in (*plan.treated, *(plan.others or ())):
        inquiry.catalog.id_of(column, value)
    asked = inquiry.split(column).within(Period(plan.before.since, plan.after.until))
    return tuple(
        _Case(asked, figure, plan, column, cells).comparison()
        for figure in find(inquiry.catalog, metric)
        for cells in _lines(asked, figure)
    )


def _lines(asked: Inquiry, figure: Figure) -> Iterator[list[Cell]]:
    """The cells that may be compared with each other: of one measure, or shares of whatever was promised."""
    lines: dict[int, list[Cell]] = {}
    for cell in cells_for(asked, figure, "day", across=True):
        is_share = isinstance(figure, Missed | Early)
        lines.setdefault(0 if is_share else cell.measure.id, []).append(cell)
    yield from lines.values()


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """One place with its readings before and after, and in pieces of seven days counted from the two cuts."""

    name: str
    before: Tally
    after: Tally

    @property
    def ns(self) -> tuple[float, float]:
        return self.before.total, self.after.total

    @property
    def is_small(self) -> bool:
        return min(self.ns) < policy().least()


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    inquiry: Inquiry
    figure: Figure
    plan: Plan
    column: str
    cells: list[Cell]

    def comparison(self) -> Comparison:
        treated, others = self._samples()
        alone = self.plan.others == ()
        ns = (sum(each.ns[0] for each in treated), sum(each.ns[1] for each in treated))
        subject = self._subject()
        details = self._details([] if alone else others)
        if any(each.is_small for each in treated) or not (alone or others):
            # The mean of several less those that are known would give the small one away.
            n = float(any(map(sum, (each.ns for each in treated))))
            return Comparison(subject.hidden("comparison.effect", n, behind=ns, **plain(details)))
        names = tuple(each.name for each in (*treated, *others))
        before = self._track([each.before for each in (*treated, *others)])
        after = self._track([each.after for each in (*treated, *others)])
        try:
            found = self._alone(treated, others) if alone else self._beside(len(treated), before, after)
        except MeasureError as problem:
            raised = partial(_raise, problem)
            return Comparison(
                subject.states("comparison.effect", ns[1], raised, **details), names, before, after
            )
        details |= {"n_before": ns[0], **_written(found)}
        if not alone:
            details |= self._chance(len(treated), before, after) | self._trend(treated, others)
        warnings = dict.fromkeys((*found.warnings, *found.effect.warnings))
        seen = details.get("trend_before")
        if seen and seen["statement"] == "drifted_apart":
            warnings[Caution.NOT_PARALLEL] = None
        if self.plan.was_picked:
            warnings[Caution.PICKED] = None
        effect = replace(found.effect, method=found.method, warnings=tuple(warnings))
        finding = subject.states("comparison.effect", ns[1], lambda: effect, **details)
        return Comparison(finding, names, before, after, found)

    def _samples(self) -> tuple[list[_Sample], list[_Sample]]:
        """Where something was done, and where not; of those not, only such as may be shown by themselves."""
        treated = [(name, self._inside(name)) for name in self.plan.treated]
        taken = {value for _, inside in treated for value in inside}
        if self.plan.others:
            rest = [(name, self._inside(name)) for name in self.plan.others]
            if any(inside & taken for _, inside in rest):
                raise BadInquiry("others", "what was treated cannot be compared with a part of itself")
        else:
            there = dict.fromkeys(self._value(cell) for cell in self.cells)
            rest = [(name, frozenset((name,))) for name in there if name and name not in taken]
        rest.sort()
        others = [self._sample(*each) for each in rest]
        return [self._sample(*each) for each in treated], [each for each in others if not each.is_small]

    def _inside(self, name: str) -> frozenset[str]:
        """The values that a name stands for: a unit means itself and all below it."""
        if self.column != "unit":
            return frozenset((name,))
        pairs = self.inquiry.catalog.pairs("unit")
        below = self.inquiry.catalog.subtree(int(self.inquiry.catalog.id_of("unit", name) or 0))
        return frozenset(pairs[number] for number in below)

    def _value(self, cell: Cell) -> str:
        return str(cell.subject.group.get(self.column) or "")

    def _sample(self, name: str, inside: frozenset[str]) -> _Sample:
        parts = [self.figure.part(cell.tally) for cell in self.cells if self._value(cell) in inside]
        if not parts:
            first = self.figure.part(self.cells[0].tally)
            parts = [first.only(np.zeros(first.n.size, dtype=bool))]
        whole = Tally.joined(parts)
        return _Sample(name, _during(whole, self.plan.before), _during(whole, self.plan.after))

    def _track(self, parts: Sequence[Tally]) -> Track:
        return track(self.figure, self.cells[0], parts)

    def _beside(self, treated: int, before: Track, after: Track) -> Trial:
        return trial(
            before,
            after,
            treated=np.arange(treated),
            was_picked=self.plan.was_picked,
            better="higher" if self.figure.better > 0 else "lower",
            level=self.inquiry.level,
        )

    def _alone(self, treated: Sequence[_Sample], others: Sequence[_Sample]) -> Trial:
        before = _joined([each.before for each in treated])
        old = _pieces(before, self.plan.before, backwards=True)
        new = _pieces(_joined([each.after for each in treated]), self.plan.after)
        pool: dict[str, Any] = {}
        if self.plan.was_picked and len(others) > 1:
            # What could have been picked instead tells how much of a low value is chance.
            pool = {"pool": self._track([before, *(each.before for each in others)]), "index": 0}
        return trial_alone(
            self._track([*old, *new]),
            start=len(old),
            better="higher" if self.figure.better > 0 else "lower",
            level=self.inquiry.level,
            **pool,
        )

    def _chance(self, treated: int, before: Track, after: Track) -> dict[str, Any]:
        """How often places without any treatment would differ as much."""
        p = permutation_p(
            after.values - before.values, treated=np.arange(treated), rng=np.random.default_rng(_SEED)
        )
        return {"p_permuted": p}

    def _trend(self, treated: Sequence[_Sample], others: Sequence[_Sample]) -> dict[str, Any]:
        """Whether the two sides moved alike before anything was done; nothing where that cannot be seen."""
        sides = [
            self._track(_pieces(_joined([each.before for each in side]), self.plan.before, backwards=True))
            for side in (treated, others)
        ]
        try:
            seen: Parallel = parallel(*sides, level=self.inquiry.level)
        except MeasureError:
            return {"trend_before": None}
        slope = seen.slope
        return {
            "trend_before": {
                "statement": seen.statement, "a_week": slope.value, "low": slope.low, "high": slope.high,
                "weeks": seen.df + 1,
            }
        }  # fmt: skip

    def _subject(self) -> Subject:
        cell, one = self.cells[0], len(self.plan.treated) == 1
        subject = replace(self.figure.about(cell), period=self.plan.after, group={})
        if len({each.measure.id for each in self.cells}) > 1:
            subject = subject.about(measure="")
        if not one:
            return subject
        if self.column == "touchpoint":
            return subject.about(touchpoint=self.plan.treated[0])
        return subject.about(group={self.column: self.plan.treated[0]})

    def _details(self, others: Sequence[_Sample]) -> dict[str, Any]:
        return {
            **self.figure.details(),
            "figure": self.figure.code,
            "before": self.plan.before.write(),
            "by": self.column,
            "treated": list(self.plan.treated),
            "others": [each.name for each in others],
            "n_others": sum(sum(each.ns) for each in others),
        }


def _during(whole: Tally, period: Period) -> Tally:
    assert period.since is not None
    assert period.until is not None
    days = whole.columns["day"]
    return whole.only((days >= clock.day_of(period.since)) & (days <= clock.day_of(period.until)))


def _joined(parts: Sequence[Tally]) -> Tally:
    return Tally.joined(list(parts))


def _pieces(part: Tally, period: Period, *, backwards: bool = False) -> list[Tally]:
    """Pieces of seven days: from the first day on, or backwards from the last; the odd days at the far end are left."""
    assert period.since is not None
    assert period.until is not None
    first, last = clock.day_of(period.since), clock.day_of(period.until)
    number = (last - first + 1) // WEEK
    places = (
        number - 1 - (last - part.columns["day"]) // WEEK
        if backwards
        else (part.columns["day"] - first) // WEEK
    )
    return [part.only(places == place) for place in range(number)]


def _written(found: Trial) -> dict[str, Any]:
    raw = found.raw
    return {
        "verdict": found.verdict,
        "reason": found.reason,
        "p": found.p,
        "raw": {"value": raw.value, "low": raw.low, "high": raw.high},
        "by_picking": found.by_picking,
        "by_drift": found.by_drift,
        "smallest_visible": found.smallest_visible,
    }


def _raise(problem: MeasureError) -> Estimate:
    raise problem
