"""Importing a list of touchpoints or promises: registers, not things that happened."""

from collections import Counter
from pathlib import Path

from mindgap.collect.aside import Origin, set_aside
from mindgap.collect.mapping import File, Mapping
from mindgap.collect.notes import of_sheet
from mindgap.collect.refusal import Refusal
from mindgap.collect.register import listing
from mindgap.collect.result import ImportResult, Note, Tally
from mindgap.collect.sheet import open_sheet, paths_in
from mindgap.collect.synonyms import REGISTER_OF
from mindgap.keep.models import Organization


def import_list(
    paths: tuple[Path, ...],
    which: listing.Which,
    *,
    organization: Organization,
    dry_run: bool = False,
    how: File | None = None,
) -> ImportResult:
    """Bring the rows of the files into a register by their code; rows that do not fit go to quarantine."""
    tally, blank, reasons = Tally(), 0, Counter[str]()
    tables: dict[str, int] = {}
    notes: list[Note] = []
    for path in paths_in(paths):
        sheet = open_sheet(path, Mapping().opened(how))
        columns = listing.fields_of(sheet.frame.columns, which, REGISTER_OF)
        rows = [sheet.raw(number) for number in range(sheet.frame.height)]
        listed = listing.bring_in(organization, which, rows, columns, dry_run=dry_run)
        refused = {row: Refusal(reason, "", words) for row, (reason, words) in listed.refused.items()}
        tally += Tally(len(rows), listed.new, listed.changed, listed.already, len(refused))
        tables[sheet.file], blank = len(rows), blank + sheet.blank
        notes += of_sheet(sheet)
        reasons.update(refusal.reason for refusal in refused.values())
        if not dry_run:
            origin = Origin(
                sheet, mapping=0, record=0, kind=which, how={"register": which, "columns": columns}
            )
            set_aside(organization.pk, origin, refused)
    return ImportResult(
        organization.code, dry_run, tables, blank, {which: tally}, dict(reasons), {}, tuple(notes)
    )
