"""Improving: an improvement is opened from a case, so that its cause is mended for everybody."""

from django.db import transaction

from mindgap.act.case import change
from mindgap.act.case.case import Case
from mindgap.act.case.errors import CaseError, Incomplete, NotAllowed, NotPossible
from mindgap.act.improvement import errors as improvements
from mindgap.act.improvement.opening import open_improvement
from mindgap.keep.models import Member


@transaction.atomic
def improve(case_id: int, member: Member, *, version: int, title: str, side: str, kind: str) -> Case:
    """Open an idea at the touchpoint and promise of a case, which becomes part of it."""
    made = change.begin(case_id, member, "improve", version=version)
    case = made.case
    if case.improvement_id is not None:
        raise NotPossible("improve", case.state)
    try:
        opened = open_improvement(
            case.organization, origin="cases", source={"cases": [case.number]}, title=title, touchpoint=case.touchpoint,
            side=side, kind=kind, member=member, unit=case.unit, promise=case.promise,
        )  # fmt: skip
    except improvements.ImprovementProblem as problem:
        raise refusal(problem, case) from problem
    made.put(improvement=opened)
    return made.write("improvement", opened.title)


def refusal(problem: improvements.ImprovementProblem, case: Case) -> CaseError:
    """Why no improvement was opened, as whoever acts on a case is told."""
    if isinstance(problem, improvements.NotAllowed):
        return NotAllowed("improve")
    if isinstance(problem, improvements.NotGiven):
        return Incomplete(problem.field, problem.reason, "say what is to be changed, and how")
    return NotPossible("improve", case.state)
