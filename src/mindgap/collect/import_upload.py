"""What an uploaded file holds, what its columns may be taken as, and the import of it."""

from dataclasses import dataclass

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
from mindgap.collect.uploads import Upload
from mindgap.keep.models import Organization

PREVIEW_ROWS = 20


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
