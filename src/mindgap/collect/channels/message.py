"""Message: what one person is to be told, before any channel has made it its own."""

import msgspec


class Option(msgspec.Struct, frozen=True):
    """One answer to the first question and the link that preselects it; following the link stores nothing (B6)."""

    label: str
    link: str


class FirstQuestion(msgspec.Struct, frozen=True):
    """The first question of a survey, where it can be answered with one click; `low` and `high` name the ends."""

    text: str
    options: tuple[Option, ...]
    low: str = ""
    high: str = ""


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message to one address. `text` is plain; the link stands beside it and not in it.

    `reference` is the same at every attempt: providers that know it send once. `unsubscribe` takes the one-click POST
    of RFC 8058, `preferences` is the page for people. `values` fill a provider's own template. `trigger` is what
    happened at the provider and allows to answer it (`form_id`, `trade_no` at Alipay).
    """

    reference: str
    to: str = ""
    kind: str = "invitation"
    language: str = "en"
    subject: str = ""
    text: str = ""
    link: str = ""
    first: FirstQuestion | None = None
    sender: str = ""
    organization: str = ""
    unsubscribe: str = ""
    preferences: str = ""
    values: dict[str, str] = {}
    trigger: dict[str, str] = {}
    # Members to be called by name in a group: their ids there.
    mentions: tuple[str, ...] = ()


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Message).decode


def write(message: Message) -> bytes:
    """The message as JSON."""
    return _encode(message)


def read(raw: bytes) -> Message:
    """The message that `write` wrote."""
    return _decode(raw)
