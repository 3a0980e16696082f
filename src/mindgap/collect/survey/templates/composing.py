"""Composing: the definition that a template's file describes, with its shared parts and names put in."""

import re
from collections.abc import Mapping
from typing import Any

from mindgap.collect.survey.templates.shared import shared
from mindgap.collect.survey.templates.template import Source, Wording
from mindgap.ground import language
from mindgap.keep import definition as definitions
from mindgap.keep.definition import Definition, Words

Names = Mapping[str, Words]

# `{company}`, but not `{{q1}}`, which is filled in while somebody answers.
_GAP = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")


class Filling:
    """Texts in the wanted languages, with names in their gaps."""

    def __init__(self, languages: tuple[str, ...], names: Names) -> None:
        self.languages = languages
        self.missing: list[str] = []
        self._names = names

    def texts(self, value: Any) -> Any:
        """The same, deep down, with every text filled in."""
        if isinstance(value, list | tuple):
            return [self.texts(each) for each in value]
        if not isinstance(value, dict):
            return value
        if value and set(value) <= set(language.LANGUAGES):
            return {code: self._fill(value[code], code) for code in self.languages if code in value}
        return {name: self.texts(each) for name, each in value.items()}

    def _fill(self, text: str, code: str) -> str:
        # Once only: a company may be called anything.
        return _GAP.sub(lambda found: self._name(found[1], code), text.strip())

    def _name(self, name: str, code: str) -> str:
        given = self._names.get(name) or {}
        if found := language.choose(given, code):
            return found
        self.missing.append(name)
        return shared().names[name][code]


def compose(
    source: Source, filling: Filling, wording: Wording | None, consents: tuple[str, ...]
) -> Definition:
    """The definition of a template's file."""
    pages = [_page(page, wording) for page in source.pages]
    parts = shared()
    whole = {
        "title": source.heading,
        "intro": source.intro,
        "pages": _with_consents(pages, consents),
        "ends": [{"code": "thanks", **parts.thanks}],
        "notice": parts.notice,
        "notice_full": parts.notice_full,
    }
    return definitions.read({**filling.texts(whole), "languages": list(filling.languages)})


def plain(source: Source) -> Definition:
    """What a template asks where nobody says more: in all languages, in its first wording."""
    first = next(iter(source.wordings), None)
    filling = Filling(language.LANGUAGES, first.names if first else {})
    return compose(source, filling, first, source.consents)


def _page(page: dict[str, Any], wording: Wording | None) -> dict[str, Any]:
    return page | {"questions": [_question(each, wording) for each in page.get("questions", ())]}


def _question(question: dict[str, Any], wording: Wording | None) -> dict[str, Any]:
    whole = dict(shared().like[question["like"]]) if "like" in question else {}
    whole |= {name: value for name, value in question.items() if name != "like"}
    if wording and wording.asks and whole["type"] == "pair":
        whole["asks"] = list(wording.asks)
    if wording and wording.apart and whole.get("measure"):
        whole["measure"] = wording.apart.prefix + whole["measure"]
    return whole


def _with_consents(pages: list[dict[str, Any]], purposes: tuple[str, ...]) -> list[dict[str, Any]]:
    """The boxes on the last page that everybody sees; and who may be called back is asked how."""
    parts = shared()
    if unknown := [purpose for purpose in purposes if purpose not in parts.consent]:
        raise ValueError(f"there is no consent for {unknown[0]!r}; use one of {', '.join(parts.consent)}")
    boxes = [{"type": "consent", "purpose": each, **parts.consent[each]} for each in purposes]
    if not boxes:
        return pages
    if pages[-1].get("show_if"):
        pages = [*pages, {"code": "consents", "questions": []}]
    pages = [*pages[:-1], pages[-1] | {"questions": [*pages[-1]["questions"], *boxes]}]
    if "contact" in purposes:
        agreed = {"column": parts.consent["contact"]["code"], "op": "is", "value": True}
        pages.append({"code": parts.reach["code"], "show_if": {"all": [agreed]}, "questions": [parts.reach]})
    return pages
