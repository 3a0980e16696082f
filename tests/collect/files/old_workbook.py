"""A writer of the smallest .xls (BIFF8 in a compound file): one sheet of texts and numbers.

No maintained writer exists, and a fixture made here can be read by who reads the test.
"""

import struct
from collections.abc import Sequence

_SECTOR = 512
_END, _FAT, _FREE, _NO_ENTRY = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF, 0xFFFFFFFF


def old_workbook(rows: Sequence[Sequence[str | float]], *, sheet: str = "Sheet1") -> bytes:
    return _compound("Workbook", _book(rows, sheet))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _book(rows: Sequence[Sequence[str | float]], sheet: str) -> bytes:
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    page = _record(0x0042, struct.pack("<H", 1200))
    name = sheet.encode("utf-16-le")
    end = _record(0x000A, b"")
    bound_length = 4 + 8 + len(name)
    offset = len(begin) + len(page) + bound_length + len(end)
    bound = _record(0x0085, struct.pack("<IHBB", offset, 0, len(sheet), 1) + name)
    cells = b"".join(_cell(y, x, value) for y, row in enumerate(rows) for x, value in enumerate(row))
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    return begin + page + bound + end + start + cells + end


def _cell(row: int, column: int, value: str | float) -> bytes:
    where = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        return _record(0x0204, where + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    return _record(0x0203, where + struct.pack("<d", value))


def _compound(name: str, stream: bytes) -> bytes:
    stream = stream.ljust(max(-(-len(stream) // _SECTOR) * _SECTOR, 4096), b"\0")
    sectors = len(stream) // _SECTOR
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<109I", 0, *[_FREE] * 108)
    chain = [_FAT, _END, *range(3, sectors + 2), _END]
    table = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    directory = _entry("Root Entry", 5, child=1, start=_END, size=0)
    directory += _entry(name, 2, child=_NO_ENTRY, start=2, size=len(stream)) + bytes(256)
    return head + table + directory + stream


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    links = struct.pack("<HBBIII", len(text), kind, 1, _NO_ENTRY, _NO_ENTRY, child)
    return text.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)
