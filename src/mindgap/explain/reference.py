"""Reference: published figures to lay over one's own; never a weight, never mixed into an estimate (R115)."""

# Share of the variance of attitudinal loyalty by group of drivers, as Gartner published it. The shares add to 0.998.
LOYALTY_SHARES = {"product": 0.36, "interaction": 0.304, "brand": 0.204, "price": 0.13}
LOYALTY_SOURCE = "Gartner"


def loyalty_share(group: str) -> dict[str, float | str] | None:
    """The published share of a group of loyalty drivers, with its source; None for other groups."""
    share = LOYALTY_SHARES.get(group)
    return None if share is None else {"value": share, "source": LOYALTY_SOURCE}
