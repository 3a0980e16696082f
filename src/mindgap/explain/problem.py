"""Problem: is the experience short, the expectation too high or too low, or both? (R1, R2, R24, R34, R196)

Every touchpoint is judged on two sides that have two owners, each only by what is clear beyond noise:

- *experience short*: a metric lies below its goal with its whole interval. Where no goal is set: bad scores are
  clearly more frequent than at the other touchpoints.
- *expectation too high*: less than 90 % of the promises are kept with the whole interval, or customers who stated
  an expectation got less than it on average.
- *expectation too low*: the promise could be much shorter and still be kept 99 times of 100.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from mindgap.explain.advice import COLUMNS
from mindgap.explain.advice import of_cell as advice_of
from mindgap.explain.cell import INTERACTION, Cell, answers, interactions
from mindgap.explain.figure import Gap, Kept, Score, figures
from mindgap.explain.finding import NO_GOAL, SLACK_LARGE, Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.subject import Subject
from mindgap.explain.worst import Verdicts, gather, rank

KINDS = ("experience_short", "expectation_too_high", "expectation_too_low", "both", "none_clear")
# A promise is realistic when it can be kept nearly always (R33).
DELIVERABLE = 0.9


@dataclass(frozen=True, slots=True)
class Evidence:
    """One clear sign: which side it speaks for, and the finding that says so."""

    side: str
    reason: str
    finding: Finding

    def write(self) -> dict[str, Any]:
        figure = self.finding
        return {
            "side": self.side,
            "reason": self.reason,
            "code": figure.code,
            "metric": figure.metric,
            "value": figure.value,
            "low": figure.low,
            "high": figure.high,
            "n": figure.n,
            "unit": figure.unit,
        }


def problems(inquiry: Inquiry) -> tuple[Finding, ...]:
    """One finding `problem.kind` per touchpoint with readings; `kind` and its `evidence` stand among the details.

    `value` is the share of bad experiences there (as in `worst`), so that problems can be sorted.
    """
    asked = inquiry.split("touchpoint")
    verdicts = gather(asked)
    signs = _signs(asked, verdicts)
    return tuple(_problem(inquiry, code, verdicts[code], signs.get(code, [])) for code in verdicts)


def kind_of(sides: set[str]) -> str:
    """The kind of a problem from the sides that are clearly at fault."""
    expectation = sides - {"experience_short"}
    if "experience_short" in sides:
        return "both" if expectation else "experience_short"
    if len(expectation) == 1:
        return next(iter(expectation))
    # A promise that is missed too often cannot be too modest as well.
    return "expectation_too_high" if expectation else "none_clear"


def _problem(inquiry: Inquiry, code: str, verdicts: Verdicts, signs: list[Evidence]) -> Finding:
    subject = Subject.of(inquiry, touchpoint=code, metric="problem", unit="share", rule="calendar")
    if not verdicts.n:
        return subject.hidden("problem.kind", 1, better=-1)
    own = rank([verdicts], level=inquiry.level)[0]
    goals = any(sign.reason == "goal" for sign in signs)
    kind = kind_of({sign.side for sign in signs if sign.side})
    finding = subject.states(
        "problem.kind",
        verdicts.total,
        lambda: own.estimate(verdicts.total),
        kind=kind,
        evidence=[sign.write() for sign in signs if sign.side],
        better=-1,
    )
    if finding.is_hidden or goals:
        return finding
    return finding.with_warning(NO_GOAL)


def _signs(inquiry: Inquiry, verdicts: dict[str, Verdicts]) -> dict[str, list[Evidence]]:
    found: dict[str, list[Evidence]] = {}
    for cell in answers(inquiry, "state", "value", "gap_expected"):
        if cell.touchpoint is not None:
            found.setdefault(cell.touchpoint.code, []).extend(_of_answers(cell, inquiry))
    for cell in interactions(inquiry, *dict.fromkeys((*INTERACTION, *COLUMNS))):
        if cell.touchpoint is not None:
            found.setdefault(cell.touchpoint.code, []).extend(_of_interactions(cell, inquiry))
    for code, sign in _peers(inquiry, verdicts):
        if not any(other.reason == "goal" for other in found.get(code, [])):
            found.setdefault(code, []).append(sign)
    return found


def _of_answers(cell: Cell, inquiry: Inquiry) -> Iterator[Evidence]:
    for figure in figures(inquiry.catalog):
        if isinstance(figure, Score) and figure.suits(cell) and figure.metric.goal is not None:
            yield _against_goal(figure, cell)
    yield from _stated(Gap("expectation", is_answer=True), cell)


def _of_interactions(cell: Cell, inquiry: Inquiry) -> Iterator[Evidence]:
    for figure in figures(inquiry.catalog):
        if isinstance(figure, Score) and figure.suits(cell) and figure.metric.goal is not None:
            yield _against_goal(figure, cell)
    yield from _stated(Gap("expectation"), cell)
    kept = Kept(inquiry.catalog.promises).state(cell)
    if kept.high is not None and kept.high < DELIVERABLE:
        yield Evidence("expectation_too_high", "not_deliverable", kept)
    for finding in advice_of(cell, inquiry, shares=()):
        # Of the completed ones alone the promise may look too long only because the late ones are still open.
        if finding.population == "not_cancelled" and SLACK_LARGE in finding.warnings:
            yield Evidence("expectation_too_low", "needless_slack", finding)


def _against_goal(figure: Score, cell: Cell) -> Evidence:
    """A sign with an empty side says that there is a goal and that it is not clearly missed."""
    finding, goal = figure.state(cell), figure.metric.goal
    assert goal is not None
    short = finding.high is not None and finding.high < goal
    if figure.better < 0:
        short = finding.low is not None and finding.low > goal
    return Evidence("experience_short" if short else "", "goal", finding)


def _stated(figure: Gap, cell: Cell) -> Iterator[Evidence]:
    finding = figure.state(cell)
    if finding.high is not None and finding.high < 0:
        yield Evidence("expectation_too_high", "stated_expectation", finding)


def _peers(inquiry: Inquiry, verdicts: dict[str, Verdicts]) -> Iterator[tuple[str, Evidence]]:
    """Touchpoints whose bad scores are clearly more frequent than those of the others."""
    every = gather(inquiry, ("score",)) if len(verdicts) > 1 else {}
    scored = {code: own for code, own in every.items() if own.n}
    if len(scored) < 2:
        return
    for (code, own), place in zip(
        scored.items(), rank(list(scored.values()), level=inquiry.level), strict=True
    ):
        if place.is_clear:
            subject = Subject.of(inquiry, touchpoint=code, metric="bad", unit="share")
            finding = subject.states("score.bad", own.total, partial(place.estimate, own.total), better=-1)
            yield code, Evidence("experience_short", "worse_than_peers", finding)
