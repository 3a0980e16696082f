"""Client: send answers and interactions to Mindgap from a Python program, and lose none.

One file of the standard library alone: use it as `mindgap.collect.client`, or copy it.

1. Each thing gets an id before the first try; every further try sends the same bytes, so it counts once.
2. What may pass by itself (no connection, no reply, 429, 503 …) is tried again, as `Retry-After` says or with
   growing pauses. What will not (400, 401, 413 …) raises `Refused` at once.
3. A list is sent in bodies of at most 1,000 entries and of a size that the server takes.

A client is for one thread; make one per thread.
"""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import UUID

__all__ = ["Client", "ClientProblem", "NotSent", "Receipt", "Refused"]

_ENTRIES = 1000
_BYTES = 900_000
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_PAUSE, _PAUSE_MOST = 0.2, 30.0

Thing = Mapping[str, Any]


class ClientProblem(Exception):
    """Something was not acknowledged."""


class Refused(ClientProblem):
    """The server will not take this, however often it is sent; nothing of this body was stored."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(f"{status} {code}: {words}")
        self.status, self.code, self.words = status, code, words


class NotSent(ClientProblem):
    """All tries failed. `things` carry their ids: sending them again later counts them once."""

    def __init__(self, words: str, things: Sequence[Thing]) -> None:
        super().__init__(words)
        self.things = tuple(things)


@dataclass(frozen=True, slots=True)
class Receipt:
    """`kept` is durable and will count; `quarantined` is durable too, with the reason why it does not count yet."""

    id: str
    state: str
    reason: str = ""


class Client:
    """Sends to one Mindgap with one key.

    >>> client = Client("http://127.0.0.1:8377", "mg_…")  # doctest: +SKIP
    >>> client.answer(answered_at=now, touchpoint="delivery", scores={"satisfaction": 4})  # doctest: +SKIP
    Receipt(id='0192f0c1-7c2e-7b3a-9d5e-3f1f6a2b4c5d', state='kept', reason='')
    """

    def __init__(
        self,
        address: str,
        key: str,
        *,
        tries: int = 8,
        timeout_seconds: float = 15.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{address!r} is no address such as https://feedback.example")
        self._parts, self._key, self._sleep = parts, key, sleep
        self._tries, self._timeout = max(1, tries), timeout_seconds
        self._connection: HTTPConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; the next sending opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def answer(self, **fields: Any) -> Receipt:
        """Send one answer; the fields are those of the API. Instants may be aware datetimes."""
        return self.answers([fields])[0]

    def interaction(self, **fields: Any) -> Receipt:
        """Send one interaction."""
        return self.interactions([fields])[0]

    def answers(self, things: Sequence[Thing]) -> list[Receipt]:
        """Send answers; the receipts are in their order. Those before a failing body are kept all the same."""
        return self._send("/c/v1/answers", things)

    def interactions(self, things: Sequence[Thing]) -> list[Receipt]:
        """Send interactions."""
        return self._send("/c/v1/interactions", things)

    def _send(self, path: str, things: Sequence[Thing]) -> list[Receipt]:
        named = [{"id": str(uuid7()), **thing} for thing in things]
        receipts: list[Receipt] = []
        for body in _bodies(named):
            try:
                receipts += self._post(path, body)
            except NotSent as problem:
                raise NotSent(str(problem), named[len(receipts) :]) from problem
        return receipts

    def _post(self, path: str, body: bytes) -> list[Receipt]:
        words, pause = "", 0.0
        for number in range(self._tries):
            if number:
                self._sleep(pause)
            pause = _pause(number)
            try:
                status, told, reply = self._exchange(path, body)
            except (OSError, HTTPException) as problem:
                # Perhaps stored, perhaps not: the ids in the body make the next try safe.
                self.close()
                words = f"no reply: {problem!r}"
                continue
            if status == 200 and (receipts := _receipts(reply)) is not None:
                return receipts
            if status != 200 and status not in _PASSING:
                raise Refused(status, *_error(reply))
            words = f"status {status}"
            pause = max(pause, _wait(told))
        raise NotSent(f"not acknowledged after {self._tries} tries: {words}", ())

    def _exchange(self, path: str, body: bytes) -> tuple[int, str, bytes]:
        if self._connection is None:
            kind = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
            self._connection = kind(str(self._parts.hostname), self._parts.port, timeout=self._timeout)
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        self._connection.request("POST", self._parts.path.rstrip("/") + path, body, headers)
        reply = self._connection.getresponse()
        return reply.status, reply.headers.get("Retry-After", ""), reply.read()


def uuid7() -> UUID:
    """A version 7 UUID (RFC 9562)."""
    stamp, chance = time.time_ns() // 1_000_000, int.from_bytes(os.urandom(10), "big")
    value = (stamp & 0xFFFFFFFFFFFF) << 80 | 0x7 << 76 | (chance >> 62 & 0xFFF) << 64 | 0b10 << 62
    return UUID(int=value | chance & 0x3FFFFFFFFFFFFFFF)


def _bodies(things: Sequence[Thing]) -> Iterator[bytes]:
    """The things in bodies that the server takes; each is written once, so that every try sends the same bytes."""
    waiting, size = list[bytes](), 0
    for thing in things:
        entry = json.dumps(thing, default=_plain, ensure_ascii=False, allow_nan=False).encode()
        if waiting and (len(waiting) == _ENTRIES or size + len(entry) > _BYTES):
            yield b"[" + b",".join(waiting) + b"]"
            waiting, size = [], 0
        waiting.append(entry)
        size += len(entry) + 1
    if waiting:
        yield b"[" + b",".join(waiting) + b"]"


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no zone; give an aware datetime")
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{value!r} cannot be sent as JSON")


def _receipts(reply: bytes) -> list[Receipt] | None:
    """None for what is no reply of Mindgap's: a page of a proxy, half a reply."""
    try:
        return [Receipt(**each) for each in json.loads(reply)["receipts"]]
    except (ValueError, KeyError, TypeError):
        return None


def _error(reply: bytes) -> tuple[str, str]:
    try:
        error = json.loads(reply)["error"]
        return str(error["code"]), str(error["message"])
    except (ValueError, KeyError, TypeError):
        return "unknown", "the server gave no reason"


def _pause(number: int) -> float:
    """Seconds after the try of that number: twice as long each time, and spread, so that clients do not march in step."""
    chance = int.from_bytes(os.urandom(2), "big") / 0x10000
    return (0.5 + chance / 2) * min(_PAUSE_MOST, _PAUSE * 2.0**number)


def _wait(told: str) -> float:
    return min(float(told), 300.0) if told.isdigit() else 0.0
