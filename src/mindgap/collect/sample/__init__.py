"""The sample company: a synthetic retailer that shows what Mindgap does. Labelled as such, removed as a whole."""

from mindgap.collect.sample.company import exists, load, remove

__all__ = ["exists", "load", "remove"]
