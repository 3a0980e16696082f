"""The customer's own page of a case: what was understood, what is promised by when, and their word on it."""
