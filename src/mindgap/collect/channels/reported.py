"""`/c/v1/sending/<short>`: what providers report, over HTTP, in the public lane."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from mindgap.collect.channels import callback
from mindgap.collect.channels.account import CALLBACK_PATH
from mindgap.collect.channels.callback import Answer
from mindgap.collect.channels.contract import Callback

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

PATH = CALLBACK_PATH
_BODY_MOST = 1_000_000


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Take one report: GET for the echo by which a provider tries the address, POST for the rest."""
    given = await _take(scope, receive)
    headers = {
        "content-type": given.content_type,
        "content-length": str(len(given.body)),
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": given.status, "headers": pairs})
    await send({"type": "http.response.body", "body": given.body})


async def _take(scope: Scope, receive: Receive) -> Answer:
    if scope["method"] not in ("GET", "POST"):
        return Answer(405)
    body = await _body(receive)
    if body is None:
        return Answer(413)
    query = scope.get("query_string", b"").decode("latin-1")
    told = Callback(
        method=scope["method"],
        url=f"{scope['path']}?{query}",
        headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
        query=dict(parse_qsl(query, keep_blank_values=True)),
        body=body,
    )
    return await asyncio.to_thread(_in_thread, scope["path"].removeprefix(PATH), told)


async def _body(receive: Receive) -> bytes | None:
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > _BODY_MOST:
            return None
        more = message.get("more_body", False)
    return b"".join(parts)


def _in_thread(short: str, told: Callback) -> Answer:
    from django.db import connection

    try:
        return callback.take(short, told)
    finally:
        # The thread belongs to the event loop; a connection must not be left in it.
        connection.close()
