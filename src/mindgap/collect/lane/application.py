"""`/c/v1/…`: check, append, wait for the commit, then the receipt. `/s/…` goes to the answering pages,
`/w/…` to the widget.

1. The key names the organization; the body may not. Messages of other tools come to an address of their source.
2. The body is one object or a list of up to 1,000; each may carry an `id` made by the client (UUID).
3. All are appended in one go and the reply leaves after the commit. Sending the same id again gives the same receipt.
4. What is readable but not valid is kept as well and said so: the recorder moves it to quarantine.
"""

import asyncio
import base64
import binascii
import math
from functools import lru_cache
from queue import Full

from django.db import Error

from mindgap.collect import beside
from mindgap.collect.channels import reported
from mindgap.collect.key import digest
from mindgap.collect.lane import direct, events, openapi, request, widget
from mindgap.collect.lane.answering import Answering
from mindgap.collect.lane.keyring import Keyring
from mindgap.collect.lane.limits import Limits
from mindgap.collect.lane.pace import Pace
from mindgap.collect.lane.preferences import Preferences, is_preferences, withdrawal
from mindgap.collect.lane.receipt import Receipt, encode
from mindgap.collect.lane.request import Headers, Receive, Refused, Scope, Send
from mindgap.collect.lane.sources import Sources
from mindgap.collect.lane.widget import Widget
from mindgap.collect.survey.throttle import Proxies, Throttle
from mindgap.keep.appender import Item, Writer

_DIRECT = {"/c/v1/interactions": "interaction", "/c/v1/answers": "answer"}
_CALLS = {
    f"/c/v1/{name}": name for name in ("track", "identify", "page", "screen", "group", "alias", "batch")
}
_CLOUD = "/c/v1/events"
_INBOUND = "/c/v1/in/"
_HEALTH = "/c/v1/health"
_OPENAPI = "/c/v1/openapi.json"
_ROUTES = (*_DIRECT, *_CALLS, _CLOUD, _INBOUND, _HEALTH, _OPENAPI)
# Addresses of sources that are not there, per minute and visitor (B4).
_GUESSES = 20
# No key is longer; longer headers are not even remembered.
_AUTHORIZATION_MOST = 300

Taken = tuple[list[Item], list[Receipt]]


class Lane:
    """The lane as an ASGI application; `paces` are the requests a second of one key and of one address."""

    def __init__(
        self,
        *,
        body_max: int,
        queue_max: int,
        limits: Limits | None = None,
        paces: tuple[int, int] = (0, 0),
    ) -> None:
        limits = limits or Limits.from_settings()
        self._body_max = body_max
        self._queue_max = limits.share(queue_max)
        self._keyring = Keyring()
        self._sources = Sources()
        self._proxies = Proxies(limits.proxies)
        self._widget = Widget(self._proxies, share=limits.share)
        self._answering = Answering(limits, withdraw=withdrawal(limits.secret), framers=self._widget.framers)
        self._preferences = Preferences(limits)
        self._keys, self._addresses = (Pace(limits.share(pace)) for pace in paces)
        self._guesses = Throttle(most=limits.share(_GUESSES), seconds=60)
        self._writer: Writer | None = None

    @classmethod
    def from_settings(cls, *, processes: int = 1) -> "Lane":
        """The lane with the limits of the settings; one of so many `processes` that share them."""
        from mindgap.ground import settings

        return cls(
            body_max=settings.LANE_BODY_MAX_KB * 1024,
            queue_max=settings.LANE_QUEUE_MAX,
            limits=Limits.from_settings(processes=processes),
            paces=(settings.LANE_KEY_PER_SECOND, settings.LANE_ADDRESS_PER_SECOND),
        )

    def start(self) -> None:
        """Start the writer; called once, before the first request."""
        self._writer = Writer(limit=self._queue_max)

    async def stop(self) -> None:
        """Commit what is held; called after the last request."""
        if self._writer is not None:
            await asyncio.to_thread(self._writer.close)
        await asyncio.to_thread(beside.close)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path.startswith("/s/"):
            if is_preferences(path):
                await self._preferences(scope, receive, send)
            else:
                await self._answering(scope, receive, send, self._writer)
            return
        if path.startswith(widget.PATH):
            await self._widget(scope, receive, send, self._writer)
            return
        if path.startswith(reported.PATH):
            await reported.answer(scope, receive, send)
            return
        try:
            status, answer, headers = 200, await self._taken(scope, receive), {}
        except Refused as refused:
            status, headers = refused.status, refused.headers
            answer = encode({"error": {"code": refused.code, "message": refused.words}})
        await request.reply(send, status, answer, headers)

    async def _taken(self, scope: Scope, receive: Receive) -> bytes:
        try:
            return await self._take(scope, receive)
        except Error as problem:
            # The record cannot be asked whose key it is.
            raise request.not_stored() from problem

    async def _take(self, scope: Scope, receive: Receive) -> bytes:
        path = scope["path"]
        if path in (_HEALTH, _OPENAPI):
            if scope["method"] not in ("GET", "HEAD"):
                raise Refused(405, "method_not_allowed", "use GET", allow="GET, HEAD")
            return b'{"state":"up"}' if path == _HEALTH else openapi.written()
        if path not in _ROUTES and not path.startswith(_INBOUND):
            raise Refused(404, "not_found", "there is no such path; see the API documentation")
        if scope["method"] != "POST":
            raise Refused(405, "method_not_allowed", "use POST", allow="POST")
        headers = dict(scope["headers"])
        peer = self._proxies.address(scope, headers)
        _keep_pace(self._addresses, peer)
        if path.startswith(_INBOUND):
            items, receipts = await self._message(path.removeprefix(_INBOUND), peer, headers, receive)
        else:
            items, receipts = await self._sent(path, headers, receive)
        if items:
            await self._keep(items)
        return encode({"receipts": receipts})

    async def _sent(self, path: str, headers: Headers, receive: Receive) -> Taken:
        organization = await self._organization(headers)
        if path == _CLOUD:
            content = await request.body(headers, receive, self._body_max)
            mapping = await self._sources.events(organization)
            return events.cloud(content, headers, organization=organization, mapping=mapping)
        # Some libraries of Segment's send their JSON as plain text: a browser then asks for no permission first.
        kinds = (request.JSON, b"text/plain") if path in _CALLS else (request.JSON,)
        request.must_be(headers, kinds)
        content = await request.body(headers, receive, self._body_max)
        if path in _CALLS:
            mapping = await self._sources.events(organization)
            return events.calls(content, kind=_CALLS[path], organization=organization, mapping=mapping)
        return direct.items(content, headers, kind=_DIRECT[path], organization=organization)

    async def _message(self, path: str, peer: str, headers: Headers, receive: Receive) -> Taken:
        if self._guesses.is_over(peer):
            raise _too_fast(60)
        found = await self._sources.find(path)
        if found is None:
            self._guesses.note(peer)
            raise Refused(404, "not_found", "there is no such source")
        _keep_pace(self._keys, f"source {found.id}")
        request.must_be(headers)
        content = await request.body(headers, receive, self._body_max)
        return await self._sources.take(found, headers, content)

    async def _organization(self, headers: Headers) -> int:
        name = _digest(headers.get(b"authorization", b""))
        organization = await self._keyring.organization(name) if name else None
        if organization is None:
            raise request.no_key()
        _keep_pace(self._keys, name)
        return organization

    async def _keep(self, items: list[Item]) -> None:
        if self._writer is None:
            raise Refused(503, "starting", "starting; try again", **{"retry-after": "1"})
        try:
            await self._writer.hand_over(items)
        except Full as full:
            raise Refused(503, "busy", "too much at once; try again", **{"retry-after": "1"}) from full
        except Exception as problem:
            # Not acknowledged, and perhaps stored all the same: the client's id makes the next try safe.
            raise request.not_stored() from problem


@lru_cache(maxsize=1024)
def _digest(authorization: bytes) -> str:
    """The digest of the key that a header shows; empty when it shows none."""
    secret = _secret(authorization) if len(authorization) <= _AUTHORIZATION_MOST else ""
    return digest(secret) if secret else ""


def _secret(authorization: bytes) -> str:
    """The key: as a bearer token or, as Segment's libraries do, as the name of a Basic authentication."""
    scheme, _, given = authorization.decode("latin-1").partition(" ")
    if scheme.lower() == "bearer":
        return given
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(given, validate=True).decode("latin-1").partition(":")[0]
    except (binascii.Error, ValueError):
        return ""


def _keep_pace(pace: Pace, name: str) -> None:
    seconds = pace.wait(name)
    if seconds:
        raise _too_fast(seconds)


def _too_fast(seconds: float) -> Refused:
    return Refused(
        429, "too_fast", "too many requests; slow down", **{"retry-after": str(math.ceil(seconds))}
    )
