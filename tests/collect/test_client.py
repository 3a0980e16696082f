"""The client loses nothing and counts nothing twice, whatever the network does."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from mindgap.collect.client import Client, NotSent, Refused, uuid7

ANSWER = {"answered_at": datetime(2026, 11, 1, tzinfo=UTC), "scores": {"satisfaction": 4}}
Script = Callable[["Moody"], None]


class Moody(BaseHTTPRequestHandler):
    """A server that does what its script says, request by request, and then takes everything."""

    protocol_version = "HTTP/1.1"
    script: list[Script]
    bodies: list[bytes]
    paths: list[str]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.bodies.append(body)
        self.paths.append(self.path)
        (self.script.pop(0) if self.script else accept)(self)

    def reply(self, status: int, body: object, **headers: str) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"content-length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def accept(asked: Moody) -> None:
    things = json.loads(asked.bodies[-1])
    asked.reply(200, {"receipts": [{"id": each["id"], "state": "kept"} for each in things]})


def hang_up(asked: Moody) -> None:
    asked.close_connection = True


def cut(asked: Moody) -> None:
    asked.send_response(200)
    asked.send_header("content-length", "1000")
    asked.end_headers()
    asked.wfile.write(b'{"receipts":[')
    asked.close_connection = True


def refuse(status: int, **headers: str) -> Script:
    return lambda asked: asked.reply(status, {"error": {"code": "why", "message": "so"}}, **headers)


def proxy_page(asked: Moody) -> None:
    asked.reply(200, b"<html>please sign in to the hotel</html>")


class Slept(list[float]):
    """The pauses of a client that does not really wait."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def server() -> Iterator[type[Moody]]:
    class Here(Moody):
        script: list[Script] = []
        bodies: list[bytes] = []
        paths: list[str] = []
        address = ""

    with ThreadingHTTPServer(("127.0.0.1", 0), Here) as listening:
        Here.address = f"http://127.0.0.1:{listening.server_address[1]}"
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield Here
        listening.shutdown()
        thread.join()


def client(server: Any, **more: Any) -> tuple[Client, Slept]:
    slept = Slept()
    return Client(server.address, "mg_x", sleep=slept, timeout_seconds=5, **more), slept


@pytest.mark.parametrize(
    "trouble", [hang_up, cut, proxy_page, refuse(500), refuse(502), refuse(503), refuse(429)]
)
def test_what_may_pass_is_tried_again_with_the_very_same_bytes(server: Any, trouble: Script) -> None:
    server.script[:] = [trouble, trouble]
    sender, slept = client(server)
    with sender:
        receipt = sender.answer(**ANSWER)
    assert receipt.state == "kept"
    assert len(server.bodies) == 3
    assert len(set(server.bodies)) == 1
    assert receipt.id in server.bodies[0].decode()
    assert len(slept) == 2


def test_it_waits_as_long_as_the_server_says(server: Any) -> None:
    server.script[:] = [refuse(429, retry_after="7"), refuse(503, retry_after="tomorrow")]
    sender, slept = client(server)
    with sender:
        sender.answer(**ANSWER)
    assert slept[0] == 7.0
    assert slept[1] < 1.0


@pytest.mark.parametrize("status", [400, 401, 404, 405, 413, 415])
def test_what_will_not_pass_is_raised_at_once(server: Any, status: int) -> None:
    server.script[:] = [refuse(status)]
    sender, slept = client(server)
    with sender, pytest.raises(Refused, match="so") as told:
        sender.answer(**ANSWER)
    assert (told.value.status, told.value.code, len(slept)) == (status, "why", 0)


def test_a_long_list_goes_in_bodies_that_the_server_takes_and_the_receipts_are_in_order(server: Any) -> None:
    things = [{**ANSWER, "id": str(uuid7()), "comment": "好" * 200} for _ in range(2_500)]
    sender, _ = client(server)
    with sender:
        receipts = sender.answers(things)
    assert [each.id for each in receipts] == [each["id"] for each in things]
    assert max(len(json.loads(body)) for body in server.bodies) <= 1000
    assert max(len(body) for body in server.bodies) < 1_000_000
    assert sender.answers([]) == []


def test_what_could_not_be_sent_comes_back_with_its_ids(server: Any) -> None:
    server.script[:] = [accept, *[refuse(503)] * 3]
    sender, _ = client(server, tries=3)
    things = [dict(ANSWER) for _ in range(1_001)]
    with sender, pytest.raises(NotSent) as told:
        sender.interactions(things)
    assert len(told.value.things) == 1
    assert server.paths == ["/c/v1/interactions"] * 4
    with sender:
        (receipt,) = sender.interactions(told.value.things)
    assert json.loads(server.bodies[-1]) == json.loads(server.bodies[-2])
    assert receipt.id == told.value.things[0]["id"]


def test_an_instant_without_a_zone_or_a_number_beyond_json_is_not_sent(server: Any) -> None:
    sender, _ = client(server)
    with sender:
        with pytest.raises(ValueError, match="zone"):
            sender.answer(answered_at=datetime(2026, 11, 1))
        with pytest.raises(ValueError, match="JSON"):
            sender.answer(**ANSWER, weight=float("nan"))
    assert server.bodies == []


def test_ids_are_of_version_7_and_all_different() -> None:
    made = [uuid7() for _ in range(1_000)]
    assert len(set(made)) == 1_000
    assert {each.version for each in made} == {7}


def test_an_address_that_is_none_is_refused_at_once() -> None:
    for wrong in ("feedback.example", "ftp://feedback.example", ""):
        with pytest.raises(ValueError, match="no address"):
            Client(wrong, "mg_x")


def test_it_stands_on_the_standard_library_alone() -> None:
    """So that it can be copied."""
    import ast
    import sys
    from pathlib import Path

    from mindgap.collect import client as module

    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    names = {each.module or "" for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)}
    names |= {alias.name for each in ast.walk(tree) if isinstance(each, ast.Import) for alias in each.names}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names
