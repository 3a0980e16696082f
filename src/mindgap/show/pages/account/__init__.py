"""Signing in, the one-time link of the first start, language and organization of the person."""
