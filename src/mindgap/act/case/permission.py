"""Permission: what a member may do with a case that they see."""

from mindgap.act.case import visible
from mindgap.act.case.case import Case
from mindgap.keep.models import Member

LEADS = ("branch_manager", "cx_manager", "admin")
# What brings a case forward: for leads, and for front line people with their own cases and those that nobody has.
WORK = (
    "note", "acknowledge", "contact", "await_customer", "resolve", "remedy", "apologise", "promise_recovery",
    "keep_promise", "reassign", "escalate", "not_actionable", "close", "reopen",
)  # fmt: skip
# What only leads do.
LEAD = ("merge", "approve", "refuse", "improve")
VERBS = (*WORK, *LEAD)


def may(member: Member, verb: str, case: Case) -> bool:
    """Whether a member may do this with a case. Executives and analysts look, and change nothing."""
    if verb not in VERBS:
        raise ValueError(f"{verb!r} is nothing that is done with a case")
    if not visible.sees(member, case):
        return False
    if member.has_role(*LEADS):
        return True
    return verb in WORK and member.has_role(visible.NARROW) and case.owner_id in (None, member.pk)
