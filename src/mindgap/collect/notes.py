"""What a person should know about the files and registers of an import, although nothing is wrong."""

from collections.abc import Iterable, Iterator

from mindgap.collect.register import Declared
from mindgap.collect.result import Note
from mindgap.collect.sheet import Sheet

_SHOWN = 10


def of_sheet(sheet: Sheet) -> Iterator[Note]:
    """How a file was read, where that took a decision or lost something."""
    report = sheet.report
    if report is None:
        return
    name = sheet.file
    encoding = report.encoding
    if encoding is not None and encoding.name.lower() not in ("utf-8", "utf-8-sig", "ascii"):
        words = f"{name}: read as {encoding.name}; if the text looks wrong, choose another encoding"
        yield Note(
            "encoding", words, {"file": name, "encoding": encoding.name, "confidence": encoding.confidence}
        )
    if report.replaced_characters:
        words = f"{name}: {report.replaced_characters:,} characters could not be read and stand as \ufffd"
        yield Note("replaced_characters", words, {"file": name, "count": report.replaced_characters})
    if report.blank_records:
        words = f"{name}: {report.blank_records:,} blank records ignored"
        yield Note("blank_records", words, {"file": name, "count": report.blank_records})
    if report.ragged_count:
        lines = [ragged.line for ragged in report.ragged[:_SHOWN]]
        words = f"{name}: {report.ragged_count:,} records have too few or too many cells (lines {_listed(lines)} …)"
        yield Note("ragged_records", words, {"file": name, "count": report.ragged_count, "lines": lines})
    if report.renamed:
        names = {each.name: each.original for each in report.renamed[:_SHOWN]}
        words = f"{name}: columns without a name of their own are called {_listed(names)}"
        yield Note("renamed_columns", words, {"file": name, "columns": names})
    if not report.header.is_certain:
        rows = len(report.header.rows)
        words = f"{name}: taken to have {rows} header row(s); if that is wrong, say how many with header_rows"
        yield Note("uncertain_header", words, {"file": name, "rows": rows})


def of_registers(declared: Declared) -> Iterator[Note]:
    """Registers that are kept as people have set them, although the mapping says something else."""
    if declared.differ:
        words = f"kept as they are, although the mapping differs: {_listed(declared.differ[:_SHOWN])}"
        yield Note("registers_differ", words, {"registers": declared.differ})


def _listed(things: Iterable[object]) -> str:
    return ", ".join(str(thing) for thing in things)
