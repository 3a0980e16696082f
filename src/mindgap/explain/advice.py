"""Advice: what could be promised and kept, and the slack of the present promise (R33, R34)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mindgap.explain.cell import Cell, interactions
from mindgap.explain.disclosure import concealed
from mindgap.explain.figure import is_deadline, lateness
from mindgap.explain.finding import SLACK_LARGE, SLACK_NEGATIVE, Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.subject import Subject, least_for_distribution
from mindgap.explain.tally import Tally
from mindgap.keep.interaction import COMPLETED, OPEN
from mindgap.measure import Counts, Estimate, Outcomes, advice, kept_at, quantile

SHARES = (0.9, 0.95, 0.99)
# The share at which the slack of the present promise is judged.
TYPICAL = 0.95
# Slack is needlessly large when 99 of 100 would be kept, and 95 for sure, with a promise this much shorter.
NEEDLESS = 0.25
SAFE = 0.99
COLUMNS = ("promise", "state", "value", "promised", "gap_promised")


def advise(inquiry: Inquiry, *, shares: Sequence[float] = SHARES) -> tuple[Finding, ...]:
    """Per touchpoint: the value that can be kept in each of `shares`, the present promise and its slack.

    Population: all but cancelled interactions, open ones censored; then the completed ones alone.
    """
    found = (
        finding
        for cell in interactions(inquiry, *COLUMNS)
        for finding in of_cell(cell, inquiry, shares=shares)
    )
    return concealed(found, inquiry)


def of_cell(cell: Cell, inquiry: Inquiry, *, shares: Sequence[float] = SHARES) -> Iterator[Finding]:
    """The advice for one cell; the cell must be counted by `COLUMNS`.

    Where some are open, the same is said of the completed ones alone, as population `completed`.
    """
    usable = cell.tally.state(COMPLETED, OPEN).known("value")
    done = usable.state(COMPLETED)
    if not usable.total:
        return
    yield from _of_part(cell, usable, inquiry, "not_cancelled", shares)
    if 0 < done.total < usable.total:
        yield from _of_part(cell, done, inquiry, "completed", shares)


def _of_part(
    cell: Cell, usable: Tally, inquiry: Inquiry, population: str, shares: Sequence[float]
) -> Iterator[Finding]:
    codes = [promise.code for promise in cell.promises(inquiry.catalog.promises)]
    subject = cell.subject.about(metric="advice", population=population)
    deadline = is_deadline(cell, inquiry.catalog.promises)
    for share in shares:
        yield subject.states(
            "promise.advice",
            usable.total,
            lambda share=share: _advised(cell, usable, share, deadline=deadline),  # type: ignore[misc]
            share=share,
            promises=codes,
        )
    promised = usable.known("gap_promised").known("promised")
    if deadline and promised.total:
        yield _slack(cell, promised, subject.about(metric="slack"), codes)


def _advised(cell: Cell, part: Tally, share: float, *, deadline: bool) -> Estimate:
    if deadline:
        return _kept_value(lateness(cell, part, column="value"), share, level=cell.level)
    # "At least": the value that all but the worst reach; nothing is censored upwards.
    done = part.state(COMPLETED).counts("value", step=cell.step)
    return quantile(done, 1 - share, level=cell.level)


def _slack(cell: Cell, part: Tally, subject: Subject, codes: list[str]) -> Finding:
    """How much shorter every promise could be and still be kept 95 % of the time; negative: it is too short."""
    late = lateness(cell, part)
    typical = part.counts("promised", step=cell.step).quantile(0.5)

    def estimate() -> Estimate:
        at = _kept_value(late, TYPICAL, level=cell.level)
        return Estimate(-at.value, -at.high, -at.low, at.n, at.method, _slack_warnings(late, at, typical))

    return subject.states(
        "promise.slack", part.total, estimate, share=TYPICAL, promised=typical, promises=codes
    )


def _slack_warnings(late: Outcomes, at: Estimate, typical: float) -> tuple[str, ...]:
    warnings = [str(warning) for warning in at.warnings]
    # Late even at the friendly end of the interval.
    if at.low > 0:
        warnings.append(SLACK_NEGATIVE)
    shorter = kept_at(late, [-NEEDLESS * typical])
    if typical > 0 and shorter.value[0] >= SAFE and shorter.low[0] >= TYPICAL:
        warnings.append(SLACK_LARGE)
    return tuple(warnings)


def _kept_value(outcomes: Outcomes, share: float, *, level: float) -> Estimate:
    """The smallest value that a share of the outcomes does not exceed."""
    if not outcomes.still_open.any():
        # Nothing is censored: order statistics bound the quantile also where Kaplan–Meier's band ends in the open.
        return quantile(Counts(outcomes.completed, values=outcomes.values), share, level=level)
    return advice(outcomes, levels=(share,), level=level)[0]


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the slider shows: for each promise one could make, how often it would have been kept (0–1)."""

    unit: str
    n: float
    present: float | None
    quantities: tuple[float, ...]
    shares: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    counts: tuple[tuple[float, float], ...]


def candidates(cell: Cell, *, most: int = 200, completed_only: bool = False) -> Candidates | None:
    """Kept rate of every whole promise up to the slowest 1 in 1000; None where too few have been completed."""
    usable = cell.tally.state(*(COMPLETED,) if completed_only else (COMPLETED, OPEN)).known("value")
    done = usable.state(COMPLETED).counts("value", step=cell.step)
    if done.n < least_for_distribution() or cell.measure.higher_is_better:
        return None
    last = done.quantile(0.999)
    first = min(0.0, float(done.values[0]))
    step = max(cell.step, np.ceil((last - first) / most / cell.step) * cell.step)
    at = np.arange(first, last + step, step)
    curve = kept_at(lateness(cell, usable, column="value"), at, level=cell.level)
    there = ~np.isnan(curve.value)
    promised = usable.known("promised").counts("promised", step=cell.step)
    return Candidates(
        unit=cell.measure.unit,
        n=usable.total,
        present=promised.quantile(0.5) if promised.n else None,
        quantities=tuple(at[there].tolist()),
        shares=tuple(curve.value[there].tolist()),
        lows=tuple(curve.low[there].tolist()),
        highs=tuple(curve.high[there].tolist()),
        counts=_pairs(done),
    )


def _pairs(counts: Counts) -> tuple[tuple[float, float], ...]:
    return tuple(zip(counts.values.tolist(), counts.counts.tolist(), strict=True))
