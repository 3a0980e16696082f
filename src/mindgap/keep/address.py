"""Address: what an author may let a page lead to or load. Checked when publishing and again before it is used."""

import re
from urllib.parse import urlsplit

# Visible ASCII only: no blank, tab or line end, which browsers drop and checks do not (A2, A7).
_ADDRESS = re.compile(r"https://[\x21-\x7e]{1,2000}", re.IGNORECASE)
_HOST = re.compile(
    r"(?=.{4,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+"
)
_LINE_END = re.compile(r"%0[ad0]", re.IGNORECASE)


def host_of(address: str) -> str:
    """The host of an https address that leads where it seems to; empty for anything else.

    Refused: other schemes, `//host`, `\\`, a user before the host, a port, a host that a respondent fills in,
    line ends in disguise, quotes and angle brackets.
    """
    if not _ADDRESS.fullmatch(address) or re.search(r"[\\\"'<>`]", address) or _LINE_END.search(address):
        return ""
    try:
        parts = urlsplit(address)
        if parts.port not in (None, 443) or "@" in parts.netloc:
            return ""
    except ValueError:
        return ""
    host = (parts.hostname or "").lower()
    return host if is_host(host) else ""


def is_host(name: str) -> bool:
    """Whether this is the plain name of a host, in lower case (names in other scripts as `xn--…`)."""
    return _HOST.fullmatch(name) is not None


def is_allowed(address: str, hosts: tuple[str, ...]) -> bool:
    """Whether an https address leads to one of the hosts: to itself, not to what stands below it."""
    host = host_of(address)
    return bool(host) and host in {each.lower() for each in hosts}
