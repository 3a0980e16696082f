"""Hostile bodies are refused quickly, and nothing in a request makes it another one (C7, C10)."""

import gzip
import time

import pytest
from tests.collect.lane.caller import post, talk

from mindgap.collect import key
from mindgap.keep.models import Arrival, Organization

pytestmark = pytest.mark.django_db(transaction=True)

JSON = {"content-type": "application/json"}
ANSWER = {"answered_at": "2026-11-01T10:00:00+08:00", "scores": {"satisfaction": 4}}
PATH = "/c/v1/answers"


@pytest.fixture
def secret() -> str:
    shop = Organization.objects.create(code="shop", name={"en": "Shop"})
    return key.make(shop.pk, "till")[1]


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (b'{"a":' * 100_000, JSON, 400, "bad_json"),
        (b'{"a":' + b"[" * 500 + b"]" * 500 + b"}", JSON, 400, "too_deep"),
        (b'{"a":' + b'{"b":' * 40 + b"1" + b"}" * 41, JSON, 400, "too_deep"),
        (b'{"' + b"k" * 10_000_000 + b'":1}', JSON, 413, "too_large"),
        (gzip.compress(b"0" * 50_000_000), JSON | {"content-encoding": "gzip"}, 415, "packed"),
        (b"{}", JSON | {"content-encoding": "identity, gzip"}, 415, "packed"),
        (b'{"a": 1e999}', JSON, 400, "bad_json"),
        (b'{"a": "\\ud800"}', JSON, 400, "bad_json"),
        (b'{"a": NaN}', JSON, 400, "bad_json"),
        (b"{}", {"content-type": "application/jsonp"}, 415, "not_json"),
        (b"{}", {"content-type": "text/html; application/json"}, 415, "not_json"),
        (b"{}", {"content-type": "application/x-www-form-urlencoded"}, 415, "not_json"),
        ("{}".encode("utf-16"), {"content-type": "application/json; charset=utf-16"}, 415, "not_json"),
    ],
    ids=lambda value: "" if isinstance(value, bytes | dict) else str(value),
)
def test_a_hostile_body_is_refused_at_once_and_nothing_is_stored(
    secret: str, content: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    """C7"""
    began = time.process_time()
    (reply,) = talk(secret, ("POST", PATH, {"content": content, "headers": headers}), body_max=1_048_576)
    assert time.process_time() - began < 1.0
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)
    assert len(reply.content) < 1_000
    assert Arrival.objects.count() == 0


@pytest.mark.parametrize("number", [10**400, -(10**400), 2**64, 1e308])
def test_enormous_numbers_are_kept_and_said_to_be_wrong_or_right_without_breaking(
    secret: str, number: float
) -> None:
    (reply,) = talk(secret, post(ANSWER | {"weight": number, "scores": {"satisfaction": number}}))
    assert reply.status_code == 200
    assert Arrival.objects.count() == 1


@pytest.mark.parametrize("method", ["TRACE", "GET", "PUT", "DELETE", "OPTIONS", "CONNECT", "BREW"])
def test_no_other_method_reaches_what_post_does(secret: str, method: str) -> None:
    """C10"""
    (reply,) = talk(secret, (method, PATH, {"json": ANSWER}))
    assert reply.status_code == 405
    assert reply.headers["allow"] == "POST"
    assert secret not in reply.text
    assert Arrival.objects.count() == 0


def test_a_header_or_query_cannot_turn_one_method_into_another(secret: str) -> None:
    """C10"""
    override = {"x-http-method-override": "POST", "x-http-method": "POST", "x-method-override": "POST"}
    body = {"json": ANSWER, "headers": override}
    for reply in talk(secret, ("GET", f"{PATH}?_method=POST", body), ("PUT", PATH, body)):
        assert reply.status_code == 405
    assert Arrival.objects.count() == 0


def test_no_other_site_is_let_in_by_a_browser(secret: str) -> None:
    """C10: no CORS header at all."""
    (reply,) = talk(secret, post(ANSWER, origin="https://evil.example"))
    assert not [name for name in reply.headers if name.startswith("access-control-")]


def test_query_parameters_are_not_looked_at_however_many(secret: str) -> None:
    """C7: more than fit into this address the server itself refuses."""
    began = time.process_time()
    query = "&".join(["a=1"] * 15_000)
    (reply,) = talk(secret, ("POST", f"{PATH}?{query}", {"json": ANSWER}))
    assert time.process_time() - began < 2.0
    assert reply.status_code == 200
