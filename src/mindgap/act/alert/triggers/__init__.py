"""Triggers: one file each, found by convention, which declares `TRIGGER`."""

import pkgutil
from functools import cache
from importlib import import_module

from mindgap.act.alert.trigger import Trigger


@cache
def catalog() -> dict[str, Trigger]:
    """Every trigger by its code."""
    found = (import_module(f"{__name__}.{each.name}").TRIGGER for each in pkgutil.iter_modules(__path__))
    return {each.code: each for each in found}
