"""The style sheet and the script that stand in every answering page, so that a page is one request.

They are built by `frontend/build.py` from `frontend/survey/`. Where they were not built the pages still work.
"""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_BUILT = Path(__file__).resolve().parents[2] / "show" / "static" / "build"


@dataclass(frozen=True, slots=True)
class Inlined:
    """A text and the hash by which the page's policy lets it in."""

    text: str
    source: str


@cache
def style() -> Inlined:
    """The style sheet."""
    return of(_read("survey.css"))


@cache
def script() -> Inlined:
    """The script."""
    return of(_read("survey.js"))


def of(text: str) -> Inlined:
    """A text with its hash as `'sha256-…'`."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Inlined(text, f"'sha256-{digest}'")


def _read(name: str) -> str:
    try:
        # The text between two tags is hashed by the browser as it stands, without a line end more or less.
        return (_BUILT / name).read_text(encoding="utf-8").strip().replace("</", "<\\/")
    except FileNotFoundError:
        return ""
