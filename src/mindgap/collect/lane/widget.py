"""`/w/<site>/…`: the script, what it is told, and what it tells. Only the site's own origins are answered.

1. `widget.js`: the same for all sites; browsers ask again after five minutes and mostly hear that nothing changed.
2. `config.json`: which surveys, when; remembered here for a second and in browsers for a minute.
3. `events`: shown, finished, dismissed, abandoned: counted, with nothing of whom.
4. `loads`: how long a page took: an interaction at the touchpoint of the site's promise.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from queue import Full
from typing import Any

import msgspec
from django.db import Error

from mindgap.collect import beside
from mindgap.collect.beside import Memory
from mindgap.collect.lane import request
from mindgap.collect.lane.request import Headers, Receive, Refused, Scope, Send
from mindgap.collect.survey.throttle import Proxies, Throttle
from mindgap.collect.widget import offer as offers
from mindgap.collect.widget.offer import Happened, Load, Offer
from mindgap.ground import clock, identity
from mindgap.keep import incoming
from mindgap.keep.appender import Item, Writer

PATH = "/w/"
ROUTES = ("/w/{site}/widget.js", "/w/{site}/config.json", "/w/{site}/events", "/w/{site}/loads")
_BUILT = Path(__file__).resolve().parents[2] / "show" / "static" / "build" / "widget.js"
_BODY_MOST = 4_000
_MOST = 1_000
_SHORT_MOST = 64
# What one visitor may tell in a minute, whole offices behind one address counted.
_A_MINUTE = 300
_GET = ("GET", "HEAD")


class Widget:
    """The routes of the widget as an ASGI application within the lane."""

    def __init__(self, proxies: Proxies, *, share: Callable[[int], int] = int) -> None:
        self._proxies = proxies
        self._offers: Memory[str, Offer | None] = Memory(most=_MOST)
        self._framers: Memory[int, tuple[str, ...]] = Memory(most=_MOST)
        self._told = Throttle(most=share(_A_MINUTE), seconds=60)

    async def framers(self, organization: int) -> tuple[str, ...]:
        """The origins that may show surveys of an organization in a frame."""
        return await self._framers.find(organization, lambda: offers.framers(organization))

    async def __call__(self, scope: Scope, receive: Receive, send: Send, writer: Writer | None) -> None:
        headers = dict(scope["headers"])
        origin = headers.get(b"origin", b"").decode("latin-1")
        allowed: dict[str, str] = {"vary": "Origin"}
        try:
            status, body, more = await self._answer(scope, headers, origin, receive, writer)
            if origin:
                allowed |= {"access-control-allow-origin": origin}
        except (Refused, Error) as problem:
            refused = problem if isinstance(problem, Refused) else request.not_stored()
            status, more = refused.status, refused.headers
            body = msgspec.json.encode({"error": {"code": refused.code, "message": refused.words}})
        if scope["method"] == "HEAD":
            more, body = {"content-length": str(len(body)), **more}, b""
        await request.reply(send, status, body, {**allowed, **more})

    async def _answer(
        self, scope: Scope, headers: Headers, origin: str, receive: Receive, writer: Writer | None
    ) -> tuple[int, bytes, dict[str, str]]:
        short, _, what = scope["path"].removeprefix(PATH).partition("/")
        wanted = _GET if what in ("widget.js", "config.json") else ("POST",)
        if what not in ("widget.js", "config.json", "events", "loads"):
            raise Refused(404, "not_found", "there is no such path")
        if scope["method"] not in wanted:
            raise Refused(405, "method_not_allowed", f"use {wanted[0]}", allow=", ".join(wanted))
        offer = await self._offer(short)
        if offer is None:
            raise Refused(404, "not_found", "there is no such site")
        if what == "widget.js":
            return _script(headers)
        # A request from our own pages, or from no browser at all, carries no origin; it may read but not tell.
        if (origin or what != "config.json") and origin not in offer.origins:
            raise Refused(403, "other_origin", "this origin is not one of the site's; add it to the site")
        if what == "config.json":
            return 200, msgspec.json.encode(offer.config), {"cache-control": "public, max-age=60"}
        if self._told.note(self._proxies.address(scope, headers)):
            raise Refused(429, "too_fast", "too many requests; slow down", **{"retry-after": "60"})
        request.must_be(headers, (request.JSON, b"text/plain"))
        content = await request.body(headers, receive, _BODY_MOST)
        await (self._events(offer, content) if what == "events" else _load(offer, content, writer))
        return 202, b"{}", {}

    async def _offer(self, short: str) -> Offer | None:
        if not short or len(short) > _SHORT_MOST:
            return None
        return await self._offers.find(short, lambda: offers.find(short))

    async def _events(self, offer: Offer, content: bytes) -> None:
        happened = _read(content, tuple[Happened, ...])
        await beside.ask(lambda: offers.note(offer, happened))


async def _load(offer: Offer, content: bytes, writer: Writer | None) -> None:
    name = identity.uuid7()
    made = offers.interaction(offer, _read(content, Load), name=name, at=clock.now())
    if made is None:
        return
    if writer is None:
        raise Refused(503, "starting", "starting; try again", **{"retry-after": "1"})
    try:
        item = Item(offer.organization, name, "interaction", "widget", incoming.write(made))
        await writer.hand_over([item])
    except Full as full:
        raise Refused(503, "busy", "too much at once; try again", **{"retry-after": "1"}) from full
    except Exception as problem:
        raise request.not_stored() from problem


def _read(content: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as problem:
        raise Refused(400, "bad_json", f"the body does not fit: {problem}") from problem


def _script(headers: Headers) -> tuple[int, bytes, dict[str, str]]:
    plain, packed, tag = _built()
    if not plain:
        raise Refused(503, "not_built", "the widget was not built; see the front end's README")
    more = {
        "content-type": "text/javascript; charset=utf-8",
        "cache-control": "public, max-age=300",
        "etag": tag,
        "vary": "Origin, Accept-Encoding",
        # Hosts that isolate themselves may load it too.
        "cross-origin-resource-policy": "cross-origin",
    }
    if headers.get(b"if-none-match", b"").decode("latin-1") == tag:
        return 304, b"", more
    if b"gzip" in headers.get(b"accept-encoding", b""):
        return 200, packed, more | {"content-encoding": "gzip"}
    return 200, plain, more


@cache
def _built() -> tuple[bytes, bytes, str]:
    """The script, the same packed, and the tag of its content; empty when it was not built."""
    try:
        plain = _BUILT.read_bytes()
        packed = _BUILT.with_name("widget.js.gz").read_bytes()
    except FileNotFoundError:
        return b"", b"", ""
    return plain, packed, f'"{hashlib.sha256(plain).hexdigest()[:20]}"'
