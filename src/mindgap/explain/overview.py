"""Overview: the first page: loyalty, expectation gap, promises kept, the worst three, and what really changed."""

import math
from dataclasses import dataclass

from mindgap.explain.audit import contradictions
from mindgap.explain.cell import Cell, answers, interactions
from mindgap.explain.change import AGAINST, changes, earlier, settled
from mindgap.explain.disclosure import countable
from mindgap.explain.early import early
from mindgap.explain.figure import Figure, Gap, Kept, Score, figures
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.step import kept_steps, missed_steps
from mindgap.explain.subject import Subject
from mindgap.explain.tally import Tally
from mindgap.explain.worst import worst
from mindgap.measure import Estimate, proportion

WORST = 3


@dataclass(frozen=True, slots=True)
class Overview:
    """What the overview shows; None and empty where nothing has been collected yet.

    `met` holds the shares of experiences that exceeded, met and missed the customer's expectation, over all
    measures. `real` are the changes beyond noise, largest first by certainty; `noise` counts the others.
    """

    loyalty: Finding | None
    loyalty_changes: tuple[Finding, ...]
    met: tuple[Finding, ...]
    missed_changes: tuple[Finding, ...]
    kept: Finding | None
    kept_changes: tuple[Finding, ...]
    kept_by_touchpoint: tuple[Finding, ...]
    worst: tuple[Finding, ...]
    real: tuple[Finding, ...]
    noise: int
    early: tuple[Finding, ...]
    contradictions: tuple[Finding, ...]
    under_goal: Finding | None

    @property
    def is_empty(self) -> bool:
        return self.loyalty is None and self.kept is None and not self.met and not self.worst


def overview(inquiry: Inquiry) -> Overview:
    """Everything of the first page, within the inquiry's period, filter and scope."""
    asked = inquiry.split(None)
    every = changes(asked)
    tested = [change for change in every if "p_adjusted" in change.details]
    real = sorted(
        (change for change in tested if change.details["is_real"]), key=lambda change: change.details["p"]
    )
    by_touchpoint = _kept_by_touchpoint(asked)
    loyal, steps = loyalty(asked)
    return Overview(
        loyalty=loyal,
        loyalty_changes=steps,
        met=expectation_met(asked),
        missed_changes=missed_steps(asked),
        kept=kept_overall(asked),
        kept_changes=kept_steps(asked),
        kept_by_touchpoint=by_touchpoint,
        worst=tuple(finding for finding in worst(asked) if not finding.is_hidden)[:WORST],
        real=tuple(real),
        noise=len(tested) - len(real),
        early=tuple(finding for finding in early(asked) if finding.details.get("count")),
        contradictions=contradictions(asked),
        under_goal=under_goal(asked),
    )


def loyalty(inquiry: Inquiry) -> tuple[Finding | None, tuple[Finding, ...]]:
    """The first NPS metric (else the first metric) over all touchpoints, and its steps from the two earlier periods.

    Where customers were asked apart from any touchpoint (a relationship survey) only those answers count.
    """
    scores = [figure for figure in figures(inquiry.catalog) if isinstance(figure, Score) and figure.is_answer]
    ranked = sorted(scores, key=lambda figure: figure.metric.summary != "nps")
    for figure in ranked:
        found = _loyal(inquiry, figure)
        if found is not None:
            cell, part = found
            return figure.state(cell, part), _steps(inquiry, figure)
    return None, ()


def _loyal(inquiry: Inquiry, figure: Score) -> tuple[Cell, Tally] | None:
    for cell in answers(inquiry, "touchpoint", *figure.columns, across=True):
        if figure.suits(cell):
            part = figure.part(cell.tally)
            relation = part.where(touchpoint=0.0)
            chosen = relation if relation.total else countable([part])[0]
            if chosen.total:
                return cell, chosen
    return None


def _steps(inquiry: Inquiry, figure: Score) -> tuple[Finding, ...]:
    now = settled(inquiry)
    if now is None:
        return ()
    fresh = _loyal(now, figure)
    found = []
    for against in AGAINST:
        before = earlier(now.period, against)
        old = _loyal(now.within(before), figure)
        if fresh is None or old is None:
            continue
        (cell, part), then = fresh, old[1]
        found.append(_step(figure, cell, then, part, against, before.write()))
    return tuple(found)


def _step(
    figure: Figure, cell: Cell, then: Tally, part: Tally, against: str, before: dict[str, str | None]
) -> Finding:
    details = {**figure.details(), "figure": figure.code, "before": before}
    finding = figure.about(cell).differs(
        f"change.{against}", (then.total, part.total), lambda: figure.difference(cell, then, part), **details
    )
    # Two planned comparisons of one figure: no family to correct for.
    p = finding.details.get("p")
    return (
        finding
        if p is None
        else finding.with_details(is_real=p < 0.05, is_better=(finding.value or 0) * figure.better > 0)
    )


def expectation_met(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Shares of all experiences with a stated expectation that exceeded, met and missed it: free of any unit."""
    hits = {"exceeded": 0.0, "met": 0.0, "missed": 0.0}
    columns = ("touchpoint", "state", "gap_expected")
    cells = (*answers(inquiry, *columns, across=True), *interactions(inquiry, *columns, across=True))
    for part in countable([cell.happened.known("gap_expected") for cell in cells]):
        gaps = part.columns["gap_expected"]
        hits["exceeded"] += part.only(gaps > 0).total
        hits["met"] += part.only(gaps == 0).total
        hits["missed"] += part.only(gaps < 0).total
    n = sum(hits.values())
    subject = Subject.of(inquiry, unit="share", metric=Gap("expectation").name)
    return tuple(
        subject.states(
            "gap.share", n, lambda hit=hit: proportion(hit, n, level=inquiry.level),  # type: ignore[misc]
            outcome=outcome, against="expectation",
        )
        for outcome, hit in hits.items()
        if n
    )  # fmt: skip


def kept_overall(inquiry: Inquiry) -> Finding | None:
    """Promises kept over all touchpoints: the kept rates of the measures, weighted by their interactions.

    Days and minutes late cannot stand on one axis, so open interactions are censored within each measure.
    """
    figure = Kept(inquiry.catalog.promises)
    every = list(interactions(inquiry, "touchpoint", *figure.columns, across=True))
    parts = countable([figure.part(cell.tally) for cell in every])
    cells = [(cell, part) for cell, part in zip(every, parts, strict=True) if part.total]
    if not cells:
        return None
    n = sum(part.total for _, part in cells)
    subject = Subject.of(
        inquiry, unit="share", metric=figure.name, population=figure.population, rule=figure.rule
    )

    def estimate() -> Estimate:
        estimates = [(part.total / n, figure.estimate(cell, part)) for cell, part in cells]
        return weighted(estimates, n)

    return subject.states(
        figure.code, n, estimate, better=1, measures=[cell.measure.code for cell, _ in cells]
    )


def weighted(estimates: list[tuple[float, Estimate]], n: float) -> Estimate:
    """The weighted sum of independent estimates; its limits are recovered from theirs (Zou and Donner 2008)."""
    if len(estimates) == 1:
        return estimates[0][1]
    value = sum(weight * one.value for weight, one in estimates)
    down = math.sqrt(sum((weight * (one.value - one.low)) ** 2 for weight, one in estimates))
    up = math.sqrt(sum((weight * (one.high - one.value)) ** 2 for weight, one in estimates))
    warnings = tuple(dict.fromkeys(warning for _, one in estimates for warning in one.warnings))
    return Estimate(value, value - down, value + up, n, "mover", warnings)


def _kept_by_touchpoint(inquiry: Inquiry) -> tuple[Finding, ...]:
    figure = Kept(inquiry.catalog.promises)
    return tuple(
        figure.state(cell) for cell in interactions(inquiry, *figure.columns) if figure.part(cell.tally).total
    )


def under_goal(inquiry: Inquiry) -> Finding | None:
    """Share of the touchpoints with a goal that lie clearly below it (R1); None where no goal is set."""
    judged: dict[str, bool] = {}
    for figure in figures(inquiry.catalog):
        if isinstance(figure, Score) and figure.is_answer and figure.metric.goal is not None:
            for cell in answers(inquiry, *figure.columns):
                if cell.touchpoint is not None and figure.suits(cell):
                    judged[cell.touchpoint.code] = judged.get(cell.touchpoint.code, False) or _is_under(
                        figure, cell
                    )
    if not judged:
        return None
    under = [code for code, is_under in judged.items() if is_under]
    subject = Subject.of(inquiry, unit="share", metric="under_goal", population="touchpoints")
    return subject.finding(
        "goal.under",
        len(under) / len(judged),
        None,
        None,
        len(judged),
        method="register",
        touchpoints=under,
        better=-1,
    )


def _is_under(figure: Score, cell: Cell) -> bool:
    finding, goal = figure.state(cell), figure.metric.goal
    assert goal is not None
    if figure.better > 0:
        return finding.high is not None and finding.high < goal
    return finding.low is not None and finding.low > goal
