"""Causes: the codes by which a case names what went wrong, so that patterns and playbooks can be found by it."""

# The mistakes of the catalogue first (R72), then the parts of COURTED that were missing, then whose doing it was.
CAUSES = (
    "long_waiting", "needs_unknown", "unresolved", "too_automated", "impersonal", "rude", "human_unreachable",
    "missed_promise", "late_untold", "wrong_or_incomplete", "damaged", "contradictory_information", "price_surprise",
    "exaggeration", "neglected", "slow_or_broken_page", "repeated", "pressure", "safety",
    "unclean", "disorderly", "no_understanding", "disrespect", "time_wasted", "difficult", "undependable",
    "company_fault", "customer_fault", "third_party_fault",
)  # fmt: skip
