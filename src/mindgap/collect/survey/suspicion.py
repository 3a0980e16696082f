"""Suspicion: what makes a submission doubtful. It is flagged, never dropped: who counts decides (B5)."""

from mindgap.collect.survey.page import TRAP
from mindgap.collect.survey.reading import Form
from mindgap.collect.survey.state import State
from mindgap.ground import clock

HONEYPOT, TOO_FAST, CROWD = "honeypot", "too_fast", "crowd"
_SECONDS_EACH = 1.0


def flags(state: State, form: Form) -> list[str]:
    """The flags of a visit after one more page, which was shown at `state.shown`."""
    found = list(state.flags)
    if form.one(TRAP).strip():
        found.append(HONEYPOT)
    answered = len([code for code in state.asked if form.all(code)])
    if answered > 1 and clock.milliseconds() - state.shown < answered * _SECONDS_EACH * 1000:
        found.append(TOO_FAST)
    return sorted(set(found)) if found else found
