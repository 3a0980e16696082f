"""The bytes of a file, within the limits, and what kind of file they are."""

import re
import zlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mindgap.collect.files.errors import BrokenFile, EmptyFile, TooLarge, UnknownFormat, ZipBomb
from mindgap.collect.files.limits import Limits

HEAD_BYTES = 1 << 21
_GZIP = b"\x1f\x8b"
_REFUSED = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"BZh", "a compressed file"),
    (b"\xfd7zXZ", "a compressed file"),
    (b"\x28\xb5\x2f\xfd", "a compressed file"),
    (b"$FL2", "an SPSS file"),
    (b"$FL3", "an SPSS file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"<!DOCTYPE", "a web page"),
    (b"<!doctype", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "an XML document"),
)


class Kind(StrEnum):
    TEXT = "text"
    JSON = "json"
    XLSX = "xlsx"
    XLS = "xls"
    PARQUET = "parquet"


@dataclass(frozen=True)
class Source:
    """A file looked at: its kind and, for text and JSON, its bytes (``whole`` unless only the head)."""

    path: Path
    kind: Kind
    content: bytes = b""
    whole: bool = True


def look(path: Path, *, limits: Limits, head_only: bool = False) -> Source:
    """Decide the kind by the content and read the bytes of texts.

    Raises EmptyFile, UnknownFormat, TooLarge, ZipBomb (a .gz), BrokenFile.
    """
    size = path.stat().st_size
    if size == 0:
        raise EmptyFile
    with path.open("rb") as file:
        magic = file.read(8)
        kind = _binary_kind(magic)
        if kind is not None:
            if size > limits.workbook_bytes:
                raise TooLarge(found=size, limit=limits.workbook_bytes, unit="bytes")
            return Source(path, kind)
        if magic.startswith(_GZIP):
            content = _inflated(path, limits=limits, most=HEAD_BYTES if head_only else None)
            size = len(content) + 1 if head_only and len(content) >= HEAD_BYTES else len(content)
        else:
            if size > limits.bytes:
                raise TooLarge(found=size, limit=limits.bytes, unit="bytes")
            file.seek(0)
            content = file.read(HEAD_BYTES if head_only else size)
    whole = len(content) >= size
    if not whole:
        content = _whole_lines(content)
    return Source(path, _text_kind(content), content, whole)


def _binary_kind(magic: bytes) -> Kind | None:
    if magic.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Kind.XLSX
    if magic.startswith(b"\xd0\xcf\x11\xe0"):
        return Kind.XLS
    if magic.startswith(b"PAR1"):
        return Kind.PARQUET
    return None


def _text_kind(content: bytes) -> Kind:
    if not content:
        raise EmptyFile
    for magic, found in _REFUSED:
        if content.startswith(magic):
            raise UnknownFormat(found)
    head = content[:65_536]
    if content.startswith(_GZIP) or _binary_kind(head):
        raise UnknownFormat("a compressed file inside a compressed file")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return Kind.JSON if re.match(rb'\{\s*(?:"|\})|\[\s*\{', start) else Kind.TEXT


def _whole_lines(content: bytes) -> bytes:
    """The head of a file without the line that was cut through."""
    if b"\0" in content[:65_536]:
        return content[: len(content) // 4 * 4]
    end = max(content.rfind(b"\n"), content.rfind(b"\r"))
    return content[: end + 1] if end >= 0 else content


def _inflated(path: Path, *, limits: Limits, most: int | None) -> bytes:
    """What a .gz holds, never unpacking more than the limit (or the ``most`` bytes wanted)."""
    inflater = zlib.decompressobj(wbits=31)
    parts: list[bytes] = []
    total = 0
    with path.open("rb") as file:
        while chunk := inflater.unconsumed_tail or file.read(1 << 18):
            try:
                part = inflater.decompress(chunk, 1 << 22)
            except zlib.error as error:
                raise BrokenFile("the compressed data cannot be read") from error
            parts.append(part)
            total += len(part)
            if most is not None and total >= most:
                return b"".join(parts)[:most]
            if total > limits.bytes:
                raise ZipBomb(found=total, limit=limits.bytes, unit="bytes")
            if inflater.eof:
                rest = inflater.unused_data
                if not (rest or file.peek(1)):
                    return b"".join(parts)
                raise BrokenFile("more than one part is packed in it")
    raise BrokenFile("the compressed data is cut off")
