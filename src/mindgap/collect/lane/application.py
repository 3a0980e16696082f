"""`POST /c/v1/interactions` and `/c/v1/answers`: check, append, wait for the commit, then the receipt.

1. The key names the organization; the body may not.
2. The body is one object or a list of up to 1,000; each may carry an `id` made by the client (UUID).
3. All are appended in one go and the reply leaves after the commit. Sending the same id again gives the same receipt.
4. What is readable but not valid is kept as well and said so: the recorder moves it to quarantine.
"""

import asyncio
from collections.abc import Awaitable, Callable
from queue import Full
from typing import Any
from uuid import UUID

import msgspec

from mindgap.collect.lane.answering import Answering, Limits
from mindgap.collect.lane.keyring import Keyring
from mindgap.ground import identity
from mindgap.keep import incoming
from mindgap.keep.appender import Item, Writer

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_ROUTES = {"/c/v1/interactions": "interaction", "/c/v1/answers": "answer"}
_BATCH = 1000
_encode = msgspec.json.Encoder().encode


class Refused(Exception):
    """A request that cannot be taken; nothing was stored."""

    def __init__(self, status: int, code: str, words: str, **headers: str) -> None:
        super().__init__(words)
        self.status, self.code, self.words, self.headers = status, code, words, headers


class Receipt(msgspec.Struct, omit_defaults=True):
    """`state` is `kept`, or `quarantined` with the reason why the recorder will not count it."""

    id: UUID
    state: str
    reason: str = ""


class Lane:
    """The lane as an ASGI application."""

    def __init__(self, *, body_max: int, queue_max: int, limits: Limits | None = None) -> None:
        self._body_max = body_max
        self._queue_max = queue_max
        self._keyring = Keyring()
        self._answering = Answering(limits or Limits.from_settings())
        self._writer: Writer | None = None

    @classmethod
    def from_settings(cls) -> "Lane":
        """The lane with the limits of the settings."""
        from mindgap.ground import settings

        return cls(body_max=settings.LANE_BODY_MAX_KB * 1024, queue_max=settings.LANE_QUEUE_MAX)

    def start(self) -> None:
        """Start the writer; called once, before the first request."""
        self._writer = Writer(limit=self._queue_max)

    async def stop(self) -> None:
        """Commit what is held; called after the last request."""
        if self._writer is not None:
            await asyncio.to_thread(self._writer.close)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith("/s/"):
            await self._answering(scope, receive, send, self._writer)
            return
        try:
            status, answer, headers = 200, await self._take(scope, receive), {}
        except Refused as refused:
            status, headers = refused.status, refused.headers
            answer = _encode({"error": {"code": refused.code, "message": refused.words}})
        await _reply(send, status, answer, headers)

    async def _take(self, scope: Scope, receive: Receive) -> bytes:
        if scope["path"] == "/c/v1/health":
            return b'{"state":"up"}'
        kind = _ROUTES.get(scope["path"])
        if kind is None:
            raise Refused(404, "not_found", "there is no such path; see the API documentation")
        if scope["method"] != "POST":
            raise Refused(405, "method_not_allowed", "use POST", allow="POST")
        headers = dict(scope["headers"])
        organization = await self._organization(headers)
        items, receipts = _items(await self._body(headers, receive), kind, organization, headers)
        await self._keep(items)
        return _encode({"receipts": receipts})

    async def _organization(self, headers: dict[bytes, bytes]) -> int:
        scheme, _, secret = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        organization = (
            await self._keyring.organization(secret) if scheme.lower() == "bearer" and secret else None
        )
        if organization is None:
            raise Refused(
                401, "no_key", "send a valid key as Authorization: Bearer …", **{"www-authenticate": "Bearer"}
            )
        return organization

    async def _body(self, headers: dict[bytes, bytes], receive: Receive) -> bytes:
        if not headers.get(b"content-type", b"").lower().startswith(b"application/json"):
            raise Refused(415, "not_json", "send application/json")
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Refused(400, "cut_off", "the body did not arrive whole; send it again")
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self._body_max:
                raise Refused(413, "too_large", f"a body holds at most {self._body_max} bytes; send several")
            if not message.get("more_body"):
                return b"".join(parts)

    async def _keep(self, items: list[Item]) -> None:
        if self._writer is None:
            raise Refused(503, "starting", "starting; try again", **{"retry-after": "1"})
        try:
            await asyncio.wrap_future(self._writer.put(items))
        except Full as full:
            raise Refused(503, "busy", "too much at once; try again", **{"retry-after": "1"}) from full
        except Exception as problem:
            # Not acknowledged, and perhaps stored all the same: the client's id makes the next try safe.
            raise Refused(
                503, "not_stored", "could not be stored; try again", **{"retry-after": "2"}
            ) from problem


def _items(
    body: bytes, kind: str, organization: int, headers: dict[bytes, bytes]
) -> tuple[list[Item], list[Receipt]]:
    try:
        parsed = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as problem:
        raise Refused(400, "bad_json", f"the body is no JSON: {problem}") from problem
    several = parsed if isinstance(parsed, list) else [parsed]
    if not several or len(several) > _BATCH:
        raise Refused(400, "bad_count", f"send one object, or a list of 1 to {_BATCH}")
    if not all(isinstance(each, dict) for each in several):
        raise Refused(400, "not_objects", "each entry is a JSON object")
    header = headers.get(b"idempotency-key", b"").decode("latin-1")
    items, receipts = [], []
    for each in several:
        name = _id(each.pop("id", header if len(several) == 1 else None))
        each["kind"] = kind
        each.setdefault("key", str(name))
        items.append(Item(organization, name, kind, "api", _encode(each)))
        receipts.append(_receipt(each, name))
    return items, receipts


def _id(given: object) -> UUID:
    if not given:
        return identity.uuid7()
    try:
        return UUID(str(given))
    except ValueError as problem:
        raise Refused(400, "bad_id", "id is a UUID made by the client, best version 7") from problem


def _receipt(each: dict[str, Any], name: UUID) -> Receipt:
    try:
        msgspec.convert(each, incoming.Incoming)
    except (msgspec.ValidationError, RecursionError) as problem:
        return Receipt(name, "quarantined", str(problem))
    return Receipt(name, "kept")


async def _reply(send: Send, status: int, body: bytes, headers: dict[str, str]) -> None:
    fields = {
        "content-type": "application/json",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    fields |= {"content-length": str(len(body)), **headers}
    pairs = [(name.encode(), value.encode()) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
