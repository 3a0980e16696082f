"""Erasure: what is kept of somebody is removed, everywhere, and it is proved that it was (P10, L1, B16)."""
