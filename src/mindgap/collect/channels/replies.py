"""Replies: what providers' APIs answer, read as JSON, and the outcomes that all of them share."""

from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from mindgap.collect.channels.contract import THROTTLED, Outcome, retry
from mindgap.collect.outgoing import Reply
from mindgap.ground import clock

BAD_CREDENTIALS = "bad_credentials"
# A wrong account waits this long, so that it can be mended and nothing is lost.
_MEND_SECONDS = 600
_DAY_SECONDS = 86_400


def json(reply: Reply) -> dict[str, Any]:
    """The object of a reply; empty when it is none."""
    try:
        read = msgspec.json.decode(reply.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return read if isinstance(read, dict) else {}


def broken(reply: Reply) -> Outcome | None:
    """The outcome of a reply that is not the API's: from a proxy, an overloaded front, a moved address."""
    wait = wait_of(reply)
    if reply.status == 429:
        return retry(THROTTLED, "HTTP 429", after=wait or 60)
    if reply.status >= 500 or 300 <= reply.status < 400:
        return retry(f"http_{reply.status}", after=wait)
    if not json(reply):
        return retry("not_json", f"HTTP {reply.status}", after=wait)
    return None


def wait_of(reply: Reply) -> int:
    """Seconds that the other side asks to wait, as a number or until a date, at most a day."""
    after = reply.headers.get("retry-after", "").strip()
    if after.isdigit():
        return min(int(after), _DAY_SECONDS)
    try:
        seconds = (parsedate_to_datetime(after) - clock.now()).total_seconds()
    except (ValueError, TypeError):
        return 0
    return min(max(int(seconds), 0), _DAY_SECONDS)


def mend(words: str) -> Outcome:
    """The account is wrong, not the message: it waits until somebody has mended that."""
    return retry(BAD_CREDENTIALS, words, after=_MEND_SECONDS)
