"""Matching: words in a comment, whichever script, width or case it was written in.

Traditional characters are read as simplified ones, full width as half width, so that 投訴 and 投诉 are one word; the
comment itself stays as it was written. Latin words match whole words only: `rat` is not in `rather`.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from opencc import OpenCC

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The form in which texts are compared."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return str(_converter().convert(folded)) if _HAN.search(folded) else folded


@lru_cache(maxsize=512)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    parts = sorted({plain(word).strip() for word in words} - {""}, key=len, reverse=True)
    if not parts:
        return None
    return re.compile("|".join(part if (part := _part(word)) else "" for word in parts))


def _part(word: str) -> str:
    escaped = r"\s+".join(re.escape(each) for each in word.split())
    if _HAN.search(word):
        return escaped
    before = r"(?<!\w)" if word[0].isalnum() else ""
    # A star at the end takes any ending: `injur*` finds injury and injured.
    if word.endswith("*"):
        return f"{before}{escaped.removesuffix(re.escape('*'))}\\w*"
    return f"{before}{escaped}" + (r"(?!\w)" if word[-1].isalnum() else "")


def found(comment: str, words: Iterable[str]) -> list[str]:
    """The words that stand in a comment, as they stand there in plain form, each once."""
    pattern = _pattern(tuple(words))
    if pattern is None or not comment:
        return []
    return list(dict.fromkeys(pattern.findall(plain(comment))))
