"""What WeCom reports: signed, encrypted with the key of the receiving address, in a little XML."""

import base64
import hashlib
import re

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from mindgap.collect.channels.contract import Account, Callback, NotGenuine
from mindgap.collect.channels.signing import is_same, is_timely

# The parts needed are read one by one: an XML parser would have to be kept from entities and outside files.
_FIELD = r"<{0}>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</{0}>"


def field(xml: str, name: str) -> str:
    """The text of an element; empty when it is not there."""
    found = re.search(_FIELD.format(re.escape(name)), xml, re.DOTALL)
    return found[1].strip() if found else ""


def open_(account: Account, callback: Callback, *, check_time: bool = True) -> str:
    """The plain XML, or the echo of a first visit; `NotGenuine` for a wrong signature, key, receiver or time."""
    said = callback.query
    sealed = (
        said.get("echostr", "")
        if callback.method == "GET"
        else field(callback.body[:200_000].decode("utf-8", "replace"), "Encrypt")
    )
    parts = sorted((account["token"], said.get("timestamp", ""), said.get("nonce", ""), sealed))
    right = hashlib.sha1("".join(parts).encode()).hexdigest()  # noqa: S324 - the provider's choice
    if not account["token"] or not is_same(right, said.get("msg_signature", "")):
        raise NotGenuine("wrong signature")
    if check_time and not is_timely(said.get("timestamp", "")):
        raise NotGenuine("not of now")
    return _decrypt(account, sealed)


def _decrypt(account: Account, sealed: str) -> str:
    """16 random bytes, four of length, the text, the id of the company: AES-256-CBC, the key's head as vector."""
    try:
        key = base64.b64decode(account["aes_key"] + "=", validate=True)
        decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        plain = decryptor.update(base64.b64decode(sealed, validate=True)) + decryptor.finalize()
    except ValueError as problem:
        raise NotGenuine("cannot be decrypted") from problem
    plain = plain[: -plain[-1]] if plain and 1 <= plain[-1] <= 32 else b""
    end = 20 + int.from_bytes(plain[16:20], "big")
    if plain[end:].decode("utf-8", "replace") != account["corp_id"]:
        raise NotGenuine("for another company")
    return plain[20:end].decode("utf-8", "replace")
