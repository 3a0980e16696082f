"""Names of things that are made without asking anybody: time-ordered ids and ids that follow from their content."""

import hashlib
import os
import threading
from uuid import UUID

from mindgap.ground import clock

_NAMESPACE = UUID("6d696e64-6761-5070-8000-000000000001").bytes
_WITHOUT_VERSION = ~(0xF << 76 | 0b11 << 62)
# Bytes of chance in an id. They are drawn for many at once: each drawing lets go of Python's lock, which a thread that
# serves many may then have to wait for.
_RANDOM, _DRAWN_AT_ONCE = 10, 100
_lock = threading.Lock()
_last = 0
_drawn = bytearray()
# A child must not make the ids that its parent will make.
os.register_at_fork(after_in_child=_drawn.clear)


def uuid7() -> UUID:
    """A version 7 UUID (RFC 9562): milliseconds, then 74 random bits; never earlier than the one before."""
    global _last  # noqa: PLW0603 - order within one process is the point
    with _lock:
        _last = max(clock.milliseconds(), _last)
        stamp = _last
        if len(_drawn) < _RANDOM:
            _drawn[:] = os.urandom(_RANDOM * _DRAWN_AT_ONCE)
        random = int.from_bytes(_drawn[-_RANDOM:], "big")
        del _drawn[-_RANDOM:]
    value = (stamp & 0xFFFFFFFFFFFF) << 80 | 0x7 << 76 | (random >> 62 & 0xFFF) << 64 | 0b10 << 62
    return UUID(int=value | random & 0x3FFFFFFFFFFFFFFF)


def content_id(*parts: str) -> UUID:
    """The same id for the same parts, for ever: what makes importing a file twice change nothing."""
    name = "\x1f".join([f"{len(part)}:{part}" for part in parts])
    # A version 5 UUID (RFC 9562), for half of what `uuid5` takes: every submission needs several.
    hashed = hashlib.sha1(_NAMESPACE + name.encode(), usedforsecurity=False).digest()
    value = int.from_bytes(hashed[:16], "big")
    return UUID(int=value & _WITHOUT_VERSION | 0x5 << 76 | 0b10 << 62)
