"""Playbooks: suggested solutions, and what they led to."""
