"""Calls of Segment's libraries and CloudEvents become interactions, each once."""

import base64
import json
from typing import Any

import pytest
from tests.collect.lane.caller import Request, post, talk

from mindgap.collect import key
from mindgap.collect.inbound import source
from mindgap.ground import clock
from mindgap.keep import incoming, recorder
from mindgap.keep.models import Arrival, Organization, Quarantine

pytestmark = pytest.mark.django_db(transaction=True)

TRACK: dict[str, Any] = {
    "type": "track",
    "messageId": "m-1",
    "event": "Order Delivered",
    "userId": "u1",
    "timestamp": "2026-11-01T02:00:00Z",
    "context": {"traits": {"email": "ann@example.com"}},
    "properties": {
        "order": "A1",
        "days": 3,
        "promised_days": "2",
        "store": "north",
        "total": 12.5,
        "plan": "gold",
    },
}
CLOUD: dict[str, Any] = {
    "specversion": "1.0",
    "id": "e-1",
    "source": "/orders",
    "type": "com.shop.delivered",
    "time": "2026-11-01T02:00:00Z",
    "subject": "A1",
    "data": {"days": 3, "email": "ann@example.com"},
}
DELIVERED = {
    "touchpoint": "delivery",
    "key": "order",
    "experienced": "days",
    "promised": "promised_days",
    "unit": "store",
    "revenue": "total",
    "segments": {"plan": "plan"},
}
CLOUD_DELIVERED = {"touchpoint": "delivery", "experienced": "days", "customer": {"email": "email"}}
MAPPING = {"events": {"Order Delivered": DELIVERED, "com.shop.delivered": CLOUD_DELIVERED}}


@pytest.fixture
def shop() -> Organization:
    return Organization.objects.create(code="shop", name={"en": "Shop"})


@pytest.fixture
def secret(shop: Organization) -> str:
    source.make(shop.pk, source.EVENTS, "events", secret="", mapping=MAPPING)
    return key.make(shop.pk, "site")[1]


def stored() -> list[Any]:
    return [incoming.read(each.body) for each in Arrival.objects.order_by("seq")]


def cloud(body: Any, kind: str = "application/cloudevents+json", **headers: str) -> Request:
    content = json.dumps(body).encode()
    return ("POST", "/c/v1/events", {"content": content, "headers": {"content-type": kind, **headers}})


def test_a_track_call_is_an_interaction_by_the_mapping_of_its_name(secret: str) -> None:
    replies = talk(secret, post(TRACK, "/c/v1/track"), post(TRACK, "/c/v1/track"))
    assert replies[0].json()["receipts"][0]["state"] == "kept"
    assert replies[0].content == replies[1].content
    (told,) = stored()
    assert (told.key, told.touchpoint, told.unit, told.revenue) == ("A1", "delivery", "north", "12.5")
    assert (told.experienced, told.promised) == (3.0, 2.0)
    assert told.segments == {"plan": "gold"}
    assert told.customer.identities == {"user": "u1", "email": "ann@example.com"}
    assert told.started_at.isoformat() == "2026-11-01T02:00:00+00:00"


def test_a_batch_holds_calls_of_any_kind_and_those_that_say_nothing_are_ignored(secret: str) -> None:
    identify = {
        "type": "identify",
        "userId": "u1",
        "messageId": "m-2",
        "traits": {"email": "a@b.c", "age": 7},
    }
    page = {"type": "page", "messageId": "m-3", "name": "Home"}
    (reply,) = talk(secret, post({"batch": [TRACK, identify, page]}, "/c/v1/batch"))
    assert [each["state"] for each in reply.json()["receipts"]] == ["kept", "kept", "ignored"]
    track, person = stored()
    assert track.key == "A1"
    assert person.customer.identities == {"user": "u1", "email": "a@b.c"}
    assert person.customer.attributes == {"age": "7"}


def test_the_key_may_come_as_a_libraries_write_key(secret: str) -> None:
    basic = "Basic " + base64.b64encode(f"{secret}:".encode()).decode()
    plain = {"content-type": "text/plain", "authorization": basic}
    content = json.dumps({"batch": [TRACK]}).encode()
    (reply,) = talk("", ("POST", "/c/v1/batch", {"content": content, "headers": plain}))
    assert reply.status_code == 200
    for wrong in ("Basic !!!", "Basic " + base64.b64encode(b"nobody:").decode(), "Digest x"):
        assert talk("", post(TRACK, "/c/v1/track", authorization=wrong))[0].status_code == 401


def test_the_clock_of_a_device_that_is_off_is_corrected_by_what_it_says_it_is(secret: str) -> None:
    now = clock.now().replace(microsecond=0)
    wrong = now.replace(year=now.year - 2)
    call = TRACK | {"timestamp": wrong.isoformat(), "sentAt": wrong.isoformat()}
    talk(secret, post(call, "/c/v1/track"))
    assert abs((stored()[0].started_at - now).total_seconds()) < 60


def test_an_event_without_a_mapping_waits_in_quarantine_unless_such_are_ignored(
    shop: Organization, secret: str
) -> None:
    call = TRACK | {"event": "Cart Viewed", "messageId": "m-9"}
    talk(secret, post(call, "/c/v1/track"))
    recorder.catch_up()
    assert Quarantine.objects.get().reason == "unknown_touchpoint"
    shop.inbound_sources.update(mapping=MAPPING | {"other_events": "ignore"})
    (reply,) = talk(secret, post(call | {"messageId": "m-10"}, "/c/v1/track"))
    assert reply.json()["receipts"][0]["state"] == "ignored"
    assert Arrival.objects.count() == 1


@pytest.mark.parametrize(
    "request_",
    [
        cloud(CLOUD),
        cloud([CLOUD], "application/cloudevents-batch+json; charset=UTF-8"),
        cloud({name: CLOUD[name] for name in CLOUD if name != "data"} | {"data_base64": base64.b64encode(json.dumps(CLOUD["data"]).encode()).decode()}),
        cloud(CLOUD["data"], "application/json", **{f"ce-{name}": CLOUD[name] for name in CLOUD if name != "data"}),
    ],
    ids=["structured", "batched", "base64", "binary"],
)  # fmt: skip
def test_a_cloud_event_in_any_of_its_forms_is_the_same_interaction(secret: str, request_: Request) -> None:
    talk(secret, request_, cloud(CLOUD))
    (told,) = stored()
    assert (told.key, told.touchpoint, told.experienced) == ("A1", "delivery", 3.0)
    assert told.customer.identities == {"email": "ann@example.com"}


@pytest.mark.parametrize("missing", ["specversion", "id", "source", "type"])
def test_a_cloud_event_without_what_it_needs_is_kept_whole_in_quarantine(secret: str, missing: str) -> None:
    found = {name: value for name, value in CLOUD.items() if name != missing}
    (reply,) = talk(secret, cloud(found))
    (told,) = reply.json()["receipts"]
    assert told["state"] == "quarantined"
    assert missing in told["reason"]
    recorder.catch_up()
    assert Quarantine.objects.count() == 1


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (cloud([CLOUD]), 400),
        (cloud(CLOUD, "application/cloudevents-batch+json"), 400),
        (cloud(CLOUD, "text/plain"), 415),
        (post([TRACK], "/c/v1/track"), 400),
        (post({"batch": []}, "/c/v1/batch"), 400),
        (post({"batch": [1]}, "/c/v1/batch"), 400),
        (post({"batch": [TRACK] * 1001}, "/c/v1/batch"), 400),
    ],
)
def test_what_is_no_event_is_refused(secret: str, request_: Request, status: int) -> None:
    assert talk(secret, request_, body_max=10_000_000)[0].status_code == status
    assert Arrival.objects.count() == 0
