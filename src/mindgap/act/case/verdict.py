"""Verdict: what the customer says of a case that we say is put right. Only this makes it recovered."""

from mindgap.act.case import actions, states, telling
from mindgap.act.case.case import Case
from mindgap.act.case.change import Change

RECOVERED, NOT_RECOVERED, NO_ANSWER = "recovered", "not_recovered", "no_answer"


def give(made: Change, *, recovered: bool, words: str = "", **more: object) -> Case:
    """Write the customer's verdict: verified, or open again on a higher level."""
    case, again = made.case, made.case.version
    if recovered:
        if case.state == states.RESOLVED:
            made.enter(states.VERIFIED, "confirm")
        made.put(outcome=RECOVERED, verified_at=made.now, verify_at=None)
        written = made.write("recovered", words, **more)
        telling.recovered(written, words, again=again)
        return written
    actions.open_again(made)
    made.put(outcome=NOT_RECOVERED, verified_at=made.now)
    written = made.write("reopened", words, **more)
    telling.reopened(written, words, again=again)
    return written


def fall_silent(made: Change) -> Case:
    """Close a case of which the customer never said a word; never as recovered."""
    made.enter(states.CLOSED, "close")
    made.put(outcome=NO_ANSWER)
    return made.write("closed", "")
