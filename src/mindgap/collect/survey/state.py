"""State: everything about one respondent's visit, carried by the page itself, sealed, so that nothing is stored early.

The seal is a MAC (keyed BLAKE2b) under the installation's key, for this one purpose. What it protects is not
secret from the respondent (it is their own answers) but nobody can make one up, mend one or use one elsewhere.
"""

import binascii
import hashlib
import hmac
import zlib
from typing import Any
from uuid import UUID

import msgspec

from mindgap.ground import clock, identity

# A page left open this long is answered with "expired"; a personal link opens where it was left anyway.
DAYS = 14
_MAC = 20
# Bytes up to which packing would cost more time than it saves in the page.
_SMALL = 1_000


class State(msgspec.Struct, omit_defaults=True, kw_only=True):
    """One visit. Instants are milliseconds since 1970; `page` is what is shown, `path` what was passed before.

    `answers` holds a value per question (see `reading`), `asked` the questions that stood on the page.
    """

    id: UUID
    survey: str
    version: int
    language: str
    page: str = ""
    path: list[str] = []
    asked: list[str] = []
    started: int = 0
    shown: int = 0
    answers: dict[str, Any] = {}
    seconds: dict[str, float] = {}
    hidden: dict[str, str] = {}
    segments: dict[str, str] = {}
    invitation: str = ""
    link: str = ""
    channel: str = ""
    unit: str = ""
    touchpoint: str = ""
    interaction: str = ""
    flags: list[str] = []
    test: bool = False
    embed: bool = False

    def row(self) -> dict[str, Any]:
        """What conditions see, by column; a list of choices is met by any of its codes."""
        row: dict[str, Any] = {}
        for code, value in self.answers.items():
            if isinstance(value, dict):
                row |= {f"{code}.{part}": each for part, each in value.items()}
            else:
                row[code] = Several(value) if isinstance(value, list) else value
        row |= {f"hidden.{code}": value for code, value in self.hidden.items()}
        row |= {f"segment.{code}": value for code, value in self.segments.items()}
        row["language"] = self.language
        row |= {"channel": self.channel, "unit": self.unit, "touchpoint": self.touchpoint}
        return row


class Several(tuple[str, ...]):
    """Chosen codes, equal to each one of them: `is` and `in` of a condition then mean "chose"."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return other in tuple(self) if isinstance(other, str) else tuple(self) == other

    def __hash__(self) -> int:
        return hash(tuple(self))


class NotOurs(ValueError):
    """A state that this installation did not seal, or for another purpose."""


class TooOld(ValueError):
    """A state that was sealed too long ago."""


def begin(*, survey: str, version: int, language: str, id_: UUID | None = None) -> State:
    """A new visit, with an id of its own unless one follows from an invitation."""
    now = clock.milliseconds()
    return State(
        id=id_ or identity.uuid7(), survey=survey, version=version, language=language, started=now, shown=now
    )


# Base64 in characters that may stand in an address, and back.
_TO_ADDRESS, _FROM_ADDRESS = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(State).decode


class Seal:
    """Seals states and one-purpose tokens under keys derived from the installation's key."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._begun: dict[str, hashlib.blake2b] = {}

    def close(self, state: State) -> str:
        """The state as text for a form."""
        raw = _encode(state)
        packed = b"z" + zlib.compress(raw, 1) if len(raw) > _SMALL else b"." + raw
        return self.sign(packed, purpose="state")

    def open(self, text: str) -> State:
        """The state of a form; `NotOurs` or `TooOld` when there is none to be had from it."""
        packed = self.read(text, purpose="state")
        try:
            state = _decode(zlib.decompress(packed[1:]) if packed[:1] == b"z" else packed[1:])
        except (zlib.error, msgspec.DecodeError) as problem:
            raise NotOurs("the state does not fit this version of the software") from problem
        if clock.milliseconds() - state.shown > DAYS * 86_400_000:
            raise TooOld("the state was sealed too long ago")
        return state

    def sign(self, content: bytes, *, purpose: str) -> str:
        """Content with its seal, in characters that may stand in an address."""
        raw = binascii.b2a_base64(self._mac(content, purpose) + content, newline=False)
        return raw.translate(_TO_ADDRESS, b"=").decode()

    def read(self, text: str, *, purpose: str) -> bytes:
        """What was signed for that purpose; `NotOurs` for anything else."""
        try:
            sent = text.encode("ascii").translate(_FROM_ADDRESS) + b"=" * (-len(text) % 4)
            raw = binascii.a2b_base64(sent, strict_mode=True)
        except ValueError as problem:
            raise NotOurs("not in the alphabet of seals") from problem
        mac, content = raw[:_MAC], raw[_MAC:]
        if not hmac.compare_digest(mac, self._mac(content, purpose)):
            raise NotOurs("the seal is broken")
        return content

    def _mac(self, content: bytes, purpose: str) -> bytes:
        begun = self._begun.get(purpose)
        if begun is None:
            # Keyed BLAKE2 is a MAC by itself; `person` keeps the purposes apart.
            key, person = self._secret[:64], purpose.encode()[:16]
            begun = self._begun[purpose] = hashlib.blake2b(key=key, person=person, digest_size=_MAC)
        hasher = begun.copy()
        hasher.update(content)
        return hasher.digest()
