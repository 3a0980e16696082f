"""Channels that send invitations and notices: one folder each, found by its `channel.py`, which declares `CHANNEL`."""

import pkgutil
from functools import cache
from importlib import import_module, util

from mindgap.collect.channels.contract import Channel


@cache
def catalog() -> dict[str, Channel]:
    """Every channel by its code."""
    found: dict[str, Channel] = {}
    for folder in pkgutil.iter_modules(__path__):
        name = f"{__name__}.{folder.name}.channel"
        if folder.ispkg and util.find_spec(name) is not None:
            channel: Channel = import_module(name).CHANNEL
            found[channel.code] = channel
    return found


def channel(code: str) -> Channel:
    """The channel of that code; `KeyError` when there is none."""
    return catalog()[code]
