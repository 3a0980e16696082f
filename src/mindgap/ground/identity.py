"""Names of things that are made without asking anybody: time-ordered ids and ids that follow from their content."""

import os
import threading
from uuid import UUID, uuid5

from mindgap.ground import clock

_NAMESPACE = UUID("6d696e64-6761-5070-8000-000000000001")
_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """A version 7 UUID (RFC 9562): milliseconds, then 74 random bits; never earlier than the one before."""
    global _last  # noqa: PLW0603 - order within one process is the point
    with _lock:
        _last = max(int(clock.now().timestamp() * 1000), _last)
        stamp = _last
    random = int.from_bytes(os.urandom(10), "big")
    value = (stamp & 0xFFFFFFFFFFFF) << 80 | 0x7 << 76 | (random >> 62 & 0xFFF) << 64 | 0b10 << 62
    return UUID(int=value | random & 0x3FFFFFFFFFFFFFFF)


def content_id(*parts: str) -> UUID:
    """The same id for the same parts, for ever: what makes importing a file twice change nothing."""
    return uuid5(_NAMESPACE, "\x1f".join(f"{len(part)}:{part}" for part in parts))
