"""States of a case, and which may follow which (`behaviour.md` 3.2)."""

NEW, TRIAGED, CONTACTED, RESOLVING, AWAITING, RESOLVED, VERIFIED, CLOSED, MERGED, NOT_ACTIONABLE = (
    "new", "triaged", "contacted", "resolving", "awaiting_customer", "resolved", "verified", "closed", "merged",
    "not_actionable",
)  # fmt: skip
STATES = (NEW, TRIAGED, CONTACTED, RESOLVING, AWAITING, RESOLVED, VERIFIED, CLOSED, MERGED, NOT_ACTIONABLE)
# Somebody still owes something.
OPEN = (NEW, TRIAGED, CONTACTED, RESOLVING, AWAITING)
# Waiting for the customer's word, or done.
OVER = (VERIFIED, CLOSED, MERGED, NOT_ACTIONABLE)

_FORWARD = {
    NEW: (TRIAGED, CONTACTED, RESOLVING, AWAITING, RESOLVED),
    TRIAGED: (CONTACTED, RESOLVING, AWAITING, RESOLVED),
    CONTACTED: (RESOLVING, AWAITING, RESOLVED),
    RESOLVING: (CONTACTED, AWAITING, RESOLVED),
    AWAITING: (CONTACTED, RESOLVING, RESOLVED),
    RESOLVED: (VERIFIED, CLOSED, RESOLVING),
    VERIFIED: (CLOSED, RESOLVING),
    CLOSED: (RESOLVING,),
    NOT_ACTIONABLE: (RESOLVING,),
    MERGED: (),
}


def following(state: str) -> tuple[str, ...]:
    """The states into which a case may go from here; every open one may also end as merged or not actionable."""
    return (*_FORWARD[state], *((MERGED, NOT_ACTIONABLE) if state in OPEN else ()))
