"""Erasures: who asked that nothing be kept of them, how long it may take, and the proof that it was done."""
