"""Turns requests into calls and results into pages, charts, JSON, files and messages."""
