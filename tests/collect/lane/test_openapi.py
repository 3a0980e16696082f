"""The description of the API says what the lane does: its paths, its fields, and every status it replies with (C1)."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from tests.collect.lane.caller import talk

from mindgap.collect import key
from mindgap.collect.lane import application, openapi
from mindgap.collect.lane.application import Lane
from mindgap.keep import incoming
from mindgap.keep.models import Organization

DOCUMENT = json.loads(openapi.written())
POSTS = {path: each["post"] for path, each in DOCUMENT["paths"].items() if "post" in each}

_LEAVES = (
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats(allow_nan=False, allow_infinity=False)
    | some.text(max_size=20)
)
_FIELDS = some.sampled_from(
    ["id", "key", "answered_at", "started_at", "scores", "customer", "expected", "kind", "batch", "type", "messageId",
     "event", "properties", "specversion", "source", "data", "timestamp", "sentAt", "segments", "traits", "userId"]
)  # fmt: skip
_WORDS = some.sampled_from(
    ["2026-11-01T10:00:00Z", "1.0", "track", "identify", "satisfaction", "0", "\x00", "=1+1"]
)
_THINGS: Any = some.recursive(
    _LEAVES | _WORDS,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(_FIELDS | some.text(max_size=5), inner, max_size=6),
    max_leaves=20,
)  # fmt: skip


def test_the_description_is_served_to_everybody() -> None:
    (reply,) = talk("", ("GET", "/c/v1/openapi.json", {}))
    assert reply.status_code == 200
    assert reply.json() == DOCUMENT
    assert reply.json()["openapi"] == "3.1.0"


def test_every_route_of_the_lane_is_described_and_no_other() -> None:
    described = {path.replace("{source}/{short}", "") for path in DOCUMENT["paths"]}
    assert described == set(application._ROUTES)


def test_every_field_that_may_be_sent_is_described() -> None:
    for name, kind in (("Answer", incoming.Answer), ("Interaction", incoming.Interaction)):
        fields = {each for each in kind.__struct_fields__ if each != "kind"}
        assert set(DOCUMENT["components"]["schemas"][name]["properties"]) == fields | {"id"}


def test_every_reference_leads_somewhere() -> None:
    text = openapi.written().decode()
    named = {each.split('"')[0] for each in text.split("#/components/schemas/")[1:]}
    assert named
    assert named <= set(DOCUMENT["components"]["schemas"])


@pytest.mark.django_db(transaction=True)
def test_whatever_is_sent_the_reply_is_one_that_is_described() -> None:
    """C1 in small: no server error, no status that is not described, and a receipt or an error, whatever comes."""
    shop = Organization.objects.create(code="shop", name={"en": "Shop"})
    headers = {"authorization": f"Bearer {key.make(shop.pk, 'any')[1]}"}
    loop = asyncio.new_event_loop()
    lane = Lane(body_max=100_000, queue_max=100)
    lane.start()

    async def ask(path: str, body: bytes, kind: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=lane)
        async with httpx.AsyncClient(transport=transport, base_url="http://lane", headers=headers) as client:
            return await client.post(path, content=body, headers={"content-type": kind})

    @settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(some.sampled_from(sorted(POSTS)), some.data())
    def anything(path: str, data: some.DataObject) -> None:
        kind = data.draw(some.sampled_from(sorted(POSTS[path]["requestBody"]["content"])))
        body = json.dumps(data.draw(_THINGS)).encode()
        reply = loop.run_until_complete(ask(path.replace("{source}/{short}", "wjx/none"), body, kind))
        assert reply.status_code < 500, reply.text
        assert str(reply.status_code) in POSTS[path]["responses"]
        assert set(reply.json()) == ({"receipts"} if reply.status_code == 200 else {"error"})

    try:
        anything()
    finally:
        loop.run_until_complete(lane.stop())
        loop.close()
