"""The tools whose messages are understood; each module of this folder describes one as `SOURCE`."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from mindgap.collect.inbound.contract import Source


@cache
def catalog() -> dict[str, Source]:
    """Every source by its code."""
    modules = [import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__)]
    found: list[Source] = [module.SOURCE for module in modules]
    return {each.code: each for each in found}
