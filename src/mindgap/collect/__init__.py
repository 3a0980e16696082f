"""Lets feedback and operations in: one folder per channel, one importer per format, the public lane."""
