"""Rows that say who the customers are, ready to be made."""

import polars as pl

from mindgap.collect import person
from mindgap.collect.ready import KEY_MOST, Preparing


def prepare(at: Preparing) -> None:
    """Read and check identities, name, language, segments, attributes; the key is the first identity by default."""
    record = at.record
    nobody = person.prepare(at)
    columns = ", ".join(record.customer)
    words = "there is no identity in this row; fill in at least one, such as an e-mail address or a customer number"
    at.refusals.add(nobody, "customer_missing", columns, words)
    if at.has("key"):
        at.text("key", record.key, most=KEY_MOST)
        at.need("key", record.key, "no_key", "the key is empty; give every customer one")
        return
    # The kind stands before the value: an order number and a phone number may be the same digits.
    key = pl.coalesce(
        *(pl.lit(f"{kind}:") + pl.lit(at.columns[f"identity {kind}"]) for kind in record.customer)
    )
    at.put("key", at.frame.select(key.alias("key")).to_series())
