"""The sample company's people, and what they did about complaints: so that a newcomer finds a queue that lives."""

from mindgap.act.sample.company import load, remove

__all__ = ["load", "remove"]
