"""Asks the facts for counts, gives them to the statistics, states frozen findings."""
