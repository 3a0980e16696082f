"""Programmes: who is asked when and over which channel, decided for one customer at a time, with reasons kept."""
