"""The key of this installation: made on first start, kept in the data folder, readable by its owner only."""

import os
import secrets
from pathlib import Path


def key(folder: Path) -> str:
    """The installation's key; two processes that start at once agree on one."""
    path = folder / "secret.key"
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Written aside and linked into place: the name never holds half a key, and the first process wins.
    draft = folder / f".secret.{os.getpid()}.{secrets.token_hex(4)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return _read(path)


def _read(path: Path) -> str:
    text = path.read_text().strip()
    if len(text) < 32:
        raise RuntimeError(
            f"{path} holds no usable key; restore it from a backup, or delete it (people must sign in again)"
        )
    return text
