"""Cut: texts made to fit what a provider takes, without cutting a character in two."""

import unicodedata

_JOINERS = "\u200d\ufe0e\ufe0f"


def to_bytes(text: str, most: int, *, tail: str = "…") -> str:
    """The text in at most `most` bytes of UTF-8, with `tail` where something is missing."""
    if len(text.encode()) <= most:
        return text
    kept = text.encode()[: most - len(tail.encode())].decode("utf-8", "ignore")
    return _whole(kept, text) + tail


def to_characters(text: str, most: int, *, tail: str = "…") -> str:
    """The text in at most `most` characters."""
    return text if len(text) <= most else _whole(text[: most - len(tail)], text) + tail


def _whole(kept: str, text: str) -> str:
    """Without the beginning of a character that is made of several: emoji with joiners, letters with accents."""
    while kept and (_goes_on(text[len(kept) : len(kept) + 1]) or kept[-1] == "\u200d"):
        kept = kept[:-1]
    return kept


def _goes_on(following: str) -> bool:
    return bool(following) and (following in _JOINERS or unicodedata.combining(following) > 0)
