"""What people type: texts, numbers, dates and addresses, checked in time that grows with their length only (A8)."""

import re
import unicodedata
from datetime import date as _date

from mindgap.collect.survey.fault import Fault
from mindgap.keep.definition import Question

# Characters in a text of one line, and of several, where the author says nothing.
LINE_MOST = 1_000
TEXT_MOST = 10_000

_UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_UNCLEAN_LINE = re.compile("[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,6})?")
_DATE = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})\D?")
_LOCAL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}")
_HOST = re.compile(r"[^\s@<>()\[\],;:\\\"/.]{1,63}(?:\.[^\s@<>()\[\],;:\\\"/.]{1,63}){1,8}")
_POSTCODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{1,9}")
_URL = re.compile(r"https?://[^\s/<>\"'\\]{3,253}(?:[/?#][^\s<>\"\\]*)?", re.IGNORECASE)


def is_clean(text: str, *, lines: bool = True) -> bool:
    """Whether every character can be stored: no NUL or other control, no half of a surrogate pair."""
    return (_UNCLEAN if lines else _UNCLEAN_LINE).search(text) is None


def text(raw: str, *, most: int, least: int = 0, lines: bool = True) -> str:
    """A text as it was typed, code point by code point; only line ends are made alike."""
    whole = raw.replace("\r\n", "\n").replace("\r", "\n")
    if len(whole) > most:
        raise Fault("too_long", most=most)
    if not is_clean(whole, lines=lines):
        raise Fault("characters")
    if len(whole.strip()) < least:
        raise Fault("too_short", least=least)
    return whole


def number(raw: str, question: Question) -> float:
    """A number within the question's ends and on its steps; full-width digits and a decimal comma are read too."""
    written = unicodedata.normalize("NFKC", raw[:64]).replace("−", "-").strip()
    comma = written.partition(",")[2]
    if len(raw) > 64 or not _NUMBER.fullmatch(written) or len(comma) == 3:
        # Three digits after a comma may be thousands: asking is better than guessing.
        raise Fault("not_a_number")
    value = float(written.replace(",", "."))
    if question.least is not None and value < question.least:
        raise Fault("too_small", least=float(question.least))
    if question.most is not None and value > question.most:
        raise Fault("too_large", most=float(question.most))
    steps = (value - (question.least or 0)) / question.step if question.step > 0 else 0
    if abs(steps - round(steps)) > 1e-6:
        raise Fault("between_steps", step=float(question.step))
    return int(value) if value.is_integer() else value


def number_text(value: float) -> str:
    """A number as a form sends it."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def date(raw: str) -> str:
    """A date as `2026-11-22`; 2026/11/22 and 2026年11月22日 are read too."""
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", raw[:32]).strip()) if len(raw) <= 32 else None
    if found is None:
        raise Fault("not_a_date")
    try:
        return _date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError as problem:
        raise Fault("not_a_date") from problem


def formatted(raw: str, form: str) -> str:
    """A text that has one of the forms of `definition.FORMATS`, without the blanks around it."""
    if not form:
        return raw
    value = raw.strip()
    if form == "email" and not _is_email(value):
        raise Fault("not_email")
    if form == "phone":
        return _phone(value)
    if form == "url" and (len(value) > 2_000 or not _URL.fullmatch(value)):
        raise Fault("not_url")
    if form == "digits" and not (value.isascii() and value.isdigit()):
        raise Fault("not_digits")
    if form == "postcode" and not _POSTCODE.fullmatch(value):
        raise Fault("not_postcode")
    return value


def _is_email(value: str) -> bool:
    local, _, host = value.rpartition("@")
    return len(value) <= 254 and bool(_LOCAL.fullmatch(local)) and bool(_HOST.fullmatch(host))


def _phone(value: str) -> str:
    """Digits with a plus where there was one; numbers of mainland China with their country code."""
    plain = unicodedata.normalize("NFKC", value[:40])
    digits = re.sub(r"[\s().·-]", "", plain)
    if len(value) > 40 or not re.fullmatch(r"\+?\d{6,15}", digits) or not digits.isascii():
        raise Fault("not_phone")
    return f"+86{digits}" if re.fullmatch(r"1[3-9]\d{9}", digits) else digits
