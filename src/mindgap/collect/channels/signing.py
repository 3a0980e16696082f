"""Signing: the ways in which providers prove who sent a request, and whether it is of now."""

import base64
import hashlib
import hmac

from mindgap.ground import clock

# A signed report is believed for so long after it was signed (F9).
WINDOW_SECONDS = 300


def base64_hmac(key: str | bytes, text: str | bytes, name: str = "sha256") -> str:
    """The HMAC of a text, in base64."""
    return base64.b64encode(hmac.digest(_bytes(key), _bytes(text), name)).decode()


def hex_hmac(key: str | bytes, text: str | bytes) -> str:
    """The HMAC-SHA256 of a text, in lower-case hexadecimal digits."""
    return hmac.digest(_bytes(key), _bytes(text), "sha256").hex()


def hex_sha256(text: str | bytes) -> str:
    return hashlib.sha256(_bytes(text)).hexdigest()


def is_same(left: str, right: str) -> bool:
    """Compare without telling by the time taken where they differ; nothing is the same as nothing."""
    return bool(left) and hmac.compare_digest(left.encode(), right.encode())


def is_timely(seconds: str) -> bool:
    """Whether an instant, in seconds since 1970, is close enough to now."""
    try:
        return abs(clock.now().timestamp() - float(seconds)) <= WINDOW_SECONDS
    except ValueError:
        return False


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
