"""Turns at the one file that SQLite writes to: who appends waits in line.

SQLite itself lets the second writer knock again after ever longer pauses, so that one of two busy processes may wait
for most of a second. Here the kernel wakes it: it stands at the door while the other is inside, and whoever comes out
must line up behind it. Both locks end with the process that holds them, however it ends.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class Turns:
    """The line before one file; each instance, in this process or another, has one place in it."""

    def __init__(self, file: Path) -> None:
        self._door = _opened(file.with_name(f"{file.name}-door"))
        self._room = _opened(file.with_name(f"{file.name}-room"))

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for one's turn, and give it up at the end."""
        fcntl.flock(self._door, fcntl.LOCK_EX)
        try:
            fcntl.flock(self._room, fcntl.LOCK_EX)
        finally:
            fcntl.flock(self._door, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(self._room, fcntl.LOCK_UN)

    def close(self) -> None:
        """Leave the line for good."""
        self._door.close()
        self._room.close()


def _opened(path: Path) -> IO[bytes]:
    # Nothing is ever written to it; append mode makes it when it is not there, and leaves it alone when it is.
    return path.open("ab")
