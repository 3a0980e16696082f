"""Rule: when a site shows a survey, to whom and how. Stored with the site; the script in the page goes by it."""

from typing import Any, Literal

import msgspec

MODES = ("popover", "inline", "full")
# Signs that an origin cannot hold; a path or a password in it would never match what browsers send.
_SCHEMES = ("https://", "http://")


class Rule(msgspec.Struct, omit_defaults=True, frozen=True, forbid_unknown_fields=True):
    """`survey` is the short name of a survey or link. Without any trigger it is shown only when the page asks."""

    survey: str
    mode: Literal["popover", "inline", "full"] = "popover"
    # Triggers: an event that the page tells, seconds on the page, percent scrolled, the mouse leaving by the top.
    event: str = ""
    delay: float | None = None
    scroll: int | None = None
    exit: bool = False
    # Only on these paths or addresses; `*` stands for anything.
    pages: tuple[str, ...] = ()
    # The share of visitors, 0 to 1, always the same ones.
    sample: float = 1.0
    # The same visitor is not offered it again within so many days.
    every_days: float = 90
    # Where in the page it stands, for `inline`: a CSS selector.
    into: str = ""


def read(raw: Any) -> tuple[Rule, ...]:
    """The rules of a site as they are stored; `msgspec.ValidationError` (a `ValueError`) says what is wrong."""
    found = msgspec.convert(raw, tuple[Rule, ...])
    for rule in found:
        if not 0 <= rule.sample <= 1:
            raise msgspec.ValidationError("sample lies between 0 and 1")
        if rule.scroll is not None and not 0 <= rule.scroll <= 100:
            raise msgspec.ValidationError("scroll lies between 0 and 100")
        if rule.delay is not None and not 0 <= rule.delay <= 86_400:
            raise msgspec.ValidationError("delay lies between 0 and 86400 seconds")
        if rule.every_days < 0:
            raise msgspec.ValidationError("every_days is not below 0")
        if len({bool(rule.into), rule.mode == "inline"}) == 2:
            raise msgspec.ValidationError("an inline survey, and no other, says into which place")
    return found


def origin(text: str) -> str:
    """An origin as browsers send it; `ValueError` for anything that is not `https://host` or `http://host:port`."""
    found = text.strip().rstrip("/").lower()
    scheme = next((each for each in _SCHEMES if found.startswith(each)), "")
    host = found.removeprefix(scheme)
    # It goes into a header of the answering page: only signs that a host and a port are made of.
    if (
        not scheme
        or not host
        or any(not (sign.isascii() and (sign.isalnum() or sign in ".-:[]")) for sign in host)
    ):
        raise ValueError(f"{text!r} is no origin; write it as https://www.example.com")
    for port, its in ((":443", "https://"), (":80", "http://")):
        if scheme == its:
            found = found.removesuffix(port)
    return found
