"""Texts: every language has its words, nothing turns the direction of reading unseen, nothing is endless (A9)."""

import re
from collections.abc import Iterator

from mindgap.ground import language as languages
from mindgap.keep.definition import Definition, Words
from mindgap.keep.proof.problem import Sheet

_TEXT_MOST, _NOTICE_MOST = 5_000, 50_000
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
# U+202D and U+202E show letters in another order than they have: "exe.gpj". The others only set direction.
_OVERRIDE = re.compile("[\u202d\u202e]")
_EMBEDDING = re.compile("[\u202a-\u202c\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_OTHER_SCRIPT = {"zh-hans": "zh-hant", "zh-hant": "zh-hans"}


def check(definition: Definition, sheet: Sheet) -> None:
    """Languages are well formed; each text is there in all of them, clean, and not too long."""
    if not definition.languages:
        sheet.error("languages", "no_language", "name the language that it is written in")
        return
    for place, code in enumerate(definition.languages):
        if languages.canonical(code) != code or not _LANGUAGE.fullmatch(code):
            sheet.error(
                f"languages.{place}", "bad_language", "{found!r} is no language code", found=code[:40]
            )
        elif code in definition.languages[:place]:
            sheet.error(f"languages.{place}", "duplicate_code", "{found} is there twice", found=code)
    for path, words, is_needed in _texts(definition):
        _check_languages(path, words, definition.languages, sheet, is_needed=is_needed)
        for code, text in words.items():
            _check_signs(f"{path}.{code}", text, sheet)


def _texts(definition: Definition) -> Iterator[tuple[str, Words, bool]]:
    """Path, words and whether they must be there."""
    yield "title", definition.title, True
    yield "intro", definition.intro, False
    yield "notice", definition.notice, False
    yield "notice_full", definition.notice_full, False
    for page in definition.pages:
        yield f"pages.{page.code}.title", page.title, False
        for question in page.questions:
            path = f"pages.{page.code}.questions.{question.code}"
            yield f"{path}.text", question.text, True
            yield f"{path}.help", question.help, False
            yield f"{path}.low", question.low, False
            yield f"{path}.high", question.high, False
            for kind, things in (("choices", question.choices), ("rows", question.rows)):
                for thing in things:
                    yield f"{path}.{kind}.{thing.code}.text", thing.text, True
    for end in definition.ends:
        yield f"ends.{end.code}.title", end.title, False
        yield f"ends.{end.code}.text", end.text, not end.redirect
        yield f"ends.{end.code}.button", end.button, False


def _check_languages(
    path: str, words: Words, wanted: tuple[str, ...], sheet: Sheet, *, is_needed: bool
) -> None:
    there = {code for code, text in words.items() if text.strip()}
    if not there and not is_needed:
        return
    base = wanted[0]
    if base not in there:
        sheet.error(f"{path}.{base}", "empty_text", "the text is missing in {language}", language=base)
    for code in wanted[1:]:
        if code in there:
            continue
        if there and there <= {_OTHER_SCRIPT.get(code)}:
            # Nothing could stand in for it: one script of Chinese is never shown for the other.
            sheet.error(
                f"{path}.{code}", "missing_script", "the text is missing in {language}, and only the other"
                " script of Chinese is there", language=code,
            )  # fmt: skip
        else:
            words_ = "the text is missing in {language}; another language is shown"
            sheet.warning(f"{path}.{code}", "missing_translation", words_, language=code)


def _check_signs(path: str, text: str, sheet: Sheet) -> None:
    most = _NOTICE_MOST if path.startswith("notice_full.") else _TEXT_MOST
    if len(text) > most:
        words = "the text has {count} characters; at most {most} are taken"
        sheet.error(path, "too_long", words, count=len(text), most=most)
    if found := _OVERRIDE.search(text):
        words = "the sign {sign} shows letters in another order than they have; remove it"
        sheet.error(path, "turned_text", words, sign=f"U+{ord(found[0]):04X}")
    elif found := _EMBEDDING.search(text):
        words = "the sign {sign} sets the direction of reading; is it meant?"
        sheet.warning(path, "direction_sign", words, sign=f"U+{ord(found[0]):04X}")
    if found := _CONTROL.search(text):
        words = "the text holds the control character {sign}; remove it"
        sheet.error(path, "control_character", words, sign=f"U+{ord(found[0]):04X}")
