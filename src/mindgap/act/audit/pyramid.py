"""Pyramid: six levels from informing to making life better; effort against impact (R51–R57, R99)."""

from collections.abc import Iterator

from mindgap.act.audit import evidence
from mindgap.act.audit.draft import Draft
from mindgap.act.audit.scope import Scope
from mindgap.act.audit.seeds import seeds
from mindgap.explain import promise as keeping
from mindgap.explain.inquiry import Inquiry


def drafts(inquiry: Inquiry, scope: Scope) -> Iterator[Draft]:
    """One level each, from the ground up."""
    for code, seed in seeds("pyramid").items():
        found = evidence.answered(inquiry, seed.measure)
        if code == "proact":
            told = [each for each in keeping.told(inquiry) if scope.covers(each.touchpoint or "")]
            found += evidence.of(told)
        yield Draft(f"level:{code}", found)
