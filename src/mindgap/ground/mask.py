"""Masks: names, addresses and numbers that can be told apart but not used, for those who may not know who it is."""

import re

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
# Six digits or more, with the marks people put between them: phone numbers, orders, identity cards.
_NUMBER = re.compile(r"\+?\d(?:[ ().-]{0,2}\d){5,}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_COUNTRY = re.compile(r"^\+86(?=1\d{10}$)")


def masked_name(name: str) -> str:
    """A name that can be told apart but not recognised: 王小明 is 王**, Maria Lopez is M*** L***."""
    if _HAN.search(name):
        return name[0] + "*" * max(1, len(name) - 1)
    return " ".join(f"{part[0]}***" for part in name.split())


def masked_identity(value: str) -> str:
    """Enough of an address or number to recognise it by, too little to use it: 132****5678, a***@example.com."""
    name, at, host = value.rpartition("@")
    if at:
        return f"{name[:1]}***@{host}"
    plain = _COUNTRY.sub("", value)
    return f"{plain[:3]}****{plain[-4:]}" if len(plain) > 9 else f"***{plain[-2:] if len(plain) > 4 else ''}"


def without_contacts(comment: str) -> str:
    """The comment without e-mail addresses and long numbers."""
    return _NUMBER.sub("***", _EMAIL.sub("***", comment))
