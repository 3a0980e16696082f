"""Evidence: what the system knows about a thing that people look at: findings with interval and n, or why there are none.

What is stored with an item is JSON: a finding as `Finding.write` makes it, or `{"lacking": reason, …}`.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from mindgap.explain.disclosure import countable
from mindgap.explain.figure import Figure, Gap, Score, cells_for
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.metric import SCORES
from mindgap.explain.subject import Subject
from mindgap.keep.models import Measure
from mindgap.measure import proportion

Evidence = dict[str, Any]
# Why there is no figure; `show` has the sentences.
LACKING = (
    "not_asked",
    "not_answered",
    "no_interactions",
    "no_comments",
    "no_cases",
    "no_loads",
    "few_loads",
    "no_visitors",
    "no_promise",
)


def of(findings: Iterable[Finding]) -> list[Evidence]:
    """The findings as they are stored."""
    return [finding.write() for finding in findings]


def lacking(reason: str, **about: str) -> Evidence:
    """That there is no figure, and why."""
    assert reason in LACKING
    return {"lacking": reason, **about}


def answered(inquiry: Inquiry, measure: str) -> list[Evidence]:
    """What customers answered to one measure over all touchpoints: its level, and its gap to what they expected."""
    known = {each.code: each for each in inquiry.catalog.measures.values()}
    if measure not in known:
        return [lacking("not_asked", measure=measure)]
    asked = inquiry.split(None).also("measure", measure)
    found = [finding for figure in _figures(inquiry, known[measure]) for finding in across(asked, figure)]
    return of(found) or [lacking("not_answered", measure=measure)]


def across(inquiry: Inquiry, figure: Figure) -> Iterator[Finding]:
    """The figure over all touchpoints as one, without those too small to be shown."""
    cells = list(cells_for(inquiry, figure, across=True))
    for cell, part in zip(cells, countable([figure.part(cell.tally) for cell in cells]), strict=True):
        if part.total:
            yield figure.state(cell, part)


def share(
    inquiry: Inquiry, code: str, part: int, n: int, *, better: int = -1, population: str, **details: Any
) -> Finding:
    """A share that was counted in the record."""
    subject = Subject.of(inquiry, metric=code, unit="share", population=population)
    return subject.states(
        code, n, lambda: proportion(part, n, level=inquiry.level), better=better, count=part, **details
    )


def ten(finding: Evidence, measure: Measure | None) -> tuple[float, float, float] | None:
    """Value and limits of a stored score on 0 to 10, the scale of those who look; None where it has no closed scale."""
    if measure is None or measure.minimum is None or measure.maximum is None or finding.get("value") is None:
        return None
    if finding["code"] not in ("score.mean", "score.effort"):
        return None
    low, width = float(measure.minimum), float(measure.maximum - measure.minimum)
    scaled = [
        min(max((finding[name] - low) / width * 10, 0.0), 10.0)
        if finding[name] is not None
        else (0.0 if name == "low" else 10.0)
        for name in ("value", "low", "high")
    ]
    if measure.higher_is_better:
        return scaled[0], scaled[1], scaled[2]
    return 10 - scaled[0], 10 - scaled[2], 10 - scaled[1]


def worth(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Those with a value."""
    return [each for each in evidence if each.get("value") is not None]


def _figures(inquiry: Inquiry, measure: Measure) -> Iterator[Figure]:
    metrics = [each for each in inquiry.catalog.metrics if each.measure_id == measure.id]
    scores = [each for each in metrics if each.summary in SCORES]
    # A mean can be laid beside the scores of those who look; a share of the best boxes cannot.
    means = [each for each in scores if each.summary in ("mean", "effort")]
    for metric in (means or scores)[:1]:
        yield Score(metric)
    yield Gap("expectation", is_answer=True)
