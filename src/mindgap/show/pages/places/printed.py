"""Placards as a PDF: A4, typeset by typst with the fonts that the machine has, embedded for the printer."""

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

import typst

from mindgap.show.pages.places.placard import Placard

_SHEET = Path(__file__).with_name("sheet.typ")
_LATIN = ("Noto Sans", "Liberation Sans", "Arial", "Helvetica Neue", "DejaVu Sans")
# Each script of Chinese in its own shapes; the fonts of Linux, macOS and Windows.
_HANS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "SimHei", "WenQuanYi Micro Hei")  # fmt: skip
_HANT = ("Noto Sans CJK TC", "Noto Sans TC", "Source Han Sans TC", "PingFang TC", "Microsoft JhengHei")
_LATER = ("Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Serif CJK SC", "Droid Sans Fallback")
# Where the signs of Chinese, Japanese and Korean begin and end, as far as names use them.
_FIRST, _LAST = "\u2e80", "\ud7ff"


class NoFont(Exception):
    """No font on this machine has the signs that are to be printed."""


def pdf(placards: list[Placard], *, language: str, per: int) -> bytes:
    """The placards, `per` on a page. Raises `NoFont` when names are Chinese and no Chinese font is installed."""
    fonts = _fonts(language)
    said = "".join(each.title + each.place + each.label + each.words for each in placards)
    if any(_FIRST <= sign <= _LAST for sign in said) and not set(fonts) - set(_LATIN):
        raise NoFont
    sheet = {
        "placards": [asdict(each) for each in placards],
        "per": per,
        "fonts": fonts,
        "lang": language.partition("-")[0],
        "script": language.partition("-")[2] or "auto",
    }
    made = typst.compile(_SHEET, font_paths=[], sys_inputs={"sheet": json.dumps(sheet)}, format="pdf")
    assert isinstance(made, bytes)
    return made


@cache
def _installed() -> frozenset[str]:
    """The fonts of this machine; looked up once, as it takes a while."""
    return frozenset(typst.Fonts(include_system_fonts=True).families())


def _fonts(language: str) -> list[str]:
    chinese = (*_HANT, *_HANS) if language == "zh-hant" else (*_HANS, *_HANT)
    # Latin signs of a Chinese font fit its own signs better.
    order = (*chinese, *_LATER, *_LATIN) if language.startswith("zh") else (*_LATIN, *chinese, *_LATER)
    return [each for each in order if each in _installed()]
