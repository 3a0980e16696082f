"""Which organization a key opens, remembered for a second: a revoked key is dead that soon."""

from mindgap.collect import beside
from mindgap.collect.key import Key


class Keyring:
    """Looks keys up by their digest, off the event loop, and keeps each answer, also "no such key", for a second."""

    def __init__(self) -> None:
        self._known: beside.Memory[str, int | None] = beside.Memory()

    async def organization(self, digest: str) -> int | None:
        """The id of the organization that the key of a digest opens; None when it opens none."""
        return await self._known.find(digest, lambda: _look_up(digest))


def _look_up(digest: str) -> int | None:
    found = Key.objects.filter(digest=digest, revoked_at=None).values_list("organization_id", flat=True)
    return found.first()
