"""Report: everything that is said about a touchpoint, or about all of them, in one list."""

from mindgap.explain.early import early
from mindgap.explain.finding import Finding
from mindgap.explain.gap import gaps
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.promise import promises, told
from mindgap.explain.score import scores


def report(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Scores, gaps, promises, who was told in time, who was asked too early; in this order."""
    return (*scores(inquiry), *gaps(inquiry), *promises(inquiry), *told(inquiry), *early(inquiry))
