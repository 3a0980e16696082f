"""Phone numbers in one form: E.164, as providers want them and as two spellings of one number must compare."""

import re

_MAINLAND = re.compile(r"1[3-9]\d{9}")
_TAIWAN = re.compile(r"09\d{8}")


def e164(text: str, *, country: str = "") -> str:
    """`+8613800001111` from any usual spelling; empty when it is no number.

    Without a country code: mainland China and Taiwan mobile numbers are known by their form; anything else needs
    `country`, the digits of a country code, of the account.
    """
    digits = re.sub(r"[\s\-().]", "", text)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if digits.startswith("+"):
        return digits if re.fullmatch(r"\+[1-9]\d{6,14}", digits) else ""
    if _MAINLAND.fullmatch(digits) and country in ("", "86"):
        return f"+86{digits}"
    if _TAIWAN.fullmatch(digits) and country in ("", "886"):
        return f"+886{digits[1:]}"
    if digits.startswith("86") and _MAINLAND.fullmatch(digits[2:]):
        return f"+{digits}"
    if country and re.fullmatch(r"\d{5,14}", digits):
        return f"+{country}{digits.lstrip('0')}"
    return ""


def spellings(number: str) -> tuple[str, ...]:
    """The forms in which an E.164 number may stand in the record."""
    plain = number.removeprefix("+")
    found = [number, plain]
    if plain.startswith("86"):
        found.append(plain[2:])
    if plain.startswith("886"):
        found.append(f"0{plain[3:]}")
    return tuple(found)


def masked(number: str) -> str:
    """A number for people to recognise: 132****5678."""
    plain = number.removeprefix("+86")
    return f"{plain[:3]}****{plain[-4:]}" if len(plain) > 7 else "****"
