"""The index of this floor's models; each lives in the file of its noun."""

from mindgap.collect.import_run import ImportRun
from mindgap.collect.key import Key
from mindgap.collect.remembered import RememberedMapping

__all__ = ["ImportRun", "Key", "RememberedMapping"]
