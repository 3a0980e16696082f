"""Wording: which words the messages of a programme have, and what an author may write into them.

Words for one channel come before those for all, and these before ours. A language in which there are none at all gets
those in English, a programme's own before ours.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from mindgap.collect.channels import texts
from mindgap.collect.channels.delivery import Wording
from mindgap.ground import language
from mindgap.keep.definition import Definition

# What the words of a message may name, beside `hidden.<code>`. The link stands behind the words by itself.
PLACEHOLDERS = ("name", "organization", "survey")
SUBJECT_MOST, TEXT_MOST = 200, 2000
_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")

OWN, OURS, MISSING = "own", "ours", "missing"


@dataclass(frozen=True, slots=True)
class Words:
    """The subject and text of a message. `source`: `own`, `ours`, or `missing` in that language, so it is English.

    `is_for_channel`: written for this channel and language, so that they can be taken away.
    """

    subject: str
    text: str
    source: str = OURS
    is_for_channel: bool = False


def rows(programme: int) -> list[Wording]:
    """Everything that was written for a programme, for those who ask `of` many times."""
    return list(Wording.objects.filter(programme=programme))


def of(
    programme: int | None,
    kind: str,
    *,
    way: str,
    code: str,
    is_short: bool,
    known: Iterable[Wording] | None = None,
) -> Words:
    """The words of a kind of message in a language, over a channel of the organization; `known` are the `rows`."""
    wanted = language.canonical(code)
    is_known = wanted in language.LANGUAGES
    subject, text = texts.own(kind, wanted, is_short=is_short)
    if programme is None:
        return Words(subject, text, OURS if is_known else MISSING)
    named = f"{kind}_short" if is_short else kind
    codes = {code, wanted} if is_known else {code, wanted, language.DEFAULT}
    if known is None:
        known = Wording.objects.filter(Q(way=way, kind=kind) | Q(way="", kind=named), programme=programme)
    found = sorted(
        (row for row in known if row.language in codes and (row.way, row.kind) in ((way, kind), ("", named))),
        key=lambda row: (row.language not in (code, wanted), row.way != way),
    )
    if not found:
        return Words(subject, text, OURS if is_known else MISSING)
    first = found[0]
    is_own = first.language in (code, wanted)
    source = OWN if is_own else MISSING
    return Words(first.subject or subject, first.text or text, source, is_own and first.way == way)


def write(programme: int, kind: str, *, way: str, code: str, words: Words | None) -> None:
    """Keep words for one channel and language; none: what is there without them holds again."""
    rows = Wording.objects.filter(programme=programme, kind=kind, way=way, language=code)
    if words is None:
        rows.delete()
        return
    given = {"subject": words.subject, "text": words.text}
    Wording.objects.update_or_create(
        programme_id=programme, kind=kind, way=way, language=code, defaults=given
    )


def placeholders(definition: Definition) -> tuple[str, ...]:
    """What the words of a message about a survey may name."""
    return (*PLACEHOLDERS, *(f"hidden.{each.code}" for each in definition.hidden))


def unknown(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """What stands in double braces and is nothing that may be named; a brace pair without its other half too."""
    strange = [found for found in _PLACEHOLDER.findall(text) if found not in known]
    rest = _PLACEHOLDER.sub("", text)
    return (*dict.fromkeys(strange), *(pair for pair in ("{{", "}}") if pair in rest))
