"""COURTED: seven parts as members see them, beside what customers answered and what operations know (R154–R161)."""

from collections.abc import Iterator

from mindgap.act.audit import evidence
from mindgap.act.audit.draft import Draft
from mindgap.act.audit.evidence import Evidence
from mindgap.act.audit.scope import Scope
from mindgap.act.audit.seeds import seeds
from mindgap.explain import promise as keeping
from mindgap.explain.cell import interactions
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.subject import Subject
from mindgap.explain.tally import HAPPENED
from mindgap.ground.duration import SECONDS
from mindgap.measure import proportion

# The wording of the survey template that one's own people answer is stored apart.
_OWN = "self_"


def drafts(inquiry: Inquiry, scope: Scope) -> Iterator[Draft]:
    """One part each, in the order of the word."""
    measures = {each.code for each in inquiry.catalog.measures.values()}
    for code, seed in seeds("courted").items():
        found = evidence.answered(inquiry, seed.measure)
        if _OWN + seed.measure in measures:
            found += evidence.answered(inquiry, _OWN + seed.measure)
        more = {"time": _quick, "easy": _effort, "dependable": _dependable}.get(code)
        yield Draft(f"part:{code}", [*found, *(more(inquiry, scope) if more else [])])


def _quick(inquiry: Inquiry, scope: Scope) -> Iterator[Evidence]:
    """Within the time that may be expected: a page in seconds, a till in minutes (R159)."""
    for cell in interactions(inquiry, "state", "value"):
        seconds = SECONDS.get(cell.measure.unit)
        limit = _limit(cell.touchpoint.kind if cell.touchpoint else "", seconds or 0.0, scope)
        done = cell.tally.state(*HAPPENED).known("value")
        if limit is None or not done.total or not seconds or not scope.covers(cell.subject.touchpoint or ""):
            continue
        counts = done.counts("value", step=cell.step * seconds)
        within = counts.between(high=limit + 1e-9)
        subject: Subject = cell.subject.about(metric="audit.within", unit="share")
        finding = subject.states(
            "audit.within",
            counts.n,
            lambda within=within, n=counts.n: proportion(within, n, level=inquiry.level),  # type: ignore[misc]
            better=1,
            seconds=limit,
        )
        yield finding.write()


def _limit(kind: str, seconds: float, scope: Scope) -> float | None:
    """Pages are digital and counted in seconds; tills are not, and counted in minutes at most."""
    if kind == "digital":
        return scope.page_seconds if 0 < seconds <= 1 else None
    return scope.till_seconds if kind in ("physical", "representative") and 0 < seconds <= 60 else None


def _effort(inquiry: Inquiry, _scope: Scope) -> Iterator[Evidence]:
    for measure in inquiry.catalog.measures.values():
        if measure.kind == "effort":
            yield from evidence.worth(evidence.answered(inquiry, measure.code))


def _dependable(inquiry: Inquiry, scope: Scope) -> Iterator[Evidence]:
    kept = [each for each in keeping.promises(inquiry) if each.code == "promise.kept"]
    found = [each for each in (*kept, *keeping.told(inquiry)) if scope.covers(each.touchpoint or "")]
    yield from evidence.of(found) or [evidence.lacking("no_interactions")]
