"""Somebody who sends requests to a lane that is started before and stopped after."""

import asyncio
from typing import Any

import httpx

from mindgap.collect.lane.application import Lane

Request = tuple[str, str, dict[str, Any]]


def talk(
    secret: str, *requests: Request, body_max: int = 100_000, paces: tuple[int, int] = (0, 0)
) -> list[httpx.Response]:
    """Send requests one after the other."""

    async def run() -> list[httpx.Response]:
        lane = Lane(body_max=body_max, queue_max=100, paces=paces)
        lane.start()
        transport = httpx.ASGITransport(app=lane)
        headers = {"authorization": f"Bearer {secret}"} if secret else {}
        async with httpx.AsyncClient(transport=transport, base_url="http://lane", headers=headers) as client:
            replies = [await client.request(*request[:2], **request[2]) for request in requests]
        await lane.stop()
        return replies

    return asyncio.run(run())


def post(body: Any, path: str = "/c/v1/answers", **headers: str) -> Request:
    return ("POST", path, {"json": body, "headers": headers})
