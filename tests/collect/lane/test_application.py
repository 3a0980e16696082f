"""The public lane: nothing is acknowledged that is not stored, and nothing is stored twice."""

from uuid import uuid4

import pytest
from tests.collect.lane.caller import post, talk

from mindgap.collect import key
from mindgap.ground import identity
from mindgap.keep.models import Arrival, Organization

pytestmark = pytest.mark.django_db(transaction=True)

ANSWER = {"answered_at": "2026-11-01T10:00:00+08:00", "touchpoint": "delivery", "scores": {"satisfaction": 4}}


@pytest.fixture
def secret() -> str:
    organization = Organization.objects.create(code="shop", name={"en": "Shop"})
    return key.make(organization.pk, "till")[1]


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
