"""Which organization a key opens, remembered for a second: a revoked key is dead that soon."""

import asyncio
import time
from collections import OrderedDict

from mindgap.collect.key import Key, digest

_SECONDS = 1.0
_MOST = 10_000


class Keyring:
    """Looks keys up off the event loop and keeps each answer, also "no such key", for a second."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[float, int | None]] = OrderedDict()

    async def organization(self, secret: str) -> int | None:
        """The id of the organization that the key opens; None when it opens none."""
        name = digest(secret)
        now = time.monotonic()
        found = self._known.get(name)
        if found is None or found[0] < now:
            found = (now + _SECONDS, await asyncio.to_thread(_look_up, name))
            self._known[name] = found
            self._known.move_to_end(name)
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
        return found[1]


def _look_up(name: str) -> int | None:
    from django.db import connection

    try:
        return (
            Key.objects.filter(digest=name, revoked_at=None).values_list("organization_id", flat=True).first()
        )
    finally:
        # The thread belongs to the event loop and may end at any time; a connection must not be left in it.
        connection.close()
