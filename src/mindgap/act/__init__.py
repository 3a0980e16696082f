"""Decides and records what people must do; runs the worker."""
