"""The columns that say who it was, alike for interactions, answers and customers."""

import polars as pl

from mindgap.collect.ready import KEY_MOST, Preparing


def prepare(at: Preparing) -> pl.Series:
    """Add `identity <kind>`, name, language, `segment <code>` and `attribute <code>`; which rows name nobody."""
    record = at.record
    nobody = at.all(is_so=True)
    for kind, source in record.customer.items():
        nobody &= at.text(f"identity {kind}", source, most=KEY_MOST).is_null()
    if at.has("customer_name"):
        at.text("customer_name", record.customer_name, most=KEY_MOST)
    if at.has("language"):
        at.text("language", record.language, most=16)
    for code, source in record.segments.items():
        at.text(f"segment {code}", source, most=KEY_MOST)
    for code, source in record.attributes.items():
        at.text(f"attribute {code}", source)
    return nobody
