"""Driver: what goes with loyalty, how surely, and what to mend first (R28, R111, R115).

Shares of the explained variance (LMG) with intervals from a bootstrap by customers, beside how good the experience is
and how far it lies from what was expected. Everything follows from sums of products: no row leaves the facts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mindgap.explain.cell import Cell, answers, interactions
from mindgap.explain.disclosure import countable, policy, refuses
from mindgap.explain.errors import BadInquiry, UnknownValue
from mindgap.explain.figure import Gap, Missed
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.metric import scale_of
from mindgap.explain.reference import loyalty_share
from mindgap.explain.subject import Subject
from mindgap.explain.tally import Tally
from mindgap.explain.variable import LOYALTY, Outcome, Variable, ask, stack, variable
from mindgap.explain.variable import outcome as made_of
from mindgap.keep.facts import Products
from mindgap.keep.facts.question import Per
from mindgap.measure import Estimate, MeasureError, index, proportion
from mindgap.measure.driver import Drivers
from mindgap.measure.driver import drivers as measured
from mindgap.measure.gram import GramStack
from mindgap.measure.grouping import group_split
from mindgap.measure.halo import halo
from mindgap.measure.importance import Placed, importance_performance

# Customers are spread over so many blocks, which are resampled whole.
BLOCKS = 500
REPLICATES = 1000
# What fewer rows know than this share is no driver unless it is named; more drivers than this are not told apart.
KNOWN = 0.5
MOST = 15
OTHERS = "other"
_SEED = 20


def drivers(
    inquiry: Inquiry,
    outcome: str,
    *,
    chosen: Sequence[str] = (),
    groups: Mapping[str, Sequence[str]] | None = None,
    per: Per = "interaction",
    replicates: int = REPLICATES,
) -> tuple[Finding, ...]:
    """`driver.model`, then a `driver.share` per driver, largest first, then a `driver.group` per group of `groups`.

    `outcome` is the code of a measure or metric, or an index made of several (`a+b`, `loyalty_index`); `chosen` and the members of `groups` are codes of measures, each
    perhaps `measure@touchpoint`. Without `chosen` every other measure is taken that at least half of those know who
    gave the outcome. Rows are interactions and answers, or customers (`per`), of whom outcome and all drivers are
    known. Shares are of the explained part; drivers are turned so that more is better.
    """
    asked = inquiry.split(None)
    target = made_of(asked, outcome)
    found = [variable(asked, name) for name in chosen] or _all_but(asked, target)
    if not chosen:
        found = _known(asked, target, found, per)
    own = {part.name for part in target.parts} & {each.name for each in found}
    if own:
        raise BadInquiry("driver", f"{', '.join(sorted(own))} cannot drive itself")
    model = _Model.of(asked, target, found, per)
    return tuple(model.findings(groups or {}, replicates))


def variables(inquiry: Inquiry) -> tuple[str, ...]:
    """Codes of the measures that may be an outcome or a driver."""
    return tuple(measure.code for measure in inquiry.catalog.measures.values())


@dataclass(frozen=True, slots=True)
class _Model:
    """What the facts answered: sums of products per block of customers."""

    inquiry: Inquiry
    outcome: Outcome
    drivers: tuple[Variable, ...]
    products: Products | None
    stack: GramStack | None

    @classmethod
    def of(cls, inquiry: Inquiry, outcome: Outcome, found: Sequence[Variable], per: Per) -> "_Model":
        if not found:
            return cls(inquiry, outcome, (), None, None)
        asked = (*outcome.parts, *found)
        products = ask(inquiry, asked, per=per, blocks=BLOCKS)
        return cls(inquiry, outcome, tuple(found), products, stack(products, asked, outcome))

    @property
    def n(self) -> int:
        return 0 if self.products is None else int(self.products.n.sum())

    @property
    def subject(self) -> Subject:
        return Subject.of(self.inquiry, measure=self.outcome.measure, unit="share", metric="driver")

    def findings(self, groups: Mapping[str, Sequence[str]], replicates: int) -> Iterator[Finding]:
        if self.n < policy().least() or self.stack is None:
            yield self.subject.hidden("driver.model", self.n)
            return
        names = [each.name for each in self.drivers]
        method = "lmg" if len(names) <= MOST else "johnson"
        try:
            found = measured(
                self.stack,
                outcome=self.outcome.name,
                chosen=names,
                rng=_chance(),
                replicates=replicates,
                level=self.inquiry.level,
                method=method,  # type: ignore[arg-type]
            )
        except MeasureError as problem:
            # Too few rows for so many drivers, or an outcome that never differs.
            yield self.subject.states("driver.model", self.n, _raised(problem), **self._missing())
            return
        yield self._whole(found)
        yield from self._shares(found)
        yield from self._groups(groups, replicates)

    def _whole(self, found: Drivers) -> Finding:
        details: dict[str, Any] = {
            "drivers": [each.name for each in self.drivers],
            "adjusted_r2": found.adjusted_r2,
            "units": found.units,
            "replicates": found.replicates,
            "better": 1,
            **self._missing(),
        }
        if self.outcome.is_composed:
            details["composed"] = [part.name for part in self.outcome.parts]
        warnings = found.warnings
        if len(self.drivers) > 1 and self.stack is not None:
            names = [each.name for each in self.drivers]
            general = halo(
                self.stack, outcome=self.outcome.name, chosen=names, rng=_chance(), replicates=200,
                level=self.inquiry.level,
            )  # fmt: skip
            details["halo"] = _written(general.first_share)
            warnings = tuple(dict.fromkeys((*warnings, *general.warnings)))
        r2 = found.r2
        stated = Estimate(r2.value, r2.low, r2.high, r2.n, found.method, warnings)
        return self.subject.states("driver.model", self.n, lambda: stated, **details)

    def _shares(self, found: Drivers) -> Iterator[Finding]:
        seen = {each.name: _Seen.of(self.inquiry, each) for each in self.drivers}
        placed = _placed(found, seen)
        by_name = {each.name: each for each in self.drivers}
        for driver in sorted(found.drivers, key=lambda each: (each.rank, each.name)):
            taken, own = by_name[driver.name], seen[driver.name]
            portion = driver.portion
            point = placed.get(driver.name)
            subject = self.subject.about(
                measure=taken.measure.code, touchpoint=taken.touchpoint or self.inquiry.touchpoint
            )
            details: dict[str, Any] = {
                "outcome": self.outcome.name,
                "driver": driver.name,
                "of_variance": _written(driver.share),
                "rank": driver.rank,
                "rank_low": driver.rank_low,
                "rank_high": driver.rank_high,
                "beta": _written(driver.beta),
                "is_suppressed": driver.is_suppressed,
                "performance": _written(own.performance),
                "gap": _written(own.gap),
                "gap_unit": taken.measure.unit,
                "quadrant": point.quadrant.replace(" ", "_") if point else None,
                "leaning": point.leaning.replace(" ", "_") if point else None,
                "better": 1,
            }
            if portion is None:
                yield subject.finding(
                    "driver.share", None, None, None, self.n, warnings=("not_known",), **details
                )
            else:
                yield subject.states("driver.share", self.n, lambda portion=portion: portion, **details)  # type: ignore[misc]

    def _groups(self, groups: Mapping[str, Sequence[str]], replicates: int) -> Iterator[Finding]:
        members = self._members(groups)
        if not members or self.stack is None:
            return
        split = group_split(
            self.stack, outcome=self.outcome.name, groups=members, rng=_chance(), replicates=replicates,
            level=self.inquiry.level,
        )  # fmt: skip
        for group in split.groups:
            portion = group.portion
            if portion is not None:
                yield self.subject.states(
                    "driver.group",
                    self.n,
                    lambda portion=portion: portion,  # type: ignore[misc]
                    outcome=self.outcome.name,
                    name=group.name,
                    drivers=list(group.drivers),
                    of_variance=_written(group.share),
                    members=_written(group.members),
                    r2=_written(split.r2),
                    reference=loyalty_share(group.name) if self.outcome.name == LOYALTY else None,
                    better=1,
                )

    def _members(self, groups: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """Every driver in one group; those that are in none in one of their own."""
        names = [each.name for each in self.drivers]
        members: dict[str, list[str]] = {}
        for group, inside in groups.items():
            for name in inside:
                if name not in names:
                    raise UnknownValue("driver", name, tuple(names))
            members[group] = list(dict.fromkeys(inside))
        placed = [name for inside in members.values() for name in inside]
        if len(set(placed)) < len(placed):
            raise BadInquiry("group", "a driver belongs to one group")
        rest = [name for name in names if name not in placed]
        if members and rest:
            members[OTHERS] = [*members.get(OTHERS, []), *rest]
        return {group: inside for group, inside in members.items() if inside}

    def _missing(self) -> dict[str, Any]:
        """How many gave the outcome, and which drivers those who are left out did not know; nothing about a few."""
        if self.products is None:
            return {}
        rows = int(self.products.rows.sum())
        if refuses(rows, self.n):
            return {}
        patterns, ns = self.products.known, self.products.rows.sum(axis=0)
        missing = [
            {
                "unknown": [
                    each.name
                    for each, known in zip((*self.outcome.parts, *self.drivers), row, strict=True)
                    if not known
                ],
                "n": n,
            }
            for row, n in zip(patterns.tolist(), ns.tolist(), strict=True)
            if not all(row) and n > 0
        ]
        # One small pattern would follow from all others and the total.
        hidden = any(policy().hides(each["n"]) for each in missing)
        missing = [] if hidden else sorted(missing, key=lambda each: -each["n"])
        return {"rows": rows, "missing": missing}


@dataclass(frozen=True, slots=True)
class _Seen:
    """How a driver is experienced by all who spoke of it, not only by those in the model.

    `performance` is an index, 0 the worst and 100 the best end of the scale; for an open scale the percentage of kept
    promises. `gap` is that to the expectation, in the unit of the measure.
    """

    performance: Estimate | None
    gap: Estimate | None

    @classmethod
    def of(cls, inquiry: Inquiry, taken: Variable) -> "_Seen":
        asked = inquiry.at(taken.touchpoint or inquiry.touchpoint)
        is_counted = taken.measure.id in inquiry.catalog.counted
        ask = interactions if is_counted else answers
        columns = ("touchpoint", "state", "value", "outcome", "gap_expected")
        for cell in ask(asked, *columns, across=True):
            if cell.measure.id == taken.measure.id:
                return cls(_performance(cell), _gap(cell, is_answer=not is_counted))
        return cls(None, None)


def _performance(cell: Cell) -> Estimate | None:
    scale = scale_of(cell.measure)
    if scale is not None:
        part = _enough(cell.happened.known("value"))
        return None if part is None else index(part.counts("value", step=cell.step), scale, level=cell.level)
    missed = Missed()
    done = _enough(missed.part(cell.tally))
    if done is None:
        return None
    kept = proportion(done.total - missed.missed(done), done.total, level=cell.level)
    return Estimate(100 * kept.value, 100 * kept.low, 100 * kept.high, kept.n, kept.method)


def _gap(cell: Cell, *, is_answer: bool) -> Estimate | None:
    figure = Gap("expectation", is_answer=is_answer)
    part = _enough(figure.part(cell.tally))
    return None if part is None else figure.estimate(cell, part)


def _enough(part: Tally) -> Tally | None:
    kept = countable([part])[0]
    return kept if kept.total >= policy().least() else None


def _placed(found: Drivers, seen: Mapping[str, _Seen]) -> dict[str, Placed]:
    """Where each driver stands in importance and performance; none where nothing is explained or known."""
    at = {
        driver.name: (driver.portion, performance)
        for driver in found.drivers
        if driver.portion is not None and (performance := seen[driver.name].performance) is not None
    }
    if len(at) < 2:
        # One driver alone lies on both lines, which are the means.
        return {}
    return {point.name: point for point in importance_performance(at).points}


def _all_but(inquiry: Inquiry, outcome: Outcome) -> list[Variable]:
    own = {part.measure.code for part in outcome.parts}
    return [variable(inquiry, code) for code in variables(inquiry) if code not in own]


def _known(inquiry: Inquiry, outcome: Outcome, found: list[Variable], per: Per) -> list[Variable]:
    """Those that enough of the rows know, most of them first."""
    if not found:
        return []
    products = ask(inquiry, (*outcome.parts, *found), per=per)
    ns = products.rows.sum(axis=0)
    share = ns @ products.known[:, len(outcome.parts) :] / max(int(ns.sum()), 1)
    order = [int(place) for place in np.argsort(-share, kind="stable") if share[place] >= KNOWN]
    return [found[place] for place in sorted(order[:MOST])]


def _chance() -> np.random.Generator:
    """The same chance every time: the same question has the same answer."""
    return np.random.default_rng(_SEED)


def _raised(problem: MeasureError) -> Any:
    def estimate() -> Estimate:
        raise problem

    return estimate


def _written(estimate: Estimate | None) -> dict[str, float] | None:
    if estimate is None:
        return None
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high}
