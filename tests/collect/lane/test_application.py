"""The public lane: nothing is acknowledged that is not stored, and nothing is stored twice."""

import asyncio
from uuid import uuid4

import httpx
import pytest

from mindgap.collect import key
from mindgap.collect.lane.application import Lane
from mindgap.ground import identity
from mindgap.keep.models import Arrival, Organization

pytestmark = pytest.mark.django_db(transaction=True)

ANSWER = {"answered_at": "2026-11-01T10:00:00+08:00", "touchpoint": "delivery", "scores": {"satisfaction": 4}}


@pytest.fixture
def secret() -> str:
    organization = Organization.objects.create(code="shop", name={"en": "Shop"})
    return key.make(organization.pk, "till")[1]


def talk(secret: str, *requests, body_max: int = 100_000):
    """Send requests one after the other to a lane that is started before and stopped after."""

    async def run():
        lane = Lane(body_max=body_max, queue_max=100)
        lane.start()
        transport = httpx.ASGITransport(app=lane)
        headers = {"authorization": f"Bearer {secret}"} if secret else {}
        async with httpx.AsyncClient(transport=transport, base_url="http://lane", headers=headers) as client:
            replies = [await client.request(*request[:2], **request[2]) for request in requests]
        await lane.stop()
        return replies

    return asyncio.run(run())


def post(body, path: str = "/c/v1/answers"):
    return ("POST", path, {"json": body})


def test_an_acknowledged_answer_is_in_the_record_of_arrivals(secret: str) -> None:
    name = str(identity.uuid7())
    (reply,) = talk(secret, post(ANSWER | {"id": name}))
    assert reply.status_code == 200
    assert reply.json() == {"receipts": [{"id": name, "state": "kept"}]}
    assert Arrival.objects.get().id.hex == name.replace("-", "")


def test_the_same_answer_sent_again_gets_the_same_receipt_and_is_kept_once(secret: str) -> None:
    name = str(identity.uuid7())
    first, second = talk(secret, post(ANSWER | {"id": name}), post(ANSWER | {"id": name}))
    assert first.content == second.content
    assert Arrival.objects.count() == 1


def test_a_list_is_kept_as_a_whole(secret: str) -> None:
    (reply,) = talk(secret, post([ANSWER | {"id": str(uuid4())} for _ in range(50)]))
    assert len(reply.json()["receipts"]) == 50
    assert Arrival.objects.count() == 50


def test_readable_but_invalid_input_is_kept_and_said_to_be_quarantined(secret: str) -> None:
    (reply,) = talk(secret, post({"answered_at": "yesterday"}))
    receipt = reply.json()["receipts"][0]
    assert receipt["state"] == "quarantined"
    assert "answered_at" in receipt["reason"]
    assert Arrival.objects.count() == 1


def test_the_body_cannot_choose_another_organization(secret: str) -> None:
    Organization.objects.create(code="other", name={"en": "Other"})
    (reply,) = talk(secret, post(ANSWER | {"organization": 2}))
    assert reply.json()["receipts"][0]["state"] == "quarantined"
    assert Arrival.objects.get().organization.code == "shop"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (("POST", "/c/v1/answers", {"content": b"{", "headers": {"content-type": "application/json"}}), 400),
        (
            (
                "POST",
                "/c/v1/answers",
                {"content": b"[" * 100_000, "headers": {"content-type": "application/json"}},
            ),
            400,
        ),
        (
            (
                "POST",
                "/c/v1/answers",
                {"content": b'"\xff"', "headers": {"content-type": "application/json"}},
            ),
            400,
        ),
        (("POST", "/c/v1/answers", {"content": b"a=1"}), 415),
        (("POST", "/c/v1/answers", {"json": []}), 400),
        (("POST", "/c/v1/answers", {"json": [1]}), 400),
        (("POST", "/c/v1/answers", {"json": {"id": "seven"}}), 400),
        (("GET", "/c/v1/answers", {}), 405),
        (("POST", "/c/v1/nothing", {"json": {}}), 404),
        (("POST", "/c/v1/answers", {"json": {"comment": "x" * 200_000}}), 413),
    ],
)
def test_what_cannot_be_taken_is_refused_with_words_and_nothing_is_stored(
    secret: str, request_, status: int
) -> None:
    (reply,) = talk(secret, request_)
    assert reply.status_code == status
    assert reply.json()["error"]["message"]
    assert Arrival.objects.count() == 0


def test_without_a_key_or_with_a_revoked_one_nothing_gets_in(secret: str) -> None:
    key.Key.objects.update(revoked_at="2026-01-01T00:00:00Z")
    assert talk(secret, post(ANSWER))[0].status_code == 401
    assert talk("", post(ANSWER))[0].status_code == 401
    assert Arrival.objects.count() == 0
