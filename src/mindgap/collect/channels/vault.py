"""Vault: secrets of accounts and letters on their way, encrypted with the installation's key where they are stored."""

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken


class Unreadable(Exception):
    """Encrypted with another key: the installation's key was changed or lost. The secret must be entered again."""


def close(plain: bytes) -> str:
    """Encrypted, as text for the database."""
    return _box(_secret()).encrypt(plain).decode()


def open_(text: str) -> bytes:
    """What `close` took."""
    try:
        return _box(_secret()).decrypt(text.encode())
    except InvalidToken as problem:
        raise Unreadable("encrypted with another key than this installation's") from problem


def digest(*parts: str) -> str:
    """A name for something that is compared and not read: an address, a text. 32 hex digits.

    Keyed, because addresses can be guessed: without the key nobody can try them all.
    """
    key = hashlib.blake2b(_secret().encode()[:64], person=b"sending-digest", digest_size=32).digest()
    whole = "\x1f".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.blake2b(whole.encode(errors="replace"), key=key, digest_size=16).hexdigest()


def _secret() -> str:
    from django.conf import settings

    return str(settings.SECRET_KEY)


@lru_cache(maxsize=4)
def _box(secret: str) -> Fernet:
    key = hashlib.blake2b(secret.encode()[:64], person=b"sending-vault", digest_size=32).digest()
    return Fernet(base64.urlsafe_b64encode(key))
