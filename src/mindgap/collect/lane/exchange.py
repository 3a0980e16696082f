"""Exchange: the HTTP side of the answering pages: reading a form within limits, sending a page with its headers."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

import msgspec

from mindgap.collect.survey import attachment, sent
from mindgap.collect.survey.page import Html
from mindgap.collect.survey.reading import Form

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

Pairs = list[tuple[bytes, bytes]]

# Longer bodies are read beside the event loop, which others are waiting for.
_LONG = 64_000


class Elsewhere(Exception):
    """There is nothing to answer here; the page that says why, and its status."""

    def __init__(self, status: int, code: str, **headers: str) -> None:
        super().__init__(code)
        self.status, self.code, self.headers = status, code, headers


class Reply(msgspec.Struct, frozen=True):
    """A page on its way: its status, who may frame it besides ourselves, further headers."""

    status: int
    html: Html
    framers: tuple[str, ...] = ()
    headers: dict[str, str] = {}


def parts(path: str) -> tuple[str, str]:
    """Short name and token of a path; anything else leads nowhere."""
    short, _, token = path.removeprefix("/s/").rstrip("/").partition("/")
    if not short or "/" in token:
        raise Elsewhere(404, "unknown")
    return short, token


async def form(headers: dict[bytes, bytes], receive: Receive) -> Form:
    """The form of a request."""
    kind = headers.get(b"content-type", b"")
    has_files = kind.lower().startswith(b"multipart/")
    most = sent.FORM_MOST + (attachment.MOST_MB * attachment.MEGABYTE if has_files else 0)
    told = headers.get(b"content-length", b"")
    if told.isdigit() and int(told) > most:
        raise Elsewhere(413, "too_large")
    body = await _body(receive, most)
    try:
        if len(body) > _LONG:
            return await asyncio.to_thread(sent.form, body, kind)
        return sent.form(body, kind)
    except sent.NotAForm as problem:
        raise Elsewhere(400, "stale") from problem
    except sent.TooLarge as problem:
        raise Elsewhere(413, "too_large") from problem


async def _body(receive: Receive, most: int) -> bytes:
    pieces: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Elsewhere(400, "stale")
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > most:
            raise Elsewhere(413, "too_large")
        more = message.get("more_body", False)
    return b"".join(pieces)


async def reply(scope: Scope, send: Send, given: Reply) -> None:
    """Send a page; to HEAD without its body."""
    body = given.html.body
    pairs = [*_fixed(given.html.policy, given.framers, given.html.is_blank)]
    pairs.append((b"content-length", str(len(body)).encode()))
    if given.headers:
        more = {name.encode(): value.encode() for name, value in given.headers.items()}
        pairs = [pair for pair in pairs if pair[0] not in more] + [*more.items()]
    await send({"type": "http.response.start", "status": given.status, "headers": pairs})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


@lru_cache(maxsize=1024)
def _fixed(policy: str, framers: tuple[str, ...], is_blank: bool) -> Pairs:
    """The headers that are the same at each visit."""
    ancestors = " ".join(("'self'", *framers))
    fields = {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": f"{policy}; frame-ancestors {ancestors}",
        # A page with nothing of anybody's in it may be shown again by "back": with the same id in it, so that
        # sending it twice is one answer (B1). A link opened anew is asked for anew.
        "cache-control": "private, no-cache" if is_blank else "no-store",
        # The address may hold a token, which is nobody else's business.
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
        "x-robots-tag": "noindex",
    }
    return [(name.encode(), value.encode()) for name, value in fields.items()]
