"""States of an improvement, and which may follow which. The four verdicts are given by the planned test alone."""

from mindgap.act.improvement.improvement import (
    AGREED,
    DOING,
    DONE,
    DROPPED,
    IDEA,
    MEASURING,
    NO_EFFECT,
    NOT_VERIFIABLE,
    STANDARDISED,
    VERIFIED,
    WORSE,
)

# Somebody still has something to do or to wait for.
OPEN = (IDEA, AGREED, DOING, DONE, MEASURING)
# A plan is fixed and its test is to come.
PLANNED = (AGREED, DOING, DONE, MEASURING)
VERDICTS = (VERIFIED, NO_EFFECT, WORSE, NOT_VERIFIABLE)

# By the hand of people; `agreed` also follows where a new plan replaces an old one.
_BY_HAND = {
    IDEA: (AGREED, DROPPED),
    AGREED: (DOING, DROPPED),
    DOING: (DONE, DROPPED),
    DONE: (DOING, DROPPED),
    MEASURING: (DROPPED,),
    VERIFIED: (STANDARDISED,),
    NO_EFFECT: (AGREED, STANDARDISED, DROPPED),
    WORSE: (AGREED, DROPPED),
    NOT_VERIFIABLE: (AGREED, STANDARDISED, DROPPED),
    STANDARDISED: (),
    DROPPED: (IDEA,),
}


def following(state: str) -> tuple[str, ...]:
    """The states into which people may bring it from here."""
    return _BY_HAND[state]
