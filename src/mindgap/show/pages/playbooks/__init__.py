"""Playbooks: suggested solutions, where they fit, and what they led to here."""
