"""Limits: what the settings let the public lane do, for itself and for the processes that share its address."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Limits:
    """Who may show the pages in a frame, which proxies are believed, where files go, the key of seals.

    `processes` serve the same address; each counts by itself.
    """

    secret: str
    folder: Path
    embedders: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    is_secure: bool = False
    processes: int = 1

    def share(self, most: int) -> int:
        """How many of `most` one process may let pass: together they let hardly more pass, wherever they come in."""
        return -(-most // self.processes)

    @classmethod
    def from_settings(cls, *, processes: int = 1) -> "Limits":
        """The limits of the settings."""
        from mindgap.ground import settings

        return cls(
            settings.SECRET_KEY,
            settings.DATA / "attachments",
            tuple(settings.LANE_EMBEDDERS),
            tuple(settings.LANE_PROXIES),
            settings.SECURE,
            processes,
        )
