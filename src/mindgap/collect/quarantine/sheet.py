"""Quarantine as a CSV file to be corrected in a spreadsheet, and read back."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from mindgap.collect import files
from mindgap.collect.errors import NotRepairable
from mindgap.collect.quarantine.values import mend, values_of
from mindgap.keep.models import Organization, Quarantine

_ABOUT = ("#id", "#reason", "#words", "#column", "#source", "#line")
# A spreadsheet would run cells that begin like this; an apostrophe keeps them texts.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export(entries: Iterable[Quarantine], file: TextIO) -> int:
    """Write entries as CSV with a column per value; how many. Columns that begin with # say what is wrong."""
    rows = [(entry, values_of(entry)) for entry in entries]
    names = list(dict.fromkeys(name for _, values in rows for name in values))
    writer = csv.writer(file)
    writer.writerow([*_ABOUT, *(_guarded(name) for name in names)])
    for entry, values in rows:
        about = (entry.pk, entry.reason, entry.words, entry.column, entry.source, entry.line or "")
        writer.writerow([_guarded(str(cell)) for cell in (*about, *(values.get(name, "") for name in names))])
    return len(rows)


def mend_from(organization: Organization, path: Path) -> list[int]:
    """Correct entries from a file that `export` wrote and a person changed; the ids of those that changed.

    JSON Lines with the same columns will do as well.
    """
    table = files.open_table(path)
    if "#id" not in table.columns:
        raise NotRepairable(
            f"{path.name} has no column '#id'; export the quarantine, correct that file, and give it back"
        )
    changed = []
    for row in table.frame.iter_rows(named=True):
        cells = {_bare(name): "" if cell is None else _bare(str(cell)) for name, cell in row.items()}
        entry = _entry(organization, cells["#id"])
        before = values_of(entry)
        new = {
            name: value
            for name, value in cells.items()
            if not name.startswith("#") and value != before.get(name, "")
        }
        if new:
            mend(organization, entry.pk, new)
            changed.append(entry.pk)
    return changed


def _entry(organization: Organization, id_: str) -> Quarantine:
    try:
        return Quarantine.objects.get(organization=organization, pk=int(id_))
    except (ValueError, Quarantine.DoesNotExist) as problem:
        raise NotRepairable(f"there is no entry {id_!r} in quarantine") from problem


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
