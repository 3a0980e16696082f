"""Improvements: a change with a goal, a deadline and a test that was planned before."""
