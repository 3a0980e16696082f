"""Request: what the public API demands of every request before it looks inside, and how it refuses."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import msgspec

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = dict[bytes, bytes]

JSON = b"application/json"
BATCH = 1000
# Nothing that anybody means is nested deeper; what is could not be shown or mended in quarantine.
_DEPTH = 32


class Refused(Exception):
    """A request that cannot be taken; nothing was stored."""

    def __init__(self, status: int, code: str, words: str, **headers: str) -> None:
        super().__init__(words)
        self.status, self.code, self.words, self.headers = status, code, words, headers


def media_type(headers: Headers) -> bytes:
    """The media type without its parameters; a body in other characters than UTF-8 is refused."""
    kind, *parameters = headers.get(b"content-type", b"").lower().split(b";")
    for each in parameters:
        name, _, value = each.strip().partition(b"=")
        if name == b"charset" and value.strip(b'"') not in (b"utf-8", b"utf8"):
            raise Refused(415, "not_json", "send JSON in UTF-8")
    return kind.strip()


def must_be(headers: Headers, kinds: Iterable[bytes] = (JSON,)) -> bytes:
    """The media type, when it is one of these. The query or a header cannot make it another (C10)."""
    kind = media_type(headers)
    if kind not in kinds:
        raise Refused(415, "not_json", "send " + " or ".join(each.decode() for each in kinds))
    return kind


async def body(headers: Headers, receive: Receive, most: int) -> bytes:
    """The body, of at most `most` bytes, told or not. Packed ones are refused: nobody knows their size (C7)."""
    if headers.get(b"content-encoding", b"identity").strip().lower() not in (b"", b"identity"):
        raise Refused(415, "packed", "send the body as it is, without Content-Encoding")
    told = headers.get(b"content-length", b"")
    if told.isdigit() and (len(told) > 18 or int(told) > most):
        raise _too_large(most)
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "cut_off", "the body did not arrive whole; send it again")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise _too_large(most)
        if not message.get("more_body"):
            return b"".join(parts)


def _too_large(most: int) -> Refused:
    return Refused(413, "too_large", f"a body holds at most {most} bytes; send several")


def parsed(content: bytes) -> Any:
    """The JSON of a body."""
    try:
        return msgspec.json.decode(content)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as problem:
        raise Refused(400, "bad_json", f"the body is no JSON: {problem}") from problem


def several(found: Any) -> list[dict[str, Any]]:
    """The one object, or the list of them."""
    every = found if isinstance(found, list) else [found]
    if not every or len(every) > BATCH:
        raise Refused(400, "bad_count", f"send one object, or a list of 1 to {BATCH}")
    if not all(isinstance(each, dict) for each in every):
        raise Refused(400, "not_objects", "each entry is a JSON object")
    return every


def must_be_flat(thing: Any) -> None:
    """Refuse what is nested too deep to be kept."""
    level: list[Any] = [thing]
    for _ in range(_DEPTH):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return
    raise Refused(400, "too_deep", f"objects are nested at most {_DEPTH} deep")


def not_stored() -> Refused:
    """The refusal while the record cannot be asked or written."""
    return Refused(503, "not_stored", "could not be stored; try again", **{"retry-after": "2"})


def no_key() -> Refused:
    """The refusal of whoever shows no valid key."""
    words = "send a valid key as Authorization: Bearer …"
    return Refused(401, "no_key", words, **{"www-authenticate": "Bearer"})


async def reply(send: Send, status: int, content: bytes, headers: dict[str, str]) -> None:
    """Send JSON."""
    fields = {
        "content-type": "application/json",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    fields |= {"content-length": str(len(content)), **headers}
    pairs = [(name.encode(), value.encode()) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": content})
