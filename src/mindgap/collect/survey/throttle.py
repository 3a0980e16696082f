"""Throttle: how often one address did something in the last minutes; in this process only, forgotten with it."""

import ipaddress
import time
from collections import OrderedDict, deque
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

_ADDRESSES_MOST = 50_000


class Throttle:
    """Counts by address over a sliding time."""

    def __init__(self, *, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def note(self, address: str) -> bool:
        """Count once more; whether it is more than allowed by now."""
        now = time.monotonic()
        times = self._seen.setdefault(address, deque(maxlen=self._most + 1))
        times.append(now)
        self._seen.move_to_end(address)
        while len(self._seen) > _ADDRESSES_MOST:
            self._seen.popitem(last=False)
        return self._is_over(times, now)

    def is_over(self, address: str) -> bool:
        """Whether as much as is allowed was counted already."""
        times = self._seen.get(address)
        return (
            times is not None
            and len([each for each in times if each > time.monotonic() - self._seconds]) >= self._most
        )

    def _is_over(self, times: deque[float], now: float) -> bool:
        return len(times) > self._most and times[0] > now - self._seconds


class Proxies:
    """Who may say for whom they speak: proxies by address or network."""

    def __init__(self, trusted: Sequence[str]) -> None:
        self._networks = [
            ipaddress.ip_network(each.strip(), strict=False) for each in trusted if each.strip()
        ]

    def address(self, scope: dict[str, Any], headers: dict[bytes, bytes]) -> str:
        """The address of whoever asks: the last one that a trusted proxy did not add itself.

        What others write into X-Forwarded-For counts for nothing (B5). Of an IPv6 address the network counts.
        """
        peer = (scope.get("client") or ("",))[0]
        if not self._networks:
            return _network(peer[:64])
        chain = [part.strip() for part in headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")]
        while chain and self._trusts(peer):
            there = chain.pop()
            if not there:
                break
            peer = there
        return _network(peer[:64])

    def _trusts(self, address: str) -> bool:
        try:
            there = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(there in network for network in self._networks)


@lru_cache(maxsize=10_000)
def _network(address: str) -> str:
    try:
        there = ipaddress.ip_address(address)
    except ValueError:
        return address
    if there.version == 6:
        return str(ipaddress.ip_network((there, 64), strict=False))
    return str(there)
