"""Segments: as how many text messages a text is sent and paid for.

A text that GSM 03.38 can write has 160 characters in one message and 153 in each of several; those of the extension
count twice. Any other has 70 and 67, counted in UTF-16: an emoji is two. No segment ends within a character.
"""

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
GSM, UCS = "gsm-7", "ucs-2"
# (alone, as one of several)
_SIZES = {GSM: (160, 153), UCS: (70, 67)}


@dataclass(frozen=True, slots=True)
class Segments:
    """`units` are septets or UTF-16 units, `left` those free in the last segment."""

    count: int
    units: int
    left: int
    encoding: str


def count(text: str, *, encoding: str = "") -> Segments:
    """The segments of a text; providers of mainland China count everything as `ucs-2`."""
    chosen = encoding or (GSM if all(each in _BASIC or each in _EXTENDED for each in text) else UCS)
    sizes = [_size(character, chosen) for character in text]
    alone, part = _SIZES[chosen]
    units = sum(sizes)
    if units <= alone:
        return Segments(1 if text else 0, units, alone - units, chosen)
    number, used = 1, 0
    for size in sizes:
        if used + size > part:
            number, used = number + 1, 0
        used += size
    return Segments(number, units, part - used, chosen)


def _size(character: str, encoding: str) -> int:
    if encoding == GSM:
        return 2 if character in _EXTENDED else 1
    return 2 if ord(character) > 0xFFFF else 1
