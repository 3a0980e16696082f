"""Files that people upload on a page: kept in the data folder until they are imported or forgotten."""

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from mindgap.collect import files
from mindgap.collect.errors import NothingToGuess
from mindgap.collect.guess import guess
from mindgap.collect.import_run import ImportRun
from mindgap.collect.importer import run
from mindgap.collect.mapping import Mapping, schema
from mindgap.collect.notes import of_sheet
from mindgap.collect.register import known
from mindgap.collect.remembered import recall, remember
from mindgap.collect.result import ImportResult, Note
from mindgap.collect.sheet import Sheet, open_sheet, stem
from mindgap.ground import clock, identity
from mindgap.keep.models import Organization

PREVIEW_ROWS = 20
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


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a file as they would be read, and what had to be decided to read it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    report: files.Report
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A mapping to begin with: `remembered` from the last file like this, `guessed` from names, or `none`.

    `columns` says which column was taken as what; `words` why nothing could be guessed.
    """

    origin: str
    mapping: Mapping
    columns: dict[str, str]
    unused: tuple[str, ...]
    words: str = ""


def keep_upload(organization: Organization, name: str, chunks: Iterable[bytes]) -> Upload:
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
        shutil.rmtree(folder)
        raise files.TooLarge(found=size, limit=most, unit="bytes")
    return Upload(id_, path)


def find_upload(organization: Organization, id_: UUID | str) -> Upload | None:
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


def preview(upload: Upload, how: schema.File | None = None) -> Preview:
    """The first rows of an upload; `how` is what a person chose instead of what was found out."""
    how = how or schema.File()
    table = files.preview(
        upload.path,
        rows=PREVIEW_ROWS,
        encoding=how.encoding or None,
        delimiter=how.delimiter or None,
        header_rows=how.header_rows,
        sheet=how.sheet,
        date_order=how.date_order or None,
    )
    sheet = Sheet(stem(upload.path), upload.name, table.frame, table.line_numbers, report=table.report)
    rows = tuple(tuple("" if cell is None else str(cell) for cell in row) for row in table.frame.iter_rows())
    lines = tuple(int(line) for line in table.line_numbers.to_list())
    return Preview(tuple(table.frame.columns), rows, lines, table.report, tuple(of_sheet(sheet)))


def suggest(
    organization: Organization,
    upload: Upload,
    how: schema.File | None = None,
    *,
    makes: str = "",
    touchpoint: str = "",
) -> Suggestion:
    """The mapping used last for a file with the same columns, else one guessed from what the columns are called."""
    sheet = open_sheet(upload.path, Mapping().opened(how))
    before = recall(organization.pk, sheet.frame.columns)
    if before is not None and not makes:
        return Suggestion("remembered", before.mapping.opened(how), {}, ())
    try:
        guessed = guess(sheet.frame, known(organization), makes=makes, touchpoint=touchpoint)
    except NothingToGuess as problem:
        return Suggestion("none", Mapping().opened(how), {}, tuple(sheet.frame.columns), str(problem))
    return Suggestion("guessed", guessed.mapping.opened(how), guessed.columns, guessed.unused)


def plan(organization: Organization, upload: Upload, mapping: Mapping) -> ImportResult:
    """What importing the upload would do; writes nothing."""
    return run((upload.path,), mapping, organization=organization, dry_run=True)


def start(
    organization: Organization, upload: Upload, mapping: Mapping, *, user_id: int | None = None
) -> ImportRun:
    """Have the worker import the upload; the mapping is remembered for the next file with these columns."""
    sheet = open_sheet(upload.path, mapping)
    kept = remember(organization.pk, mapping, sheet.frame.columns)
    return ImportRun.objects.create(
        organization=organization, started_by_id=user_id, mapping=kept, name=upload.name, file=str(upload.id)
    )


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
