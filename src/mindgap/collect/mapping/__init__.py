"""Mapping: which column is what, written by hand in TOML, by a form, or guessed from the names of the columns."""

from mindgap.collect.mapping.read import read, read_object, read_text, write
from mindgap.collect.mapping.schema import Field, File, Mapping, Record, Source

__all__ = ["Field", "File", "Mapping", "Record", "Source", "read", "read_object", "read_text", "write"]
