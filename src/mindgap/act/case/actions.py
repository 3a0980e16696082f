"""Actions: what a member does with a case, one function for each. All are whole or not at all, and leave a trace.

Each takes the version that the member saw; when somebody was faster, `ChangedMeanwhile` says what they did. Notes are
appended whatever happened meanwhile: nobody's words are lost.
"""

from datetime import datetime, timedelta

from django.db import transaction

from mindgap.act.case import address, change, clocks, people, recovery_promise, states, telling
from mindgap.act.case.case import FAULTS, SEVERITIES, Case
from mindgap.act.case.errors import Incomplete, NotPossible
from mindgap.act.case.policy import policy
from mindgap.act.case.remedies import approve, refuse, remedy
from mindgap.keep.models import Member

__all__ = [
    "acknowledge",
    "apologise",
    "approve",
    "await_customer",
    "close",
    "contact",
    "escalate",
    "keep_promise",
    "merge",
    "not_actionable",
    "note",
    "promise_recovery",
    "reassign",
    "refuse",
    "remedy",
    "reopen",
    "resolve",
]

_WORDS_MOST = 4000


@transaction.atomic
def acknowledge(case_id: int, member: Member, *, version: int) -> Case:
    """Take note of a case; one that nobody has becomes the member's."""
    made = change.begin(case_id, member, "acknowledge", version=version)
    made.enter(states.TRIAGED, "acknowledge")
    if made.case.owner is None and people.may_own(member, made.case):
        made.put(owner=member)
    return _first_seen_to(made, "acknowledged")


@transaction.atomic
def contact(case_id: int, member: Member, *, version: int, words: str = "") -> Case:
    """The customer was reached; `words` are for colleagues."""
    made = change.begin(case_id, member, "contact", version=version)
    _must_be_open(made.case, "contact")
    is_first = made.case.contacted_at is None
    goes_on = made.case.state in (states.CONTACTED, states.RESOLVING) and not is_first
    if not goes_on:
        made.enter(states.CONTACTED if is_first else states.RESOLVING, "contact")
    _take(made, member)
    return _first_seen_to(made, "contacted", _said(words))


@transaction.atomic
def note(case_id: int, member: Member, *, words: str) -> Case:
    """Append a note for colleagues; it changes nothing and is never refused because somebody else was faster."""
    case = change.begin(case_id, member, "note", version=None).case
    change.note(case, "note", _required("words", words), by=member)
    return case


@transaction.atomic
def reassign(case_id: int, member: Member, *, version: int, owner: Member | None, reason: str) -> Case:
    """Hand a case to somebody else, or to the pool."""
    made = change.begin(case_id, member, "reassign", version=version)
    _must_be_open(made.case, "reassign")
    if owner is not None and not people.may_own(owner, made.case):
        raise Incomplete("owner", "cannot_see", "choose somebody who works on cases of this unit")
    made.put(owner=owner)
    case = made.write("reassigned", _required("reason", reason))
    telling.assigned(case, by=member, reason=reason)
    return case


@transaction.atomic
def escalate(case_id: int, member: Member, *, version: int, reason: str) -> Case:
    """Call the next level."""
    made = change.begin(case_id, member, "escalate", version=version)
    _must_be_open(made.case, "escalate")
    if made.case.level >= clocks.LEVEL_MOST:
        raise NotPossible("escalate", f"at level {clocks.LEVEL_MOST}")
    made.put(level=made.case.level + 1)
    case = made.write("escalated", _required("reason", reason))
    telling.level(case, case.level, by=member, reason=reason)
    return case


@transaction.atomic
def await_customer(case_id: int, member: Member, *, version: int, words: str) -> Case:
    """Ask the customer for something; meanwhile the clocks stand."""
    made = change.begin(case_id, member, "await_customer", version=version)
    made.enter(states.AWAITING, "await_customer")
    _take(made, member)
    return _first_seen_to(made, "awaiting_customer", _required("words", words))


@transaction.atomic
def resolve(
    case_id: int,
    member: Member,
    *,
    version: int,
    fault: str,
    cause: str,
    severity: str,
    controllable: bool | None = None,
    words: str = "",
) -> Case:
    """Say that it is put right, and what had gone wrong; the customer will be asked whether it is so."""
    made = change.begin(case_id, member, "resolve", version=version)
    if fault not in FAULTS:
        raise Incomplete("fault", "unknown", f"say whose fault it was: {', '.join(FAULTS)}")
    if severity not in SEVERITIES:
        raise Incomplete("severity", "unknown", f"say how it will be remembered: {', '.join(SEVERITIES)}")
    cause = _required("cause", cause)[:64]
    made.enter(states.RESOLVED, "resolve")
    _take(made, member)
    made.put(fault=fault, cause=cause, severity=severity, is_controllable=controllable, outcome="")
    made.put(
        verify_at=made.now + timedelta(days=policy(made.case.organization_id).verify_days), verification=None
    )
    recovery_promise.settle(made, is_done=True)
    return made.write("resolved", _said(words))


@transaction.atomic
def apologise(case_id: int, member: Member, *, version: int, words: str) -> Case:
    """Apologise, in words that the customer reads on their page."""
    made = change.begin(case_id, member, "apologise", version=version)
    if made.case.state in states.OVER:
        raise NotPossible("apologise", made.case.state)
    made.put(apologized_at=made.case.apologized_at or made.now)
    return made.write("apologised", _required("words", words))


@transaction.atomic
def promise_recovery(case_id: int, member: Member, *, version: int, words: str, due: datetime) -> Case:
    """Promise the customer something by a moment; whether it is kept is watched and counted."""
    made = change.begin(case_id, member, "promise_recovery", version=version)
    _must_be_open(made.case, "promise_recovery")
    if due <= made.now:
        raise Incomplete("due", "past", "promise something that is still to come")
    recovery_promise.make(made, _required("words", words)[:300], due)
    return made.write("promised", made.case.recovery_promise)


@transaction.atomic
def keep_promise(case_id: int, member: Member, *, version: int) -> Case:
    """Say that what was promised is done, though the case goes on."""
    made = change.begin(case_id, member, "keep_promise", version=version)
    if made.case.recovery_due is None or made.case.recovery_kept is not None:
        raise NotPossible("keep_promise", made.case.state)
    recovery_promise.settle(made, is_done=True)
    return made.write("promise_kept")


@transaction.atomic
def merge(case_id: int, member: Member, *, version: int, into: int) -> Case:
    """Let another case of the same customer, by its number, go on for both; the other one as it goes on."""
    target = (
        Case.objects.filter(organization=member.organization_id, number=into)
        .values_list("pk", flat=True)
        .first()
    )
    # Always in one order: two who merge two cases into each other must not wait for each other.
    list(
        Case.objects.select_for_update()
        .filter(pk__in=[each for each in (case_id, target) if each is not None])
        .order_by("pk")
        .values_list("pk")
    )
    made = change.begin(case_id, member, "merge", version=version)
    if target is None or target == case_id:
        raise Incomplete("into", "unknown", "give the number of another case")
    other = change.begin(target, member, "merge", version=None)
    # Of complaints without a name nobody knows whether they are of the same person.
    if made.case.customer_id is None or other.case.customer_id != made.case.customer_id:
        raise Incomplete("into", "other_customer", "only cases of the same customer are one case")
    if other.case.state in (states.MERGED, states.NOT_ACTIONABLE):
        raise Incomplete("into", "over", "that case has ended; merge into one that goes on")
    made.enter(states.MERGED, "merge")
    made.put(merged_into=other.case)
    made.write("merged")
    # It was earlier for the customer: from then on they wait.
    earliest = min(other.case.opened_at, made.case.opened_at)
    other.put(opened_at=earliest, level=max(other.case.level, made.case.level))
    return other.write("merged_with", str(made.case.number))


@transaction.atomic
def not_actionable(case_id: int, member: Member, *, version: int, reason: str) -> Case:
    """End a case for which nothing can be done, saying why."""
    made = change.begin(case_id, member, "not_actionable", version=version)
    made.enter(states.NOT_ACTIONABLE, "not_actionable")
    return made.write("not_actionable", _required("reason", reason))


@transaction.atomic
def close(case_id: int, member: Member, *, version: int) -> Case:
    """Close a case. One about which the customer has said nothing yet is closed as that, never as recovered."""
    made = change.begin(case_id, member, "close", version=version)
    if made.case.state == states.RESOLVED:
        made.put(outcome="no_answer")
    made.enter(states.CLOSED, "close")
    return made.write("closed")


@transaction.atomic
def reopen(case_id: int, member: Member, *, version: int, reason: str) -> Case:
    """Open a case again: it was not put right after all. Its first times stay."""
    made = change.begin(case_id, member, "reopen", version=version)
    open_again(made)
    return made.write("reopened", _required("reason", reason))


def open_again(made: change.Change) -> None:
    """What opening again changes: it is worked on, a level higher, with half the time to put it right."""
    made.enter(states.RESOLVING, "reopen")
    made.put(
        closed_at=None, verified_at=None, verification=None, verify_at=None, outcome="",
        level=min(clocks.LEVEL_MOST, made.case.level + 1),
    )  # fmt: skip


def _first_seen_to(made: change.Change, kind: str, words: str = "") -> Case:
    """Write a step; with the first one that somebody takes, the customer learns where to follow it."""
    is_first = made.is_first("acknowledged_at")
    case = made.write(kind, words)
    if is_first:
        address.send(case)
    return case


def _take(made: change.Change, member: Member) -> None:
    """Whoever works on a case that nobody has, has it."""
    if made.case.owner is None and people.may_own(member, made.case):
        made.put(owner=member)


def _must_be_open(case: Case, verb: str) -> None:
    if not case.is_open:
        raise NotPossible(verb, case.state)


def _said(words: str) -> str:
    return change.cleaned(words, _WORDS_MOST)


def _required(field: str, words: str) -> str:
    said = _said(words)
    if not said:
        raise Incomplete(field, "missing", "say it in a word or two")
    return said
