"""Placard: what is printed for one link: its code, what it asks, where it stands, and how to get there by hand."""

from dataclasses import dataclass
from io import BytesIO

import segno
from django.conf import settings
from django.utils.translation import gettext, override

from mindgap.collect.survey import address
from mindgap.keep import survey as surveys
from mindgap.keep.models import Link, Survey
from mindgap.keep.texts import Texts

# Modules of white around a code, without which old scanners do not find it (ISO/IEC 18004).
_QUIET = 4
# Pixels of one module: a code of 33 modules comes out at about a thousand, enough for 8 cm in print.
_PIXELS = 24


@dataclass(frozen=True, slots=True)
class Placard:
    """One link on a sheet; `svg` is the whole drawing, `shown` the address as people type it."""

    title: str
    place: str
    label: str
    words: str
    url: str
    shown: str
    svg: str


def url(short: str) -> str:
    """The full address of a survey or link."""
    return settings.SITE_URL + address.path(short)


def svg(url: str) -> str:
    """The code of an address as an SVG drawing without a size of its own."""
    return segno.make(url, error="m", micro=False).svg_inline(border=_QUIET, omitsize=True, light="#fff")


def png(url: str) -> bytes:
    """The code of an address as a PNG picture of about 1,000 pixels."""
    found = BytesIO()
    segno.make(url, error="m", micro=False).save(found, kind="png", border=_QUIET, scale=_PIXELS)
    return found.getvalue()


def languages(survey: Survey) -> tuple[str, ...]:
    """The languages that a sheet may be in: those of the newest version, else those of the draft."""
    return (surveys.published(survey) or surveys.draft(survey)).read().languages


def placards(survey: Survey, links: list[Link], *, language: str, words: str = "") -> list[Placard]:
    """The placards of links in a language of the survey; `words` stand for the usual invitation to scan."""
    definition = (surveys.published(survey) or surveys.draft(survey)).read()
    title = Texts(definition.title).in_language(language, fallback=str(survey))
    with override(language):
        words = words or gettext("How was it? Scan the code and tell us.")
    return [
        Placard(
            title=title,
            place=each.unit.name.in_language(language, fallback=each.unit.code) if each.unit else "",
            label=each.label,
            words=words,
            url=url(each.short),
            shown=url(each.short).partition("://")[2],
            svg=svg(url(each.short)),
        )
        for each in links
    ]
