"""The customer's own page of a case: what was understood, what is promised by when, and whether it was put right."""
