"""The record and the facts: who, where, what was promised, what was felt, and the countable readings."""
