"""Outgoing: what only this machine can reach is never asked (F1, F2, F3)."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from mindgap.collect.outgoing import Blocked, Guard, Http, OutgoingProblem, TooMuch, is_public

INSIDE = [
    "http://127.0.0.1/", "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/",
    "https://0177.0.0.1/", "https://127。0。0。1/", "https://localhost/", "https://LOCALHOST./", "https://[::1]/",
    "https://[::]/", "https://0.0.0.0/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[fec0::1]/", "https://[fe80::1]/",
    "https://[fd00::1]/", "https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.0.1/",
    "https://169.254.169.254/", "https://[::ffff:169.254.169.254]/", "https://100.100.100.200/",
    "https://100.64.0.1/", "https://192.0.0.192/", "https://198.18.0.1/", "https://224.0.0.1/",
    "https://168.63.129.16/", "https://255.255.255.255/", "gopher://127.0.0.1/", "file:///etc/passwd",
    "https://user:pass@93.184.215.14/", "https://93.184.215.14:22/", "http://93.184.215.14/",
    "https://93.184.215.14\\@127.0.0.1/", "https://127.0.0.1\t/", "https://", "",
]  # fmt: skip


class Site:
    """A small site on loopback that counts who came."""

    def __init__(self):
        self.hits, site = 0, self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.hits += 1
                if self.path == "/away":
                    self.send_response(302)
                    self.send_header("Location", "/here")
                    self.end_headers()
                    return
                body = b"x" * 5000 if self.path == "/large" else (self.headers["Host"] or "").encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                """Nothing is to be said."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def site():
    opened = Site()
    yield opened
    opened.close()


@pytest.mark.parametrize("url", INSIDE)
def test_an_address_that_leads_inside_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(OutgoingProblem):
        Guard().check(url)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "47.88.0.1"])
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


def test_a_name_with_one_address_inside_is_refused_as_a_whole() -> None:
    guard = Guard(resolve=lambda host, port: ["93.184.215.14", "127.0.0.1"])
    with pytest.raises(Blocked, match="not public"):
        guard.check("https://two-faced.example/")


def test_no_spelling_of_loopback_reaches_a_listener(site: Site) -> None:
    http = Http(Guard())
    for host in ("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::ffff:7f00:1]"):
        for scheme in ("http", "https"):
            with pytest.raises(OutgoingProblem) as caught:
                http.get(f"{scheme}://{host}:{site.port}/")
            assert not caught.value.is_sent
    assert site.hits == 0


def test_a_name_is_resolved_once_and_the_connection_goes_there(site: Site) -> None:
    """F3: a name that answers differently the second time is not asked a second time."""
    asked = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["192.0.2.1"]

    reply = Http(Guard(internal=["named.test"], resolve=resolve)).get(f"http://named.test:{site.port}/")
    assert (reply.status, reply.body, asked) == (200, f"named.test:{site.port}".encode(), ["named.test"])


def test_a_redirect_is_not_followed(site: Site) -> None:
    reply = Http(Guard(internal=["127.0.0.1"])).get(f"http://127.0.0.1:{site.port}/away")
    assert (reply.status, site.hits) == (302, 1)


def test_a_reply_without_end_is_cut_off(site: Site) -> None:
    http = Http(Guard(internal=["127.0.0.1"]), reply_most=1000)
    with pytest.raises(TooMuch) as caught:
        http.get(f"http://127.0.0.1:{site.port}/large")
    assert caught.value.is_sent
