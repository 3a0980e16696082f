"""Step: how the shares of the whole organization moved since the period before and since the same one last year."""

from collections.abc import Callable
from dataclasses import replace

from mindgap.explain.cell import answers, interactions
from mindgap.explain.change import AGAINST, SIGNIFICANT, earlier, settled
from mindgap.explain.disclosure import countable
from mindgap.explain.figure import Kept, kept_count
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.subject import Subject
from mindgap.keep.interaction import COMPLETED
from mindgap.measure import Difference, proportion_difference

# How many of how many.
Share = tuple[float, float]


def kept_steps(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Promises kept over all touchpoints; completed ones only: the open ones of the last days are not known yet."""
    return _steps(inquiry, _kept, name="kept", code="promise.kept", better=1)


def missed_steps(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Experiences that fell short of a stated expectation, over all measures."""
    return _steps(inquiry, _missed, name="gap.expectation", code="gap.share", better=-1)


def _steps(
    inquiry: Inquiry, share: Callable[[Inquiry], Share], *, name: str, code: str, better: int
) -> tuple[Finding, ...]:
    now = settled(inquiry)
    if now is None:
        return ()
    fresh = share(now)
    if not fresh[1]:
        return ()
    subject = Subject.of(now, metric=name, unit="share")
    found = []
    for against in AGAINST:
        before = earlier(now.period, against)
        old = share(now.within(before))
        step = subject.differs(
            f"change.{against}",
            (old[1], fresh[1]),
            _difference(old, fresh, inquiry.level),
            figure=code,
            better=better,
            before=before.write(),
        )
        found.append(_judged(step, better))
    return tuple(found)


def _difference(old: Share, fresh: Share, level: float) -> Callable[[], Difference]:
    return lambda: proportion_difference(old[0], old[1], fresh[0], fresh[1], level=level)


def _judged(step: Finding, better: int) -> Finding:
    """Two planned comparisons of one figure: no family to correct for."""
    p = step.details.get("p")
    if p is None or step.value is None:
        return step
    return replace(
        step, details={**step.details, "is_real": p < SIGNIFICANT, "is_better": step.value * better > 0}
    )


def _kept(inquiry: Inquiry) -> Share:
    kept, n = 0.0, 0.0
    figure = Kept(inquiry.catalog.promises)
    columns = ("touchpoint", "state", "outcome", "gap_promised")
    cells = interactions(inquiry, *columns, across=True)
    for done in countable([figure.part(cell.tally).state(COMPLETED) for cell in cells]):
        kept, n = kept + kept_count(done), n + done.total
    return kept, n


def _missed(inquiry: Inquiry) -> Share:
    missed, n = 0.0, 0.0
    columns = ("touchpoint", "state", "gap_expected")
    cells = (*answers(inquiry, *columns, across=True), *interactions(inquiry, *columns, across=True))
    for part in countable([cell.happened.known("gap_expected") for cell in cells]):
        missed, n = missed + part.only(part.columns["gap_expected"] < 0).total, n + part.total
    return missed, n
