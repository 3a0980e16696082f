"""Attachment: a file that a respondent sends. Known by its content, kept under a random name, never served as sent.

Refused: what is not one of the kinds asked for, and what is that and something else at once (B12).
"""

import os
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mindgap.collect.survey.fault import Fault
from mindgap.keep.definition import Question

MEGABYTE = 1_048_576
MOST_MB = 20
_USUAL_MB = 5
_USUAL = ("jpg", "png", "webp", "heic", "pdf")
_SAME = {"jpeg": "jpg", "jpe": "jpg", "heif": "heic", "m4a": "mp4", "mov": "mp4", "text": "txt"}
_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "pdf": "application/pdf",
    "mp4": "video/mp4",
    "txt": "text/plain",
}
# What makes a browser, a shell or a reader of documents run something, wherever it stands in the file.
_ACTIVE = re.compile(
    rb"<\s*(?:script|html|svg|iframe|object|embed|body|img|\?php|!doctype|!entity)[\s>/?:\[]"
    rb"|javascript:|/javascript\b|/js\s*[(<]|/launch\b|x5o!p%@ap",
    re.IGNORECASE,
)
_NAME = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*&\'`\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]')


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be stored."""

    name: str
    kind: str
    content: bytes


def kinds(question: Question) -> tuple[str, ...]:
    """The endings that a question takes, of those that can be told by their content."""
    asked = tuple(dict.fromkeys(_SAME.get(each, each) for each in map(_ending, question.accepts)))
    return tuple(kind for kind in asked if kind in _TYPES) or _USUAL


def most_mb(question: Question) -> int:
    """The largest file that a question takes, in megabytes."""
    return min(int(question.most or _USUAL_MB), MOST_MB)


def check(upload: Upload, question: Question) -> Checked:
    """The file if its size and content are as asked."""
    if not upload.content:
        raise Fault("file_empty")
    if len(upload.content) > most_mb(question) * MEGABYTE:
        raise Fault("file_large", most=most_mb(question))
    kind = _kind(upload.content)
    if kind not in kinds(question) or _is_something_else(upload.content, kind):
        raise Fault("file_kind", kinds=", ".join(kinds(question)))
    return Checked(clean_name(upload.name, kind), kind, upload.content)


def clean_name(name: str, kind: str) -> str:
    """The name to show: the last part of a path, without anything that steers a program or turns the text round."""
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    stem = _NAME.sub("", last).rpartition(".")[0] or _NAME.sub("", last)
    return f"{stem.strip(' .')[:80] or 'file'}.{kind}"


def store(values: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Write the checked files among the values into the folder; what stays is a description of each."""
    return {
        name: _store(value, folder) if isinstance(value, Checked) else value for name, value in values.items()
    }


def _store(file: Checked, folder: Path) -> dict[str, Any]:
    key = secrets.token_hex(20)
    place = folder / key[:2]
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Opened for the owner only, synced before the answer that names it is appended.
    descriptor = os.open(place / key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(file.content)
        out.flush()
        os.fsync(out.fileno())
    return {"name": file.name, "type": _TYPES[file.kind], "size": len(file.content), "file": key}


def _ending(text: str) -> str:
    return text.strip().lower().lstrip(".").rpartition("/")[2]


def _kind(content: bytes) -> str:
    """What the first bytes say; `txt` when all of it is text; empty for anything else."""
    head = content[:32]
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"hevc") else "mp4"
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return "" if re.search(r"[\x00-\x08\x0e-\x1f]", text) else "txt"


def _is_something_else(content: bytes, kind: str) -> bool:
    """Whether a file is a second thing besides what its first bytes say."""
    if _ACTIVE.search(content):
        return True
    # An archive is read from its end: behind a picture it would still open.
    if b"PK\x05\x06" in content[-70_000:]:
        return True
    if kind == "gif":
        # The width of a picture that is a script as well reads as the start of a comment or an assignment.
        return content[6:8] in (b"/*", b"//", b"=1") or content[6:7] in (b"=", b"/") or content[-1:] != b";"
    if kind == "png":
        return content[-8:-4] != b"IEND"
    return False
