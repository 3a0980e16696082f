"""Mindgap: mind the gap between what customers expect and what they get."""

__version__ = "0.1.0"
