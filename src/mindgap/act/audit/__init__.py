"""Audits: what is looked at by people, beside what customers say."""
