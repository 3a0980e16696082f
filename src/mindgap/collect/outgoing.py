"""Outgoing: requests to addresses that people typed in, kept away from what only this machine can reach (SSRF).

1. Only https, on the usual ports; http and other ports only to hosts that the setting `OUTGOING_INTERNAL` names.
2. A name is resolved once. If any of its addresses is not a public one, nothing is sent.
3. The connection goes to that very address, so a name cannot point elsewhere a moment later (DNS rebinding).
4. Redirects are not followed, replies are read up to a size and within a time, proxies of the environment are not used.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]

PORTS = frozenset({443, 8443})
SECONDS = 20.0
REPLY_MOST = 1_000_000

# Beyond what `is_global` knows: addresses that are public by their number and yet lead inside.
_CLOSED = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8", "100.64.0.0/10", "168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15",
            "224.0.0.0/3", "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2002::/16", "fec0::/10", "ff00::/8",
        ),
    )
)  # fmt: skip
# Addresses of IPv6 that carry one of IPv4 in their last bits.
_CARRIERS = tuple(map(ipaddress.ip_network, ("::ffff:0:0/96", "64:ff9b::/96")))


class OutgoingProblem(Exception):
    """A request that brought no reply. `is_sent` tells whether it may have reached the other side all the same."""

    code = "unreachable"

    def __init__(self, words: str, *, is_sent: bool = False) -> None:
        super().__init__(words)
        self.is_sent = is_sent


class Blocked(OutgoingProblem):
    """An address to which this installation does not send."""

    code = "blocked_address"


class TooMuch(OutgoingProblem):
    """A reply that is larger, or takes longer, than any honest one."""

    code = "reply_too_large"

    def __init__(self, words: str) -> None:
        super().__init__(words, is_sent=True)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other side said. Header names are in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def is_public(address: str) -> bool:
    """Whether an address in numbers is one of the open internet and of nothing else."""
    try:
        number: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if any(number in network for network in _CARRIERS):
        number = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
    return _is_open(number)


def _is_open(number: Address) -> bool:
    return number.is_global and not any(number in each for each in _CLOSED if each.version == number.version)


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a name, by this machine's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Guard:
    """Decides where a connection may go; `internal` are hosts that the operator named, as they are written."""

    def __init__(self, *, internal: Iterable[str] = (), resolve: Resolver = look_up) -> None:
        self._internal = frozenset(host.lower() for host in internal)
        self._resolve = resolve

    @classmethod
    def from_settings(cls) -> "Guard":
        """The guard with the hosts of the setting `OUTGOING_INTERNAL`."""
        from django.conf import settings

        return cls(internal=settings.OUTGOING_INTERNAL)

    def is_internal(self, host: str) -> bool:
        """Whether the operator named this host."""
        return host.lower().strip("[]") in self._internal

    def place(self, host: str, port: int, *, ports: frozenset[int] = PORTS) -> str:
        """The address in numbers to connect to; `Blocked` when there is one to which we do not connect."""
        is_named = self.is_internal(host)
        if not is_named and port not in ports:
            raise Blocked(f"port {port} is not one of {', '.join(map(str, sorted(ports)))}")
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError) as problem:
            raise OutgoingProblem(f"{host!r} has no address: {problem}") from problem
        if not found:
            raise OutgoingProblem(f"{host!r} has no address")
        if not is_named and not all(map(is_public, found)):
            raise Blocked(f"{host!r} leads to an address that is not public")
        return found[0]

    def check(self, url: str) -> None:
        """`Blocked` for an address that would not be sent to: for forms, before it is saved."""
        self.open(_read(url))

    def open(self, url: httpx.URL) -> str:
        """The address in numbers for a URL."""
        host = url.host
        if url.scheme not in ("https", "http") or not host or url.userinfo:
            raise Blocked("an address begins with https:// and has no user in it")
        if url.scheme == "http" and not self.is_internal(host):
            raise Blocked("an address begins with https://")
        return self.place(host, url.port or (443 if url.scheme == "https" else 80))


def _read(url: str) -> httpx.URL:
    if any(character <= " " or character in "\\\x7f" for character in url):
        raise Blocked("an address has no blanks, line ends or backslashes")
    try:
        return httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as problem:
        raise Blocked(f"not an address: {problem}") from problem


class _Pinned(httpx.BaseTransport):
    """Connects to the address that was checked, under the name that was asked for."""

    def __init__(self, guard: Guard, verify: ssl.SSLContext) -> None:
        self._guard = guard
        # No connection is kept: two names on one address must not share one that was verified for the other.
        self._under = httpx.HTTPTransport(
            verify=verify, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=self._guard.open(request.url))
        return self._under.handle_request(request)

    def close(self) -> None:
        self._under.close()


class Http:
    """Sends one request at a time; safe to share between threads."""

    def __init__(
        self,
        guard: Guard | None = None,
        *,
        seconds: float = SECONDS,
        reply_most: int = REPLY_MOST,
        verify: ssl.SSLContext | None = None,
    ) -> None:
        self.guard = guard or Guard.from_settings()
        self._seconds, self._reply_most = seconds, reply_most
        self._client = httpx.Client(
            transport=_Pinned(self.guard, verify or ssl.create_default_context()),
            timeout=httpx.Timeout(seconds, connect=min(seconds, 10.0)),
            follow_redirects=False,
            trust_env=False,
            headers={"user-agent": "mindgap", "accept-encoding": "identity"},
        )

    def get(self, url: str, *, params: Mapping[str, str] | None = None) -> Reply:
        return self._ask(self._client.build_request("GET", _read(url), params=params))

    def post(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> Reply:
        """Send these very bytes. Raises `OutgoingProblem` when no reply came."""
        return self._ask(self._client.build_request("POST", _read(url), content=body, headers=dict(headers)))

    def close(self) -> None:
        self._client.close()

    def _ask(self, request: httpx.Request) -> Reply:
        until = time.monotonic() + self._seconds
        try:
            reply = self._client.send(request, stream=True)
            try:
                return Reply(reply.status_code, self._body(reply, until), dict(reply.headers.items()))
            finally:
                reply.close()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as problem:
            raise OutgoingProblem(str(problem) or type(problem).__name__) from problem
        except httpx.HTTPError as problem:
            # Sent in part or whole, and cut off before the reply: whether it took effect cannot be told.
            raise OutgoingProblem(str(problem) or type(problem).__name__, is_sent=True) from problem

    def _body(self, reply: httpx.Response, until: float) -> bytes:
        parts, size = [], 0
        for part in reply.iter_raw():
            parts.append(part)
            size += len(part)
            if size > self._reply_most:
                raise TooMuch(f"the reply is larger than {self._reply_most} bytes")
            if time.monotonic() > until:
                raise TooMuch(f"the reply took longer than {self._seconds:g} s")
        return b"".join(parts)
