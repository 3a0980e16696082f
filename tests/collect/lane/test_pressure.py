"""Under pressure: what cannot be stored is refused with words and a time, and nothing of it is half stored (K4)."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from django.db import connection, transaction
from tests.collect.lane.caller import post, talk
from tests.collect.lane.test_answering import ONE, short_survey
from tests.collect.survey.respondent import Respondent

from mindgap.collect import beside, key
from mindgap.collect.lane.application import Lane
from mindgap.collect.lane.limits import Limits
from mindgap.collect.survey import front
from mindgap.collect.survey.throttle import Proxies
from mindgap.ground import identity
from mindgap.keep import invitation
from mindgap.keep.models import Arrival, Organization, Survey

ANSWER = {"answered_at": "2026-11-01T10:00:00+08:00", "scores": {"satisfaction": 4}}


@pytest.fixture
def secret(shop: Organization) -> str:
    return key.make(shop.pk, "till")[1]


@contextmanager
def nobody_can_append() -> Iterator[None]:
    """Hold the table of arrivals, from a thread of its own, as a slow disk or a long transaction would."""
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            is_postgres = connection.vendor == "postgresql"
            cursor.execute(
                "lock table keep_arrival" if is_postgres else "delete from keep_arrival where false"
            )
            held.set()
            let_go.wait(30)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    try:
        yield
    finally:
        let_go.set()
        thread.join()


@contextmanager
def the_record_is_gone() -> Iterator[None]:
    """The database answers, but the table of arrivals cannot be written."""
    with connection.cursor() as cursor:
        cursor.execute("alter table keep_arrival rename to elsewhere")
        try:
            yield
        finally:
            cursor.execute("alter table elsewhere rename to keep_arrival")


@pytest.mark.django_db(transaction=True)
def test_a_full_queue_is_said_at_once_and_what_waited_is_kept(secret: str) -> None:
    """C7: backpressure instead of memory."""

    async def run() -> list[httpx.Response]:
        lane = Lane(body_max=100_000, queue_max=2)
        lane.start()
        headers = {"authorization": f"Bearer {secret}"}
        transport = httpx.ASGITransport(app=lane)
        async with httpx.AsyncClient(transport=transport, base_url="http://lane", headers=headers) as client:
            # The key is known before anything is held up.
            await client.post("/c/v1/answers", content=b"{", headers={"content-type": "application/json"})
            with nobody_can_append():
                body = ANSWER | {"id": str(identity.uuid7())}
                asking = [
                    asyncio.ensure_future(
                        client.post("/c/v1/answers", json=body | {"id": str(identity.uuid7())})
                    )
                    for _ in range(8)
                ]
                done, _ = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED, timeout=20)
                assert {each.result().status_code for each in done} == {503}
            replies = list(await asyncio.gather(*asking))
        await lane.stop()
        return replies

    replies = asyncio.run(run())
    refused = [each for each in replies if each.status_code == 503]
    # Two wait, and some may have been with the writer before it was held up; the others are told at once.
    assert 1 <= len(refused) <= 6
    assert {each.json()["error"]["code"] for each in refused} == {"busy"}
    assert all(int(each.headers["retry-after"]) > 0 for each in refused)
    assert Arrival.objects.count() == len(replies) - len(refused)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_cannot_be_written_is_no_receipt_and_the_next_try_is_one(secret: str) -> None:
    sent = post(ANSWER | {"id": str(identity.uuid7())})
    with the_record_is_gone():
        (refused,) = talk(secret, sent)
    assert refused.status_code == 503
    assert refused.json()["error"]["code"] == "not_stored"
    assert int(refused.headers["retry-after"]) > 0
    assert Arrival.objects.count() == 0
    assert talk(secret, sent)[0].status_code == 200
    assert Arrival.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_page_that_could_not_be_stored_is_shown_again_as_it_was_filled_in(
    ann: Respondent, publish: Any
) -> None:
    shown = ann.open(f"/s/{publish(short_survey()).short}")
    with the_record_is_gone():
        reply = ann.send(shown, ONE["one"])
    assert reply.status == 503
    assert int(reply.headers["retry-after"]) > 0
    assert reply.is_chosen("nps", "9")
    assert "Late again" in reply.text
    assert "Thank you" in ann.send(reply, ONE["one"]).text
    assert Arrival.objects.filter(kind="answer").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_record_that_cannot_be_asked_is_busy_not_broken(
    ann: Respondent, visit: Survey, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither page nor key can be looked up: 503 with a time, never a bare error."""
    with connection.cursor() as cursor:
        cursor.execute("alter table keep_survey rename to elsewhere")
        cursor.execute(f"alter table {key.Key._meta.db_table} rename to elsewhere_too")
        try:
            page = ann.open(f"/s/{visit.short}")
            (reply,) = talk(secret, post(ANSWER))
        finally:
            cursor.execute("alter table elsewhere rename to keep_survey")
            cursor.execute(f"alter table elsewhere_too rename to {key.Key._meta.db_table}")
    assert (page.status, reply.status_code) == (503, 503)
    assert int(page.headers["retry-after"]) > 0
    assert int(reply.headers["retry-after"]) > 0
    assert ann.open(f"/s/{visit.short}").status == 200


@pytest.mark.django_db(transaction=True)
def test_a_closed_survey_and_a_revoked_key_are_dead_within_a_second_of_the_lane(
    visit: Survey, secret: str, limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(beside, "_now", lambda: now[0])

    def close() -> None:
        Survey.objects.update(state="closed")
        key.Key.objects.update(revoked_at="2026-01-01T00:00:00Z")

    async def run() -> list[int]:
        lane = Lane(body_max=100_000, queue_max=100, limits=limits)
        lane.start()
        transport = httpx.ASGITransport(app=lane)
        headers = {"authorization": f"Bearer {secret}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://lane", headers=headers) as client:

            async def both() -> list[int]:
                page, reply = (
                    await client.get(f"/s/{visit.short}"),
                    await client.post("/c/v1/answers", json=ANSWER),
                )
                return [page.status_code, reply.status_code]

            found = await both()
            await beside.ask(close)
            now[0] += 1.01
            found += await both()
        await lane.stop()
        return found

    assert asyncio.run(run()) == [200, 200, 410, 401]


@pytest.mark.parametrize(
    ("peer", "told", "address"),
    [
        # Nobody's word counts but that of the proxies that are named (B5).
        ("192.0.2.7", "203.0.113.5", "192.0.2.7"),
        ("10.0.0.1", "203.0.113.5", "203.0.113.5"),
        # What the visitor wrote in front of it is not what the proxy saw.
        ("10.0.0.1", "198.51.100.1, 203.0.113.5", "203.0.113.5"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.5, 10.0.0.2", "203.0.113.5"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "nonsense"),
        # One who has a network of IPv6 addresses is still one.
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
    ],
)
def test_only_named_proxies_say_for_whom_they_speak(peer: str, told: str, address: str) -> None:
    proxies = Proxies(("10.0.0.0/30",))
    headers = {b"x-forwarded-for": told.encode()} if told else {}
    assert proxies.address({"client": (peer, 1)}, headers) == address


@pytest.mark.django_db(transaction=True)
def test_behind_a_named_proxy_one_who_is_too_fast_does_not_slow_down_another(
    secret: str, limits: Limits
) -> None:
    """C5."""

    async def run() -> list[int]:
        lane = Lane(body_max=100_000, queue_max=100, limits=limits, paces=(0, 3))
        lane.start()
        transport = httpx.ASGITransport(app=lane, client=("10.0.0.1", 1))
        headers = {"authorization": f"Bearer {secret}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://lane", headers=headers) as client:
            sent = [
                await client.post("/c/v1/answers", json=ANSWER, headers={"x-forwarded-for": who})
                for who in ("203.0.113.5",) * 9 + ("203.0.113.6",)
            ]
        await lane.stop()
        return [each.status_code for each in sent]

    *fast, other = asyncio.run(run())
    assert 429 in fast
    assert other == 200


@pytest.mark.django_db
def test_a_wrong_token_costs_the_same_work_however_near_it_comes(
    publish: Any, django_assert_num_queries: Any
) -> None:
    """B4: what is compared is a digest, and a token of another survey is looked into no further."""
    one, other = publish(short_survey()), publish(short_survey(), code="other")
    _, token = invitation.make(one)
    _, elsewhere = invitation.make(other)
    for wrong in ("nonsense", token[:-1], token[:-1] + ("a" if token[-1] != "a" else "b"), elsewhere, ""):
        with django_assert_num_queries(1):
            assert front.guest_of(wrong, one.pk) is None
    assert front.guest_of(token, one.pk) is not None
    near, far = (invitation.digest_of(each) for each in (token[:-1] + "~", token))
    assert sum(a == b for a, b in zip(near, far, strict=True)) < 32
