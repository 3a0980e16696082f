"""The parts of a zipped workbook, checked before any reader unpacks them.

The reader of workbooks allots memory for the whole rectangle a sheet spans and for every shared text, so
what a part declares, and whether it declares the truth, is established here first.
"""

import re
import zipfile
import zlib
from pathlib import Path

from mindgap.collect.files.errors import (
    BrokenFile,
    ProtectedFile,
    TooLarge,
    UnknownFormat,
    UnsafeFile,
    ZipBomb,
)
from mindgap.collect.files.limits import Limits

_CHUNK = 1 << 20
_WORKBOOK = "xl/workbook.xml"
_CELL = re.compile(rb"""\sr=["']([A-Za-z]{1,3})(\d{1,9})["']""")
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OVERLAP = 64  # longer than any cell reference, which may be cut through between two pieces


def check_workbook(path: Path, *, limits: Limits) -> None:
    """Refuse a .xlsx that is something else, damaged, or unpacks to too much.

    Raises UnknownFormat, BrokenFile, ProtectedFile, UnsafeFile, ZipBomb, TooLarge (cells).
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_declared(archive, limits)
            _check_names(archive)
            for entry in archive.infolist():
                _check_entry(archive, entry, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise BrokenFile("the packed parts cannot be read") from error


def _check_declared(archive: zipfile.ZipFile, limits: Limits) -> None:
    entries = archive.infolist()
    if len(entries) > limits.entries:
        raise ZipBomb(found=len(entries), limit=limits.entries, unit="parts")
    if any(entry.flag_bits & 1 for entry in entries):
        raise ProtectedFile
    if any(entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for entry in entries):
        raise BrokenFile("it is packed in a way workbooks are not")
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked_bytes:
        raise ZipBomb(found=total, limit=limits.unpacked_bytes, unit="bytes")
    stored = sum(entry.compress_size for entry in entries)
    if total > limits.ratio_from and total > stored * limits.ratio:
        raise ZipBomb(found=total / max(stored, 1), limit=limits.ratio, unit="times its size")


def _check_names(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if _WORKBOOK in names:
        return
    if "xl/workbook.bin" in names:
        raise UnknownFormat("a binary Excel workbook (.xlsb)")
    if "mimetype" in names and "content.xml" in names:
        raise UnknownFormat("an OpenDocument file")
    if "[Content_Types].xml" in names:
        raise UnknownFormat("an Office document without a workbook")
    raise UnknownFormat("an archive (.zip); unpack it first and import the tables in it one by one")


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> None:
    """Unpack one part without keeping it, and measure the rectangle its cells span.

    Reading stops at the declared size, so a part that is longer than it says fails its check sum. All XML
    parts are measured: a workbook may keep a sheet under any name.
    """
    is_xml = entry.filename.lower().endswith((".xml", ".rels"))
    rows = 0
    letters: set[bytes] = set()
    tail = b""
    with archive.open(entry) as part:
        while piece := part.read(_CHUNK):
            if not is_xml:
                continue
            text = tail + piece
            if _ENTITY.search(text):
                raise UnsafeFile
            cells = _CELL.findall(text)
            letters.update(column for column, _ in cells)
            rows = max(rows, max((int(row) for _, row in cells), default=0))
            columns = max((_column_number(column) for column in letters), default=0)
            if rows * columns > limits.cells:
                raise TooLarge(found=rows * columns, limit=limits.cells, unit="cells")
            tail = text[-_OVERLAP:]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
