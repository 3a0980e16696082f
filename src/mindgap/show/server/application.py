"""The ASGI application: public paths go to the lane, all others to Django in a pool of threads."""

import gc
import os
from collections.abc import Awaitable, Callable
from typing import Any

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

# Enough for pages that wait on the database; counting happens in DuckDB, outside Python's lock.
OFFICE_THREADS = 8


def build(lanes: str) -> Application:
    """The application with `both` lanes, or `office` or `public` alone."""
    from mindgap.show.start import start_django

    start_django()
    public = _public() if lanes in ("both", "public") else None
    office = _office() if lanes in ("both", "office") else None

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(public, receive, send)
        elif public is not None and (office is None or _is_public(scope["path"])):
            await public(scope, receive, send)
        else:
            assert office is not None
            await office(scope, _coroutine(receive), send)

    return application


def _coroutine(receive: Receive) -> Receive:
    """The server hands out awaitables of its own; the bridge to Django's threads insists on coroutines."""

    async def receive_next() -> dict[str, Any]:
        return await receive()

    return receive_next


def _is_public(path: str) -> bool:
    return path.startswith(("/c/", "/s/", "/w/"))


def _public() -> Any:
    from mindgap.collect.lane.application import Lane

    return Lane.from_settings(processes=int(os.environ.get("MINDGAP_PROCESSES", "1")))


def _office() -> Application:
    from a2wsgi import WSGIMiddleware
    from django.core.handlers.wsgi import WSGIHandler

    return WSGIMiddleware(WSGIHandler(), workers=OFFICE_THREADS)


async def _live(public: Any, receive: Receive, send: Send) -> None:
    """Start the lane's writer before the first request; let it finish what it holds before the last breath."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            if public is not None:
                public.start()
            await send({"type": "lifespan.startup.complete"})
        else:
            if public is not None:
                await public.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


def factory() -> Application:
    """What the server loads in its worker process."""
    application = build(os.environ.get("MINDGAP_LANES", "both"))
    # What is there by now stays: looking through all of it for cycles would hold up requests for some 100 ms.
    gc.collect()
    gc.freeze()
    return application
