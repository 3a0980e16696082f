"""Files that people upload on a page: kept in the data folder until they are imported or forgotten.

Nothing here reads what is in a file: a worker that only looks after files starts without what reads them.
"""

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from mindgap.collect.import_run import ImportRun
from mindgap.ground import clock, identity
from mindgap.keep.models import Organization

_KEPT_DAYS = 7
_UNSAFE = re.compile(r"[^\w.\-() ]+")


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file: its id, and the name that people know it by."""

    id: UUID
    path: Path

    @property
    def name(self) -> str:
        return self.path.name


def keep(organization: Organization, name: str, chunks: Iterable[bytes]) -> Upload:
    """Keep an uploaded file; `TooLarge` beyond the limit of the settings, and then nothing is kept."""
    sweep()
    id_ = identity.uuid7()
    folder = _folder(organization, id_)
    folder.mkdir(parents=True, mode=0o700)
    path = folder / _safe(name)
    most, size = settings.UPLOAD_MAX_MB * 1024 * 1024, 0
    with path.open("xb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > most:
                break
            file.write(chunk)
    if size > most:
        from mindgap.collect.files import TooLarge

        shutil.rmtree(folder)
        raise TooLarge(found=size, limit=most, unit="bytes")
    return Upload(id_, path)


def find(organization: Organization, id_: UUID | str) -> Upload | None:
    """The upload of that id, if it is this organization's and still kept."""
    try:
        folder = _folder(organization, UUID(str(id_)))
    except ValueError:
        return None
    path = next(iter(sorted(folder.glob("*"))), None) if folder.is_dir() else None
    return None if path is None else Upload(UUID(folder.name), path)


def forget(upload: Upload) -> None:
    """Remove an upload."""
    shutil.rmtree(upload.path.parent, ignore_errors=True)


def forget_all(organization: Organization) -> int:
    """Remove every upload that no import is waiting for or running on; how many."""
    in_use = set(
        ImportRun.objects.filter(organization=organization, state__in=("waiting", "running")).values_list(
            "file", flat=True
        )
    )
    gone = 0
    root = _folder(organization, UUID(int=0)).parent
    for folder in root.glob("*") if root.is_dir() else ():
        if not any(folder.name in each for each in in_use):
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def sweep() -> int:
    """Remove uploads that nobody imported within a week; how many."""
    oldest = (clock.now() - timedelta(days=_KEPT_DAYS)).timestamp()
    wanted = set(ImportRun.objects.filter(state__in=("waiting", "running")).values_list("file", flat=True))
    old = [
        folder
        for folder in _uploads().glob("*/*")
        if folder.stat().st_mtime < oldest and folder.name not in wanted
    ]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def _uploads() -> Path:
    return Path(settings.DATA) / "uploads"


def _folder(organization: Organization, id_: UUID) -> Path:
    return _uploads() / str(organization.pk) / str(id_)


def _safe(name: str) -> str:
    """A file name that means nothing to any file system, but the same to people."""
    plain = _UNSAFE.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip(". ")
    return plain[-120:] or "upload"
