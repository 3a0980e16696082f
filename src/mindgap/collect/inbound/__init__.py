"""Inbound: what other survey tools and event streams send by themselves, read into answers and interactions."""
